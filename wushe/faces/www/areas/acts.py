"""Found, rename, split and merge an area, and place the residents of a split one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.areas.forms import AddForm, MergeForm, PlaceForm, RenameForm, SplitForm
from wushe.faces.www.areas.pages import beside, context_of, parts_of, standing, waiting_people
from wushe.faces.www.community.desk import desk
from wushe.faces.www.refusing import carry_out
from wushe.registers.areas.reorganising import add_area, merge_areas, rename_area, split_area
from wushe.registers.areas.selectors import children_of
from wushe.registers.people.placing import place_residents


@require_POST
@desk("areas:edit")
def add(request: PageRequest, area_id: int) -> HttpResponse:
    """Found an area inside this one."""
    actor, at = request.actor, timezone.now()
    standing(request, area_id)
    form = AddForm(request.POST)
    made = carry_out(form, lambda clean: add_area(actor=actor, at=at, parent_id=area_id, **clean))
    return _answer(request, area_id, made.pk if made else None, f"{made.name if made else ''} 已设立。", add_form=form)


@require_POST
@desk("areas:edit")
def rename(request: PageRequest, area_id: int) -> HttpResponse:
    """Give the area another name from a day on."""
    actor, at = request.actor, timezone.now()
    standing(request, area_id)
    form = RenameForm(request.POST)
    made = carry_out(form, lambda clean: rename_area(actor=actor, at=at, area_id=area_id, **clean))
    return _answer(request, area_id, made.pk if made else None, "已更名，原来的名称保留在历史里。", rename_form=form)


@require_POST
@desk("areas:edit")
def split(request: PageRequest, area_id: int) -> HttpResponse:
    """Split the area into parts."""
    actor, at = request.actor, timezone.now()
    area = standing(request, area_id)
    form = SplitForm(request.POST, children=children_of(code=area.area_code, on=timezone.localdate(at)))
    made = carry_out(
        form, lambda clean: split_area(actor=actor, at=at, area_id=area_id, on=clean["on"], parts=form.parts())
    )
    return _answer(request, area_id, area_id if made else None, "已拆分，旧代码仍能查到去向。", split_form=form)


@require_POST
@desk("areas:edit")
def merge(request: PageRequest, area_id: int) -> HttpResponse:
    """Merge other areas into this one."""
    actor, at = request.actor, timezone.now()
    area = standing(request, area_id)
    form = MergeForm(request.POST, beside=beside(area, timezone.localdate(at)))
    made = carry_out(
        form,
        lambda clean: merge_areas(actor=actor, at=at, into_id=area_id, on=clean["on"], area_ids=clean["area_ids"]),
    )
    return _answer(request, area_id, made.pk if made else None, "已合并，居民和在办事项都转了过来。", merge_form=form)


@require_POST
@desk("areas:edit")
def place(request: PageRequest, area_id: int) -> HttpResponse:
    """Place the chosen residents in one of the parts."""
    actor, at = request.actor, timezone.now()
    area = standing(request, area_id)
    people = [person.pk for person in waiting_people(actor, area)]
    form = PlaceForm(request.POST, parts=parts_of(area, timezone.localdate(at)), person_ids=people)
    count = carry_out(form, lambda clean: place_residents(actor=actor, at=at, area_id=area_id, **clean))
    return _answer(request, area_id, area_id if count else None, f"{count} 位居民已归入。", place_form=form)


def _answer(request: HttpRequest, area_id: int, made_id: int | None, said: str, **forms: Any) -> HttpResponse:
    if made_id:
        messages.success(request, said)
        return redirect("areas:area", made_id)
    return render(request, "www/areas/area.html", context_of(request, area_id, **forms), status=422)
