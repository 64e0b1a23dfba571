"""Neighbours and volunteers who stand by somebody for long: begun with a rhythm, looked in on, ended with a reason (F59).

鼓励低龄帮高龄，睦邻互助. When the next look-in is due is reckoned as for every visit; nobody home, or somebody in need,
goes to the needs queue at once, and counts for the visits that the rules ask for.
"""

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.chain.needs.models import Channel
from wushe.chain.needs.services import record_need
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain, visible
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person
from wushe.registers.people.services import person_in_scope
from wushe.registers.volunteers.models import Volunteer

from .models import Finding, LookIn, Pair, PairEnd, PairKind, PairState, PlanState, VisitPlan, Way
from .reckoning import reckoning_at
from .visiting import RIGHT, note_contact, owner_at
from .workflow import PAIR

LOOKS_IN = "due_visits:look_in"
LONGEST_INTERVAL = 92
TOLD = (Finding.HELP, Finding.NO_ANSWER)
_WAY = {Finding.SEEN: Way.PAIRING, Finding.CALLED: Way.CALL, Finding.HELP: Way.PAIRING, Finding.NO_ANSWER: Way.PAIRING}


class Paired(Conflict):
    """The two are a pair already."""

    message = "这两个人已经结对。"


class PairOver(Conflict):
    """The pair has ended."""

    message = "这个结对已经结束。"


@domain_call(RIGHT)
def pair(
    *, actor: Actor, at: datetime, person_id: int, helper_id: int, kind: str, interval_days: int, words: str = "",
    owner_id: int | None = None, client_key: str = "",
) -> Pair:  # fmt: skip
    """Begin a pair: who stands by whom, how often they look in, and who answers for it.

    Raises NotFound out of scope, Paired, Invalid beside each field: a minor, somebody with too many pairs already, and a
    volunteers' pair with somebody who is none.
    """
    person, today = person_in_scope(actor=actor, person_id=person_id), timezone.localdate(at)
    living = visible(Person.objects.filter(died_on=None, moved_out_on=None), actor)
    helper = living.select_for_update(of=("self",)).filter(pk=helper_id).first()
    if helper is None:
        raise NotFound
    if faults := {**_faults(interval_days, words, kind), **_unfit(person, helper, kind, today)}:
        raise Invalid(fields=faults)
    if Pair.objects.filter(person=person, helper=helper, state=PairState.STANDING).exists():
        raise Paired
    owner = owner_at(person.area_code, owner_id or actor.user_id, strict=owner_id is not None)
    dates = reckoning_at(person.area_code, today).after(today, interval_days)
    made = Pair(
        person=person, helper=helper, kind=kind, words=words.strip(), interval_days=interval_days, area_code=person.area_code,
        owner_id=owner[0], owner_name=owner[1], begun_on=today, due_on=dates.due_on, late_on=dates.late_on,
        demonstration=person.demonstration,
    )  # fmt: skip
    PAIR.start(made, event="begin", actor=actor, at=at, data={"kind": kind, "days": interval_days})
    return made


@domain_call(RIGHT)
def update_pair(*, actor: Actor, at: datetime, pair_id: int, changes: dict[str, Any]) -> Pair:
    """Change the rhythm, what is done, the kind and who answers; raises NotFound, PairOver, Invalid beside each field."""
    row = _standing(
        obtain(Pair.objects.select_for_update(of=("self",)).select_related("person", "helper"), actor, pk=pair_id)
    )
    for name in changes.keys() & {"kind", "words", "interval_days"}:
        setattr(row, name, changes[name])
    today = timezone.localdate(at)
    faults = _faults(row.interval_days, row.words, row.kind)
    if "kind" in changes:
        faults |= _unfit(row.person, row.helper, row.kind, today, itself=row)
    if faults:
        raise Invalid(fields=faults)
    if "owner_id" in changes:
        row.owner_id, row.owner_name = owner_at(row.area_code, changes["owner_id"], strict=True)
    dates = reckoning_at(row.area_code, today).after(row.seen_on or row.begun_on, row.interval_days)
    row.due_on, row.late_on = dates.due_on, dates.late_on
    row.save()
    record(kind="pair.amend", subject=row, actor=actor, at=at, data={"fields": sorted(changes)})
    return row


@domain_call(LOOKS_IN)
def look_in(*, actor: Actor, at: datetime, pair_id: int, finding: str, note: str = "", client_key: str = "") -> LookIn:
    """Note a look-in of one's own pair, today. Raises NotFound for another's, PairOver, Invalid beside each field."""
    return _noted(obtain(Pair, actor, pk=pair_id), finding, note, client_key, actor=actor, at=at)


@domain_call(RIGHT)
def note_look_in(
    *, actor: Actor, at: datetime, pair_id: int, finding: str, note: str = "", client_key: str = ""
) -> LookIn:
    """Note at the desk what a helper has told. Raises NotFound out of scope, PairOver, Invalid beside each field."""
    return _noted(obtain(Pair, actor, pk=pair_id), finding, note, client_key, actor=actor, at=at)


@domain_call(RIGHT)
def end_pair(*, actor: Actor, at: datetime, pair_id: int, reason: str, words: str = "") -> Pair:
    """End a pair. Raises NotFound, MoveNotAllowed, Invalid without a reason."""
    row = obtain(Pair, actor, pk=pair_id)
    if reason not in PairEnd.values:
        raise Invalid(fields={"reason": "请选择为什么结束。"})
    end(row, reason=reason, words=words, actor=actor, at=at)
    return row


def end(row: Pair, *, reason: str, words: str = "", actor: Actor, at: datetime) -> None:
    """End a pair on the day of `at`."""
    changes = {"ended_on": timezone.localdate(at), "end_reason": reason, "end_words": words.strip()[:200]}
    PAIR.move(row, "end", actor=actor, at=at, changes=changes, data={"reason": reason})


def _noted(row: Pair, finding: str, note: str, client_key: str, *, actor: Actor, at: datetime) -> LookIn:
    _standing(row)
    note = note.strip()
    faults = {}
    if finding not in Finding.values:
        faults["finding"] = "请选择情况。"
    if finding == Finding.HELP and not note:
        faults["note"] = "请写一句要帮什么忙。"
    if len(note) > 200:
        faults["note"] = "请写在200字以内。"
    if faults:
        raise Invalid(fields=faults)

    def effect() -> dict[str, int]:
        return {"look_in": _kept(row, Finding(finding), note, actor=actor, at=at).pk}

    body = {"pair": row.pk, "finding": finding, "note": note}
    kept = once(actor=actor, at=at, key=client_key, call="due_visits.look_in", body=body, effect=effect)
    return LookIn.objects.get(pk=kept["look_in"])


def _kept(row: Pair, finding: Finding, note: str, *, actor: Actor, at: datetime) -> LookIn:
    """Keep a look-in and what follows: the next day, a need for the queue, a contact of the visits by rule."""
    today, answered = timezone.localdate(at), finding != Finding.NO_ANSWER
    need_id = _tell(row, finding, note, by=actor.name, at=at) if finding in TOLD else None
    made = LookIn.objects.create(
        pair=row, on=today, finding=finding, note=note, by_name=actor.name, by_id=actor.user_id, recorded_at=at,
        need_id=need_id,
    )  # fmt: skip
    changes: dict[str, Any] = {}
    if answered:
        dates = reckoning_at(row.area_code, today).after(today, row.interval_days)
        changes = {"seen_on": today, "due_on": dates.due_on, "late_on": dates.late_on}
    PAIR.move(row, "look_in", actor=actor, at=at, changes=changes, data={"finding": str(finding), "need": need_id})
    plan = VisitPlan.objects.filter(person=row.person_id, state=PlanState.ACTIVE).first()
    if plan is not None:
        words = note or finding.label
        note_contact(plan, way=_WAY[finding], answered=answered, note=words, on=today, actor=actor, at=at)
    return made


def _tell(row: Pair, finding: Finding, note: str, *, by: str, at: datetime) -> int:
    """Put what was found into the needs queue, where somebody answers it; return the need."""
    begin = "结对帮扶联系不上本人，请今天上门查看" if finding == Finding.NO_ANSWER else "结对帮扶发现有事要帮忙"
    words = f"{begin}（{by}报告）。{note}"
    need = record_need(actor=SYSTEM, at=at, person_id=row.person_id, channel=Channel.DUE_VISIT, words=words)
    return need.pk


def _standing(row: Pair) -> Pair:
    if row.state != PairState.STANDING:
        raise PairOver
    return row


def _faults(interval_days: int, words: str, kind: str) -> dict[str, str]:
    checks = {
        "interval_days": (1 <= interval_days <= LONGEST_INTERVAL, f"请填1到{LONGEST_INTERVAL}天。"),
        "words": (len(words) <= 120, "请写在120字以内。"),
        "kind": (kind in PairKind.values, "请选择类型。"),
    }
    return {field: said for field, (right, said) in checks.items() if not right}


def _unfit(person: Person, helper: Person, kind: str, on: date, *, itself: Pair | None = None) -> dict[str, str]:
    """Return what keeps somebody from standing by somebody, beside the field; {} if nothing does."""
    adult = preset("volunteers.guardian.age", area_code=person.area_code, on=on)
    most = preset("care.pair.most", area_code=person.area_code, on=on)
    others = Pair.objects.filter(helper=helper, state=PairState.STANDING).exclude(pk=itself.pk if itself else 0)
    if helper.pk == person.pk:
        return {"helper_id": "不能和自己结对。"}
    if full_years(helper.born_on, on) < adult:
        return {"helper_id": f"帮扶人要年满{adult}周岁。"}
    if kind == PairKind.NEIGHBOUR and helper.born_on <= person.born_on:
        return {"kind": "邻里互助是低龄帮高龄：帮扶人应比被帮扶人年轻，或改选志愿者结对。"}
    if kind == PairKind.VOLUNTEER and not Volunteer.objects.filter(person=helper, left_on=None).exists():
        return {"kind": "这一位没有登记为志愿者，请选邻里互助，或先登记志愿者。"}
    if others.count() >= most:
        return {"helper_id": f"这一位已经结对{most}户，再多照顾不过来，请换一位。"}
    return {}
