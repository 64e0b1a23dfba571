"""The register of residents: find, see with masks, look behind a mask with a reason, register, change, tag, relate."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.needs.selectors import needs_of_person
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.people import RevealForm, TagForm
from wushe.faces.www.paging import Page, page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.exports import note_export
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, places_of
from wushe.registers.people.bonds import end_tag, set_tag
from wushe.registers.people.enums import RevealField, RevealReason
from wushe.registers.people.identity import full_years
from wushe.registers.people.selectors import (
    consents_of,
    person_of,
    register_of_people,
    relations_of,
    tag_kinds,
    tags_of,
    with_standing_tags,
)
from wushe.registers.people.services import reveal

MOST_FOUND = 100
HEAD = ["编号", "姓名", "性别", "年龄", "社区", "标签", "能力等级", "联系电话（隐去中间）", "独居"]


@require_http_methods(["GET", "POST"])
@desk("registers:view")
def people(request: HttpRequest) -> HttpResponse:
    """Show the register. What is typed into the search is posted, so that it never stands in an address."""
    actor, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
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
def export_people(request: HttpRequest) -> HttpResponse:
    """Give the rows under the same filters as a file, masked as on the page, and journal that they were taken."""
    actor, at = request.actor, timezone.now()  # type: ignore[attr-defined]
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
    """Show one resident with masked values, tags, relatives, consents and needs."""
    return render(request, "www/community/person.html", _detail(request, person_id))


@require_POST
@desk("people:reveal")
def reveal_field(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one protected value; who looked and why is journalled."""
    form = RevealForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={name: "；".join(map(str, errors)) for name, errors in form.errors.items()})
    field = form.cleaned_data["field"]
    value = reveal(actor=request.actor, at=timezone.now(), person_id=person_id, **form.cleaned_data)  # type: ignore[attr-defined]
    shown = {"label": RevealField(field).label, "value": value, "opened": True}
    if request.headers.get("HX-Request"):
        answer = render(request, "www/components/masked.html", shown)
    else:
        answer = render(request, "www/community/person.html", {**_detail(request, person_id), "shown": shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def add_tag(request: HttpRequest, person_id: int) -> HttpResponse:
    """Give a resident a category with its evidence."""
    actor, at = request.actor, timezone.now()  # type: ignore[attr-defined]
    someone = person_of(actor=actor, person_id=person_id)
    form = TagForm(posted(request), kinds=tag_kinds(sensitive=True), initial={"starts_on": timezone.localdate()})
    if (
        request.method == "POST"
        and carry_out(form, lambda clean: set_tag(actor=actor, at=at, person_id=someone.pk, **clean)) is not None
    ):
        messages.success(request, "标签已添加。")
        return redirect("community:person", someone.pk)
    context = {"form": form, "person": someone, "title": "添加标签", "do": "添加标签"}
    return render(request, "www/community/person_part.html", context, status=422 if form.errors else 200)


@require_POST
@desk("people:edit")
def remove_tag(request: HttpRequest, person_id: int, tag_id: int) -> HttpResponse:
    """End a resident's category today."""
    end_tag(actor=request.actor, at=timezone.now(), tag_id=tag_id, ends_on=timezone.localdate())  # type: ignore[attr-defined]
    messages.success(request, "标签已结束。")
    return redirect("community:person", person_id)


def _filters(given: Any) -> tuple[str, str, str]:
    area = given.get("area", "")
    return given.get("q", "").strip()[:40], given.get("tag", "")[:40], area if area.isdigit() else ""


def _rows(people: list[Any], today: Any, known: dict[str, str] | None = None) -> list[dict[str, Any]]:
    unknown = {p.community_code for p in people} - set(known or ())
    names = {**(known or {}), **(place_names(codes=unknown, from_level=Level.COMMUNITY) if unknown else {})}
    return [
        {"person": p, "age": full_years(p.born_on, today), "place": names.get(p.community_code, "")} for p in people
    ]


def _detail(request: HttpRequest, person_id: int) -> dict[str, Any]:
    actor = request.actor  # type: ignore[attr-defined]
    someone = person_of(actor=actor, person_id=person_id)
    may_reveal = actor.may("people:reveal")
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
        "consents": consents_of(person=someone),
        "needs": needs_of_person(actor=actor, person_id=someone.pk) if actor.may("needs:view") else [],
        "may_edit": actor.may("people:edit"),
        "may_record": actor.may("needs:record"),
    }
