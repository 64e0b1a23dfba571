"""The exchange with other systems: records in the national data items, and hours that were kept elsewhere."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out, posted
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.exports import note_export
from wushe.lines.volunteering import importing
from wushe.lines.volunteering.exchanging import KINDS, items_on, table_of
from wushe.registers.rounds.reading.books import UnreadableFile, open_book

from .forms import SpanForm

MOST_BYTES = 5_000_000


class ExchangeForm(SpanForm):
    """Which records, of which time, as which file."""

    kind = forms.ChoiceField(label="哪一类记录", choices=[(code, kind.title) for code, kind in KINDS.items()])
    format = forms.ChoiceField(label="文件", choices=[("xlsx", "Excel"), ("csv", "CSV")], initial="xlsx")


class ImportForm(forms.Form):
    """A file of hours, and where they were kept."""

    system = forms.CharField(label="原来记在哪个系统", max_length=40, help_text="例如：志愿北京、中国志愿服务网。")
    file = forms.FileField(
        label="时长文件", help_text="Excel 或 CSV，最多2000行；列：" + "、".join(importing.COLUMNS) + "。"
    )

    def clean_file(self) -> list[list[Any]]:
        """Return the rows of the first sheet."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件最大5MB，请拆成几个文件。")
        content = file.read()
        try:
            leaf = next(iter(open_book(lambda: [content], size=len(content)).leaves()), None)
            return (
                [list(line) for _, line in zip(range(importing.MOST_ROWS + 2), leaf.lines, strict=False)]
                if leaf
                else []
            )
        except UnreadableFile as refusal:
            raise forms.ValidationError(refusal.message) from None


@require_http_methods(["GET", "POST"])
@allow("volunteering:view")
def exchange(request: PageRequest) -> HttpResponse:
    """Give the records of one kind as a file in the national data items; the taking is journalled."""
    today = timezone.localdate()
    form = ExchangeForm(posted(request), initial={"since": today.replace(month=1, day=1), "until": today})
    if request.method == "POST" and form.is_valid():
        clean = form.cleaned_data
        table = table_of(
            actor=request.actor, code=clean["kind"], since=clean["since"], until=clean["until"], most=MOST_ROWS
        )
        note_export(
            actor=request.actor, at=timezone.now(), list_name=f"mzt061_{clean['kind']}", rows=len(table.rows),
            filters={"since": str(clean["since"]), "until": str(clean["until"])}, permission="volunteering:view",
        )  # fmt: skip
        return table_file(name=f"mzt061-{clean['kind']}", kind=clean["format"], head=table.head, rows=table.rows)
    items = items_on(actor=request.actor, on=today)
    context = {
        "form": form,
        "items": items,
        "kinds": items.value.items(),
    }
    return render(request, "www/volunteering/exchange.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("volunteering:organise")
def imports(request: PageRequest) -> HttpResponse:
    """Show what was brought in from other systems, and take another file."""
    form = ImportForm(posted(request), request.FILES or None)
    if request.method == "POST":
        done = carry_out(form, lambda clean: importing.import_hours(
            actor=request.actor, at=timezone.now(), system=clean["system"], rows=clean["file"]
        ))  # fmt: skip
        if done is not None:
            again = f"，{done.known} 条以前导入过，没有重复" if done.known else ""
            messages.success(request, f"导入了 {done.new} 条{again}，等另一位工作人员核对后计入。")
            return redirect("volunteering:imports")
    rows = list(importing.imports(actor=request.actor)[:200])
    for row in rows:
        row["own"] = row["recorded_by"] == request.actor.user_id
    return render(
        request, "www/volunteering/imports.html", {"form": form, "rows": rows}, status=422 if form.errors else 200
    )


@require_GET
@allow("volunteering:organise")
def template(request: PageRequest) -> HttpResponse:
    """Give an empty file with the columns of an import."""
    example = ["511602000000000001", "社区助餐点帮忙", "2026-03-05 09:00", "2026-03-05 11:00", "原系统里的记录编号"]
    return table_file(name="hours-template", kind="xlsx", head=importing.COLUMNS, rows=[example])


@require_POST
@allow("volunteering:organise")
def accept_import(request: PageRequest, recorded_by: int) -> HttpResponse:
    """Let what one person brought in from one system count."""
    try:
        count = importing.accept_import(
            actor=request.actor, at=timezone.now(), system=request.POST.get("system", "")[:40], recorded_by=recorded_by
        )
    except (Conflict, Invalid) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"{count} 条时长已核对计入，“外部导入”的标记一直保留。")
    return redirect("volunteering:imports")
