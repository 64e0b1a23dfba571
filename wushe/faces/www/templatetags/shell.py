"""The frame around a page: navigation of the signed-in role, and the roles it can change to."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.context import RequestContext
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from wushe.faces.www.navigation import current_address, desk_sections, phone_tabs
from wushe.foundation.access.selectors import grants_of
from wushe.foundation.actor import Actor
from wushe.foundation.roles import ROLES

register = template.Library()


@register.simple_tag(takes_context=True)
def side_nav(context: RequestContext) -> SafeString:
    """Show the side navigation; a view may give nav_counts = {"needs": 12} for the beads."""
    actor = context.get("actor")
    if actor is None:
        return render_to_string(_SIDE_NAV, {"sections": context.get("sample_sections", [])})
    counts = context.get("nav_counts") or {}
    current = current_address(actor=actor, path=context["request"].path)
    return _side_nav(actor.role_code, current, tuple(counts.items()))


_SIDE_NAV = "www/shell/side_nav.html"


@lru_cache(maxsize=500)
def _side_nav(role_code: str, current: str, counts: tuple[tuple[str, int], ...]) -> SafeString:
    """Draw it once for a role and a place in it: nothing else is said there, and it stands twice on each page."""
    actor = Actor(user_id=0, name="", role_code=role_code)
    return render_to_string(_SIDE_NAV, {"sections": desk_sections(actor=actor, path=current, counts=dict(counts))})


@register.inclusion_tag("www/shell/phone_tabs.html", takes_context=True)
def bottom_tabs(context: RequestContext) -> dict[str, Any]:
    """Show the tabs at the foot of the phone shell."""
    actor = context.get("actor")
    if actor is None:
        return {"tabs": context.get("sample_tabs", [])}
    counts = context.get("nav_counts") or {}
    return {"tabs": phone_tabs(actor=actor, path=context["request"].path, counts=counts)}


@register.inclusion_tag("www/shell/role_menu.html", takes_context=True)
def role_menu(context: RequestContext) -> dict[str, Any]:
    """Show who is signed in, the other roles of this person, larger type, and the way out."""
    actor, request = context.get("actor"), context["request"]
    rows = []
    if actor is not None:
        grants = grants_of(user=request.user, on=timezone.localdate())
        rows = [
            {"pk": g.pk, "title": ROLES[g.role_code].title, "place": g.title, "current": g.pk == actor.grant_id}
            for g in grants
        ]
    return {
        "actor": actor,
        "grants": rows,
        "place": next((row["place"] for row in rows if row["current"]), ""),
        "care_mode": context.get("care_mode"),
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
