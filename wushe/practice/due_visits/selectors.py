"""Read the visits: contacts of a plan, the search for somebody, and the monthly visit rate with its rows."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.roles import Reach
from wushe.foundation.scope import visible

from .models import Contact, NoAnswer, PlanState, SearchStep, VisitPlan


@dataclass(frozen=True, slots=True)
class RateRow:
    """How many of those who had to be visited in a month were seen or reached as the rules ask."""

    area_code: str
    people: int
    visited: int
    late: int

    @property
    def share(self) -> float | None:
        """Return the visit rate; None where nobody was to be visited."""
        return self.visited / self.people if self.people else None


def contacts_of(*, plan: VisitPlan) -> "QuerySet[Contact]":
    """Return the contacts of a plan that was seen within scope, the newest first."""
    return plan.contacts.order_by("-on", "-pk")


def searches_of(*, plan: VisitPlan) -> "QuerySet[NoAnswer]":
    """Return the searches for a person, the newest first."""
    return plan.searches.order_by("-pk")


def open_searches(*, actor: Actor) -> "QuerySet[NoAnswer]":
    """Return who is being searched for, the most pressing first; raise NotAllowed."""
    actor.require("due_visits:view")
    rows = visible(NoAnswer.objects.exclude(state=SearchStep.FOUND), actor)
    return rows.select_related("plan__person").order_by("due_at", "pk")


def monthly_rates(*, actor: Actor, month: date, on: date, level: int) -> list[RateRow]:
    """Return the visit rate of a month by the places of a level; raise NotAllowed without `due_visits:view`.

    Who was under visits on any day of the month counts, but not who was away for all of it.
    """
    actor.require("due_visits:view")
    assert actor.reach is Reach.AREA, "the right belongs to roles with an area"
    first, last = month.replace(day=1), month.replace(day=monthrange(month.year, month.month)[1])
    there = Q(begun_on__lte=last) & (Q(ended_on=None) | Q(ended_on__gte=first))
    away = Q(state=PlanState.PAUSED, paused_on__lt=first)
    seen = Contact.objects.filter(plan=OuterRef("pk"), counts=True, on__range=(first, last))
    plans = visible(VisitPlan.objects.filter(there).exclude(away), actor)
    column = {12: "community_code", 9: "street_code", 6: "district_code"}[level]
    rows = plans.annotate(seen=Exists(seen)).values(column).annotate(
        people=Count("pk"), visited=Count("pk", filter=Q(seen=True)),
        late=Count("pk", filter=Q(state=PlanState.ACTIVE, late_on__lte=on)),
    )  # fmt: skip
    return [RateRow(row[column], row["people"], row["visited"], row["late"]) for row in rows.order_by(column)]


def owners_late(*, actor: Actor, on: date) -> list[tuple[str, int]]:
    """Return on whose name overdue visits stand, and how many, the most first; raise NotAllowed."""
    actor.require("due_visits:view")
    late = visible(VisitPlan.objects.filter(state=PlanState.ACTIVE, late_on__lte=on), actor)
    rows = late.values("owner_name").annotate(count=Count("pk")).order_by("-count", "owner_name")
    return [(row["owner_name"], row["count"]) for row in rows]
