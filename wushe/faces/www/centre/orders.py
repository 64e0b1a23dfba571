"""Orders at the centre: the list, the pool without takers, one order with its offers, sending and cancelling."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.needs.models import Urgency
from wushe.chain.orders import selectors, services
from wushe.chain.orders.models import RUNNING, Answer, Order, OrderState
from wushe.chain.orders.selectors import OrderFilter
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.paging import Page, first_page, page_of
from wushe.faces.www.refusing import carry_out
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.counting import show_count
from wushe.foundation.journal.exports import note_export
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import names_inside, place_names

from .forms import ReasonForm, SendForm

ICONS = {
    Answer.OPEN: "hourglass", Answer.ACCEPTED: "user-check", Answer.REFUSED: "hand-stop", Answer.EXPIRED: "clock",
    Answer.LOST: "users", Answer.TAKEN_BACK: "arrow-back-up",
}  # fmt: skip


@require_GET
@desk("orders:view")
def orders(request: PageRequest) -> HttpResponse:
    """List orders with filters, counts and search."""
    at, where = timezone.now(), order_filter(request)
    page = page_of_lines(request, at, where)
    counts = selectors.order_counts(actor=request.actor, at=at, where=where)
    narrow = len(request.actor.area_code) >= Level.STREET
    return render(request, "www/centre/orders.html", {
        "page": page, "places": place_names(codes=[row.area_code for row in page.rows]),
        "states": [(s.value, s.label, show_count(counts[s.value])) for s in OrderState],
        "streets": [] if narrow else names_inside(actor=request.actor, on=timezone.localdate(), level=Level.STREET),
        "overdue": show_count(counts["overdue"]), "overdue_any": counts["overdue"], "where": where,
        "urgencies": Urgency.choices, "now": at, "export_url": reverse("centre:export_orders"),
        "export_values": [*((name, request.GET.get(name, "")) for name in FILTERS), ("q", where.text)],
    })  # fmt: skip


@require_POST
@desk("orders:view")
def export_orders(request: PageRequest) -> HttpResponse:
    """Give the rows of the list under the same filters as a file, and journal that they were taken."""
    at = timezone.now()
    found = list(selectors.find_orders(actor=request.actor, at=at, where=_filter(request.POST))[:MOST_ROWS])
    note_export(
        actor=request.actor, at=at, list_name="orders", rows=len(found), permission="orders:view",
        filters={name: request.POST[name][:20] for name in FILTERS if request.POST.get(name)},
    )  # fmt: skip
    return table_file(name="orders", kind=request.POST.get("format", ""), head=HEAD, rows=map(_cells, found))


FILTERS = ("state", "area", "urgency", "overdue")
LINES = 20
HEAD = [
    "单号",
    "服务",
    "服务对象",
    "状态",
    "承接机构",
    "紧急程度",
    "次数",
    "已完成",
    "开始日期",
    "点单时间",
    "本环节时限",
]


def _cells(row: Order) -> list[Any]:
    return [
        row.pk, row.item.name, str(row.person), row.get_state_display(), row.organisation.name if row.organisation else "",
        dict(Urgency.choices).get(row.urgency, ""), row.visits_ordered, row.visits_done, str(row.starts_on),
        row.placed_at, row.leg_due_at,
    ]  # fmt: skip


def page_of_lines(request: PageRequest, at: datetime, where: OrderFilter) -> Page:
    """Return the page of the list of orders that the address asks for."""
    if "after" in request.GET or "before" in request.GET:
        return page_of(selectors.order_lines(actor=request.actor, at=at, where=where), request.GET, size=LINES)
    return first_page(selectors.newest_lines(actor=request.actor, at=at, where=where, most=LINES + 1), size=LINES)


def order_filter(request: PageRequest) -> OrderFilter:
    """Return the filters of the address; what makes no sense is left open."""
    return _filter(request.GET)


def _filter(query: QueryDict) -> OrderFilter:
    area, state, urgency = query.get("area", ""), query.get("state", ""), query.get("urgency", "")
    return OrderFilter(
        state=state if state in OrderState.values else "",
        area_code=area if area.isdigit() and len(area) <= 12 else "",
        urgency=urgency if urgency in Urgency.values else "",
        overdue=bool(query.get("overdue")),
        text=query.get("q", "")[:40],
    )


@require_GET
@desk("orders:send")
def pool(request: PageRequest) -> HttpResponse:
    """Show orders without a taker, the first to fall due first, each with why it came back."""
    found = list(selectors.pool(actor=request.actor)[:100])
    places = place_names(codes=[row.area_code for row in found])
    rows = [{"order": row, "offers": _last_round(row), "place": places.get(row.area_code, "")} for row in found]
    return render(request, "www/centre/pool.html", {"rows": rows, "now": timezone.now()})


def _last_round(order: Order) -> list[Any]:
    offers = list(order.offers.all())
    return [one for one in offers if one.round == offers[0].round] if offers else []


@require_GET
@desk("orders:view")
def order(request: PageRequest, order_id: int) -> HttpResponse:
    """Show one order."""
    row = selectors.open_order(actor=request.actor, order_id=order_id)
    return render(request, "www/centre/order.html", order_context(request, row))


def order_context(request: PageRequest, row: Order, cancel_form: ReasonForm | None = None) -> dict[str, Any]:
    """Return what an order's page shows: its terms, its legs as a timeline, its offers."""
    return {
        "order": row, "steps": timeline_of(row), "offers": list(row.offers.all()), "now": timezone.now(),
        "place": place_names(codes=[row.area_code]).get(row.area_code, ""), "urgency": dict(Urgency.choices).get(row.urgency),
        "may_send": row.state == OrderState.PLACED and request.actor.may("orders:send"),
        "may_cancel": row.state in RUNNING and request.actor.may("orders:cancel"), "cancel_form": cancel_form or ReasonForm(),
    }  # fmt: skip


def timeline_of(row: Order) -> list[dict[str, Any]]:
    """Return the legs of an order in order: done, where it stands now, and what comes next."""
    steps: list[dict[str, Any]] = [
        {"title": "点单", "when": row.placed_at, "icon": "hand-finger", "phase": "past", "why": row.note}
    ]
    for offer in row.offers.all():
        answer = Answer(offer.answer)
        steps.append({
            "title": f"第{offer.round}轮送单：{offer.organisation.name}", "when": offer.sent_at, "icon": ICONS[answer],
            "phase": "now" if answer == Answer.OPEN else ("past" if answer in {Answer.ACCEPTED, Answer.LOST} else "stopped"),
            "why": f"{answer.label}{f'（{localtime(offer.answered_at):%m月%d日 %H:%M}）' if offer.answered_at else ''}"
            + (f"：{offer.reason}" if offer.reason else ""),
        })  # fmt: skip
    if row.state == OrderState.PLACED:
        steps.append({"title": "等待派单", "phase": "now", "icon": "send", "why": "选择机构送单；先接单的机构承接。"})
    if row.state in {OrderState.PLACED, OrderState.SENT}:
        steps.append(
            {"title": "机构接单", "phase": "ahead", "icon": "user-check", "why": "接单后按服务日排进每天的方案。"}
        )
    if row.accepted_at and row.organisation:
        steps.append(
            {"title": f"{row.organisation.name}接单", "when": row.accepted_at, "icon": "user-check", "phase": "past"}
        )
    if row.state == OrderState.ACCEPTED:
        title = f"上门服务：已完成 {row.visits_done} / {row.visits_ordered} 次"
        steps.append({"title": title, "icon": "home-heart", "phase": "now"})
        steps.append(
            {"title": "全部完成", "phase": "ahead", "icon": "checks", "why": "最后一次服务核验通过后自动完成。"}
        )
    if row.ended_at:
        done = row.state == OrderState.FULFILLED
        steps.append({
            "title": row.get_state_display(), "when": row.ended_at, "icon": "checks" if done else "ban",
            "phase": "past" if done else "stopped",
        })  # fmt: skip
    return steps


@require_http_methods(["GET", "POST"])
@desk("orders:send")
def send(request: PageRequest, order_id: int) -> HttpResponse:
    """Send an order: organisations that serve the place, those with free capacity first."""
    row = selectors.open_order(actor=request.actor, order_id=order_id)
    takers = selectors.suggest_takers(actor=request.actor, at=timezone.now(), order_id=order_id)
    form = SendForm(request.POST if request.method == "POST" else None, takers=takers)
    status = 200
    if request.method == "POST":
        done = carry_out(
            form,
            lambda values: services.send_order(
                actor=request.actor, at=timezone.now(), order_id=order_id, organisation_ids=values["organisation_ids"]
            ),
        )
        if done is not None:
            messages.success(request, "已送单，等待机构答复；先接单的机构承接。")
            return redirect("centre:pool" if request.POST.get("next") == "pool" else "centre:order", *(
                [] if request.POST.get("next") == "pool" else [order_id]))  # fmt: skip
        status = 422
    chosen = {str(pk) for pk in (form["organisation_ids"].value() or [])}
    rows = [{"taker": one, "chosen": str(one.organisation.pk) in chosen} for one in takers]
    place = place_names(codes=[row.area_code]).get(row.area_code, "")
    context = {"order": row, "form": form, "rows": rows, "place": place, "next": request.GET.get("next", "")}
    return render(request, "www/centre/send.html", context, status=status)


@require_POST
@desk("orders:cancel")
def cancel(request: PageRequest, order_id: int) -> HttpResponse:
    """Cancel an order with a reason."""
    form = ReasonForm(request.POST)
    done = carry_out(
        form,
        lambda values: services.cancel_order(
            actor=request.actor, at=timezone.now(), order_id=order_id, reason=values["reason"]
        ),
    )
    if done is None:
        row = selectors.open_order(actor=request.actor, order_id=order_id)
        return render(request, "www/centre/order.html", order_context(request, row, form), status=422)
    messages.success(request, "订单已取消，需求退回待下单。")
    return redirect("centre:order", order_id)
