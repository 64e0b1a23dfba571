"""The timeline of a need: what happened, who did it and why, where it stands, and what comes next."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.doors import page_of_thing
from wushe.foundation.roles import Reach
from wushe.oversight.selectors.timeline import OrderChain, StageMark, Step, Timeline, VisitLine, need_timeline
from wushe.registers.areas.selectors import place_names

_ICONS = {
    "need": "inbox", "triage": "list-check", "link": "link", "order": "send", "dispatch": "route", "visit": "home-heart",
    "check": "shield-check", "settlement": "receipt",
}  # fmt: skip


@require_GET
@allow("needs:view")
def need(request: PageRequest, need_id: int) -> HttpResponse:
    """Show the chain of one need."""
    found = need_timeline(actor=request.actor, need_id=need_id, at=timezone.now())
    own = request.actor.reach is Reach.HOLDER
    place = place_names(codes=[found.need.community_code]).get(found.need.community_code, "")
    return render(request, "www/chain/need.html", {
        "shell": "www/shell_resident.html" if own else "www/shell_desk.html",
        "own": own,
        "timeline": found,
        "need": found.need,
        "place": place,
        "steps": _steps(request, found),
        "stages": [_stage(mark) for mark in found.stages],
        "orders": [_order(request, chain) for chain in found.orders],
        "desk": page_of_thing(request.actor, "need", found.need.pk),
        "original": reverse("chain:need", args=[found.need.duplicate_of_id]) if found.need.duplicate_of_id else "",
    })  # fmt: skip


def _steps(request: PageRequest, found: Timeline) -> list[dict[str, Any]]:
    """Return the timeline as its part wants it: what happened, what is due now, and what lies ahead."""
    steps = [_past(request, step) for step in found.steps]
    steps += [_served(chain) for chain in found.orders if any(line.visit for line in chain.visits)]
    now = next((mark for mark in found.stages if mark.status == "current"), None)
    if now:
        badge = {"tone": "stop", "icon": "clock", "label": "已超过办理时限"} if found.overdue else None
        steps.append(
            {
                "title": f"现在：{now.title}",
                "icon": _ICONS[now.code],
                "phase": "now",
                "why": found.next_step,
                "badge": badge,
            }
        )
    elif found.current in ("need", "done"):
        steps.append({"title": found.need.get_state_display(), "icon": "flag", "phase": "now", "why": found.next_step})
    steps += [
        {"title": mark.title, "icon": _ICONS[mark.code], "phase": "ahead", "why": mark.ahead}
        for mark in found.stages
        if mark.status == "future"
    ]
    return steps


def _past(request: PageRequest, step: Step) -> dict[str, Any]:
    address = page_of_thing(request.actor, step.subject_kind, step.subject_id) if step.subject_kind != "need" else ""
    return {
        "title": step.title,
        "when": step.at,
        "who": " ".join(part for part in (step.role, step.who) if part),
        "why": step.why,
        "icon": _ICONS[step.stage],
        "phase": "past",
        "links": [("打开", address)] if address else [],
    }


def _served(chain: OrderChain) -> dict[str, Any]:
    made = [line for line in chain.visits if line.visit]
    names = list(dict.fromkeys(line.visit.worker.person.name for line in made if line.visit))
    last = made[-1].visit
    assert last is not None
    return {
        "title": f"上门服务 {chain.order.visits_done}/{chain.order.visits_ordered}次",
        "when": last.started_at,
        "who": "、".join(names[:4]),
        "why": "每次上门的时间、凭证、核验和结算见下表。",
        "icon": "home-heart",
        "phase": "past",
        "links": [("看每次上门", f"#order-{chain.order.pk}")],
    }


def _stage(mark: StageMark) -> dict[str, str]:
    looks = {"done": ("done", "circle-check"), "current": ("going", "player-play"), "stopped": ("rest", "ban")}
    tone, icon = looks.get(mark.status, ("rest", "circle-dashed"))
    return {"title": mark.title, "status": mark.status, "tone": tone, "icon": icon}


def _order(request: PageRequest, chain: OrderChain) -> dict[str, Any]:
    return {
        "order": chain.order,
        "address": page_of_thing(request.actor, "order", chain.order.pk),
        "visits": [_visit(request, line) for line in chain.visits],
    }


def _visit(request: PageRequest, line: VisitLine) -> dict[str, Any]:
    visit = line.visit
    worker = visit.worker if visit else line.appointment.worker
    return {
        "line": line,
        "worker": worker.person.name if worker else "",
        "address": page_of_thing(request.actor, "visit", visit.pk) if visit else "",
        "score": visit.rating.score if visit and hasattr(visit, "rating") else None,
    }
