"""The rows behind a figure: searched, paged, exported exactly as shown, each with doors to its desk and its chain."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.district.areas import switcher, view_of
from wushe.faces.www.district.sources import source_of
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.paging import page_of
from wushe.faces.www.spreadsheets import MOST_ROWS, spreadsheet
from wushe.oversight.selectors.lists import ListRow, columns_of, heads, present, search, with_related
from wushe.oversight.services import log_export


@require_GET
@allow("oversight:view")
def rows_page(request: PageRequest, kind: str, code: str) -> HttpResponse:
    """Show the rows behind a figure."""
    view = view_of(request)
    source = source_of(request, view, kind, code)
    rows = search(source.rows, request.GET.get("q", ""))
    page = page_of(with_related(rows), request.GET, newest_first=source.newest_first)
    return render(request, "www/district/rows.html", {
        **switcher(view),
        "source": source,
        "heads": heads(columns_of(rows)),
        "rows": [_row(request, row) for row in present(rows, page.rows)],
        "page": page,
        "total": f"{rows.count():,}",
        "export": reverse("district:export_rows", args=[kind, code]) + _query(request),
        "kind": kind,
    })  # fmt: skip


@require_POST
@allow("oversight:view")
def export_rows(request: PageRequest, kind: str, code: str) -> HttpResponse:
    """Give the rows behind a figure as a file, in the order and with the columns of the page; it is journalled."""
    view = view_of(request)
    source = source_of(request, view, kind, code)
    rows = search(source.rows, request.GET.get("q", ""))
    shown = present(rows, with_related(rows)[:MOST_ROWS])
    log_export(actor=request.actor, at=view.at, what=f"{kind}:{code}", area_code=view.place.code, rows=len(shown))
    note = f"{view.place.name} · {source.meaning} · 导出于{view.today:%Y-%m-%d}，共{len(shown)}行"
    title = f"{view.place.name}{source.title}"
    return spreadsheet(title=title, note=note, heads=heads(columns_of(rows)), rows=[row.values for row in shown])


def _row(request: PageRequest, row: ListRow) -> dict[str, Any]:
    chain = ""
    if row.need_id and request.actor.may("needs:view"):
        chain = reverse("chain:need", args=[row.need_id])
    return {"values": row.values, "chain": chain, "page": page_of_thing(request.actor, row.kind, row.pk)}


def _query(request: PageRequest) -> str:
    kept = request.GET.copy()
    for name in ("after", "before"):
        kept.pop(name, None)
    return f"?{kept.urlencode()}" if kept else ""
