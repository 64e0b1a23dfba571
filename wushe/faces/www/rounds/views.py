"""The pages of a round: choose a register, upload, look at what would happen, settle the columns, import, take the result."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, whole
from wushe.faces.www.spreadsheets import empty_sheet, spreadsheet
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.exports import note_export
from wushe.registers.rounds import selectors, services
from wushe.registers.rounds.models import ImportRound, RoundState
from wushe.registers.rounds.sheets.description import CREATE, REFUSE, SAME, UPDATE, Sheet

from .forms import ColumnsForm, UploadForm

MOST_RESULT_ROWS = 100_000


@require_GET
@desk("rounds:import")
def rounds(request: PageRequest) -> HttpResponse:
    """Show the registers that can be filled from a spreadsheet, and the rounds of before."""
    found = selectors.rounds_of(actor=request.actor)
    page = page_of(found, request.GET)
    titles = dict(selectors.registers_of(actor=request.actor))
    for row in page.rows:
        row.title = titles[row.register]
    context = {"registers": titles.items(), "page": page, "rows": page.rows}
    return render(request, "www/rounds/home.html", context)


@require_http_methods(["GET", "POST"])
@desk("rounds:import")
def start(request: PageRequest, register: str) -> HttpResponse:
    """Take a file for a register."""
    actor, at = request.actor, timezone.now()
    sheet = selectors.sheet_of(actor=actor, at=at, register=register)
    posted = request.method == "POST"
    form = UploadForm(request.POST if posted else None, request.FILES if posted else None)
    if posted:
        round_ = carry_out(form, lambda clean: services.upload_round(
            actor=actor, at=at, register=register, filename=clean["file"].name, blocks=clean["file"].chunks, size=clean["file"].size,
        ))  # fmt: skip
        if round_ is not None:
            return redirect("rounds:round", round_.pk)
    own = [column for column in sheet.columns if not column.code.startswith("tag:")]
    context = {"form": form, "sheet": sheet, "columns": own, "more": len(own) < len(sheet.columns)}
    return render(request, "www/rounds/start.html", context, status=422 if form.errors else 200)


@require_GET
@desk("rounds:import")
def empty_form(request: PageRequest, register: str) -> HttpResponse:
    """Give an empty spreadsheet with the headings, the cells of numbers and codes kept as text."""
    sheet = selectors.sheet_of(actor=request.actor, at=timezone.now(), register=register)
    notes = [(c.title, "必填" if c.required else "", c.hint) for c in sheet.columns if not c.code.startswith("tag:")]
    return empty_sheet(title=f"{sheet.title}导入表", notes=notes)


@require_GET
@desk("rounds:import")
def show(request: PageRequest, round_id: int) -> HttpResponse:
    """Show where a round is: how far the work is, what the dry run found beside each cell, or what became of the rows."""
    round_ = selectors.own_round(actor=request.actor, round_id=round_id)
    stuck = selectors.given_up(round_=round_)
    waiting = round_.state in selectors.AT_WORK and not stuck
    if waiting or request.headers.get("HX-Request"):
        return _progress(request, round_, waiting=waiting)
    sheet = selectors.sheet_of(actor=request.actor, at=timezone.now(), register=round_.register)
    context = {
        "round": round_, "sheet": sheet, "stuck": stuck, "again": stuck or round_.state == RoundState.FAILED,
        "may_take_back": selectors.may_be_taken_back(round_=round_), "stayed": stayed(request.actor, round_),
        "can_import": round_.created + round_.updated + round_.unchanged, "changes": round_.created + round_.updated,
    }  # fmt: skip
    if "columns" in round_.layout and round_.state != RoundState.DISCARDED:
        context |= _preview(request, round_, sheet)
    return render(request, "www/rounds/round.html", context)


def stayed(actor: Actor, round_: ImportRound) -> list[tuple[str, str, str]]:
    """Return what of a round was not taken back: what it is, its page, and why it stayed."""
    titles = dict(selectors.registers_of(actor=actor))
    found = []
    for label, pk, why in round_.stayed:
        kind = label.partition(".")[2]
        found.append((f"{titles.get(round_.register, '记录')} {pk}", page_of_thing(actor, kind, pk), why))
    return found


def _progress(request: PageRequest, round_: ImportRound, *, waiting: bool) -> HttpResponse:
    address = reverse("rounds:round", args=[round_.pk])
    if not waiting:
        return HttpResponse(headers={"HX-Redirect": address})
    done: int | None = round_.rows_checked
    if round_.state == RoundState.RETURNING:
        label, done, note = "正在撤回", None, f"{round_.message}已撤回 {round_.taken_back} 条。可以离开这个页面。"
    elif round_.state == RoundState.COMMITTING:
        label, done = "正在导入", max(round_.rows_written, min(round_.rows_checked, round_.rows))
        note = "要么整份写入，要么整份撤回，不会留下一半。可以离开这个页面。"
    else:
        label = "正在检查" if round_.rows else "正在读取"
        note = "可以离开这个页面，读完后在“表格导入”里查看。"
    context = {"round": round_, "label": label, "done": done if round_.rows else None, "note": note, "poll": address}
    part = request.headers.get("HX-Request")
    return render(request, "www/rounds/progress.html" if part else "www/rounds/waiting.html", context)


def _preview(request: PageRequest, round_: ImportRound, sheet: Sheet) -> dict[str, Any]:
    chosen = request.GET.get("show", "")
    start = whole(request.GET.get("after", ""))
    rows, after = selectors.rows_of(round_=round_, sheet=sheet, outcome=chosen, after=-1 if start is None else start)
    counts = ((CREATE, round_.created), (UPDATE, round_.updated), (SAME, round_.unchanged), (REFUSE, round_.refused))
    chips = [(code, selectors.OUTCOMES[code], count) for code, count in counts if count]
    titles = {column.code: column.title for column in sheet.columns}
    return {
        "rows": rows, "after": after, "heads": selectors.heads_of(round_=round_, sheet=sheet),
        "chips": [*chips, *([("note", "有提示", round_.remarked)] if round_.remarked else [])],
        "faults": [(titles.get(code, "整行"), count) for code, count in round_.layout.get("faults", [])][:8],
        "several": len(round_.layout["sheets"]) > 1,
        "left_out": [sheet for sheet in round_.layout["sheets"] if sheet["left_out_count"]],
        "unread": selectors.unread(round_=round_),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk("rounds:import")
def columns(request: PageRequest, round_id: int) -> HttpResponse:
    """Settle what each heading means; it is remembered for this office."""
    actor, at = request.actor, timezone.now()
    round_ = selectors.own_round(actor=actor, round_id=round_id)
    if round_.state != RoundState.PREVIEWED:
        raise Conflict("这份表现在不能改列，请刷新后查看。")
    sheet = selectors.sheet_of(actor=actor, at=at, register=round_.register)
    headings = round_.layout["headings"]
    chosen = {headings[place]: code for code, place in round_.layout["columns"].items()}
    choices = [(c.code, f"{c.title}（必填）" if c.required else c.title) for c in sheet.columns]
    form = ColumnsForm(
        request.POST if request.method == "POST" else None, headings=headings, chosen=chosen, choices=choices
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(actor=actor, at=at, round_id=round_id, said=form.said())
        except Invalid as refusal:
            form.refuse(refusal.fields)
        else:
            messages.success(request, "列已对好，下次上传同样的表会自动认出来。")
            return redirect("rounds:round", round_id)
    context = {"round": round_, "sheet": sheet, "form": form, "guessed": round_.layout["guessed"]}
    return render(request, "www/rounds/columns.html", context, status=422 if form.errors else 200)


@require_POST
@desk("rounds:import")
def commit(request: PageRequest, round_id: int) -> HttpResponse:
    """Import what the dry run let through, or go on with what was interrupted."""
    try:
        services.commit_round(actor=request.actor, at=timezone.now(), round_id=round_id)
    except (services.ColumnsMissing, services.NothingToImport) as refusal:
        messages.error(request, refusal.message)
        return redirect("rounds:round", round_id)
    return redirect("rounds:round", round_id)


@require_POST
@desk("rounds:import")
def discard(request: PageRequest, round_id: int) -> HttpResponse:
    """Put a round away with all that it kept."""
    services.discard_round(actor=request.actor, at=timezone.now(), round_id=round_id)
    messages.success(request, "已放弃这次导入，上传的内容已删除。")
    return redirect("rounds:rounds")


@require_POST
@desk("rounds:import")
def take_back(request: PageRequest, round_id: int) -> HttpResponse:
    """Take a whole round out of its register again."""
    services.take_back_round(actor=request.actor, at=timezone.now(), round_id=round_id)
    return redirect("rounds:round", round_id)


@require_POST
@desk("rounds:import")
def result(request: PageRequest, round_id: int) -> HttpResponse:
    """Give the file back with what became of each row; that it was taken is journalled."""
    actor, at = request.actor, timezone.now()
    round_ = selectors.own_round(actor=actor, round_id=round_id)
    if "columns" not in round_.layout or round_.state == RoundState.DISCARDED:
        raise Conflict("这份表还没有结果可以下载。")
    only_refused = bool(request.POST.get("refused")) or round_.rows > MOST_RESULT_ROWS
    lines = selectors.result_of(round_=round_, only_refused=only_refused)
    rows = round_.refused if only_refused else round_.rows
    note_export(
        actor=actor,
        at=at,
        list_name="import_result",
        rows=rows,
        filters={"round": str(round_.pk)},
        permission="registers:view",
    )
    title = f"{round_.filename.rpartition('.')[0] or round_.filename}-结果"
    return spreadsheet(
        title=title, note=f"{timezone.localtime(at):%Y-%m-%d %H:%M} 导入结果", heads=next(lines), rows=lines
    )
