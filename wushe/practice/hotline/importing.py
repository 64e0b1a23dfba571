"""The city's hotline hands its orders over as a table: each row is taken once by its number, and a bad row is named."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from wushe.chain.needs.models import Urgency
from wushe.chain.needs.triage.urgency import read_urgency
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.registers.areas.selectors import places_of
from wushe.registers.rounds.reading.books import UnreadableFile, open_book

from .models import HotlineOrder, Kind, Topic
from .receiving import receive_order

MOST_ROWS = 2000
_HEADING_WITHIN = 10
# What offices call the columns; the first that stands in the sheet is read.
COLUMNS: dict[str, tuple[str, ...]] = {
    "number": ("热线工单号", "工单编号", "工单号", "编号"),
    "kind": ("诉求类型", "类型", "工单类型"),
    "topic": ("类别", "问题类别", "问题分类", "诉求类别"),
    "words": ("诉求内容", "内容", "反映内容", "问题描述", "主要内容"),
    "area": ("社区", "所属社区", "承办社区"),
    "place": ("地点", "发生地点", "具体地点", "地址"),
    "caller_name": ("诉求人", "来电人", "姓名", "联系人"),
    "caller_phone": ("联系电话", "来电号码", "电话"),
    "urgency": ("紧急程度", "紧急级别"),
    "received": ("接收时间", "来电时间", "受理时间"),
}


@dataclass(slots=True)
class Imported:
    """What became of the rows: new, known already, and refused with the line and why."""

    created: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


@domain_call("hotline:receive")
def import_orders(*, actor: Actor, at: datetime, content: bytes) -> Imported:
    """Take over the rows of a table; a row is refused by itself and the others stay. Raises Invalid for no such table."""
    lines = _lines(content)
    head, columns = _heading(lines)
    outcome = Imported()
    areas = {one.name: one.area_code for one in places_of(actor=actor, on=timezone.localdate(at))}
    for number, line in enumerate(lines[head + 1 :], start=head + 2):
        row = {name: _cell(line, place) for name, place in columns.items()}
        if not any(row.values()):
            continue
        if row.get("number") and HotlineOrder.objects.filter(number=row["number"]).exists():
            outcome.known += 1
            continue
        try:
            with transaction.atomic():
                receive_order(actor=actor, **_values(row, areas, at))
            outcome.created += 1
        except Invalid as refusal:
            outcome.refused.append((number, "；".join((refusal.fields or {"": refusal.message}).values())))
    return outcome


def _lines(content: bytes) -> list[list[Any]]:
    try:
        leaf = next(iter(open_book(lambda: iter([content]), size=len(content)).leaves()), None)
        lines = (
            [line for _, line in zip(range(MOST_ROWS + _HEADING_WITHIN + 1), leaf.lines, strict=False)] if leaf else []
        )
    except UnreadableFile as refusal:
        raise Invalid(fields={"file": refusal.message}) from refusal
    if len(lines) > MOST_ROWS + _HEADING_WITHIN:
        raise Invalid(fields={"file": f"一次最多{MOST_ROWS}行，请拆成几个文件。"})
    return lines


def _heading(lines: list[list[Any]]) -> tuple[int, dict[str, int]]:
    """Return on which line the headings stand, and in which column each value."""
    for number, line in enumerate(lines[:_HEADING_WITHIN]):
        said = [_text(cell) for cell in line]
        columns = {
            name: next(said.index(word) for word in words if word in said)
            for name, words in COLUMNS.items()
            if any(word in said for word in words)
        }
        if "words" in columns:
            return number, columns
    raise Invalid(fields={"file": "没有找到“诉求内容”这一列，请对照模板的列名。"})


def _values(row: dict[str, str], areas: dict[str, str], at: datetime) -> dict[str, Any]:
    """Return what a row says; an urgency that it leaves out is read from its words."""
    words = row.get("words", "")
    area = row.get("area", "")
    return {
        "at": _moment(row.get("received", ""), at),
        "kind": _coded(Kind, row.get("kind", "")) or Kind.HELP,
        "topic": _coded(Topic, row.get("topic", "")) or Topic.OTHER,
        "words": words,
        "area_code": areas.get(area) or next((code for name, code in areas.items() if area and area in name), ""),
        "place": row.get("place", "")[:100],
        "caller_name": row.get("caller_name", "")[:40],
        "caller_phone": row.get("caller_phone", ""),
        "urgency": _coded(Urgency, row.get("urgency", "")) or read_urgency(words).level,
        "number": row.get("number", "")[:40],
    }


def _coded(choices: type[models.TextChoices], label: str) -> str:
    return next((str(value) for value, word in choices.choices if label in {word, value} and label), "")


def _moment(text: str, at: datetime) -> datetime:
    """Return when the city received it; what cannot be read, or lies ahead, is now."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return at
    moment = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
    return min(moment, at)


def _cell(line: list[Any], place: int) -> str:
    return _text(line[place]) if place < len(line) else ""


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).replace("\x00", "").strip()
