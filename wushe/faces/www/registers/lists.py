"""The list of a register: find, narrow, page, keep a view, and take away as a file exactly what is shown."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, signed_in
from wushe.faces.www.refusing import whole
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.actor import Actor
from wushe.foundation.counting import show_count
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.exports import note_export
from wushe.registers.desk import selectors
from wushe.registers.desk.bulk import MOST_ROWS as MOST_AT_ONCE
from wushe.registers.desk.bulk import UNDO_MINUTES
from wushe.registers.desk.selectors import Page, Where
from wushe.registers.desk.services import drop_view, save_view

from .cells import cells_of, in_file, shown_columns
from .desk import Desk, desk_of, desks

MOST_FOUND = 100


@require_http_methods(["GET", "POST"])
def show_list(request: PageRequest, code: str) -> HttpResponse:
    """Show a register. What is typed into the search is posted, so that it never stands in an address."""
    desk = desk_of(code)
    given = request.POST if request.method == "POST" else request.GET
    context = list_context(request, desk, given)
    where: Where = context["where"]
    if request.method == "POST" and not where.text:
        return redirect(f"{desk.address}{_query(where, wide=context['wide'])}")
    return render(request, "www/registers/list.html", context)


def list_context(request: PageRequest, desk: Desk, given: Mapping[str, str]) -> dict[str, Any]:
    """Return what the list shows."""
    actor, on, register = request.actor, timezone.localdate(), desk.register
    offers = selectors.offers_of(register, actor=actor, on=on)
    where = selectors.where_of(register, given, offers=offers)
    rows = selectors.narrowed(register, actor=actor, where=where, on=on)
    if where.text:
        page = Page(selectors.first_rows(register, rows, where=where, on=on, most=MOST_FOUND))
    else:
        after, before = whole(given.get("after", "")), whole(given.get("before", ""))
        page = selectors.page_of_register(register, rows, where=where, on=on, after=after, before=before)
    counts = selectors.counts_of(register, actor=actor, where=where, on=on, offers=offers)
    wide = given.get("wide") == "1"
    columns = shown_columns(register, wide=wide)
    return {
        "desk": desk,
        "register": register,
        "where": where,
        "wide": wide,
        "may_widen": any(column.quiet for column in register.columns),
        "columns": columns,
        "page": page,
        "rows": [(row, desk.address_of(row.pk), cells_of(columns, row)) for row in page.rows],
        "facets": _facets(desk, where, offers, counts),
        "total": show_count(counts["", ""]),
        "most_found": MOST_FOUND,
        "views": _views(desk, actor, where),
        "kept": list(where.codes.items()) + ([("wide", "1")] if wide else []),
        "acts": [act for act in register.bulk if actor.may(act.permission)],
        "most_at_once": MOST_AT_ONCE,
        "may_edit": actor.may(desk.edit),
        "tabs": tabs_of(desk, actor),
        "rounds": rounds_address(desk) if actor.may("rounds:import") else "",
        "done": _done(request, actor),
        "undo_minutes": UNDO_MINUTES,
    }


@require_POST
@signed_in
def export(request: PageRequest, code: str) -> HttpResponse:
    """Give the rows of a list under the same filters, in the same order, with the same columns, and journal it."""
    desk, actor, at, on = desk_of(code), request.actor, timezone.now(), timezone.localdate()
    register = desk.register
    actor.require(register.permission)
    where = selectors.where_of(register, request.POST, offers=selectors.offers_of(register, actor=actor, on=on))
    found = selectors.narrowed(register, actor=actor, where=where, on=on)
    rows = selectors.first_rows(register, found, where=where, on=on, most=MOST_ROWS)
    columns = shown_columns(register, wide=request.POST.get("wide") == "1")
    filters = {**where.codes, **({"q": "（有）"} if where.text else {})}
    note_export(actor=actor, at=at, list_name=code, rows=len(rows), filters=filters, permission=register.permission)
    return table_file(
        name=code, kind=request.POST.get("format", "xlsx"), head=[column.label for column in columns],
        rows=[[in_file(column.value(row)) for column in columns] for row in rows],
    )  # fmt: skip


@require_POST
@signed_in
def keep_view(request: PageRequest, code: str) -> HttpResponse:
    """Keep the filters that are shown under a name."""
    desk = desk_of(code)
    shared = request.POST.get("shared") == "1"
    try:
        view = save_view(
            actor=request.actor, at=timezone.now(), register=code, name=request.POST.get("name", ""),
            query=request.POST, shared=shared,
        )  # fmt: skip
    except Invalid as refusal:
        context = list_context(request, desk, {**request.POST.dict(), "q": ""})
        context |= {"view_error": refusal.message, "view_name": request.POST.get("name", ""), "view_shared": shared}
        return render(request, "www/registers/list.html", context, status=422)
    messages.success(request, f"视图“{view.name}”已保存。" + ("本单位的同事也能用。" if shared else ""))
    return redirect(f"{desk.address}{_query_of(view.query)}")


@require_POST
@signed_in
def drop(request: PageRequest, view_id: int) -> HttpResponse:
    """Delete a view of one's own."""
    register = drop_view(actor=request.actor, at=timezone.now(), view_id=view_id)
    messages.success(request, "视图已删除。")
    return HttpResponseRedirect(desk_of(register).address if register in desks() else reverse("home"))


def tabs_of(desk: Desk, actor: Actor) -> list[dict[str, Any]]:
    """Return the registers beside this one as tabs; none for a register that stands alone."""
    beside = [one for code in desk.siblings if actor.may((one := desk_of(code)).register.permission)]
    rows = [
        {"label": one.register.title, "address": one.address, "count": None, "current": one.code == desk.code}
        for one in beside
    ]
    return rows if len(rows) > 1 else []


def rounds_address(desk: Desk) -> str:
    """Return where this register's spreadsheets come in, "" while nothing takes them."""
    try:
        return reverse("rounds:start", args=[desk.rounds]) if desk.rounds else ""
    except NoReverseMatch:
        return ""


def _facets(desk: Desk, where: Where, offers: Any, counts: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    return [
        {
            "name": facet.name,
            "label": facet.label,
            "chosen": where.chosen.get(facet.name, ""),
            "options": [
                (code, words, show_count(counts[facet.name, code]))
                for code, words in offers[facet.name]
                # What nothing has is not offered, unless it is what was chosen.
                if counts[facet.name, code] or where.chosen.get(facet.name) == code
            ],
        }
        for facet in desk.register.facets
        if offers[facet.name]
    ]


def _views(desk: Desk, actor: Actor, where: Where) -> list[dict[str, Any]]:
    return [
        {
            "view": view,
            "address": f"{desk.address}{_query_of(view.query)}",
            "current": view.query == where.codes and not where.text,
            "own": view.user_id == actor.user_id,
        }
        for view in selectors.views_of(desk.register, actor=actor)
    ]


def _done(request: HttpRequest, actor: Actor) -> Any:
    """Return the bulk change that was just done and can still be taken back."""
    number = whole(request.GET.get("done", ""))
    if number is None:
        return None
    try:
        change = selectors.bulk_change_of(actor=actor, change_id=number)
    except NotFound:
        return None
    return change if change.undone_at is None else None


def _query(where: Where, *, wide: bool) -> str:
    return _query_of({**where.codes, **({"wide": "1"} if wide else {})})


def _query_of(codes: Mapping[str, str]) -> str:
    return f"?{urlencode(codes)}" if codes else ""
