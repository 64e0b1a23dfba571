"""Everything that belongs to the chain of one need, fetched with a fixed number of queries."""

from dataclasses import dataclass, field

from django.db.models import Count

from wushe.chain.dispatch.models import Appointment
from wushe.chain.needs.models import Need
from wushe.chain.orders.models import Offer, Order
from wushe.chain.projects.models import Project
from wushe.chain.resources.models import Linkage
from wushe.chain.settlement.models import Settlement
from wushe.chain.verification.models import CallBack, Check
from wushe.chain.visits.models import Visit
from wushe.foundation.access.models import User
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.selectors import history_of_many

_OF_ORDER, _OF_VISIT = "order__need", "visit__appointment__order__need"


@dataclass(slots=True)
class ChainRecords:
    """The things of one chain by their kind, and the journal of all of them, oldest first."""

    need: Need
    projects: list[Project]
    linkages: list[Linkage]
    orders: list[Order]
    offers: list[Offer]
    appointments: list[Appointment]
    visits: list[Visit]
    checks: list[Check]
    call_backs: list[CallBack]
    settlements: list[Settlement]
    entries: list[JournalEntry] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)

    def subjects(self) -> list[tuple[str, int]]:
        """Return (kind, id) of everything that belongs to the chain of the need, and the runs that settled its visits."""
        things = [
            self.need, *self.linkages, *self.orders, *self.appointments, *self.visits, *self.checks, *self.call_backs,
            *self.settlements,
        ]  # fmt: skip
        runs = sorted({one.run_id for one in self.settlements if one.run_id})
        return [
            *((thing._meta.model_name or "", thing.pk) for thing in things),
            *(("settlementrun", pk) for pk in runs),
        ]


def chain_records(*, need: Need) -> ChainRecords:
    """Return the chain of a need that the caller has found within scope; twelve queries, whatever its length."""
    records = ChainRecords(
        need=need,
        projects=list(need.projects.select_related("carrier").order_by("id")),
        linkages=list(
            Linkage.objects.filter(need=need)
            .select_related("organisation", "project", "budget_line", "resource")
            .order_by("id")
        ),
        orders=list(
            Order.objects.filter(need=need).select_related("item", "organisation", "budget_line").order_by("id")
        ),
        offers=list(Offer.objects.filter(order__need=need).select_related("organisation").order_by("round", "id")),
        appointments=list(
            Appointment.objects.filter(**{_OF_ORDER: need})
            .select_related("worker__person")
            .order_by("order_id", "number", "seat")
        ),
        visits=list(
            Visit.objects.filter(appointment__order__need=need)
            .select_related("worker__person", "rating")
            .annotate(pieces=Count("evidence"))
            .order_by("id")
        ),
        checks=list(Check.objects.filter(**{_OF_VISIT: need}).order_by("id")),
        call_backs=list(CallBack.objects.filter(**{_OF_VISIT: need}).order_by("id")),
        settlements=list(Settlement.objects.filter(**{_OF_VISIT: need}).order_by("id")),
    )
    records.entries = history_of_many(subjects=records.subjects())
    users = {entry.actor_id for entry in records.entries}
    records.names = dict(User.objects.filter(pk__in=users).values_list("pk", "name"))
    return records
