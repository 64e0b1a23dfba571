"""One record fills everything: the person's facts, proposed categories, needs in the one queue, consents and the four lists.

It is done again whenever another report counts: what is there already stays, what a correction took away is taken
down. What a register does not take is kept beside the door for a person to put right; the record itself is never lost.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from wushe.chain.needs.models import Channel, NeedState
from wushe.chain.needs.services import close_need, record_need
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Refusal
from wushe.registers.catalogue.models import Item
from wushe.registers.catalogue.selectors import items_on
from wushe.registers.people.consents import ConsentStands, give_consent, notice_for, withdraw_consent
from wushe.registers.people.models import Person, TagKind
from wushe.registers.people.services import PersonChanges, register_person, update_person

from .fills import Said, is_yes, newcomers_in, said_by
from .models import ListKind, ListLine, ListState, Report, TagProposal, Target
from .workflow import LIST_LINE, TAG_PROPOSAL

GONE = "走访记录更正后没有这一条。"
_LISTED = {
    "need": ListKind.PROBLEM, "problem": ListKind.PROBLEM, "service": ListKind.SERVICE, "project": ListKind.PROJECT,
    "resource": ListKind.RESOURCE,
}  # fmt: skip


class Filling:
    """Writes what one report says about one door."""

    def __init__(
        self, *, actor: Actor, at: datetime, target: Target, report: Report, answers: Mapping[str, Any]
    ) -> None:
        self.actor, self.at, self.target, self.report = actor, at, target, report
        self.today = timezone.localdate(at)
        self.said = said_by(report.version.questions, answers)
        self.person = Person.objects.filter(pk=report.person_id).first() if report.person_id else None
        self.leftovers: list[dict[str, str]] = []

    def run(self) -> None:
        """Write everything, and note what was not taken."""
        self._people()
        for one in self.said:
            kind, _, code = one.what.partition(":")
            if kind == "tag" and is_yes(one.value):
                self._for_person(one, partial(self._propose, code=code))
            elif kind == "consent":
                agreed = is_yes(one.value)
                self._for_person(one, partial(self._consent, purpose=code, agreed=agreed))
        self._lists([one for one in self.said if one.what.partition(":")[0] in _LISTED])
        Target.objects.filter(pk=self.target.pk).update(leftovers=self.leftovers)
        self.target.leftovers = self.leftovers

    def _try(self, one: Said, act: Callable[[], object]) -> None:
        try:
            with transaction.atomic():
                act()
        except Refusal as refusal:
            self._leave(one.path, f"{one.question}：{refusal.message}")

    def _leave(self, path: str, message: str) -> None:
        self.leftovers.append({"path": path, "message": message})

    def _for_person(self, one: Said, act: Callable[[Person], object]) -> None:
        person = self.person
        if person is None:
            self._leave(one.path, f"{one.question}：没有选和谁谈的，不知道写给谁。")
            return
        self._try(one, partial(act, person))

    def _people(self) -> None:
        facts = [one for one in self.said if one.what.startswith("person:")]
        for one in facts:
            self._for_person(one, partial(self._fact, one=one))
        for newcomer in newcomers_in(self.said):
            first = next(one for one in self.said if one.path.startswith(newcomer.path))
            self._try(first, partial(self._register, newcomer.path, newcomer.values))

    def _fact(self, person: Person, one: Said) -> None:
        name = one.what.partition(":")[2]
        changes: PersonChanges = {}
        if name == "phone":
            if person.phone.reveal() == str(one.value).strip():
                return
            changes["phone"] = str(one.value)
        elif name == "lives_alone":
            changes["lives_alone"] = is_yes(one.value)
        else:
            changes["ability_level"] = int(one.value) if str(one.value) in "01234" else None
        if any(getattr(person, field) != value for field, value in changes.items()):
            update_person(actor=self.actor, at=self.at, person_id=person.pk, changes=changes)

    def _register(self, path: str, values: Mapping[str, str]) -> None:
        born = values.get("born_on", "")
        register_person(
            actor=self.actor, at=self.at, name=values.get("name", ""), sex=values.get("sex", "").upper(),
            born_on=date.fromisoformat(born) if born else self.today, area_code=self.target.area_code,
            household_id=self.target.household_id, client_key=self._key(path),
        )  # fmt: skip

    def _key(self, path: str) -> str:
        return f"door-{self.target.pk}-{path}"[:64]

    def _propose(self, person: Person, code: str) -> None:
        kind = TagKind.objects.filter(code=code).first()
        if kind is None:
            return self._leave(f"tag:{code}", f"登记册里没有“{code}”这个类别。")
        proposed = TagProposal.objects.filter(target=self.target, person=person, kind=kind).exists()
        if not proposed and not person.tags.filter(kind=kind, ends_on=None).exists():
            proposal = TagProposal(target=self.target, person=person, kind=kind, proposed_at=self.report.device_at)
            TAG_PROPOSAL.start(proposal, event="propose", actor=self.actor, at=self.at, data={"tag": code})
        return None

    def _consent(self, person: Person, purpose: str, agreed: bool) -> None:
        if not agreed:
            withdraw_consent(actor=self.actor, at=self.at, person_id=person.pk, purpose=purpose)
            return
        try:
            notice = notice_for(person, on=self.today)
            give_consent(
                actor=self.actor, at=self.at, person_id=person.pk, purpose=purpose, notice_version=notice,
                given_by_id=person.pk,
            )  # fmt: skip
        except ConsentStands:
            return

    def _lists(self, said: Sequence[Said]) -> None:
        standing = {line.key: line for line in self.target.lines.select_related("need")}
        for one in said:
            line = standing.pop(one.path, None)
            if line is None:
                self._try(one, partial(self._new_line, one))
            elif line.state == ListState.DROPPED and line.proof == GONE:
                LIST_LINE.move(
                    line, "reopen", actor=self.actor, at=self.at, changes={"text": one.words[:500], "proof": ""}
                )
            elif line.text != one.words[:500]:
                ListLine.objects.filter(pk=line.pk).update(text=one.words[:500])
        for line in standing.values():
            if LIST_LINE.allows(line.state, "drop"):
                self._take_down(line)

    def _take_down(self, line: ListLine) -> None:
        LIST_LINE.move(line, "drop", actor=self.actor, at=self.at, changes={"proof": GONE, "ended_at": self.at})
        if line.need is not None and line.need.state == NeedState.RECORDED:
            close_need(actor=self.actor, at=self.at, need_id=line.need.pk, reason=GONE)

    def _new_line(self, one: Said) -> None:
        kind, _, code = one.what.partition(":")
        need = None
        if kind == "need":
            if self.person is None:
                self._leave(one.path, f"{one.question}：没有选和谁谈的，需求没有记到人；已先列进问题清单。")
            else:
                need = record_need(
                    actor=self.actor, at=self.at, person_id=self.person.pk, channel=Channel.DOOR_KNOCK, words=one.words,
                    client_key=self._key(one.path),
                )  # fmt: skip
        item = self._item(str(one.value)) if kind == "service" else None
        line = ListLine(
            kind=_LISTED[kind], area_code=self.target.area_code, campaign=self.target.campaign, target=self.target,
            key=one.path[:100], person=self.person, text=(item.name if item else one.words)[:500], category=code,
            found_on=timezone.localdate(self.report.device_at), item=item, need=need,
        )  # fmt: skip
        LIST_LINE.start(line, event="find", actor=self.actor, at=self.at, data={"kind": line.kind})

    def _item(self, value: str) -> Item | None:
        """Return the item of the catalogue that an answer names by its code or its name; None for words of one's own."""
        items = items_on(day=self.today)
        return items.filter(code=value).first() or items.filter(name=value).first()
