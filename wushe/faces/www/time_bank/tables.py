"""The books of the time bank as files; each export is journalled."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import whole
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.errors import NotFound
from wushe.foundation.journal.exports import note_export
from wushe.foundation.protected import mask_name
from wushe.lines.time_bank import selectors
from wushe.lines.time_bank.models import Bank
from wushe.lines.time_bank.solvency import solvency


@require_POST
@allow("time_bank:view")
def solvency_file(request: PageRequest) -> HttpResponse:
    """Give the figures of the first page as a table."""
    bank = _bank(request)
    seen = solvency(actor=request.actor, bank=bank, on=timezone.localdate())
    stress = seen.stress
    rows: list[list[object]] = [
        ["服务发行", seen.issued], ["专项赠予", seen.granted], ["他行转入", seen.received], ["转往他行", seen.sent],
        ["已兑换", seen.redeemed], ["个人账户余额", seen.balance], ["公益池", seen.pool], ["预留", seen.held], ["在途", seen.transit],
        ["差额（应为零）", seen.difference], *([f"余额账龄 {label}", minutes] for label, minutes in seen.ages),
        [f"一年内兑换{stress.percent}%需要", stress.wanted], ["近一年志愿者提供", stress.supplied], ["缺口", stress.missing],
        *([f"{m.first:%Y-%m} 发行", m.issued] for m in seen.months), *([f"{m.first:%Y-%m} 兑换", m.redeemed] for m in seen.months),
    ]  # fmt: skip
    _note(request, "time_bank_solvency", len(rows))
    return table_file(name="shijianyinhang", kind=request.POST.get("format", "xlsx"), head=["项目", "分钟"], rows=rows)


@require_POST
@allow("time_bank:view")
def accounts_file(request: PageRequest) -> HttpResponse:
    """Give the accounts that the search leaves, with masked names."""
    found = selectors.holdings(actor=request.actor, bank=_bank(request), text=request.POST.get("q", "")[:40])
    rows = [
        [one.number, mask_name(one.person.name), one.account.balance, one.opened_on.isoformat(),
         one.closed_on.isoformat() if one.closed_on else ""]
        for one in found.order_by("-pk")[:MOST_ROWS]
    ]  # fmt: skip
    _note(request, "time_bank_accounts", len(rows))
    head = ["户号", "姓名", "余额（分钟）", "开户日期", "销户日期"]
    return table_file(name="shijianzhanghu", kind=request.POST.get("format", "xlsx"), head=head, rows=rows)


def _bank(request: PageRequest) -> Bank:
    bank = selectors.bank_for(actor=request.actor, bank_id=whole(request.POST.get("bank", "")))
    if bank is None:
        raise NotFound
    return bank


def _note(request: PageRequest, name: str, rows: int) -> None:
    note_export(
        actor=request.actor, at=timezone.now(), list_name=name, rows=rows, filters={}, permission="time_bank:view"
    )
