"""The bulletin of a quarter: who is registered with each community, what they took on, and what came of it.

Persons, person-times and hours stand in columns of their own and are never added to each other (F66).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.lines.volunteering.figures import Figures, counted_hours, figures_by
from wushe.lines.volunteering.models import HourRecord
from wushe.lines.wishes.models import Claim, ClaimOutcome

from .models import CheckIn, CheckInKind, CheckInState

NOTHING = Figures(0, 0, 0)
RIGHT = "check_in:view"


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a year: 2026, 3 are the days from July to September."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """Return the quarter of a day."""
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        """Return its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """Return the quarter after it."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """Return the quarter before it."""
        return Quarter.of(self.first - timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"


@dataclass(frozen=True, slots=True)
class BulletinRow:
    """One community in one quarter, or one unit in a community."""

    key: str
    units: int = 0
    members: int = 0
    claims: int = 0
    realised: int = 0
    given: Figures = field(default=NOTHING)


def bulletin(*, actor: Actor, quarter: Quarter) -> list[BulletinRow]:
    """Return a row for each community of the actor's scope where anybody is registered; raise NotAllowed."""
    actor.require(RIGHT)
    there = visible(_there(quarter), actor)
    heads = there.order_by().values("community_code").annotate(
        units=Count("pk", filter=Q(kind=CheckInKind.UNIT)), people=Count("pk", filter=Q(kind=CheckInKind.MEMBER))
    )  # fmt: skip
    claims = visible(_claims(quarter), actor).order_by().values("undertaking__check_in__community_code").annotate(
        all=Count("pk"), kept=Count("pk", filter=Q(outcome=ClaimOutcome.KEPT))
    )  # fmt: skip
    took = {row["undertaking__check_in__community_code"]: row for row in claims}
    given = figures_by(visible(_hours(quarter), actor), "community_code")
    return [
        BulletinRow(
            row["community_code"], row["units"], row["people"], *_taken(took.get(row["community_code"])),
            given.get(row["community_code"], NOTHING),
        )
        for row in heads.order_by("community_code")
    ]  # fmt: skip


def units_in(*, actor: Actor, quarter: Quarter, area_code: str) -> list[BulletinRow]:
    """Return a row for each unit of one community, who did most first; the last is of people who name none.

    A unit's row holds what the unit itself and its registered people took on. Raises NotAllowed.
    """
    actor.require(RIGHT)
    there = list(visible(_there(quarter), actor).filter(area_code=area_code).select_related("unit"))
    names = {one.pk: one.name for one in there if one.kind == CheckInKind.UNIT}
    homes = {one.pk: one.pk if one.pk in names else _named(one, names) for one in there}
    members = Counter(homes[one.pk] for one in there if one.kind == CheckInKind.MEMBER)
    took: dict[int, Counter[str]] = defaultdict(Counter)
    claims = visible(_claims(quarter), actor).filter(undertaking__check_in__area_code=area_code)
    for by, outcome in claims.values_list("undertaking__check_in", "outcome"):
        took[homes.get(by, 0)].update(["all", *(["kept"] if outcome == ClaimOutcome.KEPT else [])])
    rows = []
    for unit in sorted({*names, *(homes[one.pk] for one in there)}):
        people = [one.person_id for one in there if one.person_id and homes[one.pk] == unit]
        hours = visible(_hours(quarter), actor).filter(community_code=area_code, volunteer__person__in=people)
        given = figures_by(hours, "community_code").get(area_code, NOTHING)
        rows.append(
            BulletinRow(
                names.get(unit, ""), int(bool(unit)), members[unit], took[unit]["all"], took[unit]["kept"], given
            )
        )
    return sorted(rows, key=lambda row: (not row.key, -row.realised, -row.given.minutes, row.key))


def _there(quarter: Quarter) -> "QuerySet[CheckIn]":
    """Return who was registered on any day of the quarter."""
    stays = Q(ended_on=None) | Q(ended_on__gte=quarter.first)
    confirmed = CheckIn.objects.filter(state__in=[CheckInState.STANDING, CheckInState.ENDED])
    return confirmed.filter(stays, confirmed_on__lte=quarter.last)


def _claims(quarter: Quarter) -> "QuerySet[Claim]":
    """Return the claims that were made as registered in the quarter, whatever became of them since."""
    days = (quarter.first, quarter.last)
    return Claim.objects.filter(undertaking__isnull=False, claimed_at__date__range=days)


def _hours(quarter: Quarter) -> "QuerySet[HourRecord]":
    """Return the hours that registered people served in their community while they were registered."""
    registered = CheckIn.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=OuterRef("day")), kind=CheckInKind.MEMBER,
        state__in=[CheckInState.STANDING, CheckInState.ENDED], confirmed_on__lte=OuterRef("day"),
        area_code=OuterRef("community_code"), person=OuterRef("volunteer__person"),
    )  # fmt: skip
    return counted_hours(since=quarter.first, until=quarter.last).filter(Exists(registered))


def _named(one: CheckIn, names: dict[int, str]) -> int:
    """Return the unit of this community that a person names; 0 if it is registered elsewhere, or none was named."""
    if one.unit_id in names:
        return int(one.unit_id or 0)
    same = (pk for pk, name in names.items() if one.unit and name == one.unit.name)
    return next(same, 0)


def _taken(row: Any) -> tuple[int, int]:
    return (row["all"], row["kept"]) if row else (0, 0)
