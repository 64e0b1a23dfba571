"""Report a danger now: the moment and who was told are kept, and nothing of it is changed afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from wushe.foundation.access.models import Grant
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.idempotency.services import KeyReused
from wushe.foundation.journal.services import record
from wushe.foundation.protected import open_bytes, seal_bytes
from wushe.foundation.roles import ROLES
from wushe.foundation.scope import covering, obtain
from wushe.registers.organisations.models import Organisation
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker

from .models import DangerReport, Sign, Step, Telling, Told

SEAL = "children"
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class OpenedReport:
    """A report in plain, with what was done about it."""

    words: str
    steps: list[tuple[Step, str]]


@domain_call("children:report")
def report_danger(
    *, actor: Actor, at: datetime, key: UUID, sign: str, words: str, told: Sequence[str] = ()
) -> DangerReport:
    """Send a report to all who answer for children at this place; the same key again sends nothing more.

    Raises Invalid beside each field at fault, and KeyReused for another report under the same key.
    """
    words = words.strip()
    faults = {
        "sign": "请选择是哪种情形。" if sign not in Sign.values else "",
        "words": "请写下看到、听到了什么，孩子在哪里。"
        if not words
        else f"最多{LONGEST}字。"
        if len(words) > LONGEST
        else "",
        "told": "请从选项里选。" if not set(told) <= set(Told.values) else "",
    }
    if faults := {name: message for name, message in faults.items() if message}:
        raise Invalid(fields=faults)
    report = DangerReport(
        key=key, area_code=_place_of(actor), sign=sign, words=_seal(words), reported_at=at, reported_by=actor.user_id
    )
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        sent = DangerReport.objects.filter(key=key, reported_by=actor.user_id, sign=sign).first()
        if sent is None or _plain(sent.words) != words:
            raise KeyReused from error
        return sent
    users = _answerable(report.area_code)
    Telling.objects.bulk_create(
        [Telling(report=report, told=one, told_at=at) for one in dict.fromkeys(told)]
        + [Telling(report=report, user_id=one, told_at=at) for one in users]
    )
    record(kind="danger.report", subject=report, actor=actor, at=at, data={"told": sorted(told), "accounts": users})
    return report


@domain_call("children:handle")
def open_report(*, actor: Actor, at: datetime, report_id: int) -> OpenedReport:
    """Return what a report says; the look is journalled. Raises NotFound."""
    report = obtain(DangerReport, actor, pk=report_id)
    record(kind="danger.open", subject=report, actor=actor, at=at)
    return OpenedReport(_plain(report.words), [(step, _plain(step.words)) for step in report.steps.order_by("pk")])


@domain_call("children:handle")
def add_step(*, actor: Actor, at: datetime, report_id: int, words: str, told: Sequence[str] = ()) -> Step:
    """Write down what was done about a report, and who else was told; raise NotFound, Invalid."""
    report, words = obtain(DangerReport, actor, pk=report_id), words.strip()
    if not words or len(words) > LONGEST:
        raise Invalid(fields={"words": f"请写下做了什么，最多{LONGEST}字。"})
    if not set(told) <= set(Told.values):
        raise Invalid(fields={"told": "请从选项里选。"})
    step = Step.objects.create(report=report, words=_seal(words), done_at=at, done_by=actor.user_id)
    Telling.objects.bulk_create(Telling(report=report, told=one, told_at=at) for one in dict.fromkeys(told))
    record(kind="danger.step", subject=report, actor=actor, at=at, data={"step": step.pk, "told": sorted(told)})
    return step


def _place_of(actor: Actor) -> str:
    """Return where a report belongs: the reporter's own place, which nobody has to look for in an emergency."""
    registers = {"organisation_manager": Organisation, "carer": Worker, "volunteer": Volunteer}
    register, number = registers.get(actor.role_code), actor.organisation_id or actor.holder_id
    if register is None or number is None:
        return actor.area_code
    return str(register._default_manager.values_list("area_code", flat=True).get(pk=number))


def _answerable(area_code: str) -> list[int]:
    """Return the accounts that answer for children at a place."""
    roles = [role.code for role in ROLES.values() if "children:handle" in role.permissions]
    near = Grant.objects.filter(covering(area_code), role_code__in=roles, user__is_active=True, valid_until=None)
    return sorted(set(near.values_list("user_id", flat=True)))


def _seal(words: str) -> bytes:
    return seal_bytes(words.encode(), kind=SEAL)


def _plain(sealed: bytes | memoryview) -> str:
    return open_bytes(bytes(sealed), kind=SEAL).decode()
