"""The journal: who did what to which thing, when; and whether the chain of its rows is whole."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.paging import page_of
from wushe.faces.www.spreadsheets import MOST_ROWS, spreadsheet
from wushe.oversight.selectors.journal import (
    JournalFilter,
    JournalLine,
    anchors,
    journal,
    lines,
    verifications,
)
from wushe.oversight.selectors.titles import THINGS, kinds_by_group
from wushe.oversight.services import log_export
from wushe.oversight.verification import ask_verification

HEADS = ("时间", "谁", "身份", "做了什么", "对象", "所在地", "内容")


@require_GET
@allow("journal:view")
def journal_page(request: PageRequest) -> HttpResponse:
    """Show the journal of the actor's area, newest first, narrowed by account, act, thing and time."""
    where, faults = _where(request)
    page = page_of(journal(actor=request.actor, where=where), request.GET)
    return render(request, "www/district/journal.html", {
        "lines": [_line(request, line) for line in lines(page.rows)],
        "page": page,
        "where": where,
        "faults": faults,
        "groups": kinds_by_group(),
        "things": sorted(THINGS.items(), key=lambda pair: pair[1]),
        "anchors": anchors(actor=request.actor),
        "verifications": verifications(actor=request.actor),
        "export_query": request.GET.urlencode(),
    })  # fmt: skip


@require_POST
@allow("journal:view")
def export_journal(request: PageRequest) -> HttpResponse:
    """Give the narrowed journal as a file; the export is itself a row of the journal."""
    where, _ = _where(request)
    found = lines(list(journal(actor=request.actor, where=where)[:MOST_ROWS]))
    now = timezone.now()
    log_export(actor=request.actor, at=now, what="journal", area_code=request.actor.area_code, rows=len(found))
    rows = [
        [
            f"{timezone.localtime(one.entry.at):%Y-%m-%d %H:%M:%S}",
            one.who,
            one.role,
            one.title,
            one.thing,
            one.place,
            one.words,
        ]
        for one in found
    ]
    note = f"导出于{timezone.localtime(now):%Y-%m-%d %H:%M}，共{len(rows)}行，最新的在前"
    return spreadsheet(title="操作台账", note=note, heads=HEADS, rows=rows)


@require_POST
@allow("journal:view")
def verify_journal(request: PageRequest) -> HttpResponse:
    """Check that no row of the journal was changed or taken out, and say so."""
    verdict = ask_verification(actor=request.actor, at=timezone.now())
    if verdict is None:
        messages.info(request, "日志较多，正在后台核对，几分钟后刷新本页看结果。")
    elif verdict.broken:
        lane, seq = verdict.broken[0]
        messages.error(request, f"日志链不完整：第{lane}条链从第{seq}行起对不上，请立即保全数据库并上报。")
    else:
        messages.success(request, f"日志链完整：{verdict.rows:,}行逐行核对，没有被改动或删去。")
    return redirect("district:journal")


def _line(request: PageRequest, line: JournalLine) -> dict[str, Any]:
    address = page_of_thing(request.actor, line.entry.subject_kind, line.entry.subject_id)
    return {"line": line, "address": address}


def _where(request: PageRequest) -> tuple[JournalFilter, dict[str, str]]:
    """Read the filter from the address; what cannot be read is said beside its field and left open."""
    query, faults = request.GET, {}
    days: dict[str, date | None] = {"first": None, "last": None}
    for name in days:
        if text := query.get(name, "").strip():
            try:
                days[name] = date.fromisoformat(text)
            except ValueError:
                faults[name] = "日期请写成 2026-11-22 这样。"
    number = query.get("number", "").strip().lstrip("#")
    if number and not (number.isascii() and number.isdigit() and len(number) < 18):
        faults["number"] = "编号是数字。"
        number = ""
    where = JournalFilter(
        who=query.get("who", "").strip(), kind=query.get("kind", ""), thing=query.get("thing", ""),
        number=int(number) if number else None, first=days["first"], last=days["last"],
    )  # fmt: skip
    return where, faults
