"""The tree of areas with the ended ones, where an old code leads, and one area with all that can be done."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest
from wushe.faces.www.areas.forms import AddForm, MergeForm, PlaceForm, RenameForm, SplitForm
from wushe.faces.www.community.desk import desk
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.journal.selectors import history_of
from wushe.oversight.selectors.journal import lines as journal_lines
from wushe.registers.areas import selectors
from wushe.registers.areas.models import Area, Level
from wushe.registers.areas.services import parent_code
from wushe.registers.people.placing import to_be_placed

MOST_PEOPLE = 200
_MOST_ENDED = 100


@require_GET
@desk("areas:view")
def areas_page(request: PageRequest) -> HttpResponse:
    """Show the areas inside one, those that have ended, and where a code leads on a day."""
    actor, today = request.actor, timezone.localdate()
    code = request.GET.get("code", "") or actor.area_code
    if not (code.isascii() and code.isdigit()) or not code.startswith(actor.area_code):
        code = actor.area_code
    here = selectors.area_at(code=code, on=today)
    wanted, since, faults = _lookup(request)
    context = {
        "here": here,
        "way": [one for one in selectors.lineage(code=code, on=today) if one.area_code.startswith(actor.area_code)],
        "rows": selectors.children_of(code=code, on=today),
        "ended": selectors.ended_inside(code=code, on=today).prefetch_related("successors")[:_MOST_ENDED],
        "wanted": wanted,
        "since": request.GET.get("since", ""),
        "faults": faults,
        "resolved": selectors.resolve(code=wanted, on=today, since=since) if wanted and not faults else None,
        "may_edit": actor.may("areas:edit"),
    }
    return render(request, "www/areas/areas.html", context)


@require_GET
@desk("areas:view")
def area_page(request: HttpRequest, area_id: int) -> HttpResponse:
    """Show one area: since when, what it was, what it has become, and what can be done about it."""
    return render(request, "www/areas/area.html", context_of(request, area_id))


def context_of(request: PageRequest, area_id: int, **forms: Any) -> dict[str, Any]:
    """Return what the page of an area shows; `forms` are those that were sent and refused."""
    actor, today = request.actor, timezone.localdate()
    area = selectors.area_of(actor=actor, area_id=area_id)
    stands = area.valid_until is None or area.valid_until > today
    before, after = selectors.became(area=area)
    may_edit = (
        actor.may("areas:edit") and area.area_code != actor.area_code and area.area_code.startswith(actor.area_code)
    )
    waiting = [] if stands else waiting_people(actor, area)
    parts = parts_of(area, today)
    children = selectors.children_of(code=area.area_code, on=today)
    context = {
        "area": area,
        "level": Level(area.level).label,
        "stands": stands,
        "way": selectors.lineage(code=parent_code(area.area_code), on=today),
        "before": before,
        "after": after,
        "waiting": waiting,
        "most_people": MOST_PEOPLE,
        "may_edit": may_edit,
        "history": journal_lines(list(history_of(subject=area))),
    }
    if may_edit and stands:
        context |= {
            "add_form": AddForm(initial={"code": area.area_code, "valid_from": today}),
            "rename_form": RenameForm(initial={"on": today}),
            "split_form": SplitForm(children=children, initial={"on": today, "code_1": area.area_code}),
            "merge_form": MergeForm(beside=beside(area, today), initial={"on": today}),
            "may_add": area.level < Level.BUILDING,
        }
    if may_edit and waiting:
        context["place_form"] = PlaceForm(parts=parts, person_ids=[])
    return context | forms


def beside(area: Area, today: date) -> list[Area]:
    """Return the areas of the same parent."""
    inside = selectors.children_of(code=parent_code(area.area_code), on=today)
    return [one for one in inside if one.pk != area.pk]


def parts_of(area: Area, today: date) -> list[Area]:
    """Return what stands today in the place of an ended area."""
    return selectors.resolve(code=area.area_code, on=today, since=area.valid_from)


def waiting_people(actor: Actor, area: Area) -> list[Any]:
    """Return the residents who still stand under the code of an ended area; none for who may not see residents."""
    if not actor.may("registers:view"):
        return []
    return list(to_be_placed(actor=actor, area=area).select_related("household")[:MOST_PEOPLE])


def standing(request: PageRequest, area_id: int) -> Area:
    """Return an area that can still be changed, or raise NotFound."""
    area = selectors.area_of(actor=request.actor, area_id=area_id)
    if not area.area_code.startswith(request.actor.area_code):
        raise NotFound
    return area


def _lookup(request: HttpRequest) -> tuple[str, date | None, dict[str, str]]:
    faults: dict[str, str] = {}
    code, text = request.GET.get("find", "").strip()[:24], request.GET.get("since", "").strip()
    if code and not (code.isascii() and code.isdigit()):
        faults["find"] = "代码只有数字，例如 511602001001。"
    since = None
    if text:
        try:
            since = date.fromisoformat(text)
        except ValueError:
            faults["since"] = "日期不对，例如 2020-01-01。"
    return code, since, faults
