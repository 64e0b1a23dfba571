"""Households: their list, and each with who lives together; split it, or join another one into it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.people_life import SplitForm
from wushe.faces.www.refusing import carry_out, posted, whole
from wushe.faces.www.registers.details import history
from wushe.faces.www.registers.lists import show_list
from wushe.foundation.errors import Invalid
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, places_of
from wushe.registers.people.household_desk import HOUSEHOLDS
from wushe.registers.people.household_register import head_first, household_of
from wushe.registers.people.households import join_households, living_in, split_household
from wushe.registers.people.models import Household
from wushe.registers.people.selectors import find_people

MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
@desk("registers:view")
def household_list(request: PageRequest) -> HttpResponse:
    """Show the register."""
    return show_list(request, HOUSEHOLDS.code)


@require_GET
@desk("registers:view")
def household(request: PageRequest, household_id: int) -> HttpResponse:
    """Show who lives together."""
    actor = request.actor
    home = household_of(actor=actor, household_id=household_id)
    context = _context(home) | {
        "may_edit": actor.may("people:edit"),
        "history": history(home),
    }
    return render(request, "www/community/household.html", context)


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def split(request: PageRequest, household_id: int) -> HttpResponse:
    """Let some members live at another address from now on."""
    actor, at = request.actor, timezone.now()
    home = household_of(actor=actor, household_id=household_id)
    places = [(place.area_code, place.name) for place in places_of(actor=actor, on=timezone.localdate())]
    form = SplitForm(
        posted(request), members=living_in(home), places=places, initial={"area_code": home.community_code}
    )
    if request.method == "POST":
        new = carry_out(form, lambda clean: split_household(actor=actor, at=at, household_id=home.pk, **clean))
        if new is not None:
            messages.success(request, "已分户。")
            return redirect("community:household", new.pk)
    return render(
        request,
        "www/community/split_household.html",
        _context(home) | {"form": form},
        status=422 if form.errors else 200,
    )


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def join(request: PageRequest, household_id: int) -> HttpResponse:
    """Find the household that is joined into this one, by somebody who lives there."""
    home = household_of(actor=request.actor, household_id=household_id)
    return _join_page(request, home)


@require_POST
@desk("people:edit")
def join_other(request: PageRequest, household_id: int) -> HttpResponse:
    """Join the other household into this one."""
    actor, at = request.actor, timezone.now()
    home = household_of(actor=actor, household_id=household_id)
    other = whole(request.POST.get("other", ""))
    try:
        if other is None:
            raise Invalid(fields={"other_id": "请先找到另一户的家人。"})
        join_households(actor=actor, at=at, household_id=home.pk, other_id=other)
    except Invalid as refusal:
        return _join_page(request, home, fault=refusal.message)
    messages.success(request, "两户已合成一户。")
    return redirect("community:household", home.pk)


def _context(home: Household) -> dict[str, Any]:
    place = place_names(codes=[home.community_code]).get(home.community_code, "")
    return {"household": home, "members": head_first(home), "place": place}


def _join_page(request: PageRequest, home: Household, fault: str = "") -> HttpResponse:
    text = request.POST.get("q", "").strip()[:40]
    named = find_people(actor=request.actor, text=text).exclude(household=None).exclude(household=home)
    found = list(named[:MOST_FOUND])
    places = place_names(codes=[one.community_code for one in found], from_level=Level.COMMUNITY)
    context = _context(home) | {
        "q": text,
        "found": [(one, places.get(one.community_code, "")) for one in found],
        "fault": fault,
    }
    return render(request, "www/community/join_household.html", context, status=422 if fault else 200)
