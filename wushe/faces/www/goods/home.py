"""What waits for somebody in the stores, and the lists of the desk as files."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.actor import Actor
from wushe.foundation.counting import show_count
from wushe.foundation.errors import NotFound
from wushe.foundation.journal.exports import note_export
from wushe.lines.goods import selectors

Table = tuple[list[str], Iterable[list[object]]]


@require_GET
@allow("goods:view")
def home(request: PageRequest) -> HttpResponse:
    """Show what waits, each figure with the rows behind it."""
    actor = request.actor
    counts = selectors.waiting(actor=actor, on=timezone.localdate())
    context = {
        "counts": {name: show_count(count) for name, count in counts.items()}, "raw": counts,
        "recalls": selectors.open_recalls(actor=actor), "may": rights(actor),
    }  # fmt: skip
    return render(request, "www/goods/home.html", context)


def rights(actor: Actor) -> dict[str, bool]:
    """Return what the actor may do with goods."""
    return {name: actor.may(f"goods:{name}") for name in ("keep", "allocate", "second", "recall")}


@require_POST
@allow("goods:view")
def export(request: PageRequest, name: str) -> HttpResponse:
    """Give a list as a table; each export is journalled."""
    if name not in _TABLES:
        raise NotFound
    actor, state, text = request.actor, request.POST.get("state", "")[:20], request.POST.get("q", "")[:40]
    head, found = _TABLES[name](actor, state, text)
    rows = list(found)
    note_export(
        actor=actor, at=timezone.now(), list_name=f"goods_{name}", rows=len(rows), permission="goods:view",
        filters={"state": state} if state else {},
    )  # fmt: skip
    return table_file(name=name, kind=request.POST.get("format", "xlsx"), head=head, rows=rows)


def _counts(actor: Actor, state: str, text: str) -> Table:
    rows = selectors.find_counts(actor=actor, state=state, text=text)[:MOST_ROWS]
    return ["编号", "地点", "开始时间", "盘点时间", "入账时间", "状态"], (
        [c.pk, c.facility.name, c.started_at, c.counted_at, c.booked_at, c.get_state_display()] for c in rows
    )


def _write_offs(actor: Actor, state: str, text: str) -> Table:
    rows = selectors.find_write_offs(actor=actor, state=state, text=text)[:MOST_ROWS]
    return ["编号", "物品", "批次号", "地点", "数量", "原因", "说明", "申请时间", "复核时间", "状态"], (
        [w.pk, w.position.batch.article.title, w.position.batch.number, w.position.shelf.facility.name, w.quantity,
         w.get_reason_display(), w.note, w.asked_at, w.decided_at, w.get_state_display()]
        for w in rows
    )  # fmt: skip


def _recalls(actor: Actor, state: str, text: str) -> Table:
    rows = selectors.find_recalls(actor=actor, state=state, text=text)[:MOST_ROWS]
    return ["编号", "物品", "生产批号", "原因", "请居民怎么做", "发起时间", "结束时间", "状态"], (
        [r.pk, r.article.title, r.maker_batch, r.reason, r.advice, r.started_at, r.closed_at, r.get_state_display()]
        for r in rows
    )


_TABLES: dict[str, Any] = {"counts": _counts, "write_offs": _write_offs, "recalls": _recalls}
