"""The frame around a page: navigation of the signed-in role, and the roles it can change to."""

from typing import Any

from django import template
from django.template.context import RequestContext
from django.utils import timezone

from wushe.faces.www.navigation import desk_sections, phone_tabs
from wushe.foundation.access.selectors import grants_of
from wushe.foundation.roles import ROLES

register = template.Library()


@register.inclusion_tag("www/shell/side_nav.html", takes_context=True)
def side_nav(context: RequestContext) -> dict[str, Any]:
    """Show the side navigation; a view may give nav_counts = {"needs": 12} for the beads."""
    actor = context.get("actor")
    if actor is None:
        return {"sections": context.get("sample_sections", [])}
    counts = context.get("nav_counts") or {}
    return {"sections": desk_sections(actor=actor, path=context["request"].path, counts=counts)}


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
