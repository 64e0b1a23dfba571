"""Read settlements: what was paid, what is due and why, and what an organisation is owed for a month."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from wushe.chain.visits.selectors import find_visits, minutes_of
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import obtain, visible
from wushe.ledgers.selectors import Statement, statement_of_code
from wushe.registers.organisations.models import Organisation

from .accounts import hours_code
from .models import Settlement, SettlementState

BLOCKED, REDO = "blocked", "redo"


@dataclass(frozen=True, slots=True)
class SettlementFilter:
    """What of the settlements is asked for; `state` is a state, BLOCKED or "" for all."""

    state: str = ""
    text: str = ""
    organisation_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One item of an organisation's monthly statement."""

    item: str
    visits: int
    minutes: int
    payable_fen: int
    subsidy_fen: int
    charity_fen: int
    own_fen: int
    hold_fen: int


@dataclass(frozen=True, slots=True)
class MonthStatement:
    """What an organisation did in a month and what it comes to."""

    organisation: Organisation
    first: date
    last: date
    lines: list[MonthLine]
    total: MonthLine
    due: int
    reversed: int


def find_settlements(*, actor: Actor, where: SettlementFilter = SettlementFilter()) -> QuerySet[Settlement]:
    """Return the settlements within the actor's scope, newest first; raise NotAllowed without `settlement:view`."""
    actor.require("settlement:view")
    order = "visit__appointment__order__"
    return (
        _narrowed(actor, where)
        .select_related(
            f"{order}person", f"{order}item", f"{order}budget_line", "organisation", "visit__worker__person"
        )
        .order_by("-pk")
    )


def settlement_counts(*, actor: Actor, where: SettlementFilter = SettlementFilter()) -> dict[str, int]:
    """Return how many settlements of each state the filter leaves; BLOCKED counts those that say why."""
    actor.require("settlement:view")
    rows = _narrowed(actor, SettlementFilter("", where.text, where.organisation_id, where.first, where.last))
    counts = dict(rows.order_by().values_list("state").annotate(n=Count("pk")))
    return {"": sum(counts.values()), **{state: counts.get(state, 0) for state in SettlementState.values}}


def blocked_reasons(*, actor: Actor) -> list[tuple[str, int, int]]:
    """Return why settlements stay due, with how many and how much money, the largest sum first."""
    actor.require("settlement:view")
    due = visible(Settlement.objects.filter(state=SettlementState.DUE), actor)
    groups: dict[str, tuple[int, int]] = {}
    for reason, count, fen in due.order_by().values_list("blocked_by").annotate(n=Count("pk"), sum=Sum("payable_fen")):
        name = reason.split("，")[0]
        known = groups.get(name, (0, 0))
        groups[name] = known[0] + count, known[1] + fen
    return sorted(((name, *sums) for name, sums in groups.items()), key=lambda row: -row[2])


def one_settlement(*, actor: Actor, settlement_id: int) -> Settlement:
    """Return one settlement with all that its page shows; raise NotAllowed or NotFound."""
    return obtain(find_settlements(actor=actor).select_related("money_entry", "time_entry"), actor, pk=settlement_id)


def month_statement(*, actor: Actor, organisation_id: int, month: date) -> MonthStatement:
    """Return what an organisation is owed for the visits of a month, by item.

    Only settlements within the actor's scope count. Raises NotAllowed, and NotFound for another organisation without
    any settlement there.
    """
    actor.require("settlement:view")
    first, last = _days_of(month)
    mine = visible(Settlement.objects.filter(organisation_id=organisation_id), actor)
    if actor.organisation_id != organisation_id and not mine.exists():
        raise NotFound
    rows = mine.filter(visit__appointment__day__gte=first, visit__appointment__day__lte=last).order_by()
    settled = rows.filter(state=SettlementState.SETTLED)
    by_item = settled.annotate(item=F("visit__appointment__order__item__name")).values("item").annotate(**_SUMS)
    lines = [_line(row) for row in by_item.order_by("item")]
    counts = rows.aggregate(due=Count("pk", filter=Q(state="due")), back=Count("pk", filter=Q(state="reversed")))
    return MonthStatement(
        Organisation.objects.get(pk=organisation_id), first, last, lines, _line({"item": "合计", **settled.aggregate(**_SUMS)}),
        counts["due"], counts["back"],
    )  # fmt: skip


def organisations_settled(*, actor: Actor) -> QuerySet[Organisation]:
    """Return the organisations that have settlements within the actor's scope, by name."""
    actor.require("settlement:view")
    mine = visible(Settlement.objects.all(), actor).values("organisation_id")
    return Organisation.objects.filter(pk__in=mine).order_by("name")


_SUMS = {
    "visits": Count("pk"),
    "minutes": Coalesce(Sum("paid_minutes"), 0),
    **{name: Coalesce(Sum(name), 0) for name in ("payable_fen", "subsidy_fen", "charity_fen", "own_fen", "hold_fen")},
}


def _days_of(month: date) -> tuple[date, date]:
    first = month.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _line(row: Mapping[str, Any]) -> MonthLine:
    return MonthLine(**row)


def _narrowed(actor: Actor, where: SettlementFilter) -> QuerySet[Settlement]:
    rows = visible(Settlement.objects.all(), actor)
    if where.state:
        rows = rows.filter(state=where.state)
    if where.organisation_id:
        rows = rows.filter(organisation_id=where.organisation_id)
    if where.first:
        rows = rows.filter(visit__appointment__day__gte=where.first)
    if where.last:
        rows = rows.filter(visit__appointment__day__lte=where.last)
    if text := where.text.strip():
        order = "visit__appointment__order__"
        rows = rows.filter(
            Q(**{f"{order}person__name__startswith": text})
            | Q(**{f"{order}item__name__icontains": text})
            | Q(organisation__name__icontains=text)
            | Q(visit__worker__person__name__startswith=text)
        )
    return rows


@dataclass(frozen=True, slots=True)
class MyHours:
    """What a worker sees of the own hours: those of a month that are paid, wait or were refused, and the account."""

    paid: int
    waiting: int
    refused: int
    account: Statement | None


def hours_of(*, actor: Actor, month: date) -> MyHours:
    """Return the hours of the worker that the actor is; raise NotAllowed without `visits:perform`."""
    actor.require("visits:perform")
    first, last = _days_of(month)
    minutes = minutes_of(actor=actor, first=first, last=last)
    paid = Settlement.objects.filter(
        visit__in=find_visits(actor=actor, first=first, last=last).order_by(), state=SettlementState.SETTLED
    ).aggregate(total=Coalesce(Sum("paid_minutes"), 0))["total"]
    return MyHours(
        paid, minutes.get("ended", 0) + minutes.get("accepted", 0), minutes.get("rejected", 0),
        statement_of_code(code=hours_code(actor.holder_id or 0), limit=60),
    )  # fmt: skip


def sums_of_month(*, actor: Actor, month: date) -> MonthLine:
    """Return what all settled visits of a month come to within the actor's scope."""
    actor.require("settlement:view")
    first, last = _days_of(month)
    rows = visible(Settlement.objects.filter(state=SettlementState.SETTLED), actor).filter(
        visit__appointment__day__gte=first, visit__appointment__day__lte=last
    )
    return _line({"item": "", **rows.aggregate(**_SUMS)})
