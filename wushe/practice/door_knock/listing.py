"""Read the four lists: narrowed, counted, and as the sheets that offices keep (columns of the common practice)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible
from wushe.registers.areas.selectors import place_names

from .models import ListKind, ListLine, ListState

OPEN = (ListState.OPEN, ListState.AGREED)


@dataclass(frozen=True, slots=True)
class Where:
    """What a list is narrowed to. `due`: "late" is over its day, "none" has no measure yet."""

    kind: str = ListKind.PROBLEM.value
    state: str = ""
    due: str = ""
    text: str = ""


def lines_of(*, actor: Actor, where: Where, on: date) -> QuerySet[ListLine]:
    """Return the lines of one list in the actor's scope, newest first; raise NotAllowed."""
    actor.require("door_knock:view")
    rows = visible(ListLine.objects.filter(kind=where.kind), actor)
    if where.state:
        rows = rows.filter(state=where.state)
    if where.due == "late":
        rows = rows.filter(due_on__lt=on, state__in=OPEN)
    elif where.due == "none":
        rows = rows.filter(state=ListState.OPEN)
    if where.text:
        rows = rows.filter(
            Q(text__contains=where.text) | Q(owner__contains=where.text) | Q(person__name__contains=where.text)
        )
    return rows.select_related("person", "need", "item", "project", "campaign", "target").order_by("-id")


def counts_of(*, actor: Actor, on: date) -> Mapping[str, int]:
    """Return how many lines of each list are not finished."""
    rows = visible(ListLine.objects.filter(state__in=OPEN), actor).order_by().values("kind").annotate(count=Count("id"))
    return {**dict.fromkeys(ListKind.values, 0), **{row["kind"]: row["count"] for row in rows}}


def line_of(*, actor: Actor, line_id: int) -> ListLine:
    """Return one line; raise NotAllowed, NotFound."""
    actor.require("door_knock:view")
    rows = ListLine.objects.select_related("person", "need", "item", "project", "campaign", "target")
    return obtain(rows, actor, pk=line_id)


def sheet_of(*, kind: str, lines: Sequence[ListLine]) -> tuple[list[str], list[list[Any]]]:
    """Return head and rows of the sheet of one list."""
    places = place_names(codes=[line.area_code for line in lines])
    common = ["措施", "责任人", "期限", "状态", "办结说明", "办结时间"]
    own: dict[str, list[str]] = {
        ListKind.PROBLEM: ["编号", "来源", "地点", "居民", "内容", "需求编号", "需求状态", "涉及人数", "发现日期"],
        ListKind.SERVICE: ["编号", "来源", "地点", "居民", "目录编码", "服务内容", "发现日期"],
        ListKind.RESOURCE: ["编号", "来源", "地点", "提供人", "内容", "类别", "发现日期"],
        ListKind.PROJECT: ["编号", "来源", "地点", "项目", "项目编号", "受益人数", "列入日期"],
    }
    rows = [
        [*_own(line, kind, places.get(line.area_code, "")), line.measure, line.owner, line.due_on, line.get_state_display(),
         line.proof, line.ended_at]
        for line in lines
    ]  # fmt: skip
    return [*own[kind], *common], rows


def _own(line: ListLine, kind: str, place: str) -> list[Any]:
    who = line.person.name if line.person else ""
    if kind == ListKind.PROBLEM:
        need = [line.need_id, line.need.get_state_display()] if line.need else ["", ""]
        return [line.pk, "敲门", place, who, line.text, *need, line.affected, line.found_on]
    if kind == ListKind.SERVICE:
        return [line.pk, "敲门", place, who, line.item.code if line.item else "", line.text, line.found_on]
    if kind == ListKind.RESOURCE:
        return [line.pk, "敲门", place, who, line.text, line.category, line.found_on]
    return [line.pk, "敲门", place, line.text, line.project_id, line.affected, line.found_on]
