"""Where the chain breaks in an area (F1, F130): each figure is a query, and the same query gives its rows.

Needs with no project, orders with no taker, visits with no proof, work with no money, volunteers with no post.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Min, Q, QuerySet

from wushe.chain.orders.models import Answer, Offer
from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import visible, within
from wushe.oversight.break_kinds import BY_CODE, KINDS, STAGES, BreakKind, Stage

Rows = QuerySet[Any]
_ALL = 10_000_000
_MOST_REASONS = 6


@dataclass(frozen=True, slots=True)
class Break:
    """How many chains stop at one place in one area."""

    kind: BreakKind
    count: int


@dataclass(frozen=True, slots=True)
class StageLoad:
    """One stage of the chain in an area: how much is in hand, and how many chains stop here for which reason."""

    stage: Stage
    in_hand: int
    breaks: list[Break]

    @property
    def stopped(self) -> int:
        """Return the number of chains that stop at this stage."""
        return sum(one.count for one in self.breaks)


@dataclass(frozen=True, slots=True)
class Share:
    """One part of a figure: its label and its size."""

    label: str
    count: int


def breaks(*, actor: Actor, area_code: str, at: datetime) -> list[Break]:
    """Return how many chains stop where, inside one area of the actor's scope; raise NotAllowed without the right."""
    counts = capped_counts({kind.code: _rows(actor, kind, area_code, at) for kind in KINDS}, cap=_ALL)
    return [Break(kind, counts[kind.code]) for kind in KINDS]


def stages(*, actor: Actor, area_code: str, at: datetime) -> list[StageLoad]:
    """Return the chain stage by stage with what is in hand and what stops; two queries; raise NotAllowed."""
    found = breaks(actor=actor, area_code=area_code, at=at)
    in_hand = capped_counts(
        {stage.code: visible(stage.rows(at), actor).filter(within(area_code)) for stage in STAGES}, cap=_ALL
    )
    return [
        StageLoad(stage, in_hand[stage.code], [one for one in found if one.kind.stage == stage.code])
        for stage in STAGES
    ]


def break_rows(*, actor: Actor, code: str, area_code: str, at: datetime) -> Rows:
    """Return the rows behind one figure, oldest first; raise NotFound for an unknown code, NotAllowed."""
    return _rows(actor, kind_of(code), area_code, at).order_by("id")


def kind_of(code: str) -> BreakKind:
    """Return the kind of break; raise NotFound for an unknown code."""
    if code not in BY_CODE:
        raise NotFound
    return BY_CODE[code]


def breaks_by_area(*, actor: Actor, code: str, area_code: str, at: datetime, column: str) -> dict[str, int]:
    """Return the figure of one break for each street or community (`column`) inside an area; for the map."""
    return dict(_counted(_rows(actor, kind_of(code), area_code, at), column).order_by("part"))


def breaks_table(*, actor: Actor, area_code: str, at: datetime, column: str) -> dict[str, dict[str, int]]:
    """Return for each street or community (`column`) how many chains stop at each place; one query per kind."""
    table: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        for place, count in breaks_by_area(
            actor=actor, code=kind.code, area_code=area_code, at=at, column=column
        ).items():
            table.setdefault(place, {})[kind.code] = count
    return table


def why(*, actor: Actor, code: str, area_code: str, at: datetime) -> list[Share]:
    """Return the reasons or the services that most of the stopped chains share, the most frequent first."""
    kind = kind_of(code)
    rows = _rows(actor, kind, area_code, at)
    if code == "orders_without_taker":
        refusals = Offer.objects.filter(order__in=rows.values("pk"), answer__in=[Answer.REFUSED, Answer.EXPIRED])
        said = refusals.order_by().values_list("answer", "reason").annotate(n=Count("pk")).order_by("-n")
        return [Share(reason or Answer(answer).label, n) for answer, reason, n in said[:_MOST_REASONS]]
    if not kind.reason:
        return []
    return [Share(label or "没有写明", n) for label, n in _counted(rows, kind.reason).order_by("-n")[:_MOST_REASONS]]


def for_whom(*, actor: Actor, code: str, area_code: str, at: datetime) -> list[Share]:
    """Return for how many people chains stop here, how many of them are 80 and older, and how many live alone."""
    kind = kind_of(code)
    if not kind.person:
        return []
    rows = _rows(actor, kind, area_code, at)
    path = kind.person
    eighty = at.replace(year=at.year - 80, day=min(at.day, 28)).date()
    counted = rows.model._default_manager.filter(pk__in=rows.values("pk")).aggregate(
        people=Count(path, distinct=True),
        old=Count(path, distinct=True, filter=_where(path, "born_on__lte", eighty)),
        alone=Count(path, distinct=True, filter=_where(path, "lives_alone", True)),
    )
    return [
        Share("涉及居民", counted["people"]),
        Share("80岁以上", counted["old"]),
        Share("独居", counted["alone"]),
    ]


def oldest(*, actor: Actor, code: str, area_code: str, at: datetime) -> datetime | None:
    """Return since when the longest of these chains has stopped, None if it has no time or nothing stops."""
    kind = kind_of(code)
    if not kind.since:
        return None
    found: datetime | None = _rows(actor, kind, area_code, at).aggregate(first=Min(kind.since))["first"]
    return found


def _where(path: str, lookup: str, value: Any) -> Q:
    return Q(**{f"{path}__{lookup}": value})


def _counted(rows: Rows, column: str) -> Rows:
    """Count rows by a column; a query that groups already is wrapped."""
    plain = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk"))
    counted: Rows = plain.order_by().annotate(part=F(column)).values_list("part").annotate(n=Count("pk"))
    return counted


def _rows(actor: Actor, kind: BreakKind, area_code: str, at: datetime) -> Rows:
    actor.require("oversight:view")
    return visible(kind.rows(at, area_code), actor).filter(within(area_code))
