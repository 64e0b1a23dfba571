"""Oversight: indicators, where chains stop, and the journal; every figure opens the rows behind it."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaFilter, Code, Day, Id
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Page, Paging, page
from wushe.foundation.journal.models import JournalEntry
from wushe.oversight.periods import PERIODS
from wushe.oversight.selectors import breaks as stopping
from wushe.oversight.selectors import figures as counted
from wushe.oversight.selectors.journal import JournalFilter, journal
from wushe.oversight.selectors.lists import present, with_related
from wushe.oversight.selectors.places import place

router = Resource("监督")


class FigureShown(Schema):
    """One indicator of one area as of one day."""

    code: str
    group: str
    title: str
    unit: str
    meaning: str
    numerator: int
    denominator: int | None
    value: float | None


class BreakShown(Schema):
    """How many chains stop at one place."""

    code: str
    stage: str
    title: str
    meaning: str
    advice: str
    count: int


class RowShown(Schema):
    """One thing behind a figure: what it is, and the need whose chain it belongs to."""

    kind: str
    id: int
    need_id: int | None


class EntryShown(Schema):
    """One row of the journal: codes and ids, never personal data."""

    id: int
    lane_id: int
    seq: int
    at: datetime
    kind: str
    subject_kind: str
    subject_id: int
    area_code: str
    actor_id: int
    role_code: str
    data: dict[str, Any]
    hash: str


class FigureQuery(Schema):
    """Which area, day and period."""

    area_code: AreaFilter = ""
    as_of: Day | None = None
    period: Literal["month", "quarter"] = "month"


class PartQuery(FigureQuery):
    """Which part of a figure."""

    part: Literal["numerator", "denominator"] = "numerator"


class AreaQuery(Schema):
    """Which area; the token's own without."""

    area_code: AreaFilter = ""


class JournalQuery(Schema):
    """What the journal is narrowed to."""

    kind: Code = ""
    thing: Annotated[Code, Field(description="对象类型，例如 need")] = ""
    number: Id | None = None
    first: Day | None = None
    last: Day | None = None


@router.reads("/indicators", "oversight:view", gives=list[FigureShown], name="indicator_list", summary="指标")
def indicators(request: ApiRequest, where: Query[FigureQuery]) -> list[dict[str, Any]]:
    """Return every indicator of an area from the latest count up to a day."""
    as_of = where.as_of or timezone.localdate()
    code = place(actor=request.actor, area_code=where.area_code, on=timezone.localdate()).code
    found = counted.figures(actor=request.actor, area_code=code, as_of=as_of, period=PERIODS[where.period])
    return [
        {
            **{name: getattr(one.indicator, name) for name in ("code", "group", "title", "unit", "meaning")},
            "numerator": one.numerator, "denominator": one.denominator, "value": one.value,
        }
        for one in found
    ]  # fmt: skip


@router.reads(
    "/indicators/{code}/rows", "oversight:view", gives=Page[RowShown], name="indicator_rows", summary="指标背后的记录"
)
def indicator_rows(request: ApiRequest, code: Code, where: Query[PartQuery], paging: Query[Paging]) -> dict[str, Any]:
    """List the things that an indicator counts."""
    area = place(actor=request.actor, area_code=where.area_code, on=timezone.localdate()).code
    rows = counted.figure_rows(
        actor=request.actor, code=code, area_code=area, at=_end_of(where.as_of), part=where.part,
        period=PERIODS[where.period],
    )  # fmt: skip
    return _shown(rows, paging, newest_first=True)


@router.reads("/breaks", "oversight:view", gives=list[BreakShown], name="break_list", summary="断点")
def breaks(request: ApiRequest, where: Query[AreaQuery]) -> list[dict[str, Any]]:
    """Say how many chains stop where."""
    code = place(actor=request.actor, area_code=where.area_code, on=timezone.localdate()).code
    found = stopping.breaks(actor=request.actor, area_code=code, at=timezone.now())
    names = ("code", "stage", "title", "meaning", "advice")
    return [{"count": one.count} | {name: getattr(one.kind, name) for name in names} for one in found]


@router.reads(
    "/breaks/{code}/rows", "oversight:view", gives=Page[RowShown], name="break_rows", summary="断点背后的记录"
)
def break_rows(request: ApiRequest, code: Code, where: Query[AreaQuery], paging: Query[Paging]) -> dict[str, Any]:
    """List the things whose chain stops here, oldest first."""
    area = place(actor=request.actor, area_code=where.area_code, on=timezone.localdate()).code
    rows = stopping.break_rows(actor=request.actor, code=code, area_code=area, at=timezone.now())
    return _shown(rows, paging, newest_first=False)


@router.lists("/journal", "journal:view", item=EntryShown, name="journal", summary="操作台账")
def entries(request: ApiRequest, where: Query[JournalQuery], paging: Query[Paging]) -> QuerySet[JournalEntry]:
    """List who did what to which thing, newest first."""
    asked = JournalFilter(
        kind=where.kind, thing=where.thing, number=where.number, first=where.first, last=where.last
    )  # fmt: skip
    return journal(actor=request.actor, where=asked)


def _shown(rows: "QuerySet[Any]", paging: Paging, *, newest_first: bool) -> dict[str, Any]:
    found = page(with_related(rows), paging, newest_first=newest_first)
    items = [{"kind": row.kind, "id": row.pk, "need_id": row.need_id} for row in present(rows, found["items"])]
    return {"items": items, "next": found["next"]}


def _end_of(day: date | None) -> datetime:
    """Return the present, or noon of an earlier day: which instant of it does not matter."""
    if day is None:
        return timezone.now()
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))  # noqa: DTZ001 — made aware here
