"""A visit that comes due becomes an order of the chain, so that the day plan holds it: need, linkage, order, offer."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from wushe.chain.needs.models import Channel, Urgency
from wushe.chain.needs.services import record_need, triage_need
from wushe.chain.orders.models import RUNNING
from wushe.chain.orders.services import place_order, send_order
from wushe.chain.resources.models import Society
from wushe.chain.resources.services import link_need
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, Refusal
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain
from wushe.registers.catalogue.models import Item
from wushe.registers.catalogue.selectors import items_on

from .models import PlanState, VisitPlan
from .visiting import carrier_for
from .workflow import VISIT_PLAN


class OnItsWay(Conflict):
    """A visit to this person is ordered already."""

    message = "这位居民的探访已经排进上门服务，不用再排。"


@domain_call("due_visits:order")
def order_visit(*, actor: Actor, at: datetime, plan_id: int, carrier_id: int | None, starts_on: date) -> VisitPlan:
    """Order the visit that is due from an organisation; its acceptance puts it into the plan of that day.

    Raises NotFound out of scope, OnItsWay, Conflict for somebody who is not visited at present, and Invalid for an
    organisation that does not serve there, a day in the past, or a catalogue without such a visit.
    """
    plan = obtain(VisitPlan.objects.select_related("person", "order"), actor, pk=plan_id)
    if plan.state != PlanState.ACTIVE:
        raise Conflict("这位居民现在不在探访中。")
    if has_order(plan):
        raise OnItsWay
    today = timezone.localdate(at)
    carrier = carrier_for(plan, carrier_id, on=today)
    if carrier is None:
        raise Invalid(fields={"carrier_id": "请选择由哪家机构上门。"})
    item = _item(plan, today)
    need = record_need(
        actor=actor, at=at, person_id=plan.person_id, channel=Channel.DUE_VISIT,
        words=f"定期探访到期（{plan.get_risk_display()}：{plan.why}），请上门看望。", wanted_on=max(starts_on, today),
    )  # fmt: skip
    urgency = Urgency.DAY if plan.late_on <= today else Urgency.WEEK
    triage_need(
        actor=actor, at=at, need_id=need.pk, item_id=item.pk, urgency=urgency, responsible_party=item.responsible_party
    )
    link_need(actor=actor, at=at, need_id=need.pk, society=Society.ORGANISATION, organisation_id=carrier.pk)
    start, end = preset("care.visit.window", area_code=plan.area_code, on=today)
    order = place_order(
        actor=actor, at=at, need_id=need.pk, visits_ordered=1, starts_on=starts_on, window_start=start, window_end=end
    )
    send_order(actor=actor, at=at, order_id=order.pk, organisation_ids=[carrier.pk])
    VISIT_PLAN.move(plan, "send", actor=actor, at=at, changes={"order": order}, data={"order": order.pk})
    return plan


@domain_call("due_visits:order")
def order_due(*, actor: Actor, at: datetime, limit: int = 500) -> int:
    """Order the coming visits of all plans with a standing carrier; return how many. Safe to repeat.

    What cannot be ordered stays on the due list under its owner's name.
    """
    today, count = timezone.localdate(at), 0
    plans = VisitPlan.objects.filter(state=PlanState.ACTIVE, carrier__isnull=False, due_on__lte=today + _ahead(today))
    for plan in plans.select_related("order").order_by("due_on", "pk")[:limit]:
        if has_order(plan):
            continue
        try:
            with transaction.atomic():
                order_visit(
                    actor=actor, at=at, plan_id=plan.pk, carrier_id=plan.carrier_id, starts_on=max(today, plan.due_on)
                )
        except Refusal:
            continue
        count += 1
    return count


def has_order(plan: VisitPlan) -> bool:
    """Say whether a visit is on its way already."""
    return plan.order is not None and plan.order.state in RUNNING


def _ahead(on: date) -> timedelta:
    return timedelta(days=preset("care.visit.ahead", area_code="", on=on))


def _item(plan: VisitPlan, on: date) -> Item:
    code = preset("care.visit.item", area_code=plan.area_code, on=on)
    item = items_on(day=on).filter(code=code).first()
    if item is None:
        raise Invalid(fields={"carrier_id": "现行服务目录里没有上门探访这一项，请先调整目录或政策参数。"})
    return item
