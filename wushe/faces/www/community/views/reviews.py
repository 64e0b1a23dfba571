"""Categories that must be looked at again: the list, its file, and one review."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.people_life import ReviewForm
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.counting import capped_counts, show_count
from wushe.foundation.journal.exports import note_export
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, places_of
from wushe.registers.people.bonds import obtain_tag
from wushe.registers.people.reviews import due_reviews, review_tag
from wushe.registers.people.selectors import register_in_scope, tag_kinds

HEAD = ["居民编号", "姓名", "社区", "标签", "依据", "起始日期", "上次复核", "应复核日期"]
WHEN = (("late", "已过期"), ("soon", "30天内"))


@require_GET
@desk("registers:view")
def reviews(request: PageRequest) -> HttpResponse:
    """Show what must be looked at again, in the order in which it was written."""
    actor, today = request.actor, timezone.localdate()
    where = _where(actor, request.GET)
    page = page_of(due_reviews(actor=actor, on=today, **where), request.GET, newest_first=False)
    counts = capped_counts({code: due_reviews(actor=actor, on=today, **{**where, "when": code}) for code, _ in WHEN})
    context = {
        "rows": _rows(page.rows),
        "page": page,
        "today": today,
        "when": [(code, label, show_count(counts[code])) for code, label in WHEN],
        "where": where,
        "kinds": [kind for kind in tag_kinds(sensitive=where["sensitive"]) if kind.review_months],
        "places": [(place.area_code, place.name) for place in places_of(actor=actor, on=today)],
        "export_url": reverse("community:export_reviews"),
        "export_values": [("when", where["when"]), ("tag", where["tag_code"]), ("area", where["area_code"])],
        "may_edit": actor.may("people:edit"),
    }
    return render(request, "www/community/reviews.html", context)


@require_POST
@desk("registers:view")
def export_reviews(request: PageRequest) -> HttpResponse:
    """Give the rows under the same filters as a file, and journal that they were taken."""
    actor, at = request.actor, timezone.now()
    where = _where(actor, request.POST)
    rows = _rows(list(due_reviews(actor=actor, on=timezone.localdate(at), **where)[:MOST_ROWS]))
    filters = {name: str(where[name]) for name in ("when", "tag_code", "area_code") if where[name]}
    note_export(actor=actor, at=at, list_name="reviews", rows=len(rows), permission="registers:view", filters=filters)
    cells = (
        [
            tag.person_id,
            tag.person.name,
            place,
            tag.kind.title,
            tag.evidence,
            tag.starts_on,
            tag.reviewed_on or "",
            tag.review_on,
        ]
        for tag, place in rows
    )
    return table_file(name="reviews", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def review(request: PageRequest, person_id: int, tag_id: int) -> HttpResponse:
    """Look at one category again: it holds with new evidence, or it ends."""
    actor, at = request.actor, timezone.now()
    tag = obtain_tag(people=register_in_scope(actor=actor).filter(pk=person_id), tag_id=tag_id)
    form = ReviewForm(posted(request))
    if tag.kind.evidence:
        form.fields["evidence"].help_text = f"例如：{tag.kind.evidence}。仍然符合时必填。"
    if (
        request.method == "POST"
        and carry_out(form, lambda clean: review_tag(actor=actor, at=at, tag_id=tag.pk, **clean)) is not None
    ):
        messages.success(request, "复核已登记。")
        return redirect("community:person", person_id)
    context = {
        "form": form, "person": tag.person, "title": f"复核“{tag.kind.title}”", "do": "登记复核",
        "lead": f"{tag.starts_on}起，依据：{tag.evidence or '没有写明'}。",
    }  # fmt: skip
    return render(request, "www/community/person_part.html", context, status=422 if form.errors else 200)


def _where(actor: Any, given: Any) -> dict[str, Any]:
    area = given.get("area", "")
    return {
        "when": given.get("when", "") if given.get("when") in dict(WHEN) else "",
        "tag_code": given.get("tag", "")[:40],
        "area_code": area if area.isascii() and area.isdigit() else "",
        "sensitive": actor.may("people:reveal"),
    }


def _rows(tags: list[Any]) -> list[tuple[Any, str]]:
    places = place_names(codes=[tag.person.community_code for tag in tags], from_level=Level.COMMUNITY)
    return [(tag, places.get(tag.person.community_code, "")) for tag in tags]
