"""Read visits: a worker's round of a day, what came of past rounds, and the evidence behind a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet, Sum

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible
from wushe.registers.workforce.models import Worker

from .models import Evidence, EvidenceKind, Visit, VisitState

PLANNED = (AppointmentState.CONFIRMED, AppointmentState.KEPT)
PAST = (AppointmentState.KEPT, AppointmentState.MISSED)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an item asks to be shown: the kinds of evidence, in the order in which they are made."""

    photos: tuple[str, ...]
    signature: bool


def asked_of(item_photos: int, *, signature: bool) -> Asked:
    """Return the kinds of photos that so many photos mean: arrival first, then finish, then the service itself."""
    order = (EvidenceKind.ARRIVAL, EvidenceKind.FINISH, EvidenceKind.SERVICE)
    wanted = set(order[:item_photos])
    shown = (EvidenceKind.ARRIVAL, EvidenceKind.SERVICE, EvidenceKind.FINISH)
    return Asked(tuple(kind.value for kind in shown if kind in wanted), signature)


def round_on(*, actor: Actor, day: date) -> QuerySet[Appointment]:
    """Return the actor's own appointments of a day with their visits, in the order of the clock."""
    actor.require("visits:perform")
    return _rounds(actor).filter(day=day, state__in=PLANNED).order_by("planned_start", "pk")


def round_between(*, actor: Actor, first: date, last: date) -> QuerySet[Appointment]:
    """Return the actor's own coming appointments from a day to a day, both included."""
    actor.require("visits:perform")
    rows = _rounds(actor).filter(day__gte=first, day__lte=last, state__in=PLANNED)
    return rows.order_by("day", "planned_start", "pk")


def past_rounds(*, actor: Actor, before: date) -> QuerySet[Appointment]:
    """Return the actor's own appointments of earlier days, newest first."""
    actor.require("visits:perform")
    return _rounds(actor).filter(day__lt=before, state__in=PAST).order_by("-day", "-planned_start", "-pk")


def one_of_round(*, actor: Actor, appointment_id: int) -> Appointment:
    """Return one of the actor's own appointments; raise NotFound for another's."""
    actor.require("visits:perform")
    return obtain(_rounds(actor), actor, pk=appointment_id)


def planned_visit(*, actor: Actor, appointment_id: int) -> Appointment:
    """Return one appointment within the actor's scope; raise NotAllowed without `visits:view`, NotFound outside it."""
    actor.require("visits:view")
    rows = Appointment.objects.select_related("order__item", "order__person", "worker__person", "pair__worker__person")
    return obtain(rows, actor, pk=appointment_id)


def visits_of_order(*, actor: Actor, order_id: int) -> list[Appointment]:
    """Return the appointments of an order within the actor's scope with what came of them, the last one first."""
    actor.require("visits:view")
    rows = visible(Appointment.objects.filter(order_id=order_id), actor)
    return list(rows.select_related("worker__person", "visit__check_sheet").order_by("-number", "seat"))


def next_promised(*, actor: Actor, order_ids: Sequence[int]) -> dict[int, Appointment]:
    """Return the next planned visit of each order within the actor's scope; raise NotAllowed without `visits:view`."""
    actor.require("visits:view")
    rows = visible(Appointment.objects.filter(order__in=order_ids, state=AppointmentState.CONFIRMED), actor)
    rows = rows.select_related("worker__person").order_by("-day", "-planned_start", "-pk")
    return {row.order_id: row for row in rows}


def minutes_of(*, actor: Actor, first: date, last: date) -> dict[str, int]:
    """Return the worker's visited minutes of a period by the state of the visit."""
    actor.require("visits:perform")
    rows = visible(Visit.objects.all(), actor).filter(appointment__day__gte=first, appointment__day__lte=last)
    sums = rows.exclude(state=VisitState.STARTED).order_by().values_list("state").annotate(total=Sum("minutes"))
    return dict(sums)


def performer_of(*, actor: Actor) -> Worker:
    """Return the register row of the worker that the actor is; raise NotFound if there is none."""
    actor.require("visits:perform")
    return obtain(Worker.objects.select_related("person", "organisation"), actor)


def evidence_of(*, actor: Actor, evidence_id: int) -> Evidence:
    """Return one piece of evidence; raise NotAllowed without `visits:view`, NotFound outside the actor's scope."""
    actor.require("visits:view")
    return obtain(Evidence, actor, pk=evidence_id)


def find_visits(
    *, actor: Actor, states: Sequence[str] = (), text: str = "", first: date | None = None, last: date | None = None
) -> QuerySet[Visit]:
    """Return the visits within the actor's scope, newest first; raise NotAllowed without `visits:view`."""
    actor.require("visits:view")
    rows = visible(Visit.objects.all(), actor)
    if states:
        rows = rows.filter(state__in=states)
    if first:
        rows = rows.filter(appointment__day__gte=first)
    if last:
        rows = rows.filter(appointment__day__lte=last)
    if text := text.strip():
        order = "appointment__order__"
        rows = rows.filter(
            Q(**{f"{order}person__name__startswith": text})
            | Q(**{f"{order}item__name__icontains": text})
            | Q(worker__person__name__startswith=text)
            | Q(worker__number__iexact=text)
        )
    return rows.select_related(
        "worker__person", "appointment__order__person", "appointment__order__item", "appointment__order__organisation"
    ).order_by("-pk")


def _rounds(actor: Actor) -> QuerySet[Appointment]:
    evidence = Prefetch("visit__evidence", queryset=Evidence.objects.order_by("received_at", "pk"))
    return (
        visible(Appointment.objects.all(), actor)
        .select_related(
            "order__person__household", "order__item", "order__organisation", "visit", "pair__worker__person"
        )
        .prefetch_related(evidence)
    )
