"""Read what a batch of visits is settled by: the visits themselves, the people's entitlements, what is used up."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Sum
from django.db.models.functions import TruncMonth

from wushe.chain.projects.models import BudgetLine, SourceClass
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.listed import listed
from wushe.foundation.scope import COMMUNITY
from wushe.registers.catalogue.models import Responsibility
from wushe.registers.people.models import Person, Tag

from .formulas import Amounts, Entitlement, TimeRule, amounts
from .models import Settlement, SettlementState
from .policy import Policy

_CHARITY = (SourceClass.FEDERATION, SourceClass.RAISED, SourceClass.SPECIAL, SourceClass.TRUST)
_WHOLE = Entitlement(share_percent=100, monthly_cap_fen=None)


class Case(NamedTuple):
    """A visit to be settled, with what its order says."""

    visit: int
    area_code: str
    worker: int
    actual: int
    day: date
    ordered: int
    price_fen: int
    person: int
    organisation: int | None
    line: int | None
    party: str

    @property
    def is_basic(self) -> bool:
        """Say whether the government answers for the service whole."""
        return self.party == Responsibility.GOVERNMENT


_ORDER = "appointment__order__"
_PATHS = (
    "pk", "area_code", "worker_id", "minutes", "appointment__day", "appointment__minutes", f"{_ORDER}price_fen",
    f"{_ORDER}person_id", f"{_ORDER}organisation_id", f"{_ORDER}budget_line_id", f"{_ORDER}item__responsible_party",
)  # fmt: skip
_OF_PERSON = ("pk", "born_on", "lives_alone", "ability_level")


class Batch:
    """The visits of a batch, with all that their amounts depend on; a fixed number of queries.

    The people are held first: what one visit uses up of a month's cap is seen by the next.
    """

    def __init__(self, visit_ids: Sequence[int]) -> None:
        chosen = Visit.objects.filter(pk__in=listed(visit_ids))
        held = Person.objects.select_for_update().filter(pk__in=chosen.values(f"{_ORDER}person_id")).order_by("pk")
        self.people = {row.pk: row for row in held.values_list(*_OF_PERSON, named=True)}
        accepted = chosen.filter(state=VisitState.ACCEPTED).order_by("appointment__day", "pk")
        self.cases = [Case._make(row) for row in accepted.values_list(*_PATHS)]
        due = Settlement.objects.filter(visit__in=listed(visit_ids), state=SettlementState.DUE)
        self.due = {settlement.visit_id: settlement for settlement in due}
        self.lines = BudgetLine.objects.in_bulk({case.line for case in self.cases if case.line})
        self._policy = Policy()
        self._rules: dict[tuple[str, date], tuple[TimeRule, int]] = {}
        self._tags = self._read_tags()
        self._entitled: dict[tuple[int, date, str], Entitlement | None] = {}
        self._used = self._read_used()

    def amounts(self, case: Case) -> Amounts:
        """Return what a visit comes to, as of its day."""
        rule, hold_percent = self._rule(case)
        charity = self._is_charity(case)
        entitlement = None if charity else self._entitlement(case)
        capped = entitlement is not None and entitlement.monthly_cap_fen is not None
        used = self._used[case.person, case.day.replace(day=1)] if capped else 0
        return amounts(
            price_fen=case.price_fen, ordered=case.ordered, actual=case.actual, rule=rule, entitlement=entitlement,
            used_fen=used, hold_percent=hold_percent, charity_pays=charity,
        )  # fmt: skip

    def use(self, case: Case, fen: int) -> None:
        """Count a subsidy towards the month's cap of the person."""
        if fen and not case.is_basic:
            self._used[case.person, case.day.replace(day=1)] += fen

    def _is_charity(self, case: Case) -> bool:
        return case.line is not None and self.lines[case.line].source_class in _CHARITY

    def _rule(self, case: Case) -> tuple[TimeRule, int]:
        key = case.area_code[:COMMUNITY], case.day
        if key not in self._rules:
            place = {"area_code": case.area_code, "on": case.day}
            self._rules[key] = self._policy.time_rule(**place), self._policy.hold_percent(**place)  # type: ignore[arg-type]
        return self._rules[key]

    def _entitlement(self, case: Case) -> Entitlement | None:
        """Return who answers for the service: the government pays its basic services whole, others by a share."""
        if case.is_basic:
            return _WHOLE
        key = case.person, case.day, case.area_code[:COMMUNITY]
        if key not in self._entitled:
            day = case.day
            held = self._tags.get(case.person, ())
            tags = [code for code, first, last in held if first <= day and (last is None or last >= day)]
            person: Any = self.people[case.person]
            self._entitled[key] = self._policy.entitlement(person, tags, area_code=case.area_code, on=day)
        return self._entitled[key]

    def _read_tags(self) -> dict[int, list[tuple[str, date, date | None]]]:
        found: dict[int, list[tuple[str, date, date | None]]] = defaultdict(list)
        rows = Tag.objects.filter(person__in=self.people).values_list("person_id", "kind__code", "starts_on", "ends_on")
        for person, code, first, last in rows:
            found[person].append((code, first, last))
        return found

    def _read_used(self) -> dict[tuple[int, date], int]:
        """Return what of their monthly caps people have used; only of those whose cap can matter here."""
        used: dict[tuple[int, date], int] = defaultdict(int)
        capped = [case for case in self.cases if self._may_be_capped(case)]
        if not capped:
            return used
        order = f"visit__{_ORDER}"
        rows = (
            Settlement.objects.filter(
                **{f"{order}person__in": {case.person for case in capped}}, state=SettlementState.SETTLED,
                subsidy_fen__gt=0, visit__appointment__day__gte=min(case.day for case in capped).replace(day=1),
            )
            .exclude(**{f"{order}item__responsible_party": Responsibility.GOVERNMENT})
            .values_list(f"{order}person_id", TruncMonth("visit__appointment__day"))
            .annotate(total=Sum("subsidy_fen"))
        )  # fmt: skip
        for person, month, total in rows:
            used[person, month] = total
        return used

    def _may_be_capped(self, case: Case) -> bool:
        if case.is_basic or self._is_charity(case):
            return False
        entitlement = self._entitlement(case)
        return entitlement is not None and entitlement.monthly_cap_fen is not None
