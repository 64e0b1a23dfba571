"""What a project bought, had done, proved and paid: each step counted by itself, the cost for each person served."""

import pytest

from tests.factories import grants, visits
from tests.factories.cast import actor_of, world
from tests.factories.visits import clock
from wushe.chain.dispatch.models import Appointment
from wushe.chain.orders.models import Order
from wushe.chain.projects.models import BudgetLine, SourceClass
from wushe.chain.settlement.project_chain import ProjectChain, chain_of, orders_of
from wushe.chain.settlement.services import reverse, settle
from wushe.chain.verification.services import reject_visit
from wushe.registers.catalogue.models import Item
from wushe.registers.people.models import Person

pytestmark = pytest.mark.django_db


def test_bought_done_proved_and_paid() -> None:
    here = world()
    clerk, verifier = actor_of("settlement_clerk"), actor_of("verifier")
    Person.objects.filter(pk=here.elder.pk).update(ability_level=2)  # 70 % is subsidised
    first = visits.planned(here.elder, here.carer, visits=3)
    Item.objects.filter(pk=first.order.item_id).update(responsible_party="market")
    Order.objects.filter(pk=first.order_id).update(price_fen=6000, minutes=60)
    Appointment.objects.filter(pk=first.pk).update(minutes=60)
    first.refresh_from_db()
    visits.budget_line(first.order, fen=200_000, source=SourceClass.GOVERNMENT)
    order = Order.objects.select_related("budget_line__project").get(pk=first.order_id)
    line = BudgetLine.objects.get(pk=order.budget_line_id)
    project = line.project
    assert chain_of(project=project).per_person_fen is None

    proved = visits.accepted(visits.ended(first, minutes=60), verifier=verifier)
    settlement = settle(actor=clerk, at=clock(900), visit_id=proved.pk)
    second = visits.planned(here.daughter, here.second_carer, start=660)
    Order.objects.filter(pk=second.order_id).update(budget_line=line)
    refused = visits.ended(second, minutes=60)
    visits.checked(refused)
    reject_visit(actor=verifier, at=clock(900), visit_id=refused.pk, reason="没有上门")
    visits.planned(here.daughter, here.third_carer, organisation=here.second_organisation, start=800)

    bought = Order.objects.filter(budget_line=line)
    paid = settlement.subsidy_fen + settlement.charity_fen
    assert paid > 0
    assert chain_of(project=project) == ProjectChain(
        orders=2, visits_bought=4, bought_fen=sum(o.visits_ordered * o.price_fen for o in bought), visits_done=2,
        minutes_done=120, visits_proved=1, visits_rejected=1, people=1, visits_paid=1, visits_fen=paid, granted_fen=0,
    )  # fmt: skip
    rows = {row.pk: (row.done, row.proved, row.paid) for row in orders_of(actor=clerk, project=project)}
    assert rows == {first.order_id: (1, 1, 1), second.order_id: (1, 0, 0)}
    line.account.refresh_from_db()
    assert 200_000 - line.account.balance == chain_of(project=project).paid_fen

    reverse(actor=clerk, at=clock(960), settlement_id=settlement.pk, reason="服务时长有误")
    after = chain_of(project=project)
    assert (after.visits_paid, after.paid_fen, after.visits_proved) == (0, 0, 1)

    granted = grants.grant(here.organisation, fen=1_000_000)
    grants.paid(grants.tranche(granted, 1))
    chain = chain_of(project=granted.project)
    assert (chain.granted_fen, chain.paid_fen, chain.people, chain.per_person_fen) == (500_000, 500_000, 0, None)
