"""Take orders over from the city's table, and the empty table with its columns."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out
from wushe.faces.www.spreadsheets import empty_sheet
from wushe.practice.hotline.importing import COLUMNS, import_orders
from wushe.practice.hotline.models import Kind, Topic

MOST_BYTES = 8 * 1024 * 1024
_NOTES = {
    "number": "照抄上级的编号；同一编号只收一次。", "kind": "、".join(str(label) for _, label in Kind.choices),
    "topic": "、".join(str(label) for _, label in Topic.choices), "words": "居民原话。", "area": "社区名称。",
    "urgency": "特急、紧急、一般、可缓；不写就按内容判断。", "received": "例如 2026-03-05 09:30；不写就是现在。",
}  # fmt: skip


class TableForm(forms.Form):
    """The city's table."""

    file = forms.FileField(
        label="表格文件", widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        help_text="Excel 或 CSV，最大8MB，最多2000行。",
        error_messages={"empty": "这个文件是空的。", **dict.fromkeys(("required", "missing", "invalid"), "请先选择文件。")},
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse a file that is too large."""
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError("文件太大，请拆成几个。")
        return file


@require_http_methods(["GET", "POST"])
@allow("hotline:receive")
def take_over(request: PageRequest) -> HttpResponse:
    """Take over the rows of a table, and say what became of each."""
    form = TableForm(request.POST, request.FILES) if request.method == "POST" else TableForm()
    outcome = None
    if request.method == "POST":
        outcome = carry_out(
            form,
            lambda clean: import_orders(actor=request.actor, at=timezone.now(), content=clean["file"].read()),
        )
    context = {"form": form, "outcome": outcome}
    return render(request, "www/hotline/import.html", context, status=422 if form.errors else 200)


@require_GET
@allow("hotline:receive")
def template(request: PageRequest) -> HttpResponse:
    """Give the empty table."""
    notes = [
        (words[0], "必填" if name in {"words", "area"} else "", _NOTES.get(name, "")) for name, words in COLUMNS.items()
    ]
    return empty_sheet(title="热线工单导入", notes=notes)
