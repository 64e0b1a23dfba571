"""Stock counts at the desk: begun at a place, counted blind on a sheet, and booked by a second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import carry_out, one_of, posted
from wushe.faces.www.tables import table_file
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.counting import counts_by_state
from wushe.foundation.journal.exports import note_export
from wushe.lines.goods import counting, selectors
from wushe.lines.goods.models import StockCount
from wushe.lines.goods.shelves import stores
from wushe.lines.goods.states import CountState

from .forms import BeginForm, choose
from .home import rights

COUNTED, OPEN = frozenset({CountState.COUNTED}), frozenset({CountState.OPEN})
ACTS = {
    "book": Act("复核入账", "按实盘数入账？少的转出，多的另立批次。", ("goods:second",), COUNTED, counting.book_count,
                "差异已入账。", icon="checks"),
    "again": Act("退回重盘", "退回重新盘点？账面数按现在的重列。", ("goods:second",), COUNTED, counting.count_again,
                 "已退回重盘。", icon="refresh"),
    "cancel": Act("取消盘点", "不盘了？不会入账。", ("goods:keep",), OPEN, counting.cancel_count, "盘点已取消。",
                  icon="ban", danger=True),
}  # fmt: skip


@require_GET
@allow("goods:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the counts."""
    actor, text = request.actor, request.GET.get("q", "")[:40]
    state = one_of(request.GET.get("state", ""), CountState.values)
    page = page_of(selectors.find_counts(actor=actor, state=state, text=text), request.GET, size=30)
    counts = counts_by_state(CountState, selectors.find_counts(actor=actor, text=text))
    context = {
        "page": page,
        "text": text,
        "state": state,
        "states": state_chips(CountState, counts),
        "may": rights(actor),
    }
    return render(request, "www/goods/counts.html", context)


@require_http_methods(["GET", "POST"])
@allow("goods:keep")
def begin(request: PageRequest) -> HttpResponse:
    """Begin a count at a place."""
    actor, form = request.actor, BeginForm(posted(request))
    choose(form, "facility_id", [(one.pk, one.name) for one in stores(actor, on=timezone.localdate())[:500]], "请选择")
    if request.method == "POST":
        made = carry_out(form, lambda clean: counting.begin_count(actor=actor, at=timezone.now(), **clean))
        if made:
            messages.success(request, "盘点已开始，请逐行数。")
            return redirect("goods:count", made.pk)
    context = {"form": form, "heading": "开始盘点", "button": "开始", "lead": "列出这里的全部批次，逐行数一遍。"}
    return render(request, "www/goods/form.html", context, status=422 if form.errors else 200)


@require_GET
@allow("goods:view")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show a count: the sheet to be filled in, or what was found beside what the books say."""
    count = selectors.count_of(actor=request.actor, count_id=pk)
    return _show(request, count, _sheet_form(selectors.lines_of(count), None), {})


@require_POST
@allow("goods:keep")
def write(request: PageRequest, pk: int) -> HttpResponse:
    """Take what was found on each line."""
    actor = request.actor
    count = selectors.count_of(actor=actor, count_id=pk)
    lines = selectors.lines_of(count)
    form = _sheet_form(lines, request.POST)

    def keep(clean: dict[str, Any]) -> object:
        found = {line.pk: clean[f"line_{line.pk}"] for line in lines}
        return counting.write_count(actor=actor, at=timezone.now(), count_id=pk, found=found)

    if not carry_out(form, keep):
        return _show(request, count, form, {})
    messages.success(request, "已交复核，请另一个人确认入账。")
    return redirect("goods:count", pk)


@require_POST
@allow("goods:view")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Book the differences, send the sheet back, or give the count up."""
    actor = request.actor
    what, count = chosen(ACTS, act, actor), selectors.count_of(actor=actor, count_id=pk)
    refused = carried_out(request, act, what, count, count_id=pk)
    if refused is None:
        return redirect("goods:count", pk)
    return _show(request, count, _sheet_form(selectors.lines_of(count), None), {act: refused})


@require_POST
@allow("goods:view")
def sheet(request: PageRequest, pk: int) -> HttpResponse:
    """Give the sheet to count on, without what the books say."""
    actor = request.actor
    count = selectors.count_of(actor=actor, count_id=pk)
    rows = [
        [line.position.batch.article.title, line.position.batch.number, line.position.batch.maker_batch,
         line.position.batch.expires_on, line.position.batch.article.unit, ""]
        for line in selectors.lines_of(count)
    ]  # fmt: skip
    note_export(
        actor=actor,
        at=timezone.now(),
        list_name="goods_count_sheet",
        rows=len(rows),
        permission="goods:view",
        filters={},
    )
    return table_file(
        name="count-sheet", kind="xlsx", head=["物品", "批次号", "生产批号", "保质期至", "单位", "实盘"], rows=rows
    )


class _SheetForm(forms.Form):
    """One number for each line of the sheet."""


def _sheet_form(lines: list[Any], sent: Any) -> forms.Form:
    form = _SheetForm(sent)
    errors = {"required": "请填写实际数到的数量，没有就写0。", "invalid": "请填写整数。", "min_value": "不能小于0。",
              "max_value": "数量太大，请核对。"}  # fmt: skip
    for line in lines:
        label = f"{line.position.batch.article.title} {line.position.batch.number}"
        form.fields[f"line_{line.pk}"] = forms.IntegerField(
            label=label, min_value=0, max_value=counting.MOST_PIECES, error_messages=errors
        )
    return form


def _show(request: PageRequest, count: StockCount, form: forms.Form, bound: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    lines = selectors.lines_of(count)
    context = {
        "count": count, "form": form, "offered": offered(ACTS, count, actor, bound), "problems": problems(bound),
        "rows": [(line, form[f"line_{line.pk}"], (line.found or 0) - line.expected) for line in lines],
        "names": names_of_accounts({count.started_by, count.counted_by or 0, count.booked_by or 0}),
        "may_keep": actor.may("goods:keep"), "blind": count.state == CountState.OPEN,
    }  # fmt: skip
    return render(request, "www/goods/count.html", context, status=422 if bound or form.errors else 200)
