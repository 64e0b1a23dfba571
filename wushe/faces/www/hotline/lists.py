"""The list of hotline orders with its filters, what is overdue and whose, and both as files."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import Page, page_of
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.counting import show_count
from wushe.foundation.journal.exports import note_export
from wushe.practice.hotline.models import OPEN, HotlineOrder, Kind, OrderState, Topic
from wushe.practice.hotline.selectors import OrderFilter, find_orders, order_counts, overdue_orders
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

MOST_FOUND = 100
HEAD = [
    "编号", "热线工单号", "接收时间", "类型", "类别", "诉求内容", "社区", "地点", "主办单位", "责任人", "办理时限", "首次联系",
    "状态", "是否超时", "是否解决", "满意度",
]  # fmt: skip
_CODES = ("state", "kind", "topic", "overdue", "unsolved")


@require_http_methods(["GET", "POST"])
@allow("hotline:view")
def orders(request: PageRequest) -> HttpResponse:
    """Show the list. Words typed into the search are posted: what residents say never stands in an address."""
    actor, at = request.actor, timezone.now()
    if request.method == "POST" and not request.POST.get("q", "").strip():
        return redirect(f"{reverse('hotline:hotline')}{_query(request.POST)}")
    given = request.POST if request.method == "POST" else request.GET
    where = _filter(given)
    found = find_orders(actor=actor, at=at, where=where)
    page = Page(list(found[:MOST_FOUND]), "", "") if where.text else page_of(found, request.GET)
    counts = order_counts(actor=actor, at=at, where=where)
    context = {
        "rows": _rows(page.rows, at),
        "page": page,
        "where": where,
        "total": show_count(counts.overdue if where.overdue else counts.states.get(where.state, counts.total)),
        "states": [(s.value, s.label, show_count(counts.states[s.value])) for s in OrderState],
        "kinds": [(k.value, k.label, show_count(counts.kinds[k.value])) for k in Kind],
        "topics": [(t.value, t.label, show_count(counts.topics[t.value])) for t in Topic],
        "overdue_count": show_count(counts.overdue),
        "most_found": MOST_FOUND,
        "export_url": reverse("hotline:export"),
        "export_values": [*((name, given.get(name)) for name in _CODES), ("q", where.text)],
        "may_receive": actor.may("hotline:receive"),
    }
    return render(request, "www/hotline/orders.html", context)


@require_POST
@allow("hotline:view")
def export(request: PageRequest) -> HttpResponse:
    """Give the rows of the list under the same filters as a file, and journal that they were taken."""
    actor, at = request.actor, timezone.now()
    rows = _rows(find_orders(actor=actor, at=at, where=_filter(request.POST))[:MOST_ROWS], at)
    note_export(
        actor=actor, at=at, list_name="hotline", rows=len(rows), permission="hotline:view",
        filters={name: str(value) for name, value in request.POST.items() if name in _CODES and value},
    )  # fmt: skip
    return table_file(name="hotline", kind=request.POST.get("format", ""), head=HEAD, rows=map(_cells, rows))


@require_GET
@allow("hotline:view")
def overdue(request: PageRequest) -> HttpResponse:
    """Show what is overdue under the name that stands on it."""
    at = timezone.now()
    found = list(overdue_orders(actor=request.actor, at=at)[: MOST_ROWS + 1])
    rows = _rows(found[:MOST_ROWS], at)
    owners: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        owners.setdefault((row["order"].owner_name, row["order"].unit), []).append(row)
    board = sorted(owners.items(), key=lambda owner: (-len(owner[1]), owner[0]))
    context = {"owners": board, "total": len(rows), "export_url": reverse("hotline:export")}
    return render(request, "www/hotline/overdue.html", context)


def _rows(found: Iterable[HotlineOrder], at: Any) -> list[dict[str, Any]]:
    orders = list(found)
    places = place_names(codes={one.community_code for one in orders}, from_level=Level.COMMUNITY)
    return [{"order": one, "place": places.get(one.community_code, ""), **_clock(one, at)} for one in orders]


def _clock(order: HotlineOrder, at: Any) -> dict[str, Any]:
    """Return which limit runs next and whether it is past."""
    if order.state not in OPEN:
        return {"limit": None, "limit_of": "", "late": False}
    calls_first = order.contacted_at is None and order.contact_due_at < order.due_at
    limit = order.contact_due_at if calls_first else order.due_at
    return {"limit": limit, "limit_of": "联系" if calls_first else "办结", "late": limit < at}


def _filter(given: Mapping[str, Any]) -> OrderFilter:
    def one_of(name: str, values: list[str]) -> str:
        return given.get(name, "") if given.get(name) in values else ""

    return OrderFilter(
        state=one_of("state", OrderState.values), kind=one_of("kind", Kind.values), topic=one_of("topic", Topic.values),
        overdue=given.get("overdue") == "1", unsolved=given.get("unsolved") == "1",
        text=given.get("q", "").replace("\x00", "").strip()[:40],
    )  # fmt: skip


def _query(given: Mapping[str, Any]) -> str:
    kept = {name: given[name] for name in _CODES if given.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _cells(row: dict[str, Any]) -> list[Any]:
    order = row["order"]
    call = getattr(order, "call", None)
    return [
        order.pk, order.number, order.received_at, order.get_kind_display(), order.get_topic_display(), order.words,
        row["place"], order.place, order.unit, order.owner_name, order.due_at, order.contacted_at,
        order.get_state_display(), "是" if row["late"] else "",
        "" if call is None or call.solved is None else "是" if call.solved else "否",
        call.get_satisfaction_display() if call else "",
    ]  # fmt: skip
