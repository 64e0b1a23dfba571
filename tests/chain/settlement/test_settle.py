"""Settling: hours to the performer, money against the budget line, once; what cannot be paid says why."""

from datetime import date, timedelta

import pytest

from tests.factories import visits
from tests.factories.cast import actor_of, world
from tests.factories.places import DISTRICT, STREET, TODAY
from tests.factories.visits import clock
from wushe.chain.orders.models import Order
from wushe.chain.projects.models import SourceClass
from wushe.chain.settlement import services
from wushe.chain.settlement.events import settle_accepted_visit
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.settlement.selectors import month_statement
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.models import Preset
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.models import Account, Entry
from wushe.ledgers.postings import InsufficientBalance
from wushe.ledgers.selectors import faults
from wushe.ledgers.services import open_account, post

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


def accepted(here, *, fen=None, minutes=60, person=None, level=2, price=6000, source=SourceClass.GOVERNMENT, **fields):
    """Return an accepted visit of a service that costs 60 yuan an hour, to a person of ability level 2 (70 %)."""
    person = person or here.elder
    type(person).objects.filter(pk=person.pk).update(ability_level=level)
    person.tags.all().delete()
    type(person).objects.filter(pk=person.pk).update(lives_alone=False)
    appointment = visits.planned(person, here.carer, **fields)
    appointment.order.item.__class__.objects.filter(pk=appointment.order.item_id).update(responsible_party="market")
    type(appointment).objects.filter(pk=appointment.pk).update(minutes=60)
    Order.objects.filter(pk=appointment.order_id).update(price_fen=price, minutes=60)
    if fen is not None:
        visits.budget_line(appointment.order, fen=fen, source=source)
    appointment.refresh_from_db()
    return visits.accepted(visits.ended(appointment, minutes=minutes), verifier=actor_of("verifier"))


def settle(visit, actor=None):
    return services.settle(actor=actor or actor_of("settlement_clerk"), at=clock(900), visit_id=visit.pk)


def balance(code):
    return Account.objects.get(code=code).balance


def line_of(visit):
    return Account.objects.get(pk=Order.objects.get(pk=visit.appointment.order_id).budget_line.account_id)


def test_hours_and_money_are_posted(here):
    visit = accepted(here, fen=100_000, minutes=54)
    settlement = settle(visit)
    # 54/60 × 60.00 = 54.00; 70 % = 37.80; own 16.20; held 3.78
    assert settlement.state == SettlementState.SETTLED
    assert (settlement.payable_fen, settlement.subsidy_fen, settlement.own_fen, settlement.hold_fen) == (
        5400,
        3780,
        1620,
        378,
    )
    assert line_of(visit).balance == 100_000 - 3780
    assert balance(f"outside:residents:{DISTRICT}") == -1620
    assert balance(f"payable:{here.organisation.pk}") == 5400 - 378
    assert balance(f"holdback:{here.organisation.pk}") == 378
    assert balance(f"hours:{here.carer.pk}") == 54
    assert Visit.objects.get(pk=visit.pk).state == VisitState.SETTLED
    assert faults() == []
    kinds = set(JournalEntry.objects.filter(at=clock(900)).values_list("kind", flat=True))
    assert {"settlement.open", "ledger.post", "settlement.settle", "visit.settle"} <= kinds


def test_a_visit_is_settled_once(here):
    visit = accepted(here, fen=100_000)
    settle(visit)
    before = Entry.objects.count()
    with pytest.raises(services.AlreadySettled):
        settle(visit)
    assert (Entry.objects.count(), Settlement.objects.count()) == (before, 1)


def test_only_accepted_visits_are_settled(here):
    visit = visits.ended(visits.planned(here.elder, here.carer))
    with pytest.raises(services.NotAccepted):
        settle(visit)
    assert not Settlement.objects.exists()


def test_scope_and_rights(here):
    visit = accepted(here, fen=100_000)
    stranger = Actor(user_id=3, name="外街结算员", role_code="settlement_clerk", area_code="511602002")
    with pytest.raises(NotFound):
        settle(visit, stranger)
    for name in ("verifier", "organisation_a", "carer", "auditor"):
        with pytest.raises(NotAllowed):
            settle(visit, actor_of(name))
    assert not Settlement.objects.exists()


def test_work_without_money_stays_due_and_says_why(here):
    visit = accepted(here)
    settlement = settle(visit)
    assert (settlement.state, settlement.blocked_by) == (SettlementState.DUE, "订单没有链接资金，请补充预算科目")
    assert Visit.objects.get(pk=visit.pk).state == VisitState.ACCEPTED
    assert not Entry.objects.exists()


def test_a_budget_line_that_is_too_small_says_how_much_is_missing(here):
    visit = accepted(here, fen=1000)
    settlement = settle(visit)
    assert settlement.blocked_by.endswith("余额不足，还差¥32.00")
    assert line_of(visit).balance == 1000


def test_what_was_due_is_settled_when_there_is_money(here):
    visit = accepted(here)
    first = settle(visit)
    visits.budget_line(visit.appointment.order, fen=5000)
    second = settle(visit)
    assert (second.pk, second.state, second.blocked_by) == (first.pk, SettlementState.SETTLED, "")


def test_charity_pays_the_whole(here):
    visit = accepted(here, fen=10_000, source=SourceClass.FEDERATION)
    settlement = settle(visit)
    assert (settlement.subsidy_fen, settlement.charity_fen, settlement.own_fen, settlement.hold_fen) == (0, 6000, 0, 0)
    assert line_of(visit).balance == 4000


def test_who_has_no_entitlement_pays_alone(here):
    settlement = settle(accepted(here, level=None))
    assert (settlement.state, settlement.subsidy_fen, settlement.own_fen) == (SettlementState.SETTLED, 0, 6000)


def test_a_basic_service_is_paid_by_the_government_whole(here):
    visit = accepted(here, fen=10_000, level=None)
    item = visit.appointment.order.item
    type(item).objects.filter(pk=item.pk).update(responsible_party="government")
    assert settle(visit).subsidy_fen == 6000


def test_a_visit_too_short_has_no_entries(here):
    settlement = settle(accepted(here, minutes=40))
    assert (settlement.state, settlement.payable_fen, settlement.paid_minutes) == (SettlementState.SETTLED, 0, 0)
    assert not Entry.objects.exists()


def test_voluntary_hours_without_a_price(here):
    settlement = settle(accepted(here, price=0))
    assert (settlement.money_entry, settlement.time_entry.key) == (None, f"settlement:{settlement.pk}:time_entry")
    assert balance(f"hours:{here.carer.pk}") == 60


def test_the_months_cap_counts_what_was_used(here):
    # 70 % of 60.00 is 42.00; the cap of 240.00 leaves 30.00 for the sixth visit
    for number in range(5):
        settle(accepted(here, fen=50_000, start=480 + number * 70))
    sixth = settle(accepted(here, fen=50_000, start=480 + 5 * 70))
    assert (sixth.subsidy_fen, sixth.own_fen) == (3000, 3000)
    next_month = settle(accepted(here, fen=50_000, day=date(2026, 10, 1)))
    assert next_month.subsidy_fen == 4200


def test_the_policy_of_the_visits_day_counts(here):
    visit = accepted(here, fen=100_000)
    for row in Preset.objects.filter(key="settlement.subsidy.level_2"):
        value = {"share_percent": 10, "monthly_cap_fen": 100}
        Preset.objects.create(
            key=row.key, region=DISTRICT, title=row.title, value=value, unit=row.unit, source="x", certainty="X",
            effective_from=TODAY + timedelta(days=1),
        )  # fmt: skip
    assert settle(visit).subsidy_fen == 4200


def test_a_reversal_takes_everything_back_and_the_visit_is_settled_anew(here):
    visit = accepted(here, fen=100_000)
    settlement = settle(visit)
    clerk = actor_of("settlement_clerk")
    services.reverse(actor=clerk, at=clock(950), settlement_id=settlement.pk, reason="分钟记错")
    settlement.refresh_from_db()
    assert settlement.state == SettlementState.REVERSED
    assert line_of(visit).balance == 100_000
    assert balance(f"hours:{here.carer.pk}") == 0
    assert Visit.objects.get(pk=visit.pk).state == VisitState.ACCEPTED
    assert faults() == []
    again = settle(visit)
    assert (again.pk != settlement.pk, again.state) == (True, SettlementState.SETTLED)
    assert JournalEntry.objects.get(kind="settlement.reverse").data["reason"] == "分钟记错"


def test_an_acceptance_that_is_told_late_settles_nothing_anew(here):
    visit = accepted(here, fen=100_000)
    told = JournalEntry.objects.get(kind="check.accept", data__visit=visit.pk)
    settle_accepted_visit(told)
    settlement = Settlement.objects.get(state=SettlementState.SETTLED)
    services.reverse(actor=actor_of("settlement_clerk"), at=clock(910), settlement_id=settlement.pk, reason="时长有误")
    settle_accepted_visit(told)
    assert list(Settlement.objects.values_list("state", flat=True)) == [SettlementState.REVERSED]
    assert Visit.objects.get(pk=visit.pk).state == VisitState.ACCEPTED


def test_a_reversal_needs_a_reason_and_happens_once(here):
    settlement = settle(accepted(here, fen=100_000))
    clerk = actor_of("settlement_clerk")
    entries = Entry.objects.count()
    for reason in ("  ", "长" * 101):
        with pytest.raises(Invalid):
            services.reverse(actor=clerk, at=clock(950), settlement_id=settlement.pk, reason=reason)
    with pytest.raises(NotAllowed):
        services.reverse(actor=actor_of("verifier"), at=clock(950), settlement_id=settlement.pk, reason="x")
    assert Entry.objects.count() == entries
    services.reverse(actor=clerk, at=clock(950), settlement_id=settlement.pk, reason="一次")
    with pytest.raises(MoveNotAllowed):
        services.reverse(actor=clerk, at=clock(951), settlement_id=settlement.pk, reason="两次")


def test_what_was_paid_out_cannot_be_reversed(here):
    settlement = settle(accepted(here, fen=100_000))
    payable = Account.objects.get(code=f"payable:{here.organisation.pk}")
    bank = open_account(
        actor=SYSTEM, at=clock(0), code="outside:bank", title="银行", unit="fen", kind="outside", may_go_below=True
    )
    post(actor=SYSTEM, at=clock(0), key="payout", memo="付款", legs=[(payable.pk, -5000), (bank.pk, 5000)])
    with pytest.raises(InsufficientBalance):
        services.reverse(actor=actor_of("settlement_clerk"), at=clock(950), settlement_id=settlement.pk, reason="错")
    settlement.refresh_from_db()
    assert settlement.state == SettlementState.SETTLED


def test_an_area_is_settled_at_once_except_what_was_reversed(here):
    rich = [accepted(here, fen=50_000, start=480 + n * 70) for n in range(3)]
    accepted(here, start=800)
    back = settle(rich[0])
    clerk = actor_of("settlement_clerk")
    services.reverse(actor=clerk, at=clock(950), settlement_id=back.pk, reason="错")
    result = services.settle_all(actor=clerk, at=clock(960), area_code=STREET)
    assert (result.settled, result.blocked, result.left) == (2, 1, 0)
    assert Visit.objects.get(pk=rich[0].pk).state == VisitState.ACCEPTED
    again = services.settle_all(actor=clerk, at=clock(961), area_code=STREET)
    assert (again.settled, again.blocked) == (0, 1)
    with pytest.raises(NotFound):
        services.settle_all(actor=clerk, at=clock(962), area_code="3201")
    assert faults() == []


def test_a_line_that_is_used_up_within_the_batch_blocks_the_rest(here):
    first = accepted(here, fen=5000, start=480)
    second = accepted(here, start=560)
    Order.objects.filter(pk=second.appointment.order_id).update(
        budget_line=Order.objects.get(pk=first.appointment.order_id).budget_line
    )
    result = services.settle_all(actor=actor_of("settlement_clerk"), at=clock(900), area_code=DISTRICT)
    assert (result.settled, result.blocked) == (1, 1)
    assert line_of(first).balance == 800
    assert Settlement.objects.get(visit=second).blocked_by.endswith("还差¥34.00")


def test_the_monthly_statement_of_an_organisation(here):
    settle(accepted(here, fen=50_000, start=480))
    settle(accepted(here, fen=50_000, start=560, minutes=54))
    settle(accepted(here, fen=50_000, day=date(2026, 10, 1)))
    clerk = actor_of("settlement_clerk")
    seen = month_statement(actor=clerk, organisation_id=here.organisation.pk, month=TODAY)
    assert (seen.total.visits, seen.total.minutes, seen.total.payable_fen) == (2, 114, 11_400)
    assert [line.visits for line in seen.lines] == [2]
    assert month_statement(actor=actor_of("organisation_a"), organisation_id=here.organisation.pk, month=TODAY) == seen
    with pytest.raises(NotFound):
        month_statement(actor=actor_of("organisation_b"), organisation_id=here.organisation.pk, month=TODAY)
