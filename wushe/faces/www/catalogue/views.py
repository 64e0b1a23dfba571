"""The catalogue for everybody who works with it: what there is, what it asks for, what changed."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.catalogue.wording import (
    TITLES,
    eligibility_in_words,
    skills_in_words,
    tags_in_words,
    written,
)
from wushe.foundation.errors import NotFound
from wushe.registers.catalogue.models import Edition, Item
from wushe.registers.catalogue.selectors import (
    diff,
    edition_of,
    edition_on,
    editions,
    fate_of,
    item_with_edition,
    items_of,
    latest_published,
    origin_of,
    package_versions,
    resolve,
    same_code,
)

_DETAILS = ("unit", "minutes", "price_fen", "skills", "performers", "two_people", "photos", "signature",
            "responsible_party", "keywords")  # fmt: skip


@require_GET
@allow("catalogue:view")
def catalogue(request: PageRequest) -> HttpResponse:
    """Show the edition in force by category, with all editions beside it."""
    now = edition_on(day=timezone.localdate())
    return _edition_page(request, now)


@require_GET
@allow("catalogue:view")
def edition(request: PageRequest, number: int) -> HttpResponse:
    """Show one edition by category."""
    found = edition_of(number=number)
    if found is None or (not found.published and not request.actor.may("catalogue:edit")):
        raise NotFound
    return _edition_page(request, found)


@require_GET
@allow("catalogue:view")
def difference(request: PageRequest, old: int, new: int) -> HttpResponse:
    """Show what differs between two editions, at a glance and then item by item."""
    before, after = edition_of(number=old), edition_of(number=new)
    if before is None or after is None or (not after.published and not request.actor.may("catalogue:edit")):
        raise NotFound
    skills = skills_in_words()
    changes = diff(old=before, new=after)
    kinds: dict[str, list[dict[str, Any]]] = {"new": [], "changed": [], "retired": []}
    for change in changes:
        kinds[change.kind].append({
            "code": change.code,
            "item": change.new or change.old,
            "fields": [
                (TITLES[name], written(change.old, name, skills), written(change.new, name, skills))
                for name in change.fields
                if change.old and change.new
            ],
            "became": [one for one in fate_of(item=change.old, drafts=not after.published) if one.new]
            if change.kind == "retired" and change.old else [],
            "came": [one.old for one in origin_of(item=change.new)] if change.kind == "new" and change.new else [],
        })  # fmt: skip
    kept = items_of(edition=after).count() - len(kinds["new"]) - len(kinds["changed"])
    return render(
        request,
        "www/catalogue/diff.html",
        {
            "before": before,
            "after": after,
            "kinds": kinds,
            "kept": kept,
            "may_edit": request.actor.may("catalogue:edit") and not after.published and latest_published() == before,
        },
    )


@require_GET
@allow("catalogue:view")
def item(request: PageRequest, item_id: int) -> HttpResponse:
    """Show one item: what it asks for, where it came from, what became of it."""
    found = item_with_edition(item_id=item_id)
    if found is None or (not found.edition.published and not request.actor.may("catalogue:edit")):
        raise NotFound
    skills, today = skills_in_words(), timezone.localdate()
    return render(request, "www/catalogue/item.html", {
        "item": found,
        "details": [(TITLES[name], written(found, name, skills)) for name in _DETAILS],
        "origin": origin_of(item=found),
        "fate": fate_of(item=found, drafts=request.actor.may("catalogue:edit")),
        "editions": [one for one in same_code(item=found) if one.edition.published or request.actor.may("catalogue:edit")],
        "today_is": [one for one in resolve(item=found, day=today) if one.pk != found.pk],
        "may_edit": request.actor.may("catalogue:edit") and not found.edition.published,
    })  # fmt: skip


@require_GET
@allow("catalogue:view")
def packages(request: PageRequest) -> HttpResponse:
    """Show the packages in force: for whom, and what how often; earlier versions below."""
    today, tags = timezone.localdate(), tags_in_words()
    shown = [
        {
            "package": one,
            "for_whom": eligibility_in_words(one.eligibility, tags),
            "lines": list(one.lines.all()),
            "in_force": one.effective_from <= today and (one.effective_to is None or one.effective_to > today),
        }
        for one in package_versions()
    ]
    context = {"current": [p for p in shown if p["in_force"]], "past": [p for p in shown if not p["in_force"]]}
    return render(request, "www/catalogue/packages.html", context)


def _edition_page(request: PageRequest, found: Edition | None) -> HttpResponse:
    edit = request.actor.may("catalogue:edit")
    every = [one for one in editions() if one.published or edit]
    items = list(items_of(edition=found, text=request.GET.get("q", ""))) if found else []
    before = next((one for one in every if found and one.number < found.number), None)
    return render(request, "www/catalogue/edition.html", {
        "edition": found,
        "groups": _groups(items, request.GET.get("category", "")),
        "categories": _counts(items),
        "total": len(items),
        "editions": every,
        "before": before,
        "may_edit": edit,
        "has_draft": any(not one.published for one in every),
    })  # fmt: skip


def _groups(items: list[Item], chosen: str) -> list[tuple[str, list[tuple[str, list[Item]]]]]:
    groups: dict[str, dict[str, list[Item]]] = {}
    for one in items:
        if not chosen or one.category == chosen:
            groups.setdefault(one.category, {}).setdefault(one.subcategory, []).append(one)
    return [(category, list(subs.items())) for category, subs in groups.items()]


def _counts(items: list[Item]) -> list[tuple[str, str, int]]:
    counts: dict[str, int] = {}
    for one in items:
        counts[one.category] = counts.get(one.category, 0) + 1
    return [(category, category, n) for category, n in counts.items()]
