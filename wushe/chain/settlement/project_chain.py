"""One project from end to end: what was bought, done, proved and paid, and what that is for each person served."""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from wushe.chain.orders.models import Order, OrderState
from wushe.chain.projects.models import Project, Tranche, TrancheState
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import Actor

from .models import Settlement, SettlementState

_PROVED = [VisitState.ACCEPTED, VisitState.SETTLED]
_DONE = [VisitState.ENDED, VisitState.REJECTED, *_PROVED]
# Where two come to one visit it is one for who bought it: the visit of the first is counted.
_FIRST_SEAT = 1


@dataclass(frozen=True, slots=True)
class ProjectChain:
    """The figures of one project; each step is counted by itself, so that what got lost between two can be seen."""

    orders: int
    visits_bought: int
    bought_fen: int
    visits_done: int
    minutes_done: int
    visits_proved: int
    visits_rejected: int
    people: int
    visits_paid: int
    visits_fen: int
    granted_fen: int

    @property
    def paid_fen(self) -> int:
        """Return all that the project has paid: visit by visit, and in tranches."""
        return self.visits_fen + self.granted_fen

    @property
    def per_person_fen(self) -> int | None:
        """Return what was paid for each person with a proved visit, to the nearest fen; None if nobody was served."""
        return round(Fraction(self.paid_fen, self.people)) if self.people else None


def chain_of(*, project: Project) -> ProjectChain:
    """Return the figures of a project that the caller has seen."""
    lines = {"budget_line__project": project}
    ordered = Order.objects.filter(**lines).exclude(state=OrderState.CANCELLED).aggregate(
        n=Count("pk"), visits=Coalesce(Sum("visits_ordered"), 0),
        fen=Coalesce(Sum(F("visits_ordered") * F("price_fen")), 0),
    )  # fmt: skip
    first = Q(appointment__seat=_FIRST_SEAT)
    done = Visit.objects.filter(appointment__order__budget_line__project=project).aggregate(
        n=Count("pk", filter=first & Q(state__in=_DONE)),
        minutes=Coalesce(Sum("minutes", filter=Q(state__in=_DONE)), 0),
        proved=Count("pk", filter=first & Q(state__in=_PROVED)),
        rejected=Count("pk", filter=first & Q(state=VisitState.REJECTED)),
        people=Count("appointment__order__person", filter=Q(state__in=_PROVED), distinct=True),
    )  # fmt: skip
    paid = Settlement.objects.filter(
        visit__appointment__order__budget_line__project=project, state=SettlementState.SETTLED
    ).aggregate(
        n=Count("pk", filter=Q(visit__appointment__seat=_FIRST_SEAT)),
        fen=Coalesce(Sum(F("subsidy_fen") + F("charity_fen")), 0),
    )  # fmt: skip
    granted = Tranche.objects.filter(grant__project=project, state=TrancheState.PAID)
    return ProjectChain(
        orders=ordered["n"], visits_bought=ordered["visits"], bought_fen=ordered["fen"], visits_done=done["n"],
        minutes_done=done["minutes"], visits_proved=done["proved"], visits_rejected=done["rejected"],
        people=done["people"], visits_paid=paid["n"], visits_fen=paid["fen"],
        granted_fen=granted.aggregate(total=Coalesce(Sum("amount_fen"), 0))["total"],
    )  # fmt: skip


def orders_of(*, actor: Actor, project: Project) -> QuerySet[Order]:
    """Return the orders that a project paid for, newest first, each with its proved and paid visits.

    The caller has seen the project. Raises NotAllowed without `projects:view`.
    """
    actor.require("projects:view")
    return (
        Order.objects.filter(budget_line__project=project)
        .select_related("person", "item", "organisation")
        .annotate(
            done=_counted(_DONE),
            proved=_counted(_PROVED),
            paid=_counted([VisitState.SETTLED]),
        )
        .order_by("-pk")
    )


def _counted(states: list[VisitState]) -> Count:
    first = Q(appointments__seat=_FIRST_SEAT, appointments__visit__state__in=states)
    return Count("appointments__visit", filter=first, distinct=True)
