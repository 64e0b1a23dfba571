"""The public books: every fund and project with what came in, what went out, and what its keepers owe next."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.chain.projects.models import Project, SourceClass
from wushe.chain.projects.scenes import scene_title
from wushe.faces.www.access import public
from wushe.faces.www.paging import page_of
from wushe.faces.www.tables import harmless
from wushe.lines.charity import disclosure, selectors
from wushe.lines.charity.duty_list import owed
from wushe.lines.charity.models import Fund
from wushe.registers.areas.selectors import place_names

SIZE = 20
HEAD = ["line", "date", "who", "what", "category", "amount_fen", "state", "document"]
_FIELDS = [
    ("line", "string", "编号：donation 为收入，expense 为支出"), ("date", "date", "到账或付款日期"),
    ("who", "string", "捐赠人或收款单位；个人已隐去姓名"), ("what", "string", "用途或捐赠意愿；应保密的姓名已隐去"),
    ("category", "string", "用途类别"), ("amount_fen", "integer", "金额，单位为分；支出为负数"),
    ("state", "string", "状态"), ("document", "string", "收据或票据编号"),
]  # fmt: skip


@require_GET
@public
def home(request: HttpRequest) -> HttpResponse:
    """Show all funds, or all projects, that the public may look into."""
    text, kind = request.GET.get("q", "")[:40], "projects" if request.GET.get("kind") == "projects" else "funds"
    if kind == "projects":
        page = page_of(disclosure.public_projects(text=text), request.GET, size=SIZE)
        rows: list[tuple[Any, ...]] = [(p, *_project_sums(p)) for p in page.rows]
    else:
        source = request.GET.get("source", "")
        source = source if source in SourceClass.values else ""
        page = page_of(disclosure.public_funds(text=text, source_class=source), request.GET, size=SIZE)
        rows = [(f, selectors.sums_of(f)) for f in page.rows]
    places = place_names(codes=[one.area_code for one in page.rows])
    context = {"kind": kind, "rows": rows, "page": page, "text": text, "places": places, "sources": SourceClass.choices,
               "kinds": [("projects", "项目", None)]}  # fmt: skip
    return render(request, "www/disclosure/home.html", context)


@require_GET
@public
def fund(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one fund: its sums, its lines, its duties, its notices, and the questions that were answered."""
    one, today = disclosure.public_fund(pk), timezone.localdate()
    veil, side = disclosure.veil_of_fund(one), "out" if request.GET.get("side") == "out" else "in"
    rows = disclosure.expenses_in(one) if side == "out" else disclosure.donations_in(one)
    page = page_of(rows, request.GET, size=SIZE)
    line = disclosure.expense_line if side == "out" else disclosure.donation_line
    duties = owed(funds=[one], on=today, ahead=timedelta(days=366))
    answered = [(veil.over(q.text), veil.over(q.answer), q) for q in disclosure.answered_in(one)[:20]]
    context = {
        "fund": one, "sums": selectors.sums_of(one), "side": side, "page": page,
        "lines": [line(row, veil) for row in page.rows],
        "open_duties": [d for d in duties if d.done is None][:4], "done_duties": [d for d in duties if d.done][-8:],
        "purpose": veil.over(one.purpose), "sides": [("out", "支出明细", None)],
        "notices": [(veil.over(e.title), e) for e in disclosure.notices_of(one, on=today)],
        "answered": answered, "place": place_names(codes=[one.area_code]).get(one.area_code, ""),
    }  # fmt: skip
    return render(request, "www/disclosure/fund.html", context)


@require_GET
@public
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one project: its money by source, what was paid for it, and how far it is."""
    one = disclosure.public_project(pk)
    planned, left = _project_sums(one)
    expenses = one.expenses.filter(state__in=disclosure.SHOWN).select_related("payee_person", "payee_organisation")
    veil = disclosure.veil_of(expenses, disclosure.donations_behind(expenses))
    page = page_of(expenses, request.GET, size=SIZE)
    context = {
        "project": one, "purpose": veil.over(one.purpose), "planned": planned, "left": left, "used": planned - left, "page": page,
        "scene": scene_title(one.scene), "lines": [disclosure.expense_line(row, veil) for row in page.rows],
        "needs": disclosure.progress_of(one), "place": place_names(codes=[one.area_code]).get(one.area_code, ""),
    }  # fmt: skip
    return render(request, "www/disclosure/project.html", context)


@require_GET
@public
def lines(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """Give every public line of a fund as CSV, the oldest first; described by its data package."""
    one = disclosure.public_fund(pk)
    response = StreamingHttpResponse(written_rows(HEAD, _rows(one)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="fund-{one.pk}-lines.csv"'
    return response


@require_GET
@public
def package(request: HttpRequest, pk: int) -> JsonResponse:
    """Describe the CSV of a fund as a data package: names, types and meaning of its columns."""
    one = disclosure.public_fund(pk)
    fields = [{"name": name, "type": kind, "description": words} for name, kind, words in _FIELDS]
    described = {
        "profile": "tabular-data-package", "name": f"fund-{one.pk}", "title": one.title, "description": one.purpose,
        "created": timezone.localtime().isoformat(timespec="seconds"),
        "resources": [{
            "profile": "tabular-data-resource", "name": "lines", "path": "lines.csv", "format": "csv",
            "mediatype": "text/csv", "encoding": "utf-8",
            "schema": {"fields": fields, "primaryKey": "line", "missingValues": [""]},
        }],
    }  # fmt: skip
    return JsonResponse(described, json_dumps_params={"ensure_ascii": False, "indent": 2})


class _Echo:
    def write(self, value: str) -> str:
        """Hand a written row on."""
        return value


def written_rows(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """Yield the lines of a CSV as they are made; no text in it runs as a formula."""
    writer = csv.writer(_Echo())
    yield str(writer.writerow(head))
    for row in rows:
        yield str(writer.writerow([harmless(cell) if isinstance(cell, str) else cell for cell in row]))


def _rows(one: Fund) -> Iterator[list[object]]:
    for line in disclosure.lines_of(one):
        yield [f"{line.kind}-{line.pk}", line.on.isoformat(), line.who, line.what, line.category, line.amount_fen,
               line.state, line.document]  # fmt: skip


def _project_sums(one: Project) -> tuple[int, int]:
    lines = one.budget_lines.all()
    return sum(b.amount_fen for b in lines), sum(b.account.balance for b in lines)
