"""The stars of a year: who reached how many, on notice until when; as a list and as a file."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import whole
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.journal.exports import note_export
from wushe.lines.volunteering import starring

HEAD = ["志愿者编号", "姓名", "年度", "星级", "累计分钟", "认定日期", "公示到"]
WORDS = {1: "一星", 2: "二星", 3: "三星", 4: "四星", 5: "五星"}


@require_GET
@allow("volunteering:view")
def stars(request: PageRequest) -> HttpResponse:
    """List the stars of a year with their counts."""
    years = starring.star_years(actor=request.actor)
    year, wanted, text = _where(request.GET, years)
    rows = starring.stars_given(actor=request.actor, year=year, stars=wanted, text=text)
    counts = starring.star_counts(actor=request.actor, year=year, text=text)
    page = page_of(rows, request.GET, size=30)
    for row in page.rows:
        row.words = WORDS[row.stars]
    return render(request, "www/volunteering/stars.html", {
        "page": page, "years": years, "year": year, "wanted": wanted, "text": text, "today": timezone.localdate(),
        "chips": [(str(n), WORDS[n], count) for n, count in counts.items()], "export_url": reverse("volunteering:export_stars"),
        "export_values": [("year", year), ("stars", wanted), ("q", text)],
    })  # fmt: skip


@require_POST
@allow("volunteering:view")
def export_stars(request: PageRequest) -> HttpResponse:
    """Give the list under the same filters as a file, and journal that it was taken."""
    year, wanted, text = _where(request.POST, starring.star_years(actor=request.actor))
    found = list(starring.stars_given(actor=request.actor, year=year, stars=wanted, text=text)[:MOST_ROWS])
    note_export(
        actor=request.actor, at=timezone.now(), list_name="stars", rows=len(found), permission="volunteering:view",
        filters={"year": str(year), **({"stars": str(wanted)} if wanted else {})},
    )  # fmt: skip
    cells = [
        [row.volunteer.number, row.volunteer.person.name, row.year, WORDS[row.stars], row.minutes, str(row.reached_on),
         str(row.notice_until)]
        for row in found
    ]  # fmt: skip
    return table_file(name="stars", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


def _where(query: Any, years: list[int]) -> tuple[int, int, str]:
    """Return the year, the number of stars (0 for all) and the text that a request asks for."""
    year, wanted = whole(query.get("year", "")), whole(query.get("stars", ""))
    latest = years[0] if years else timezone.localdate().year
    return year if year in years else latest, wanted if wanted in WORDS else 0, query.get("q", "").strip()[:40]
