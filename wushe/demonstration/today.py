"""Today in the demonstration: fresh needs at every step, the day planned by the engine and lived up to now."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.dispatch.services import confirm_plan, propose_plan
from wushe.chain.needs.services import triage_need
from wushe.chain.orders.models import Order
from wushe.chain.orders.services import place_order, refuse_offer, send_order
from wushe.chain.resources.fitting import MoneyShort
from wushe.chain.resources.services import link_need
from wushe.chain.visits.services import sign_in, sign_out
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .accounts import DISTRICT
from .demand import Wish
from .history import Cast, society_of, takers
from .on_behalf import recorded
from .source import World, read

PLAN_SECONDS = 6
MORNING = 7 * 60 + 20


def plan_today(world: World, cast: Cast) -> None:
    """Let the engine propose the day and the dispatcher confirm it."""
    at = min(world.now, world.moment(world.today, MORNING))
    plan = propose_plan(actor=cast.dispatcher, at=at, area_code=DISTRICT, day=world.today, seed=1, seconds=PLAN_SECONDS)
    confirm_plan(actor=cast.dispatcher, at=at, plan_id=plan.pk)


def live_until_now(world: World) -> int:
    """Let the workers sign in and out as the plan says, up to now; a few forget, a few are late."""
    today = Appointment.objects.filter(day=world.today, state=AppointmentState.CONFIRMED).select_related(
        "order__person__household"
    )
    made = 0
    for one in today.order_by("planned_start", "id"):
        assert one.planned_start is not None and one.worker_id is not None
        begin = world.moment(one.day, one.planned_start + world.dice.randint(-6, 12))
        if begin > world.now or world.chance(25):
            continue
        _visit(world, world.performers[one.worker_id], one, begin)
        made += 1
    return made


@domain_call("visits:perform")
def _live(*, actor: Actor, world: World, one: Appointment, begin: datetime) -> None:
    household = one.order.person.household
    assert household is not None and household.longitude is not None and household.latitude is not None
    place: dict[str, Any] = {
        "longitude": round(household.longitude + world.dice.gauss(0, 0.0003), 6),
        "latitude": round(household.latitude + world.dice.gauss(0, 0.0003), 6),
        "accuracy": world.dice.randint(5, 70),
    }
    visit = sign_in(actor=actor, at=begin, appointment_id=one.pk, client_id=_uuid(world), device_at=begin, **place)
    end = begin + timedelta(minutes=one.minutes + world.dice.randint(-3, 9))
    if end < world.now:
        sign_out(actor=actor, at=end, visit_id=visit.pk, client_id=_uuid(world), device_at=end, **place)


def _visit(world: World, actor: Actor, one: Appointment, begin: datetime) -> None:
    _live(actor=actor, world=world, one=one, begin=begin)


def _uuid(world: World) -> uuid.UUID:
    return uuid.UUID(bytes=world.dice.randbytes(16), version=4)


def fresh_needs(world: World, cast: Cast, tales: list[Wish]) -> dict[str, int]:
    """Record the newest needs through the product's own services, and leave each at some step of the chain."""
    counts: dict[str, int] = {}
    for tale in tales:
        reached = world.dice.choices(
            ["recorded", "triaged", "linked", "placed", "sent", "refused"], [30, 20, 12, 10, 22, 6]
        )[0]
        reached = _bring(world, cast, tale, reached)
        counts[reached] = counts.get(reached, 0) + 1
    return counts


def _bring(world: World, cast: Cast, tale: Wish, until: str) -> str:
    actor = cast.community[tale.person.area_code[:9]]
    at = tale.recorded_at
    need = recorded(actor, at, tale)
    if until == "recorded":
        return until
    at += timedelta(minutes=world.dice.randint(5, 60))
    triage_need(
        actor=actor, at=at, need_id=need.pk, item_id=tale.item.pk, urgency=tale.urgency,
        responsible_party=tale.item.responsible_party,
    )  # fmt: skip
    if until == "triaged":
        return until
    candidates = takers(world, tale.item.code, tale.person.area_code)
    taker = candidates[0] if candidates else world.stations[tale.person.area_code[:9]]
    at += timedelta(minutes=world.dice.randint(3, 30))
    line, _ = world.budget_lines[tale.person.area_code[:9]][0]
    answer: dict[str, Any] = {
        "society": society_of(tale.item.performers),
        "organisation_id": taker.pk,
        "reason": "就近承接",
    }
    try:
        link_need(actor=actor, at=at, need_id=need.pk, budget_line_id=line.pk, **answer)
    except MoneyShort:
        link_need(actor=actor, at=at, need_id=need.pk, **{**answer, "reason": "先服务，资金另行落实"})
    if until == "linked":
        return until
    at += timedelta(minutes=world.dice.randint(3, 30))
    order = place_order(
        actor=actor, at=at, need_id=need.pk, visits_ordered=tale.visits, starts_on=world.today + timedelta(days=1),
        window_start=tale.window_start, window_end=tale.window_end, weekdays=tale.weekdays,
    )  # fmt: skip
    return until if until == "placed" else _send(world, cast, order, candidates, at, until)


def _send(world: World, cast: Cast, order: Order, candidates: list, at: datetime, until: str) -> str:  # type: ignore[type-arg]
    at = max(at, world.now - timedelta(minutes=world.dice.randint(4, 110)))
    chosen = [o.pk for o in candidates[:3]]
    if not chosen:
        return "placed"
    send_order(actor=cast.dispatcher, at=at, order_id=order.pk, organisation_ids=chosen)
    if until == "refused":
        reasons = [r for r in read("remarks")["reasons"] if r["kind"] == "refuse"]
        for pk in chosen:
            refuse_offer(
                actor=cast.organisation[pk],
                at=at,
                order_id=order.pk,
                organisation_id=pk,
                reason=world.pick(reasons)["text"],
            )
    return until
