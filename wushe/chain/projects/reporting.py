"""Reports of the carrier: filed in time, read by another; unexcused late material fails."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain

from .models import Report, ReportState
from .services import LARGEST_SUM
from .workflow import REPORT

SHORTEST = 20
MOST_PEOPLE = 10_000_000  # a slip of the keyboard


class MaterialLate(Conflict):
    """Material that comes late without an excuse fails."""

    def __init__(self, due_on: date) -> None:
        super().__init__(f"这份材料应在{due_on:%Y年%-m月%-d日}前提交，已经过期；确有理由的，请先向审批单位申请延期。")


@domain_call("projects:report")
def file_report(
    *, actor: Actor, at: datetime, report_id: int, text: str, people: int, spent_fen: int, papers: str = ""
) -> Report:
    """File the report that a tranche waits for; raise NotFound, MoveNotAllowed, MaterialLate, Invalid."""
    report = _report(actor, report_id)
    REPORT.edge(report.state, "file")
    today = timezone.localdate(at)
    if today > report.due_on:
        raise MaterialLate(report.due_on)
    faults = {}
    if len(text.strip()) < SHORTEST:
        faults["text"] = f"请写明做了什么、效果怎样（至少{SHORTEST}个字）。"
    if not 0 <= people <= MOST_PEOPLE:
        faults["people"] = "服务人数不对，请核对。"
    if not 0 <= spent_fen <= LARGEST_SUM:
        faults["spent_fen"] = "金额不对，请核对。"
    if faults:
        raise Invalid(fields=faults)
    REPORT.move(
        report, "file", actor=actor, at=at,
        changes={"text": text.strip(), "people": people, "spent_fen": spent_fen, "papers": papers.strip()[:300],
                 "filed_by": actor.user_id, "filed_on": today},
    )  # fmt: skip
    return report


@domain_call("projects:approve")
def accept_report(*, actor: Actor, at: datetime, report_id: int, remark: str = "") -> Report:
    """Accept a filed report; raise NotFound, MoveNotAllowed, Conflict for the hand that filed it."""
    return _decide(actor, at, report_id, "accept", remark)


@domain_call("projects:approve")
def return_report(*, actor: Actor, at: datetime, report_id: int, remark: str) -> Report:
    """Send a report back to be mended within the preset's days; raises as `accept_report`, and Invalid without a word."""
    report = _report(actor, report_id)
    days = preset("projects.report.return_days", area_code=_place(report), on=timezone.localdate(at))
    due_on = timezone.localdate(at) + timedelta(days=int(days))
    return _decide(actor, at, report_id, "return", _required(remark), due_on=due_on)


@domain_call("projects:approve")
def fail_report(*, actor: Actor, at: datetime, report_id: int, remark: str) -> Report:
    """Say that a filed report does not pass: its tranche is not paid; raises as `return_report`."""
    return _decide(actor, at, report_id, "fail", _required(remark))


@domain_call("projects:approve")
def excuse_report(*, actor: Actor, at: datetime, report_id: int, until: date, remark: str) -> Report:
    """Give a report that is not filed, or failed, a later day for a stated reason.

    Raises NotFound, MoveNotAllowed, Invalid without a reason or for a day that has passed.
    """
    if until < timezone.localdate(at):
        raise Invalid(fields={"until": "延到哪一天？请选今天以后的日期。"})
    report = _report(actor, report_id)
    changes = {"due_on": until, "remark": _required(remark)[:300]}
    REPORT.move(report, "excuse", actor=actor, at=at, changes=changes, data={"until": until.isoformat()})
    return report


@domain_call("jobs:run")
def fail_late_reports(*, actor: Actor, at: datetime) -> int:
    """Fail all material whose day has passed without an excuse; return how many."""
    awaited = [ReportState.AWAITED, ReportState.RETURNED]
    late = Report.objects.filter(state__in=awaited, due_on__lt=timezone.localdate(at)).order_by("pk")
    found = list(late)
    for report in found:
        REPORT.move(report, "fail", actor=actor, at=at, changes={"remark": "逾期未交，按不通过处理"})
    return len(found)


def _decide(
    actor: Actor, at: datetime, report_id: int, event: str, remark: str, **changes: date
) -> Report:  # fmt: skip
    report = _report(actor, report_id)
    if report.state == ReportState.FILED and report.filed_by == actor.user_id:
        raise Conflict("自己提交的材料不能自己审核。")
    if report.state != ReportState.FILED:
        REPORT.edge(report.state, "accept")
    decided = {"remark": remark.strip()[:300], "decided_by": actor.user_id, "decided_on": timezone.localdate(at)}
    REPORT.move(report, event, actor=actor, at=at, changes={**decided, **changes})
    return report


def _report(actor: Actor, report_id: int) -> Report:
    return obtain(Report.objects.select_related("tranche__grant__project"), actor, pk=report_id)


def _place(report: Report) -> str:
    return report.tranche.grant.project.area_code


def _required(remark: str) -> str:
    if not remark.strip():
        raise Invalid(fields={"remark": "请写明原因。"})
    return remark
