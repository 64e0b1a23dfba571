"""Expenses at the desk: the list by step, one with every hand that was on it, and what the next hand may do."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.projects.selectors import projects_for
from wushe.faces.www.access import PageRequest
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.community.desk import desk
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import carry_out, one_of, posted, whole
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.actor import Actor
from wushe.lines.charity import expenses as services
from wushe.lines.charity import relief, selectors
from wushe.lines.charity.enums import ExpenseState, UseCategory
from wushe.lines.charity.models import Expense
from wushe.lines.charity.paying import pay_expense
from wushe.registers.areas.selectors import place_names, places_of
from wushe.registers.organisations.selectors import carriers

from .forms import ExpenseForm, FollowUpForm, NoteForm, PayForm, ReasonForm, ReceiptForm, VisitForm, VoteForm
from .people import the_one

SIGN = ("charity:sign_community", "charity:sign_street", "charity:sign_district")
OPEN = frozenset(services.LEVEL_OF)
FIRST, WAITING = frozenset({ExpenseState.AT_COMMUNITY}), frozenset({ExpenseState.APPROVED})
DONE = frozenset(services.DONE)


def _is_relief(expense: Expense) -> bool:
    return expense.category == UseCategory.RELIEF


def _agree(**given: Any) -> Expense:
    return services.sign_expense(agreed=True, **given)


def _to_sign(expense: Expense, actor: Actor) -> bool:
    return services.may_sign(actor=actor, expense=expense, at=timezone.now())


def _offer_seats(form: VoteForm, expense: Expense) -> None:
    """Offer the members who have not voted yet."""
    form.offer(selectors.who_may_vote(expense))


def _refuse(*, reason: str, **given: Any) -> Expense:
    return services.sign_expense(agreed=False, note=reason, **given)


ACTS = {
    "visit": Act(
        "登记入户核实", "登记您入户看到的情况", ("charity:visit",), FIRST, relief.record_relief_visit, "已登记入户情况。",
        VisitForm, "home-check", fits=_is_relief,
    ),
    "vote": Act(
        "登记表决", "登记一位委员的表决", ("charity:seat",), FIRST, relief.record_relief_vote, "已登记表决。",
        VoteForm, "gavel", fits=lambda expense: _is_relief(expense) and bool(selectors.who_may_vote(expense)),
        prepare=_offer_seats,
    ),
    "publish": Act(
        "公示", "开始公示？公示不写姓名。", ("charity:publish",), FIRST, relief.publish_relief, "已公示。",
        icon="speakerphone", fits=lambda expense: _is_relief(expense) and not relief.is_published(expense),
    ),
    "agree": Act(
        "同意", "同意这笔支出？", SIGN, OPEN, _agree, "已签字同意。", NoteForm, "check", waits_for=_to_sign,
    ),
    "refuse": Act(
        "不同意", "不同意这笔支出？", SIGN, OPEN, _refuse, "已退回，不予支出。", ReasonForm, "x", danger=True, waits_for=_to_sign,
    ),
    "pay": Act("付款", "已按收款账号付出？", ("charity:pay",), WAITING, pay_expense, "已入账。", PayForm, "cash"),
    "receipt": Act(
        "登记回执", "收款人已确认收到？", ("charity:receipt",), frozenset({ExpenseState.PAID}),
        services.confirm_receipt, "回执已登记。", ReceiptForm, "receipt",
    ),
    "follow_up": Act(
        "登记回访", "救助后的情况", ("charity:request",), DONE, services.follow_up, "回访已登记。", FollowUpForm,
        "phone-call", fits=_is_relief,
    ),
    "freeze": Act(
        "冻结", "冻结这笔支出？解冻后要从社区重新审核。", ("charity:freeze",), OPEN | WAITING, services.freeze_expense,
        "已冻结。", ReasonForm, "lock", danger=True,
    ),
    "thaw": Act(
        "解冻", "解冻这笔支出？各级要重新签字。", ("charity:second_key",), frozenset({ExpenseState.FROZEN}),
        services.thaw_expense, "已解冻，从社区重新审核。", icon="lock-open",
    ),
}  # fmt: skip


@require_GET
@desk("charity:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the expenses of the actor's area."""
    actor, text = request.actor, request.GET.get("q", "")[:40]
    state, fund_id = one_of(request.GET.get("state", ""), ExpenseState.values), whole(request.GET.get("fund", ""))
    counts = selectors.expense_counts(actor=actor, text=text)
    rows = selectors.find_expenses(actor=actor, state=state, fund_id=fund_id, text=text)
    page = page_of(rows, request.GET, size=30)
    context = {
        "page": page, "text": text, "state": state, "fund_id": fund_id,
        "states": state_chips(ExpenseState, counts),
        "places": place_names(codes=[row.area_code for row in page.rows]), "now": timezone.now(),
    }  # fmt: skip
    return render(request, "www/charity/expenses.html", context)


@require_GET
@desk("charity:view")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an expense."""
    return _show(request, pk, {})


@require_POST
@desk("charity:view")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Sign, pay, freeze, or write down a step of relief."""
    actor = request.actor
    what = chosen(ACTS, act, actor)
    expense = selectors.expense_of(actor=actor, expense_id=pk)
    refused = carried_out(request, act, what, expense, expense_id=pk)
    return _show(request, pk, {act: refused}) if refused else redirect("charity:expense", pk)


@require_http_methods(["GET", "POST"])
@desk("charity:request")
def request_form(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for money of a fund; every rule answers at once, beside its field."""
    actor = request.actor
    fund, today = selectors.fund_of(actor=actor, fund_id=pk), timezone.localdate()
    form = ExpenseForm(
        posted(request), places=[(a.area_code, a.name) for a in places_of(actor=actor, on=today)],
        organisations=[(o.pk, o.name) for o in carriers(on=today)],
        projects=[(p.pk, p.title) for p in projects_for(area_code=actor.area_code)],
    )  # fmt: skip
    if request.method == "POST":
        made = carry_out(form, lambda clean: _ask(actor, pk, clean))
        if made:
            messages.success(request, "已提交，等社区审核。")
            return redirect("charity:expense", made.pk)
    context = {"form": form, "fund": fund, "heading": "申请支出", "button": "提交申请"}
    return render(request, "www/charity/form.html", context, status=422 if form.errors else 200)


def _ask(actor: Actor, fund_id: int, clean: dict[str, Any]) -> Expense:
    payee, amount = clean.pop("payee"), clean.pop("amount")
    person = the_one(actor, payee, field="payee") if payee else None
    return services.request_expense(
        actor=actor, at=timezone.now(), fund_id=fund_id, amount_fen=amount,
        payee_person_id=person.pk if person else None, **clean,
    )  # fmt: skip


def _show(request: PageRequest, pk: int, bound: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    expense = selectors.expense_of(actor=actor, expense_id=pk)
    signings = list(expense.signings.order_by("pk"))
    names = names_of_accounts(
        {expense.requested_by, expense.paid_by or 0, expense.receipted_by or 0, *(s.signed_by for s in signings)}
    )
    stages = [level.value for level in services.LEVELS]
    context = {
        "expense": expense, "signings": signings, "names": names, "offered": offered(ACTS, expense, actor, bound),
        "problems": problems(bound), "parts": selectors.lots_behind(expense),
        "levels": [level.label for level in services.LEVELS[: stages.index(expense.last_level) + 1]],
        "place": place_names(codes=[expense.area_code]).get(expense.area_code, ""), "now": timezone.now(),
        "relief": selectors.relief_of(expense),
    }  # fmt: skip
    return render(request, "www/charity/expense.html", context, status=422 if bound else 200)
