"""One statement with its lines and disputes, one batch with its payments and the file for the bank."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.errors import Conflict
from wushe.foundation.journal.exports import note_export
from wushe.lines.payments import batches, disputes, selectors, statements
from wushe.lines.payments.printing import statement_pdf
from wushe.lines.payments.states import BatchState, PaymentState, StatementState
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

from .desks import Fen, plain
from .forms import BounceForm, DisputeForm, WhyForm, WordsForm
from .lists import rights

STATEMENT_ACTS = {
    "agree": Act("确认对账", "对账单无误？确认后不能再提异议，按本期付款金额付款。", ("payments:agree",),
                 frozenset({StatementState.ISSUED}), statements.agree_statement, "已确认，等待付款。"),
}  # fmt: skip
BATCH_ACTS = {
    "confirm": Act("复核通过", "逐笔核对无误？通过后记账，可以导出交银行。", ("payments:confirm",),
                   frozenset({BatchState.DRAFTED}), batches.confirm_batch, "已复核，可以导出交银行。", WordsForm, "checks",
                   waits_for=lambda batch, actor: batch.drafted_by != actor.user_id),
    "cancel": Act("撤销批次", "撤销？对账单回到待付款。", ("payments:prepare", "payments:confirm"),
                  frozenset({BatchState.DRAFTED}), batches.cancel_batch, "已撤销。", WhyForm, "ban", danger=True),
}  # fmt: skip
PAYMENT_ACTS = {
    "bounce": Act("银行未付出", "银行确认没有付出？款项退回应付，可以再付。请先查清，防止重复付款。", ("payments:confirm",),
                  frozenset({PaymentState.SENT}), batches.bounce_payment, "已退回应付。", BounceForm, "arrow-back-up",
                  danger=True, waits_for=lambda payment, actor: payment.batch.drafted_by != actor.user_id),
}  # fmt: skip
_LINE_HEAD = [
    "结算编号",
    "服务日期",
    "服务对象",
    "服务项目",
    "应付",
    "补贴",
    "慈善承担",
    "自付",
    "年终留存",
    "本期付款",
    "说明",
]
_BANK_HEAD = ["付款号", "收款人户名", "收款人账号", "收款人开户银行", "金额（元）", "用途"]


@require_GET
@allow("payments:view")
def statement(request: PageRequest, pk: int) -> HttpResponse:
    """Show a statement."""
    return _statement(request, pk, {})


@require_GET
@allow("payments:view")
def printed_statement(request: PageRequest, pk: int) -> HttpResponse:
    """Give a statement as an office prints it."""
    seen = selectors.statement_of(actor=request.actor, statement_id=pk)
    issuer = place_names(codes=[seen.area_code], from_level=Level.DISTRICT).get(seen.area_code, "")
    made = statement_pdf(actor=request.actor, statement=seen, issuer=issuer)
    return HttpResponse(made, headers={"Content-Disposition": f'inline; filename="statement-{seen.pk}.pdf"'},
                        content_type="application/pdf")  # fmt: skip


@require_POST
@allow("payments:view")
def statement_act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Agree to a statement."""
    what = chosen(STATEMENT_ACTS, act, request.actor)
    seen = selectors.statement_of(actor=request.actor, statement_id=pk)
    refused = carried_out(request, act, what, seen, statement_id=pk)
    return _statement(request, pk, {act: refused}) if refused else redirect("payments:pay_statement", pk)


@require_POST
@allow("payments:view")
def statement_file(request: PageRequest, pk: int) -> HttpResponse:
    """Give the lines of a statement as a table; journalled."""
    actor = request.actor
    seen = selectors.statement_of(actor=actor, statement_id=pk)
    rows = [
        [plain(cell) for cell in _cells(line)] for line in selectors.lines_of(actor=actor, statement=seen)[:MOST_ROWS]
    ]
    note_export(
        actor=actor, at=timezone.now(), list_name="pay_statement", rows=len(rows), permission="payments:view",
        filters={"statement": str(pk)},
    )  # fmt: skip
    kind = request.POST.get("format", "xlsx")
    return table_file(name=f"duizhang-{seen.month:%Y%m}-{pk}", kind=kind, head=_LINE_HEAD, rows=rows)


@require_http_methods(["GET", "POST"])
@allow("payments:agree")
def dispute(request: PageRequest, pk: int) -> HttpResponse:
    """Ask what is wrong with a line, and open its dispute."""
    actor, form = request.actor, DisputeForm(posted(request))
    line = selectors.line_of(actor=actor, line_id=pk)
    if request.method == "POST":
        made = carry_out(form, lambda clean: disputes.open_dispute(actor=actor, at=timezone.now(), line_id=pk, **clean))
        if made:
            messages.success(request, f"已提出异议，{made.due_on:%m月%d日}前答复。")
            return redirect("payments:pay_statement", line.statement_id)
    context = {
        "form": form, "heading": "对这一笔提异议", "button": "提出异议", "cells": _shown(line),
        "lead": "写明哪里不对，例如时长、价格、人数；有佐证的写在哪里。",
    }  # fmt: skip
    return render(request, "www/payments/form.html", context, status=422 if form.errors else 200)


@require_GET
@allow("bank:view")
def batch(request: PageRequest, pk: int) -> HttpResponse:
    """Show a batch."""
    return _batch(request, pk, 0, {})


@require_POST
@allow("payments:prepare", "payments:confirm")
def batch_act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Confirm a batch or give it up."""
    what, seen = chosen(BATCH_ACTS, act, request.actor), selectors.batch_of(actor=request.actor, batch_id=pk)
    refused = carried_out(request, act, what, seen, batch_id=pk)
    return _batch(request, pk, 0, {act: refused}) if refused else redirect("payments:pay_batch", pk)


@require_POST
@allow("payments:confirm")
def payment_act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Say that the bank did not pay."""
    what, seen = chosen(PAYMENT_ACTS, act, request.actor), selectors.payment_of(actor=request.actor, payment_id=pk)
    refused = carried_out(request, act, what, seen, payment_id=pk)
    done = redirect("payments:pay_batch", seen.batch_id)
    return _batch(request, seen.batch_id, pk, {act: refused}) if refused else done


@require_POST
@allow("payments:prepare")
def bank_file(request: PageRequest, pk: int) -> HttpResponse:
    """Give the bank's file with the account numbers in full; each time is journalled."""
    try:
        rows = batches.take_bank_file(actor=request.actor, at=timezone.now(), batch_id=pk)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("payments:pay_batch", pk)
    cells = [
        [
            p.reference,
            p.payee.holder,
            p.payee.number.reveal(),
            p.payee.bank,
            plain(Fen(p.amount_fen)),
            f"结算款{p.reference}",
        ]
        for p in rows
    ]
    kind = request.POST.get("format", "xlsx")
    return table_file(name=f"fukuan-{pk}", kind=kind, head=_BANK_HEAD, rows=cells)


def _statement(request: PageRequest, pk: int, bound: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    seen = selectors.statement_of(actor=actor, statement_id=pk)
    page = page_of(selectors.lines_of(actor=actor, statement=seen), request.GET)
    for line in page.rows:
        line.statement = seen
    context = {
        "seen": seen, "page": page, "offered": offered(STATEMENT_ACTS, seen, actor, bound), "problems": problems(bound),
        "rows": [(line, _shown(line), actor.may("payments:agree") and selectors.disputable(line)) for line in page.rows],
    }  # fmt: skip
    return render(request, "www/payments/statement.html", context, status=422 if bound else 200)


def _batch(request: PageRequest, pk: int, payment_id: int, bound: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    seen = selectors.batch_of(actor=actor, batch_id=pk)
    rows = selectors.payments_of(actor=actor, batch=seen)
    context = {
        "seen": seen, "may": rights(actor), "problems": problems(bound),
        "offered": offered(BATCH_ACTS, seen, actor, {} if payment_id else bound),
        "rows": [(row, offered(PAYMENT_ACTS, row, actor, bound if row.pk == payment_id else {})) for row in rows],
        "names": names_of_accounts({seen.drafted_by, seen.confirmed_by}),
        "takes_file": actor.may("payments:prepare") and seen.state in (BatchState.CONFIRMED, BatchState.SENT),
    }  # fmt: skip
    return render(request, "www/payments/batch.html", context, status=422 if bound else 200)


def _cells(line: Any) -> list[Any]:
    order = line.settlement.visit.appointment.order
    remark = line.get_kind_display() if line.counts else "已冲正，不计入"
    return [
        str(line.settlement_id), line.settlement.visit.appointment.day, str(order.person), order.item.name,
        *(Fen(getattr(line, name)) for name in statements.SUMS), remark,
    ]  # fmt: skip


def _shown(line: Any) -> list[tuple[str, Any, bool]]:
    return [(head, cell, isinstance(cell, Fen)) for head, cell in zip(_LINE_HEAD, _cells(line), strict=True)]
