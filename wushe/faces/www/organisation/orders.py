"""The organisation's orders: offers to answer, orders in hand, giving back."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.dispatch.handwork import MOVABLE
from wushe.chain.dispatch.selectors import day_counts
from wushe.chain.orders import selectors, services
from wushe.chain.orders.models import Answer, Order, OrderState
from wushe.chain.visits.models import VisitState
from wushe.chain.visits.reports import may_report
from wushe.chain.visits.selectors import find_visits, visits_of_order
from wushe.faces.www.access import PageRequest
from wushe.faces.www.centre.forms import ReasonForm
from wushe.faces.www.centre.orders import order_context, order_filter, page_of_lines
from wushe.faces.www.refusing import carry_out
from wushe.foundation.counting import show_count
from wushe.registers.areas.selectors import place_names

from .desk import desk

RECENT = 8


@require_GET
@desk("orders:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the offers that wait for an answer, with the time that is left, and today's figures."""
    at = timezone.now()
    offers = list(selectors.inbox(actor=request.actor)[:50])
    places = place_names(codes=[one.order.area_code for one in offers])
    for one in offers:
        one.place = places.get(one.order.area_code, "")  # type: ignore[attr-defined]
    streets = day_counts(actor=request.actor, day=timezone.localdate()).values()
    counts = selectors.order_counts(actor=request.actor, at=at)
    rejected = find_visits(actor=request.actor, states=[VisitState.REJECTED])[:100].count()
    context = {
        "offers": offers, "now": at, "accepted": show_count(counts["accepted"]), "rejected": rejected,
        "today": sum(sum(row.values()) - row.get("cancelled", 0) for row in streets),
        "open": sum(row.get("open", 0) for row in streets),
        "answered": list(selectors.answered_offers(actor=request.actor)[:RECENT]),
    }  # fmt: skip
    return render(request, "www/organisation/home.html", context)


@require_POST
@desk("orders:accept")
def accept(request: PageRequest, order_id: int) -> HttpResponse:
    """Accept an offer; whoever is late is told politely."""
    try:
        services.accept_order(
            actor=request.actor,
            at=timezone.now(),
            order_id=order_id,
            organisation_id=request.actor.organisation_id or 0,
        )
    except services.OfferGone as gone:
        # A second press of one's own button is no loss: the order is in hand.
        mine = (
            selectors.open_order(actor=request.actor, order_id=order_id).organisation_id
            == request.actor.organisation_id
        )
        if mine:
            return redirect("organisation:order", order_id)
        messages.warning(request, gone.message)
        return redirect("organisation:home")
    messages.success(request, "接单成功！请安排人员，按约定时间上门。")
    return redirect("organisation:order", order_id)


@require_http_methods(["GET", "POST"])
@desk("orders:refuse")
def refuse(request: PageRequest, order_id: int) -> HttpResponse:
    """Refuse an offer with a reason."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].label = "不能接单的原因"
    if request.method == "POST":
        done = carry_out(
            form,
            lambda values: services.refuse_offer(
                actor=request.actor, at=timezone.now(), order_id=order_id,
                organisation_id=request.actor.organisation_id or 0, reason=values["reason"],
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, "已婉拒，调度中心会另行安排。")
            return redirect("organisation:home")
    row = selectors.open_order(actor=request.actor, order_id=order_id)
    place = place_names(codes=[row.area_code]).get(row.area_code, "")
    context = {"order": row, "form": form, "place": place}
    return render(request, "www/organisation/refuse.html", context, status=422 if form.errors else 200)


@require_GET
@desk("orders:view")
def orders(request: PageRequest) -> HttpResponse:
    """List the organisation's orders."""
    at, where = timezone.now(), order_filter(request)
    page = page_of_lines(request, at, where)
    counts = selectors.order_counts(actor=request.actor, at=at, where=where)
    shown = (OrderState.ACCEPTED, OrderState.FULFILLED, OrderState.CANCELLED)
    return render(request, "www/organisation/orders.html", {
        "page": page, "places": place_names(codes=[row.area_code for row in page.rows]),
        "where": where, "states": [(s.value, s.label, show_count(counts[s.value])) for s in shown], "now": at,
    })  # fmt: skip


@require_GET
@desk("orders:view")
def order(request: PageRequest, order_id: int) -> HttpResponse:
    """Show one order that is the organisation's own or was offered to it."""
    row = selectors.open_order(actor=request.actor, order_id=order_id)
    return render(request, "www/organisation/order.html", _context(request, row))


@require_POST
@desk("orders:withdraw")
def withdraw(request: PageRequest, order_id: int) -> HttpResponse:
    """Give an order back with a reason."""
    form = ReasonForm(request.POST)
    done = carry_out(
        form,
        lambda values: services.withdraw_order(
            actor=request.actor, at=timezone.now(), order_id=order_id, reason=values["reason"]
        ),
    )
    if done is None:
        row = selectors.open_order(actor=request.actor, order_id=order_id)
        return render(request, "www/organisation/order.html", _context(request, row, form), status=422)
    messages.success(request, "已退单，调度中心会改派给别的机构。")
    return redirect("organisation:home")


def _context(request: PageRequest, row: Order, form: ReasonForm | None = None) -> dict[str, Any]:
    """Return what the order's page shows; of the offers, the selector gives only the organisation's own."""
    mine = request.actor.organisation_id
    offer = next((one for one in row.offers.all() if one.answer == Answer.OPEN), None)
    own = row.organisation_id == mine
    return {
        **order_context(request, row, form), "offer": offer, "visits": _visits(request, row) if own else [], "own": own,
        "may_withdraw": row.state == OrderState.ACCEPTED and own,
    }  # fmt: skip


def _visits(request: PageRequest, row: Order) -> list[dict[str, Any]]:
    """Return each visit of an order with who goes, what came of it, and what the organisation can do about it."""
    at, may_change = timezone.now(), request.actor.may("dispatch:change")
    return [
        {
            "row": one, "visit": getattr(one, "visit", None),
            "may_assign": may_change and one.state in MOVABLE and one.day >= timezone.localdate(at),
            "may_report": request.actor.may("visits:report") and may_report(one, at=at),
        }
        for one in visits_of_order(actor=request.actor, order_id=row.pk)
    ]  # fmt: skip
