"""Donations at the desk: money in, its receipt, where each yuan went, refunds and changes of use."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.community.desk import desk
from wushe.faces.www.disclosure.gifts import receipt_file
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import carry_out, one_of, posted, whole
from wushe.foundation.access.selectors import names_of_accounts
from wushe.lines.charity import donations as services
from wushe.lines.charity import selectors
from wushe.lines.charity.enums import DonationState
from wushe.registers.donors.selectors import donors_at

from .forms import DonationForm, ReasonForm, UseChangeForm

RECEIVED, ASKED = frozenset({DonationState.RECEIVED}), frozenset({DonationState.REFUND_ASKED})
ACTS = {
    "ask_change": Act(
        "征求变更用途", "请捐赠人同意变更用途？捐赠人在收据的二维码页面上答复。", ("charity:receive",), RECEIVED,
        services.ask_use_change, "已提出，等捐赠人答复。", UseChangeForm, "message",
    ),
    "ask_refund": Act(
        "申请退回", "申请把这笔捐赠退给捐赠人？", ("charity:receive",), RECEIVED, services.ask_refund,
        "已申请，等出纳办理。", ReasonForm, "arrow-back-up", danger=True,
    ),
    "keep": Act(
        "撤回退款申请", "不退了？", ("charity:receive",), ASKED, services.keep_donation, "已撤回申请。",
    ),
    "refund": Act(
        "办理退回", "把这笔捐赠原路退给捐赠人？", ("charity:pay",), ASKED, services.refund_donation, "已退回。",
        icon="arrow-back-up", danger=True,
    ),
}  # fmt: skip


@require_GET
@desk("charity:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the donations."""
    actor, text = request.actor, request.GET.get("q", "")[:40]
    state, fund_id = one_of(request.GET.get("state", ""), DonationState.values), whole(request.GET.get("fund", ""))
    rows = selectors.find_donations(actor=actor, state=state, fund_id=fund_id, text=text)
    counts = selectors.donation_counts(actor=actor, fund_id=fund_id, text=text)
    context = {
        "page": page_of(rows, request.GET, size=30), "text": text, "fund_id": fund_id, "state": state,
        "states": state_chips(DonationState, counts),
    }  # fmt: skip
    return render(request, "www/charity/donations.html", context)


@require_GET
@desk("charity:view")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a donation and where it went."""
    return _show(request, pk, {})


@require_POST
@desk("charity:view")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Ask for a refund or a change of use, or give back."""
    actor = request.actor
    what = chosen(ACTS, act, actor)
    lot = selectors.donation_of(actor=actor, donation_id=pk)
    refused = carried_out(request, act, what, lot, donation_id=pk)
    return _show(request, pk, {act: refused}) if refused else redirect("charity:donation", pk)


@require_GET
@desk("charity:view")
def receipt(request: PageRequest, pk: int) -> HttpResponse:
    """Give the receipt as PDF, to print and hand over."""
    return receipt_file(request, selectors.donation_of(actor=request.actor, donation_id=pk))


@require_http_methods(["GET", "POST"])
@desk("charity:receive")
def receive(request: PageRequest, pk: int) -> HttpResponse:
    """Book money that came in."""
    actor = request.actor
    fund = selectors.fund_of(actor=actor, fund_id=pk)
    donors = [(d.pk, d.name) for d in donors_at(actor=actor)]
    form = DonationForm(posted(request), donors=donors, initial={"received_on": timezone.localdate()})
    if request.method == "POST":

        def book(clean: dict[str, Any]) -> Any:
            amount = clean.pop("amount")
            return services.receive_donation(actor=actor, at=timezone.now(), fund_id=pk, amount_fen=amount, **clean)

        if made := carry_out(form, book):
            messages.success(request, f"已入账，收据编号 {made.number}。")
            return redirect("charity:donation", made.pk)
    context = {"form": form, "fund": fund, "heading": "登记捐赠或拨款", "button": "入账"}
    return render(request, "www/charity/form.html", context, status=422 if form.errors else 200)


def _show(request: PageRequest, pk: int, bound: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    lot = selectors.donation_of(actor=actor, donation_id=pk)
    names = names_of_accounts({lot.handled_by, lot.refund_asked_by or 0})
    context = {
        "lot": lot, "parts": selectors.followed(lot), "offered": offered(ACTS, lot, actor, bound),
        "problems": problems(bound), "handled_by": names.get(lot.handled_by, ""),
        "changes": lot.use_changes.order_by("-pk"),
    }  # fmt: skip
    return render(request, "www/charity/donation.html", context, status=422 if bound else 200)
