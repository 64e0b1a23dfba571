"""The public list of goods: what came, from whom, how much of it reached people, and what is called back."""

from collections.abc import Iterator
from itertools import islice

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from wushe.faces.www.access import public
from wushe.faces.www.paging import page_of
from wushe.lines.goods import public as books

from .books import SIZE, written_rows

HEAD = [
    "batch",
    "date",
    "article",
    "giver",
    "source",
    "place",
    "accepted",
    "given",
    "gone",
    "left",
    "unit",
    "value_fen",
]


@require_GET
@public
def goods(request: HttpRequest) -> HttpResponse:
    """Show what was given, and what became of it."""
    text = request.GET.get("q", "")[:40]
    page = page_of(books.public_batches(text=text), request.GET, size=SIZE)
    context = {"page": page, "lines": books.lines(page.rows), "text": text, "recalls": books.public_recalls()}
    return render(request, "www/disclosure/goods.html", context)


@require_GET
@public
def goods_lines(request: HttpRequest) -> StreamingHttpResponse:
    """Give the whole list as CSV, the oldest first."""
    response = StreamingHttpResponse(written_rows(HEAD, _rows()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="goods.csv"'
    return response


def _rows() -> Iterator[list[object]]:
    batches = books.public_batches().reverse().iterator(chunk_size=500)
    while some := list(islice(batches, 500)):
        for row in books.lines(some):
            yield [row.number, row.on.isoformat(), row.what, row.who, row.how, row.facility, row.accepted, row.given,
                   row.gone, row.left, row.unit, "" if row.value_fen is None else row.value_fen]  # fmt: skip
