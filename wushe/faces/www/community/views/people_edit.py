"""Register a resident, and change what is known."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.people import PersonEditForm, PersonForm
from wushe.faces.www.refusing import carry_out, posted
from wushe.registers.areas.selectors import places_of
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import person_of
from wushe.registers.people.services import PersonChanges, register_person, update_person


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def new_person(request: PageRequest) -> HttpResponse:
    """Register a resident; with ?then=need go on to their need."""
    actor, at = request.actor, timezone.now()
    places = places_of(actor=actor, on=timezone.localdate())
    form = PersonForm(posted(request), places=places)
    then = "need" if "need" in (request.GET.get("then"), request.POST.get("then")) else ""
    if request.method == "POST":
        made = carry_out(form, lambda clean: register_person(actor=actor, at=at, **clean))
        if made:
            messages.success(request, f"{made.name} 已登记。")
            return redirect("community:record_need" if then else "community:person", made.pk)
    context = {"form": form, "then": then}
    return render(request, "www/community/new_person.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def edit_person(request: PageRequest, person_id: int) -> HttpResponse:
    """Change what is known of a resident; an empty protected box leaves what is on record."""
    actor, at = request.actor, timezone.now()
    person = person_of(actor=actor, person_id=person_id)
    form = PersonEditForm(posted(request), person=person, places=places_of(actor=actor, on=timezone.localdate()))
    if (
        request.method == "POST"
        and carry_out(
            form, lambda clean: update_person(actor=actor, at=at, person_id=person.pk, changes=_changes(person, clean))
        )
        is not None
    ):
        messages.success(request, "已保存。")
        return redirect("community:person", person.pk)
    context = {"form": form, "person": person}
    return render(request, "www/community/edit_person.html", context, status=422 if form.errors else 200)


def _changes(person: Person, clean: dict[str, Any]) -> PersonChanges:
    """Return what differs from the record; the place stays as deep as it was unless the community changes."""
    changes: dict[str, Any] = {}
    for name in ("name", "sex", "born_on", "ability_level", "lives_alone"):
        if clean[name] != getattr(person, name):
            changes[name] = clean[name]
    if clean["area_code"] != person.community_code:
        changes["area_code"] = clean["area_code"]
    changes |= {name: clean[name] for name in ("phone", "id_number", "address") if clean[name]}
    return cast(PersonChanges, changes)
