"""Enter a row, change it, or do something to it: one form each, what is refused stands beside its field."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wushe.faces.www.access import PageRequest, signed_in
from wushe.faces.www.refusing import carry_out, posted, whole
from wushe.foundation.errors import NotFound
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names
from wushe.registers.desk import selectors
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import find_people, person_of

from .desk import Desk, act_address, kept_here

MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
@signed_in
def new(request: PageRequest, code: str) -> HttpResponse:
    """Enter a row; where it is about a resident, find them first."""
    desk, actor, at = kept_here(code), request.actor, timezone.now()
    actor.require(desk.edit)
    person = _chosen(request) if desk.person else None
    if desk.person and person is None:
        return _choose(request, desk, {"title": desk.begin, "whom": desk.person, "back": desk.address})
    about = {"person": person} if person else {}
    form = desk.form(posted(request), actor=actor, on=timezone.localdate(), **about)
    if request.method == "POST":
        who = {"person_id": person.pk} if person else {}
        made = carry_out(form, lambda clean: desk.create(actor=actor, at=at, **who, **form.values()))
        if made is not None:
            messages.success(request, "已登记。")
            return redirect(desk.address_of(made.pk))
    context = {
        "desk": desk,
        "form": form,
        "person": person,
        "title": desk.begin,
        "back": desk.address,
    }
    return render(request, "www/registers/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def edit(request: PageRequest, code: str, pk: int) -> HttpResponse:
    """Change a row; only what differs is changed, and the journal tells what was and what is."""
    desk, actor, at, on = kept_here(code), request.actor, timezone.now(), timezone.localdate()
    actor.require(desk.edit)
    row = selectors.row_of(desk.register, actor=actor, pk=pk, on=on)
    form = desk.form(posted(request), actor=actor, on=on, row=row)
    if request.method == "POST":
        done = carry_out(form, lambda clean: desk.update(actor, at, pk, form.changes()))
        if done is not None:
            messages.success(request, "已保存。")
            return redirect(desk.address_of(pk))
        # Sent once more it is meant: what the other person changed has been shown by now.
        form.agree()
    context = {
        "desk": desk,
        "form": form,
        "row": row,
        "title": f"修改：{desk.register.name(row)}",
        "back": desk.address_of(pk),
    }
    return render(request, "www/registers/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@signed_in
def act(request: PageRequest, code: str, pk: int, act: str) -> HttpResponse:
    """Do something to a row on a page of its own."""
    desk, actor, at, on = kept_here(code), request.actor, timezone.now(), timezone.localdate()
    wanted = desk.act(act)
    actor.require(wanted.permission)
    row = selectors.row_of(desk.register, actor=actor, pk=pk, on=on)
    title, back = f"{wanted.label}：{desk.register.name(row)}", desk.address_of(pk)
    person = _chosen(request) if wanted.person else None
    if wanted.person and person is None:
        return _choose(request, desk, {"title": title, "whom": wanted.whom, "back": back})
    row.part, row.chosen = whole(request.GET.get("part", "")), person
    form: Any = wanted.form(posted(request), actor, on, row)
    if request.method == "POST":
        said = carry_out(form, lambda clean: wanted.do(actor, at, row, clean))
        if said is not None:
            messages.success(request, said)
            return redirect(back)
    context = {"desk": desk, "form": form, "row": row, "title": title, "back": back, "person": person,
               "do": wanted.label, "hint": wanted.hint}  # fmt: skip
    return render(request, "www/registers/form.html", context, status=422 if form.errors else 200)


def _chosen(request: PageRequest) -> Person | None:
    """Return the resident whom the address names; raise NotFound outside the actor's scope."""
    number = whole(request.GET.get("person", ""))
    return None if number is None else person_of(actor=request.actor, person_id=number)


def _choose(request: PageRequest, desk: Desk, context: dict[str, Any]) -> HttpResponse:
    """Find the resident whom a row is about; what is typed is posted, so that no name stands in an address."""
    actor, on = request.actor, timezone.localdate()
    if not actor.may("registers:view"):
        raise NotFound
    text = request.POST.get("q", "").strip()[:40]
    found = list(find_people(actor=actor, text=text)[:MOST_FOUND]) if text else []
    places = place_names(codes=[one.community_code for one in found], from_level=Level.COMMUNITY)
    people = [(one, full_years(one.born_on, on), places.get(one.community_code, "")) for one in found]
    more = {"desk": desk, "q": text, "found": people, "most_found": MOST_FOUND,
            "may_register": actor.may("people:edit"), "register_url": reverse("community:new_person")}  # fmt: skip
    return render(request, "www/registers/choose.html", {**context, **more})


def act_link(code: str, pk: int, act_code: str, part: int | None = None) -> str:
    """Return the address of an act, on a part of the row if one is given."""
    return act_address(code, pk, act_code, f"?part={part}" if part is not None else "")
