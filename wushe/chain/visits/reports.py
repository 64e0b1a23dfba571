"""Reports 上报: an organisation says what was done at a visit that nobody could sign in to, and why.

A phone without power must not cost a carer the pay of a visit. What is reported carries no position and no live
photo; verification therefore always has a person look at it.
"""

from datetime import datetime, time, timedelta
from typing import Any

from django.utils.timezone import make_aware

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.dispatch.services import keep_appointment
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain

from .models import Visit
from .workflow import VISIT

LONGEST_NOTE, LONGEST_REASON = 300, 120
DAY = 24 * 60


class NotToReport(Conflict):
    """The visit has been signed in to, or nobody was planned for it."""

    message = "这次服务已经签到、取消，或者还没有安排人员，不能补报。"


class ReportTooLate(Conflict):
    """The time for reports is over."""

    message = "已超过服务情况上报时限，不能再补报。请联系调度中心改期。"


@domain_call("visits:report")
def report_visit(
    *,
    actor: Actor,
    at: datetime,
    appointment_id: int,
    started: int,
    ended: int,
    note: str,
    reason: str,
    client_key: str = "",
) -> Visit:
    """Report a visit of the organisation's own that was made without a sign-in; the times are minutes of its day.

    The same client key again returns the same visit. Raises NotFound for another organisation's, NotToReport,
    ReportTooLate, and Invalid for times that cannot be or for a missing account of what was done and why.
    """
    note, reason = note.strip(), reason.strip()
    body = {"appointment": appointment_id, "started": started, "ended": ended, "note": note, "reason": reason}

    def effect() -> dict[str, Any]:
        row = obtain(Appointment.objects.select_related("order"), actor, pk=appointment_id)
        if row.state not in REPORTABLE or row.worker_id is None or Visit.objects.filter(appointment=row).exists():
            raise NotToReport
        began, over = (_midnight(row) + timedelta(minutes=minute) for minute in (started, ended))
        _check(row, at=at, began=began, over=over, note=note, reason=reason)
        keep_appointment(actor=actor, at=at, appointment_id=row.pk)
        visit = Visit(
            appointment=row, worker_id=row.worker_id, area_code=row.area_code, started_at=began, start_received_at=at,
            reported_by=actor.user_id, report_reason=reason,
        )  # fmt: skip
        VISIT.start(visit, event="report", actor=actor, at=at, data={"appointment": row.pk, "reason": reason})
        changes = {"ended_at": over, "end_received_at": at, "minutes": ended - started, "note": note}
        VISIT.move(visit, "end", actor=actor, at=at, changes=changes, data={"minutes": ended - started})
        return {"visit": visit.pk}

    answer = once(actor=actor, at=at, key=client_key, call="visits.report_visit", body=body, effect=effect)
    return Visit.objects.get(pk=answer["visit"])


REPORTABLE = {AppointmentState.CONFIRMED.value, AppointmentState.MISSED.value}


def report_due(row: Appointment) -> datetime:
    """Return until when a visit can be reported: so long after the end of its day."""
    minutes = int(preset("orders.leg.report", area_code=row.area_code, on=row.day))
    return _midnight(row) + timedelta(minutes=DAY + minutes)


def may_report(row: Appointment, *, at: datetime) -> bool:
    """Say whether nobody signed in to a visit whose time has come, and it can still be reported."""
    begun = row.planned_start is not None and _midnight(row) + timedelta(minutes=row.planned_start) <= at
    return row.state in REPORTABLE and begun and at <= report_due(row)


def _midnight(row: Appointment) -> datetime:
    return make_aware(datetime.combine(row.day, time.min))


def _check(row: Appointment, *, at: datetime, began: datetime, over: datetime, note: str, reason: str) -> None:
    if at > report_due(row):
        raise ReportTooLate
    faults = {}
    if over <= began:
        faults["ended"] = "结束时间应晚于开始时间。"
    elif over > at:
        faults["ended"] = "服务还没有结束，结束以后再来上报。"
    if not note:
        faults["note"] = "请写明做了什么。"
    elif len(note) > LONGEST_NOTE:
        faults["note"] = f"最多{LONGEST_NOTE}字，请写得短一些。"
    if not reason:
        faults["reason"] = "请写明为什么没有在手机上签到。"
    elif len(reason) > LONGEST_REASON:
        faults["reason"] = f"最多{LONGEST_REASON}字，请写得短一些。"
    if faults:
        raise Invalid(fields=faults)
