"""A month of an organisation as a table: its settlements one by one, then its totals by item (F131)."""

from datetime import date

from django.http import HttpResponse, QueryDict
from django.utils import timezone

from wushe.chain.settlement import selectors
from wushe.chain.settlement.models import Settlement
from wushe.faces.www.access import PageRequest
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.journal.exports import note_export
from wushe.foundation.quantities import show_fen

SETTLEMENT_HEAD = [
    "编号", "服务日期", "服务对象", "服务项目", "机构", "服务人员", "约定分钟", "实际分钟", "计费分钟", "应付（元）", "补贴（元）",
    "慈善承担（元）", "自付（元）", "年终留存（元）", "状态", "未结算原因",
]  # fmt: skip
_HEAD = [
    "服务项目", "次数", "计费分钟", "应付（元）", "补贴（元）", "慈善承担（元）", "自付（元）", "年终留存（元）",
]  # fmt: skip


def statement_table(request: PageRequest, organisation_id: int) -> HttpResponse:
    """Give an organisation's statement of the posted month as a table, and journal that it was taken."""
    month = month_of(request.POST)
    seen = selectors.month_statement(actor=request.actor, organisation_id=organisation_id, month=month)
    rows = [
        [line.item, line.visits, line.minutes, *(yuan(fen) for fen in (
            line.payable_fen, line.subsidy_fen, line.charity_fen, line.own_fen, line.hold_fen))]
        for line in [*seen.lines, seen.total]
    ]  # fmt: skip
    note_export(
        actor=request.actor, at=timezone.now(), list_name="statement", rows=len(rows), permission="settlement:view",
        filters={"month": f"{month:%Y-%m}", "organisation": str(organisation_id)},
    )  # fmt: skip
    kind = request.POST.get("format", "xlsx")
    return table_file(name=f"duizhang-{seen.first:%Y%m}", kind=kind, head=_HEAD, rows=rows)


def settled_table(request: PageRequest, organisation_id: int) -> HttpResponse:
    """Give an organisation's settlements of the posted month one by one, the sum of the settled ones last; journalled."""
    month, actor = month_of(request.POST), request.actor
    seen = selectors.month_statement(actor=actor, organisation_id=organisation_id, month=month)
    where = selectors.SettlementFilter(organisation_id=organisation_id, first=seen.first, last=seen.last)
    rows = [settlement_cells(row) for row in selectors.find_settlements(actor=actor, where=where)[:MOST_ROWS]]
    note_export(
        actor=actor, at=timezone.now(), list_name="month", rows=len(rows), permission="settlement:view",
        filters={"month": f"{month:%Y-%m}", "organisation": str(organisation_id)},
    )  # fmt: skip
    total = seen.total
    sums = [
        yuan(fen) for fen in (total.payable_fen, total.subsidy_fen, total.charity_fen, total.own_fen, total.hold_fen)
    ]
    rows.append(["已结算合计", "", "", f"{total.visits}次", "", "", "", "", total.minutes, *sums, "", ""])
    kind = request.POST.get("format", "xlsx")
    return table_file(name=f"duizhang-{seen.first:%Y%m}", kind=kind, head=SETTLEMENT_HEAD, rows=rows)


def settlement_cells(row: Settlement) -> list[object]:
    """Return a settlement as a row of a table, with the name of the person served masked."""
    visit, order = row.visit, row.visit.appointment.order
    sums = (row.payable_fen, row.subsidy_fen, row.charity_fen, row.own_fen, row.hold_fen)
    return [
        row.pk, visit.appointment.day.isoformat(), str(order.person), order.item.name,
        row.organisation.name if row.organisation else "", visit.worker.number, row.ordered_minutes, row.actual_minutes,
        row.paid_minutes, *(yuan(fen) for fen in sums), row.get_state_display(), row.blocked_by,
    ]  # fmt: skip


def month_of(query: QueryDict) -> date:
    """Return the first day of the month that was asked for, of this month if none can be read."""
    month = day_of(f"{query.get('month', '')}-01")
    return month if month and 2000 <= month.year < 2100 else timezone.localdate().replace(day=1)


def day_of(text: str) -> date | None:
    """Return a day written 2026-11-22, None for anything else."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def yuan(fen: int) -> str:
    """Return an amount as a table holds it."""
    return show_fen(fen).replace("¥", "").replace(",", "")
