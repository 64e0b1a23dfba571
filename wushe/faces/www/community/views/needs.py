"""The queue of needs with its filters, one need with its whole chain, and the file of what is shown."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.needs.models import Channel, NeedState, Urgency
from wushe.chain.needs.selectors import (
    NeedFilter,
    QueueRow,
    find_needs,
    need_counts,
    need_of,
    queue_rows,
    time_for_triage,
)
from wushe.chain.resources.selectors import past_linkages, standing_linkage
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.next_steps import next_step
from wushe.faces.www.paging import Page, page_of
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.counting import show_count
from wushe.foundation.journal.exports import note_export
from wushe.oversight.selectors.timeline import Timeline, need_timeline
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import narrowing_level, places_of
from wushe.registers.people.selectors import tags_of

MOST_FOUND = 100
HEAD = ["编号", "居民", "社区", "居民原话", "服务项目", "来源", "紧急程度", "登记时间", "办理时限", "是否超时", "状态"]


@require_http_methods(["GET", "POST"])
@desk("needs:view")
def needs(request: PageRequest) -> HttpResponse:
    """Show the queue. Words typed into the search are posted: a name never stands in an address."""
    actor, at = request.actor, timezone.now()
    if request.method == "POST" and not request.POST.get("q", "").strip():
        return redirect(f"{reverse('community:needs')}{_query(request.POST)}")
    given = request.POST if request.method == "POST" else request.GET
    where = _filter(given)
    allowed = time_for_triage(actor=actor, at=at)
    level = narrowing_level(actor)
    inside = list(places_of(actor=actor, on=timezone.localdate(), level=(level, Level.COMMUNITY)))
    names = {place.area_code: place.name for place in inside}
    places = {place.area_code: place.name for place in inside if place.level == level}
    counts = need_counts(actor=actor, at=at, where=where, areas=places, allowed=allowed)
    found = find_needs(actor=actor, at=at, where=where, allowed=allowed)
    page = Page(list(found[:MOST_FOUND]), "", "") if where.text else page_of(found, request.GET)
    rows = queue_rows(needs=page.rows, actor=actor, at=at, allowed=allowed, places=names)
    total = counts.overdue if where.overdue else counts.states[where.state] if where.state else counts.total
    context = {
        "rows": [(row, next_step(row.need, actor)) for row in rows],
        "page": page,
        "where": where,
        "total": show_count(total),
        "states": [(s.value, s.label, show_count(counts.states[s.value])) for s in NeedState],
        "overdue_count": show_count(counts.overdue),
        "channels": [(c.value, c.label, show_count(counts.channels[c.value])) for c in Channel],
        "urgencies": [(u.value, u.label, show_count(counts.urgencies[u.value])) for u in Urgency],
        "places": [(code, name, show_count(counts.areas[code])) for code, name in places.items()],
        "most_found": MOST_FOUND,
        "export_url": reverse("community:export_needs"),
        "export_values": [*((name, given.get(name)) for name in _CODES), ("q", where.text)],
        "may_record": actor.may("needs:record"),
        "nav_counts": {"needs": counts.waiting},
    }
    return render(request, "www/community/needs.html", context)


@require_POST
@desk("needs:view")
def export_needs(request: PageRequest) -> HttpResponse:
    """Give the rows of the queue under the same filters as a file, and journal that they were taken."""
    actor, at = request.actor, timezone.now()
    where = _filter(request.POST)
    rows = queue_rows(needs=find_needs(actor=actor, at=at, where=where)[:MOST_ROWS], actor=actor, at=at)
    note_export(
        actor=actor, at=at, list_name="needs", rows=len(rows), permission="needs:view",
        filters={name: str(value) for name, value in request.POST.items() if name in _CODES and value},
    )  # fmt: skip
    return table_file(name="needs", kind=request.POST.get("format", ""), head=HEAD, rows=map(_cells, rows))


@require_GET
@desk("needs:view")
def need(request: PageRequest, need_id: int) -> HttpResponse:
    """Show one need: who, in which words, its chain so far, and what comes next."""
    actor, at = request.actor, timezone.now()
    row = queue_rows(needs=[need_of(actor=actor, need_id=need_id)], actor=actor, at=at)[0]
    chain = need_timeline(actor=actor, need_id=need_id, at=at)
    context = {
        "row": row,
        "need": row.need,
        "tags": tags_of(person=row.need.person, sensitive=False),
        "chain": chain,
        "steps": _steps(chain),
        "linkage": standing_linkage(need=row.need),
        "past_linkages": past_linkages(need=row.need),
        "next": next_step(row.need, actor, orders=[one.order for one in chain.orders]),
        "may_close": actor.may("needs:close") and row.need.state in ("recorded", "triaged", "linked"),
        "may_refer": actor.may("needs:triage") and row.need.state in ("recorded", "triaged", "linked"),
        "may_reopen": actor.may("needs:close") and row.need.state in ("closed", "referred"),
        "may_relink": actor.may("resources:link") and row.need.state == NeedState.LINKED,
    }
    return render(request, "www/community/need.html", context)


_CODES = ("state", "channel", "urgency", "area", "overdue")
_ICONS = {"need": "inbox", "triage": "list-check", "link": "link", "order": "send", "dispatch": "route",
          "visit": "home-heart", "check": "shield-check", "settlement": "receipt"}  # fmt: skip


def _filter(given: Mapping[str, Any]) -> NeedFilter:
    def one_of(name: str, values: list[str]) -> str:
        return given.get(name, "") if given.get(name) in values else ""

    area = given.get("area", "")
    return NeedFilter(
        state=one_of("state", NeedState.values),
        channel=one_of("channel", Channel.values),
        urgency=one_of("urgency", Urgency.values),
        area_code=area if area.isdigit() else "",
        overdue=given.get("overdue") == "1",
        text=given.get("q", "").strip()[:40],
    )


def _query(given: Mapping[str, Any]) -> str:
    kept = {name: given[name] for name in _CODES if given.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def _cells(row: QueueRow) -> list[Any]:
    need = row.need
    return [
        need.pk, need.person.name, row.place, need.words, need.item.name if need.item else "",
        need.get_channel_display(), need.get_urgency_display(), need.recorded_at, row.due_at,
        "是" if row.overdue else "", need.get_state_display(),
    ]  # fmt: skip


def _steps(chain: Timeline) -> list[dict[str, Any]]:
    """Return the chain for the timeline: what happened, the stage that is current, then those that lie ahead."""
    steps: list[dict[str, Any]] = [
        {
            "title": step.title,
            "when": step.at,
            "who": f"{step.who}（{step.role}）" if step.role else step.who,
            "why": step.why,
            "icon": _ICONS.get(step.stage, "circle-dot"),
            "phase": "past",
        }
        for step in chain.steps
    ]
    if chain.need.state in (NeedState.CLOSED, NeedState.REFERRED):
        steps[-1]["phase"] = "stopped"
        return steps
    told = {step.stage for step in chain.steps}
    for mark in chain.stages:
        icon = _ICONS.get(mark.code, "circle-dot")
        if mark.status == "current":
            steps.append({"title": mark.title, "why": chain.next_step, "icon": icon, "phase": "now"})
        elif mark.status == "future":
            steps.append({"title": mark.title, "why": mark.ahead, "icon": icon, "phase": "ahead"})
        elif mark.status == "done" and mark.code not in told:
            steps.append({"title": mark.title, "icon": icon, "phase": "past"})
    return steps
