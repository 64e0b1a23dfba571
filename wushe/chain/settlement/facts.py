"""Read what a batch of visits is settled by: the visits themselves, the people's entitlements, what is used up."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from wushe.chain.projects.models import SourceClass
from wushe.chain.visits.models import Visit, VisitState
from wushe.registers.catalogue.models import Responsibility
from wushe.registers.people.models import Person, Tag

from .formulas import Amounts, Entitlement, amounts
from .models import Settlement, SettlementState
from .policy import Policy

_CHARITY = (SourceClass.FEDERATION, SourceClass.RAISED, SourceClass.SPECIAL, SourceClass.TRUST)
_WHOLE = Entitlement(share_percent=100, monthly_cap_fen=None)


class Batch:
    """The visits of a batch, with all that their amounts depend on; a fixed number of queries.

    The people are held first: what one visit uses up of a month's cap is seen by the next.
    """

    def __init__(self, visit_ids: Sequence[int]) -> None:
        people = Visit.objects.filter(pk__in=visit_ids).values("appointment__order__person_id")
        held = Person.objects.select_for_update().filter(pk__in=people).order_by("pk")
        self.people = {person.pk: person for person in held}
        self.visits = list(
            Visit.objects.filter(pk__in=visit_ids, state=VisitState.ACCEPTED)
            .select_related("appointment")
            # Many visits share an order, a worker, a budget line: each of these is read once.
            .prefetch_related("appointment__order__budget_line", "appointment__order__organisation",
                              "appointment__order__item", "worker")
            .order_by("appointment__day", "pk")
        )  # fmt: skip
        self.due = {s.visit_id: s for s in Settlement.objects.filter(visit__in=self.visits, state=SettlementState.DUE)}
        self._policy = Policy()
        self._tags = self._read_tags()
        self._used = self._read_used()

    def amounts(self, visit: Visit) -> Amounts:
        """Return what a visit comes to, as of its day."""
        order, day, area = visit.appointment.order, visit.appointment.day, visit.area_code
        assert visit.minutes is not None
        charity = order.budget_line is not None and order.budget_line.source_class in _CHARITY
        return amounts(
            price_fen=order.price_fen, ordered=visit.appointment.minutes, actual=visit.minutes,
            rule=self._policy.time_rule(area_code=area, on=day), entitlement=self._entitlement(visit),
            used_fen=self._used[order.person_id, day.replace(day=1)],
            hold_percent=self._policy.hold_percent(area_code=area, on=day), charity_pays=charity,
        )  # fmt: skip

    def use(self, visit: Visit, fen: int) -> None:
        """Count a subsidy towards the month's cap of the person."""
        if not _is_basic(visit):
            self._used[visit.appointment.order.person_id, visit.appointment.day.replace(day=1)] += fen

    def _entitlement(self, visit: Visit) -> Entitlement | None:
        """Return who answers for the service: the government pays its basic services whole, others by a share."""
        if _is_basic(visit):
            return _WHOLE
        person, day = self.people[visit.appointment.order.person_id], visit.appointment.day
        tags = [code for code, first, last in self._tags[person.pk] if first <= day and (last is None or last >= day)]
        return self._policy.entitlement(person, tags, area_code=visit.area_code, on=day)

    def _read_tags(self) -> dict[int, list[tuple[str, date, date | None]]]:
        found: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
        rows = Tag.objects.filter(person__in=self.people).values_list("person_id", "kind__code", "starts_on", "ends_on")
        for person, code, first, last in rows:
            found[person].append((code, first, last))
        return found

    def _read_used(self) -> dict[tuple[int, date], int]:
        used: dict[tuple[int, date], int] = defaultdict(int)
        if not self.visits:
            return used
        days = [visit.appointment.day for visit in self.visits]
        order = "visit__appointment__order__"
        rows = (
            Settlement.objects.filter(
                **{f"{order}person__in": list(self.people)}, state=SettlementState.SETTLED,
                visit__appointment__day__gte=min(days).replace(day=1),
            )
            .exclude(**{f"{order}item__responsible_party": Responsibility.GOVERNMENT})
            .values_list(f"{order}person_id", TruncMonth("visit__appointment__day"))
            .annotate(total=Sum("subsidy_fen"))
        )  # fmt: skip
        for person, month, total in rows:
            used[person, month] = total
        return used


def _is_basic(visit: Visit) -> bool:
    return visit.appointment.order.item.responsible_party == Responsibility.GOVERNMENT
