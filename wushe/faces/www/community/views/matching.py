"""Matching: proposals for all needs that wait for a linkage, accepted one by one or together, each a linkage of its own."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.needs.selectors import need_of
from wushe.chain.resources.matching import propose_links
from wushe.chain.resources.services import link_need
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.refusing import whole
from wushe.foundation.errors import Conflict, Invalid, NotFound, Refusal
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import names_inside, place_names

MOST_TOLD = 6


@require_GET
@desk("resources:link")
def matching(request: PageRequest) -> HttpResponse:
    """Show who could answer each waiting need and with which money, and why nobody can."""
    actor = request.actor
    asked = request.GET.get("area", "")
    area = asked if asked.isascii() and asked.isdigit() and asked.startswith(actor.area_code) else ""
    found = propose_links(actor=actor, at=timezone.now(), area_code=area)
    places = place_names(codes=[one.need.area_code for one in found])
    rows: list[dict[str, Any]] = [
        {"proposal": one, "need": one.need, "place": places.get(one.need.area_code, "")} for one in found
    ]
    level = Level.COMMUNITY if len(actor.area_code) >= Level.STREET else Level.STREET
    narrow = len(actor.area_code) >= Level.COMMUNITY
    return render(request, "www/community/matching.html", {
        "rows": [row for row in rows if row["proposal"].possible],
        "impossible": [row for row in rows if not row["proposal"].possible], "area": area,
        "total": len(rows), "unpaid": sum(bool(row["proposal"].why_money) and row["proposal"].money is None for row in rows),
        "areas": [] if narrow else names_inside(actor=actor, on=timezone.localdate(), level=level),
    })  # fmt: skip


@require_POST
@desk("resources:link")
def accept(request: PageRequest) -> HttpResponse:
    """Link the needs that were chosen, each by itself: what is refused for one does not hold up the others."""
    actor = request.actor
    only = request.POST.get("only")
    chosen = [pk for pk in map(whole, [only] if only else request.POST.getlist("need")) if pk is not None]
    linked, refused = 0, []
    for need_id in dict.fromkeys(chosen):
        try:
            link_need(actor=actor, at=timezone.now(), need_id=need_id, **_choice(request.POST, need_id))
            linked += 1
        except (Invalid, Conflict, NotFound) as refusal:
            refused.append(f"{_title(request, need_id)}：{_words(refusal)}")
    if linked:
        messages.success(request, f"已链接 {linked} 条需求，下一步：点单。")
    for text in refused[:MOST_TOLD]:
        messages.error(request, text)
    if len(refused) > MOST_TOLD:
        messages.error(request, f"还有 {len(refused) - MOST_TOLD} 条没有办成。")
    if not chosen:
        messages.info(request, "请先选择要采纳的建议。")
    return redirect("community:matching")


def _choice(posted: QueryDict, need_id: int) -> dict[str, Any]:
    """Return what the page proposed for a need; the service looks at all of it again."""
    return {
        "society": posted.get(f"society-{need_id}", ""),
        "organisation_id": whole(posted.get(f"organisation-{need_id}", "")),
        "budget_line_id": whole(posted.get(f"line-{need_id}", "")),
        "reason": posted.get(f"reason-{need_id}", "")[:200],
    }


def _title(request: PageRequest, need_id: int) -> str:
    try:
        need = need_of(actor=request.actor, need_id=need_id)
    except NotFound:
        return f"需求 {need_id}"
    return f"{need.person.name} · {need.item.name if need.item else ''}"


def _words(refusal: Refusal) -> str:
    fields = getattr(refusal, "fields", {})
    return "；".join(fields.values()) if fields else refusal.message
