"""The register of residents: find, see with masks, look behind a mask with a reason."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.needs.selectors import needs_of_person
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.people import RevealForm
from wushe.faces.www.paging import Page, page_of
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.exports import note_export
from wushe.oversight.selectors.journal import lines as journal_lines
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, places_of
from wushe.registers.duplicates.selectors import merged_ids, survivor_id_of
from wushe.registers.people.enums import ConsentPurpose, RevealField, RevealReason
from wushe.registers.people.households import living_in
from wushe.registers.people.identity import full_years
from wushe.registers.people.selectors import (
    consents_of,
    history_of_person,
    person_of,
    register_of_people,
    relations_of,
    relatives_of,
    tag_kinds,
    tags_of,
    with_standing_tags,
)
from wushe.registers.people.services import reveal

MOST_FOUND = 100
HEAD = ["编号", "姓名", "性别", "年龄", "社区", "标签", "能力等级", "联系电话（隐去中间）", "独居"]


@require_http_methods(["GET", "POST"])
@desk("registers:view")
def people(request: PageRequest) -> HttpResponse:
    """Show the register. What is typed into the search is posted, so that it never stands in an address."""
    actor, today = request.actor, timezone.localdate()
    text, tag, area = _filters(request.POST if request.method == "POST" else request.GET)
    if request.method == "POST" and not text:
        kept = {name: value for name, value in (("tag", tag), ("area", area)) if value}
        return redirect(f"{reverse('community:people')}?{urlencode(kept)}")
    found = with_standing_tags(register_of_people(actor=actor, text=text, tag_code=tag, area_code=area))
    page = Page(list(found[:MOST_FOUND]), "", "") if text else page_of(found, request.GET)
    places = {place.area_code: place.name for place in places_of(actor=actor, on=today)}
    context = {
        "rows": _rows(page.rows, today, places),
        "page": page,
        "q": text,
        "tag": tag,
        "area": area,
        "kinds": tag_kinds(),
        "places": places.items(),
        "most_found": MOST_FOUND,
        "export_url": reverse("community:export_people"),
        "export_values": [("tag", tag), ("area", area), ("q", text)],
        "may_edit": actor.may("people:edit"),
    }
    return render(request, "www/community/people.html", context)


@require_POST
@desk("registers:view")
def export_people(request: PageRequest) -> HttpResponse:
    """Give the rows under the same filters as a file, masked as on the page, and journal that they were taken."""
    actor, at = request.actor, timezone.now()
    text, tag, area = _filters(request.POST)
    found = with_standing_tags(register_of_people(actor=actor, text=text, tag_code=tag, area_code=area))
    rows = _rows(list(found[:MOST_ROWS]), timezone.localdate())
    filters = {"tag": tag, "area": area}
    note_export(actor=actor, at=at, list_name="people", rows=len(rows), permission="registers:view", filters=filters)
    cells = (
        [r["person"].pk, r["person"].name, r["person"].get_sex_display(), r["age"], r["place"],
         "、".join(t.kind.title for t in r["person"].standing_tags), r["person"].get_ability_level_display() or "",
         str(r["person"].phone), "是" if r["person"].lives_alone else ""]
        for r in rows
    )  # fmt: skip
    return table_file(name="people", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


@require_GET
@desk("registers:view")
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one resident with all that is known; a record that was merged leads to the one it was merged into."""
    survivor = survivor_id_of(person_id=person_id)
    if survivor is not None:
        return redirect("community:person", survivor)
    return render(request, "www/community/person.html", _detail(request, person_id))


@require_POST
@desk("people:reveal")
def reveal_field(request: PageRequest, person_id: int) -> HttpResponse:
    """Show one protected value; who looked and why is journalled."""
    form = RevealForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={name: "；".join(map(str, errors)) for name, errors in form.errors.items()})
    field = form.cleaned_data["field"]
    value = reveal(actor=request.actor, at=timezone.now(), person_id=person_id, **form.cleaned_data)
    shown = {"label": RevealField(field).label, "value": value, "opened": True}
    if request.headers.get("HX-Request"):
        answer = render(request, "www/components/masked.html", shown)
    else:
        answer = render(request, "www/community/person.html", {**_detail(request, person_id), "shown": shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _filters(given: Any) -> tuple[str, str, str]:
    area = given.get("area", "")
    return given.get("q", "").strip()[:40], given.get("tag", "")[:40], area if area.isdigit() else ""


def _rows(people: list[Any], today: Any, known: dict[str, str] | None = None) -> list[dict[str, Any]]:
    unknown = {p.community_code for p in people} - set(known or ())
    names = {**(known or {}), **(place_names(codes=unknown, from_level=Level.COMMUNITY) if unknown else {})}
    return [
        {"person": p, "age": full_years(p.born_on, today), "place": names.get(p.community_code, "")} for p in people
    ]


def _detail(request: PageRequest, person_id: int) -> dict[str, Any]:
    actor = request.actor
    someone = person_of(actor=actor, person_id=person_id)
    may_reveal = actor.may("people:reveal")
    merged = merged_ids(person_id=someone.pk)
    return {
        "person": someone,
        "age": full_years(someone.born_on, timezone.localdate()),
        "place": place_names(codes=[someone.community_code]).get(someone.community_code, ""),
        "protected": [
            (RevealField.PHONE, RevealField.PHONE.label, str(someone.phone)),
            (RevealField.ID_NUMBER, RevealField.ID_NUMBER.label, str(someone.id_number)),
            (
                RevealField.ADDRESS,
                RevealField.ADDRESS.label,
                str(someone.household.address) if someone.household else "",
            ),
        ],
        "reasons": RevealReason.choices,
        "may_reveal": may_reveal,
        "tags": tags_of(person=someone, sensitive=may_reveal),
        "relations": relations_of(person=someone),
        "related": relatives_of(person=someone),
        "consents": [(one, ConsentPurpose(one.purpose).label) for one in consents_of(person=someone)],
        "household": someone.household,
        "housemates": living_in(someone.household).exclude(pk=someone.pk) if someone.household else [],
        "merged": merged,
        "history": journal_lines(history_of_person(person=someone, merged_ids=merged)),
        "here": someone.died_on is None and someone.moved_out_on is None,
        "needs": needs_of_person(actor=actor, person_id=someone.pk) if actor.may("needs:view") else [],
        "may_edit": actor.may("people:edit"),
        "may_record": actor.may("needs:record"),
    }
