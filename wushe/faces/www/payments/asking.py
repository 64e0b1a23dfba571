"""The forms of the desk: receiving accounts, the bank's list, lines in suspense, scores of a year; and the vouchers."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out, posted
from wushe.faces.www.tables import table_file
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.exports import note_export
from wushe.foundation.quantities import show_fen
from wushe.lines.payments import bank, payees, selectors, suspense, vouchers, year_end
from wushe.lines.payments.bank_lists import MOST_BYTES
from wushe.lines.payments.states import BankLineState

from .desks import Fen, plain
from .forms import BankFileForm, PayeeForm, PeriodForm, ResolveForm, ScoreForm

_HEAD = ["凭证号", "日期", "摘要", "科目编号", "科目名称", "明细", "借方（元）", "贷方（元）"]


@require_http_methods(["GET", "POST"])
@allow("payments:prepare")
def propose(request: PageRequest) -> HttpResponse:
    """Register a receiving account."""
    actor, form = request.actor, PayeeForm(posted(request))
    form.fields["organisation_id"].choices = _organisations(request)  # type: ignore[attr-defined]
    if request.method == "POST" and carry_out(
        form, lambda clean: payees.propose_payee(actor=actor, at=timezone.now(), **clean)
    ):
        messages.success(request, "已登记，请另一个人复核后启用。")
        return redirect("payments:pay_payees")
    return _form(request, form, "登记收款账户", "登记", "照机构盖章的账户证明填写；户名必须是机构自己。")


@require_http_methods(["GET", "POST"])
@allow("payments:prepare")
def read(request: PageRequest) -> HttpResponse:
    """Take in the bank's list."""
    form = BankFileForm(posted(request), request.FILES if request.method == "POST" else None)
    if request.method == "POST" and (file := carry_out(form, lambda clean: _read(request, clean["file"]))):
        messages.success(
            request, f"{file.rows}笔流水：对上{file.matched}笔，挂账{file.suspended}笔，早已导入{file.known}笔。"
        )
        return redirect("bank:view_lines")
    return _form(request, form, "导入银行流水", "导入", "按付款号、金额和收款人自动核对；对不上的挂账，等人查明。")


def _read(request: PageRequest, sent: Any) -> Any:
    if sent.size > MOST_BYTES:
        raise Invalid(fields={"file": f"文件最大{MOST_BYTES >> 20}MB，请按日期分成几份。"})
    return bank.read_bank_file(actor=request.actor, at=timezone.now(), name=sent.name, content=sent.read())


@require_GET
@allow("bank:view")
def bank_line(request: PageRequest, pk: int) -> HttpResponse:
    """Show a line of the bank."""
    return _line(request, pk)


@require_POST
@allow("payments:prepare")
def resolve(request: PageRequest, pk: int) -> HttpResponse:
    """Explain a line in suspense."""
    return _line(request, pk)


def _line(request: PageRequest, pk: int) -> HttpResponse:
    actor = request.actor
    line = selectors.bank_line_of(actor=actor, line_id=pk)
    form = ResolveForm(posted(request))
    form.fields["other"].choices = (
        [("", "没有")]
        + [  # type: ignore[attr-defined]
            (one.pk, f"{one.booked_on:%Y-%m-%d} {show_fen(one.amount_fen)} {one.party or one.words}"[:60])
            for one in selectors.opposites(line)
        ]
    )
    if request.method == "POST" and carry_out(
        form, lambda clean: suspense.resolve_line(actor=actor, at=timezone.now(), line_id=pk, **clean)
    ):
        messages.success(request, "已处理，挂账销掉。")
        return redirect("bank:view_lines")
    context = {
        "line": line, "form": form, "names": names_of_accounts({line.settled_by}),
        "asks": actor.may("payments:prepare") and line.state == BankLineState.SUSPENSE,
    }  # fmt: skip
    return render(request, "www/payments/bank_line.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("payments:prepare")
def score(request: PageRequest) -> HttpResponse:
    """Enter the score of a year."""
    actor, form = request.actor, ScoreForm(posted(request), initial={"year": timezone.localdate().year - 1})
    form.fields["organisation_id"].choices = _organisations(request)  # type: ignore[attr-defined]
    if request.method == "POST" and carry_out(
        form, lambda clean: year_end.score_year(actor=actor, at=timezone.now(), **clean)
    ):
        messages.success(request, "已登记得分，请另一个人复核。")
        return redirect("payments:hold_releases")
    return _form(
        request,
        form,
        "年终考核评分",
        "登记得分",
        "得分决定留存返还多少：达到足额分数全部返还，不及格不返还，之间按比例。",
    )


@require_GET
@allow("ledgers:view")
def voucher_page(request: PageRequest) -> HttpResponse:
    """Show the trial balance of a period by the chart of accounts."""
    return _vouchers(request, PeriodForm(request.GET if "first" in request.GET else _this_month()))


@require_POST
@allow("ledgers:view")
def voucher_file(request: PageRequest) -> HttpResponse:
    """Give the vouchers of a period as a table that accounting software can import; journalled."""
    actor, form = request.actor, PeriodForm(request.POST)
    lines = carry_out(form, lambda clean: vouchers.voucher_lines(actor=actor, **clean))
    if lines is None:
        return _vouchers(request, form)
    rows = [
        [one.voucher, one.day.isoformat(), one.memo, one.code, one.name, one.title, plain(Fen(one.debit)) if one.debit else "",
         plain(Fen(one.credit)) if one.credit else ""]
        for one in lines
    ]  # fmt: skip
    note_export(
        actor=actor, at=timezone.now(), list_name="vouchers", rows=len(rows), permission="ledgers:view",
        filters={name: form.cleaned_data[name].isoformat() for name in ("first", "last")},
    )  # fmt: skip
    return table_file(name="pingzheng", kind=request.POST.get("format", "xlsx"), head=_HEAD, rows=rows)


def _vouchers(request: PageRequest, form: PeriodForm) -> HttpResponse:
    lines = carry_out(form, lambda clean: vouchers.voucher_lines(actor=request.actor, **clean)) or []
    sums = vouchers.sums_by_account(lines)
    context = {
        "form": form, "sums": sums, "lines": len(lines), "vouchers": len({one.voucher for one in lines}),
        "debit": sum(one.debit for one in sums), "credit": sum(one.credit for one in sums),
        "unknown": any(one.code == vouchers.UNKNOWN for one in sums),
    }  # fmt: skip
    return render(request, "www/payments/vouchers.html", context, status=422 if form.errors else 200)


def _this_month() -> dict[str, date]:
    today = timezone.localdate()
    return {"first": today.replace(day=1) - timedelta(days=31), "last": today}


def _organisations(request: PageRequest) -> list[tuple[Any, str]]:
    return [("", "请选择"), *((one.pk, one.name) for one in selectors.organisations_paid(actor=request.actor))]


def _form(request: HttpRequest, form: Any, heading: str, button: str, lead: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "button": button, "lead": lead}
    return render(request, "www/payments/form.html", context, status=422 if form.errors else 200)
