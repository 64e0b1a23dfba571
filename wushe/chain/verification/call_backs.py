"""Call-backs: who is called after a visit, drawn by rule and by chance, and what they say."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.scope import obtain

from .facts import PolicyOfDay
from .models import CallBack, CallReason, Check, PickedFor
from .rules import Finding
from .sampling import drawn
from .services import add_finding, pick
from .workflow import CALL_BACK


class _Draw(NamedTuple):
    visit: Visit
    reason: str


@domain_call("verification:sample")
def draw_call_backs(*, actor: Actor, at: datetime, day: date) -> int:
    """Draw the visits of a day after which somebody is called; safe to repeat; return how many were drawn now.

    Low ratings and first visits are all called, the rest by a sample. On the last day of a month each worker of
    whom nobody has been asked yet gets one.
    """
    visits = list(_visits_of(day))
    policy = PolicyOfDay(area_code="", at=at)
    first_visits = _first_visits(visits)
    draws = [_Draw(visit, reason) for visit in visits if (reason := _reason(visit, first_visits, policy))]
    if (day + timedelta(days=1)).day == 1:
        draws += _one_per_worker(day, draws, int(policy["verification.callback.per_worker"]))
    return _open(
        draws, actor=actor, at=at, due_at=at + timedelta(minutes=int(policy["verification.callback.deadline"]))
    )


@domain_call("verification:sample")
def call_back_after_rating(*, actor: Actor, at: datetime, visit_id: int, score: int) -> None:
    """Have somebody called after a low rating, and a person look at the visit."""
    visit = Visit.objects.get(pk=visit_id)
    policy = PolicyOfDay(area_code=visit.area_code, at=at)
    if score > int(policy["verification.low_rating.line"]):
        return
    due_at = at + timedelta(minutes=int(policy["verification.callback.deadline"]))
    _open([_Draw(visit, CallReason.LOW_RATING)], actor=actor, at=at, due_at=due_at)
    if check := Check.objects.filter(visit=visit).first():
        pick(check=check, reason=PickedFor.LOW_RATING)


@domain_call("verification:call_back")
def record_call(
    *,
    actor: Actor,
    at: datetime,
    call_back_id: int,
    reached: bool,
    came: bool | None = None,
    satisfied: bool | None = None,
    comment: str = "",
) -> CallBack:
    """Write down a call; after the last fruitless one it is given up.

    Somebody who says that nobody came puts the visit before a person. Raises NotFound outside the actor's scope,
    MoveNotAllowed if it has been answered, and Invalid if an answer is missing.
    """
    call = obtain(CallBack.objects.select_related("visit"), actor, pk=call_back_id)
    if len(comment := comment.strip()) > 200:
        raise Invalid(fields={"comment": "最多200字，请写得短一些。"})
    spoken = {"tries": call.tries + 1, "called_at": at, "called_by": actor.user_id, "comment": comment}
    policy = PolicyOfDay(area_code=call.area_code, at=at)
    if not reached:
        last = call.tries + 1 >= int(policy["verification.callback.tries"])
        CALL_BACK.move(call, "give_up" if last else "try", actor=actor, at=at, changes=spoken)
        return call
    missing = {name: "请选择。" for name, answer in (("came", came), ("satisfied", satisfied)) if answer is None}
    if came is False:
        missing.pop("satisfied", None)
    if missing:
        raise Invalid(fields=missing)
    CALL_BACK.move(call, "answer", actor=actor, at=at, changes={**spoken, "came": came, "satisfied": satisfied},
                   data={"came": came, "satisfied": satisfied})  # fmt: skip
    if came is False:
        _nobody_came(call.visit, weight=int(policy.thresholds_of("call")["weight"]))
    return call


def _nobody_came(visit: Visit, *, weight: int) -> None:
    check = Check.objects.filter(visit=visit).first()
    if check is not None:
        add_finding(check=check, finding=Finding("call", weight, "回访时服务对象说没有上门"))
        pick(check=check, reason=PickedFor.CALL_BACK)


def _visits_of(day: date) -> QuerySet[Visit]:
    rows = Visit.objects.filter(appointment__day=day, appointment__seat=1).exclude(state=VisitState.STARTED)
    return rows.select_related("appointment__order", "rating").order_by("pk")


def _first_visits(visits: Sequence[Visit]) -> set[int]:
    """Return the ids of the visits before which nobody had visited the person."""
    people = {visit.appointment.order.person_id for visit in visits}
    firsts: dict[int, int] = {}
    rows = Visit.objects.filter(appointment__order__person_id__in=people).order_by("started_at", "pk")
    for person, visit in rows.values_list("appointment__order__person_id", "pk"):
        firsts.setdefault(person, visit)
    return set(firsts.values())


def _reason(visit: Visit, first_visits: set[int], policy: PolicyOfDay) -> str:
    rating = getattr(visit, "rating", None)
    chances = []
    if rating and rating.score <= int(policy["verification.low_rating.line"]):
        chances.append((CallReason.LOW_RATING, "complaint"))
    if visit.pk in first_visits:
        chances.append((CallReason.FIRST, "first_order"))
    chances.append((CallReason.SAMPLE, "sample"))
    for reason, key in chances:
        if drawn(what=f"call:{key}", number=visit.pk, percent=float(policy[f"verification.callback.{key}"])):
            return reason
    return ""


def _one_per_worker(day: date, draws: Sequence[_Draw], least: int) -> list[_Draw]:
    """Return one visit for each worker of the month of whom nobody has been asked."""
    if least < 1:
        return []
    month = Visit.objects.filter(appointment__day__gte=day.replace(day=1), appointment__day__lte=day)
    month = month.exclude(state=VisitState.STARTED)
    asked = set(month.filter(call_back__isnull=False).values_list("worker_id", flat=True))
    asked |= {draw.visit.worker_id for draw in draws}
    chosen = {visit.worker_id: visit for visit in month.exclude(worker_id__in=asked).order_by("pk")}
    return [_Draw(visit, CallReason.WORKER) for visit in chosen.values()]


def _open(draws: Sequence[_Draw], *, actor: Actor, at: datetime, due_at: datetime) -> int:
    known = set(CallBack.objects.filter(visit__in=[d.visit.pk for d in draws]).values_list("visit_id", flat=True))
    fresh = CallBack.objects.bulk_create(
        [
            CallBack(visit=visit, area_code=visit.area_code, picked_for=reason, due_at=due_at)
            for visit, reason in draws
            if visit.pk not in known
        ]
    )
    record_all(
        Act(
            "call_back.draw",
            "callback",
            call.pk,
            call.area_code,
            actor,
            at,
            {"visit": call.visit_id, "for": call.picked_for},
        )
        for call in fresh
    )
    return len(fresh)
