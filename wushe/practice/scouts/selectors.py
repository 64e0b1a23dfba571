"""Read leads: a scout's own, the needs that a lead may repeat, and what came of each scout's leads."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.needs.selectors import LikelyDuplicate, likely_duplicates
from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.people.models import Person

from .models import CONFIRMED, Lead, LeadState

NOT_YET = 2**62
"""The number of a need that is not recorded: behind all others."""


@dataclass(frozen=True, slots=True)
class ScoutRow:
    """What came of one scout's leads: how many were sent, confirmed as needs, closed, and wait."""

    name: str
    sent: int
    confirmed: int
    closed: int
    waiting: int

    @property
    def share(self) -> float | None:
        """Return the share of the answered leads that were confirmed; None before the first answer."""
        answered = self.confirmed + self.closed
        return self.confirmed / answered if answered else None


def own_leads(*, actor: Actor) -> "QuerySet[Lead]":
    """Return a scout's own leads, the newest first; raise NotAllowed."""
    actor.require("scouts:send")
    return visible(Lead.objects.select_related("need"), actor).order_by("-pk")


def needs_at_home(*, person: Person) -> "QuerySet[Need]":
    """Return the needs of a person and of their household that are not over, the newest first."""
    home = Q(person=person) | (Q(person__household=person.household_id) if person.household_id else Q(pk=None))
    over = [NeedState.CLOSED, NeedState.REFERRED, NeedState.MET]
    return Need.objects.filter(home).exclude(state__in=over).select_related("person", "item").order_by("-pk")


def alike(*, lead: Lead, person: Person, at: datetime) -> list[LikelyDuplicate]:
    """Return the open needs that a lead would likely repeat if it became a need of this person, by triage's own rule."""
    would_be = Need(pk=NOT_YET, person=person, area_code=person.area_code, words=lead.words, recorded_at=at)
    return [one for one in likely_duplicates(need=would_be, at=at) if one.need.state != NeedState.MET]


def scout_rows(*, actor: Actor, since: date, until: date) -> list[ScoutRow]:
    """Return what came of the leads sent between two days, both included, by scout; raise NotAllowed."""
    actor.require("scouts:view")
    leads = visible(Lead.objects.filter(sent_at__date__range=(since, until)), actor).order_by()
    rows = leads.values("scout", "scout_name").annotate(
        sent=Count("pk"), confirmed=Count("pk", filter=Q(state__in=CONFIRMED)),
        closed=Count("pk", filter=Q(state=LeadState.CLOSED)), waiting=Count("pk", filter=Q(state=LeadState.SENT)),
    )  # fmt: skip
    return [
        ScoutRow(row["scout_name"], row["sent"], row["confirmed"], row["closed"], row["waiting"])
        for row in rows.order_by("-sent", "scout_name", "scout")
    ]
