"""Compare what has changed: new tickets are opened, and those whose reason has gone lapse. Safe to repeat."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.presets.selectors import preset
from wushe.registers.people.models import Person

from .evidence import Known, Match
from .models import Ticket, TicketState
from .pairs import candidates
from .workflow import TICKET

_AT_ONCE = 20_000
_BATCH = 1000
_WAITING = (TicketState.OPEN, TicketState.ASKED)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """How many records were compared, tickets opened and lapsed, and whether records are left to compare."""

    compared: int
    opened: int
    lapsed: int
    more: bool


@domain_call("jobs:run")
def refresh_tickets(*, actor: Actor, at: datetime, at_once: int = _AT_ONCE) -> Refreshed:
    """Compare the records that have changed since they were last compared, the oldest first, at most so many."""
    waiting = Person.objects.filter(compared_at=None)
    compared = Person.objects.filter(pk__in=waiting.order_by("pk").values("pk")[:at_once]).update(compared_at=at)
    if not compared:
        return Refreshed(0, 0, 0, more=False)
    most = int(preset("people.duplicate.shared_phone", area_code="", on=timezone.localdate(at)))
    found = {(one.pk, other.pk): (one, other, match) for one, other, match in candidates(compared_at=at, most=most)}
    known = _tickets_about(at)
    lapsed = _lapse((t for pair, t in known.items() if pair not in found and t.state in _WAITING), actor, at)
    told_apart = _told_apart()
    opened = 0
    fresh = []
    for pair, (one, other, match) in found.items():
        ticket = known.get(pair)
        if ticket is None:
            if pair not in told_apart:
                fresh.append(Ticket(first_id=one.pk, second_id=other.pk, found_at=at, **_seen(one, other, match)))
        elif ticket.state in (*_WAITING, TicketState.LAPSED):
            opened += _bring_up_to_date(ticket, _seen(one, other, match), actor, at)
    opened += _open(fresh, actor, at)
    return Refreshed(compared, opened, lapsed, more=waiting.exists())


def _tickets_about(at: datetime) -> dict[tuple[int, int], Ticket]:
    about = Ticket.objects.filter(Q(first__compared_at=at) | Q(second__compared_at=at))
    return {(ticket.first_id, ticket.second_id): ticket for ticket in about}


def _told_apart() -> set[tuple[int, int]]:
    """Return the pairs that somebody has told apart, also where one of the two has been merged into another since."""
    merged = Person.with_merged.filter(merged_into__isnull=False).values_list("pk", "merged_into_id")
    into = {pk: last for pk, last in merged if last is not None}
    if not into:
        return set()
    apart = Ticket.objects.filter(state=TicketState.APART).filter(Q(first__in=into) | Q(second__in=into))
    pairs = set()
    for ends in apart.values_list("first_id", "second_id"):
        one, other = (_last(pk, into) for pk in ends)
        pairs.add((min(one, other), max(one, other)))
    return pairs


def _last(pk: int, into: dict[int, int]) -> int:
    while (next_pk := into.get(pk)) is not None:
        pk = next_pk
    return pk


def _seen(one: Known, other: Known, match: Match) -> dict[str, Any]:
    """Return what a ticket says about its pair."""
    return {
        "area_code": one.area_code, "other_area_code": other.area_code, "evidence": " ".join(match.signs),
        "grade": match.grade,
    }  # fmt: skip


def _open(fresh: list[Ticket], actor: Actor, at: datetime) -> int:
    Ticket.objects.bulk_create(fresh, batch_size=_BATCH)
    if fresh:
        record_all(
            Act("duplicate.open", "ticket", ticket.pk, ticket.area_code, actor, at, {"to": TicketState.OPEN})
            for ticket in fresh
        )
    return len(fresh)


def _bring_up_to_date(ticket: Ticket, now: dict[str, Any], actor: Actor, at: datetime) -> int:
    """Write what has changed about a waiting ticket; one that had lapsed is opened again. Return how many were."""
    if ticket.state == TicketState.LAPSED:
        TICKET.move(ticket, "find", actor=actor, at=at, changes=now)
        return 1
    if any(getattr(ticket, name) != value for name, value in now.items()):
        Ticket.objects.filter(pk=ticket.pk).update(**now)
    return 0


def _lapse(tickets: Iterable[Ticket], actor: Actor, at: datetime) -> int:
    gone = list(tickets)
    for state in _WAITING:
        TICKET.move_all([ticket for ticket in gone if ticket.state == state], "lapse", actor=actor, at=at)
    return len(gone)
