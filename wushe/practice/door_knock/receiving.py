"""Taking a report: the merging rule decides, what it says is written down, and the door shows what the reports say."""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid
from wushe.foundation.idempotency.services import KeyReused
from wushe.foundation.journal.services import record
from wushe.foundation.protected import open_bytes, seal_bytes
from wushe.registers.forms.evaluating import Examined, examine
from wushe.registers.forms.models import FormVersion
from wushe.registers.people.models import Person

from . import merging
from .filling import Filling
from .merging import Sent, Standing, Verdict
from .models import Reason, Report, Target, TargetState
from .workflow import TARGET

if TYPE_CHECKING:
    from .services import PhoneReport

SEAL = "door_knock"
MOST_AFTER = 50
_MOVES = {merging.REACHED: "reach", merging.NOBODY: "miss", merging.NOT_REACHED: "give_up"}
_STATES = {
    merging.REACHED: TargetState.REACHED,
    merging.NOBODY: TargetState.AGAIN,
    merging.NOT_REACHED: TargetState.NOT_REACHED,
}


def receive(*, actor: Actor, at: datetime, target: Target, report: "PhoneReport") -> Target:
    """Take a report into what is known about a door; inside a domain call, under the door's lock."""
    target = Target.objects.select_for_update(of=("self",)).select_related("campaign__version").get(pk=target.pk)
    sent = _sent(report)
    found = _verdict(target, report.client_id, sent)
    if found is Verdict.REPEATED:
        return target
    version, examined = _examine(target, report)
    row = Report(
        target=target, client_id=report.client_id, device=report.device[:36], turn=report.turn, after=sorted(sent.after),
        outcome=report.outcome, reason=report.reason, revisit_on=report.revisit_on, person_id=report.person_id,
        version=version, answers=seal_bytes(_text(examined.answers).encode(), kind=SEAL), digest=sent.digest,
        score=examined.score, device_at=report.device_at, received_at=at, recorded_by=actor.user_id,
        skew_seconds=_skew(report, at),
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        # Two phones used the same number at two doors at the same moment.
        raise KeyReused from error
    data = {"report": row.pk, "outcome": row.outcome, "device_at": row.device_at.isoformat(), "skew": row.skew_seconds}
    record(kind="target.report", subject=target, actor=actor, at=at, data=data)
    _show(actor, at, target)
    return target


def known(target: Target, client_id: UUID) -> bool:
    """Say whether a report has arrived before."""
    return bool(target.reports.filter(client_id=client_id).exists())


def standing_of(target: Target) -> Standing:
    """Return what the reports about a door say together."""
    return merging.standing(_kept(row) for row in target.reports.all())


def answers_of(report: Report) -> dict[str, Any]:
    """Return the answers of a report in plain. Call it only where the act is journalled."""
    return dict(json.loads(open_bytes(bytes(report.answers), kind=SEAL)))


def _kept(row: Report) -> Sent:
    return Sent(str(row.client_id), frozenset(row.after), row.outcome, row.digest)


def _sent(report: "PhoneReport") -> Sent:
    body = [
        report.outcome, report.reason, report.revisit_on, report.person_id, report.version_id, report.answers,
    ]  # fmt: skip
    after = frozenset(str(one)[:36] for one in list(report.after)[:MOST_AFTER]) - {str(report.client_id)}
    return Sent(str(report.client_id), after, report.outcome, sha256(_text(body).encode()).hexdigest())


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _verdict(target: Target, client_id: UUID, sent: Sent) -> Verdict:
    """Ask the rule; a number that stands for a report about another door is used twice as well. Raises KeyReused."""
    before = Report.objects.filter(client_id=client_id).first()
    known_ones = {str(client_id): _kept(before)} if before else {}
    found = merging.verdict(known_ones, sent)
    if found is Verdict.REUSED or (before is not None and before.target_id != target.pk):
        raise KeyReused
    return found


def _examine(target: Target, report: "PhoneReport") -> tuple[FormVersion, Examined]:
    """Return the version that was asked and the answers that count; raise Invalid for what cannot be kept."""
    faults = {}
    if report.outcome not in merging.OUTCOMES:
        faults["outcome"] = "请选择走访结果。"
    if report.outcome == merging.NOT_REACHED and report.reason not in Reason.values:
        faults["reason"] = "请选择走访不到的原因。"
    if report.person_id is not None and report.person_id not in people_at(target):
        faults["person_id"] = "请选择这一户里的人。"
    if faults:
        raise Invalid(fields=faults)
    version = target.campaign.version
    if report.version_id not in (None, version.pk):
        raise Invalid("走访表已经换了版本，请联网更新后再提交。")
    if report.outcome != merging.REACHED:
        return version, Examined()
    examined = examine(version.questions, report.answers, today=timezone.localdate(report.device_at))
    if examined.faults:
        raise Invalid(fields=examined.faults)
    return version, examined


def people_at(target: Target) -> dict[int, Person]:
    """Return who may have been talked to at a door."""
    if target.person is not None:
        return {target.person.pk: target.person}
    if target.household is None:
        return {}
    living = Person.objects.filter(household=target.household, died_on=None, moved_out_on=None)
    return {person.pk: person for person in living.order_by("born_on", "pk")}


def _skew(report: "PhoneReport", at: datetime) -> int:
    """Return by how many seconds the phone's clock differs from the server's; 0 if it did not say its time of sending."""
    if report.sent_at is None:
        return 0
    return max(-(2**31), min(2**31 - 1, round((report.sent_at - at).total_seconds())))


def _show(actor: Actor, at: datetime, target: Target) -> None:
    """Let the door show what its reports say, and write on what the one that counts says."""
    said = standing_of(target)
    if said.conflict:
        Target.objects.filter(pk=target.pk).update(conflict=True, attempts=said.attempts)
        target.conflict, target.attempts = True, said.attempts
        record(kind="target.differ", subject=target, actor=actor, at=at, data={"heads": list(said.heads)})
        return
    head = target.reports.select_related("version").get(client_id=said.heads[0])
    changes: Mapping[str, Any] = {
        "attempts": said.attempts, "conflict": False, "reason": head.reason if said.state == merging.NOT_REACHED else "",
        "revisit_on": head.revisit_on if said.state == merging.NOBODY else None,
        "reached_at": head.device_at if said.state == merging.REACHED else None,
    }  # fmt: skip
    TARGET.move(target, _MOVES[said.state], actor=actor, at=at, changes=changes)
    with transaction.atomic():
        answers = answers_of(head) if head.outcome == merging.REACHED else {}
        Filling(actor=actor, at=at, target=target, report=head, answers=answers).run()
