"""From the first contact to the call-back: disputes, extensions and pauses by rule, each with a decision and a name."""

from datetime import timedelta

import pytest

from tests.factories import hotline
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON, TODAY
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.practice.hotline.deciding import (
    ExtendedEnough,
    LiftedAlready,
    decide_dispute,
    decide_extension,
    exclude_order,
    lift_topic,
)
from wushe.practice.hotline.handling import (
    ContactFirst,
    NotDueYet,
    answer_order,
    ask_extension,
    ask_helper,
    contact_caller,
    dispute_order,
    pause_order,
    record_call,
    report_help,
    resume_order,
    reveal_caller,
)
from wushe.practice.hotline.models import Dispute, Extension, HotlineCall, HotlineOrder, MonthlyTopic, OrderState, Pause
from wushe.practice.hotline.selectors import (
    OrderFilter,
    find_orders,
    order_counts,
    overdue_orders,
    rates,
    repeated_problems,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def test_contact_then_answer_then_call_back() -> None:
    order, worker = hotline.assigned(), actor_of("community_worker")
    with pytest.raises(ContactFirst):
        answer_order(actor=worker, at=NOON, order_id=order.pk, answer="好了")
    with pytest.raises(NotDueYet):
        record_call(actor=actor_of("verifier"), at=NOON, order_id=order.pk, reached=False)
    contact_caller(actor=worker, at=NOON + HOUR, order_id=order.pk, note="问清了")
    with pytest.raises(MoveNotAllowed):
        contact_caller(actor=worker, at=NOON + 2 * HOUR, order_id=order.pk, note="又问")
    answer_order(actor=worker, at=NOON + 2 * HOUR, order_id=order.pk, answer="清理好了")
    with pytest.raises(NotAllowed):
        record_call(actor=worker, at=NOON, order_id=order.pk, reached=True, solved=True, satisfaction="satisfied")
    with pytest.raises(Invalid) as refusal:
        record_call(actor=actor_of("verifier"), at=NOON, order_id=order.pk, reached=True)
    assert set(refusal.value.fields) == {"solved", "satisfaction"}
    assert not HotlineCall.objects.exists()
    record_call(
        actor=actor_of("verifier"), at=NOON + 3 * HOUR, order_id=order.pk, reached=False, solved=True, satisfaction="satisfied"
    )  # fmt: skip
    order.refresh_from_db()
    assert (order.state, order.contacted_at, order.closed_at) == (OrderState.CLOSED, NOON + HOUR, NOON + 3 * HOUR)
    assert (order.call.reached, order.call.solved, order.call.satisfaction) == (False, None, "")


def test_the_street_decides_a_dispute_and_turned_down_it_stays() -> None:
    order, worker, street = hotline.assigned(), actor_of("community_worker"), actor_of("street_manager")
    dispute_order(actor=worker, at=NOON, order_id=order.pk, reason="归物业管")
    with pytest.raises(NotAllowed):
        decide_dispute(actor=worker, at=NOON, order_id=order.pk, agreed=True, decision="同意")
    with pytest.raises(Invalid):
        decide_dispute(actor=street, at=NOON, order_id=order.pk, agreed=False, decision=" ")
    assert HotlineOrder.objects.get().state == OrderState.DISPUTED
    decide_dispute(actor=street, at=NOON, order_id=order.pk, agreed=False, decision="属地负责")
    order.refresh_from_db()
    assert (order.state, order.owner_name, order.returnable) == (OrderState.ASSIGNED, "刘社区", False)
    with pytest.raises(MoveNotAllowed):
        dispute_order(actor=worker, at=NOON, order_id=order.pk, reason="还是归物业")
    assert Dispute.objects.get().decision == "属地负责"


def test_upheld_it_goes_back_to_the_first_receiver() -> None:
    order = hotline.assigned()
    dispute_order(actor=actor_of("community_worker"), at=NOON, order_id=order.pk, reason="归物业管")
    decide_dispute(actor=actor_of("street_manager"), at=NOON, order_id=order.pk, agreed=True, decision="改派")
    order.refresh_from_db()
    assert (order.state, order.unit, order.owner_name) == (OrderState.RECEIVED, "", "陈社工")


def test_more_time_needs_a_reason_and_somebody_elses_consent() -> None:
    order, worker, street = hotline.assigned(), actor_of("community_worker"), actor_of("street_manager")
    later = order.due_at + timedelta(days=3)
    with pytest.raises(Invalid):
        ask_extension(actor=worker, at=NOON, order_id=order.pk, reason="", until=later)
    with pytest.raises(Invalid):
        ask_extension(actor=worker, at=NOON, order_id=order.pk, reason="要等材料", until=order.due_at)
    with pytest.raises(MoveNotAllowed):
        ask_extension(actor=worker, at=order.due_at + HOUR, order_id=order.pk, reason="晚了", until=later)
    assert not Extension.objects.exists()
    ask_extension(actor=worker, at=NOON, order_id=order.pk, reason="要等材料", until=later)
    with pytest.raises(MoveNotAllowed):
        ask_extension(actor=worker, at=NOON, order_id=order.pk, reason="再要", until=later)
    decide_extension(actor=street, at=NOON, order_id=order.pk, agreed=True, decision="同意")
    assert HotlineOrder.objects.get().due_at == later
    ask_extension(actor=worker, at=NOON, order_id=order.pk, reason="还不够", until=later + HOUR)
    with pytest.raises(ExtendedEnough):
        decide_extension(actor=street, at=NOON, order_id=order.pk, agreed=True, decision="同意")
    decide_extension(actor=street, at=NOON, order_id=order.pk, agreed=False, decision="不再延")
    assert HotlineOrder.objects.get().due_at == later


def test_a_clock_stands_still_only_by_rule() -> None:
    order, worker = hotline.assigned(), actor_of("community_worker")
    for rule, note in (("holiday", "过节"), ("caller", " ")):
        with pytest.raises(Invalid):
            pause_order(actor=worker, at=NOON, order_id=order.pk, rule=rule, note=note)
    with pytest.raises(MoveNotAllowed):
        pause_order(actor=worker, at=order.due_at + HOUR, order_id=order.pk, rule="caller", note="等材料")
    pause_order(actor=worker, at=NOON + HOUR, order_id=order.pk, rule="caller", note="等产权证")
    resume_order(actor=worker, at=NOON + 5 * HOUR, order_id=order.pk)
    assert HotlineOrder.objects.get().due_at == order.due_at + 4 * HOUR
    stood = Pause.objects.get()
    assert (stood.began_at, stood.ended_at) == (NOON + HOUR, NOON + 5 * HOUR)


def test_each_look_at_a_telephone_is_journalled() -> None:
    order = hotline.assigned(caller_phone="13800001234")
    with pytest.raises(NotAllowed):
        reveal_caller(actor=actor_of("street_manager"), at=NOON, order_id=order.pk)
    with pytest.raises(NotFound):
        reveal_caller(actor=actor_of("stranger"), at=NOON, order_id=order.pk)
    assert not JournalEntry.objects.filter(kind="hotline_order.reveal_caller").exists()
    assert reveal_caller(actor=actor_of("community_worker"), at=NOON, order_id=order.pk) == "13800001234"
    assert JournalEntry.objects.filter(kind="hotline_order.reveal_caller").count() == 1


def test_helpers_report_back_once() -> None:
    order, worker = hotline.assigned(), actor_of("community_worker")
    helper = ask_helper(actor=worker, at=NOON, order_id=order.pk, unit="城管队", task="清运大件")
    with pytest.raises(Invalid):
        ask_helper(actor=worker, at=NOON, order_id=order.pk, unit="城管队", task="再来")
    with pytest.raises(NotFound):
        report_help(actor=actor_of("stranger"), at=NOON, helper_id=helper.pk, report="好了")
    assert report_help(actor=worker, at=NOON, helper_id=helper.pk, report="已清运").reported_at == NOON
    with pytest.raises(MoveNotAllowed):
        report_help(actor=worker, at=NOON, helper_id=helper.pk, report="又报")


def test_every_overdue_order_has_a_name_on_it() -> None:
    late, called = hotline.assigned(), hotline.assigned()
    contact_caller(actor=actor_of("community_worker"), at=NOON, order_id=called.pk, note="问清了")
    manager = actor_of("street_manager")
    assert list(overdue_orders(actor=manager, at=NOON + 24 * HOUR)) == []
    assert [(o.pk, o.owner_name) for o in overdue_orders(actor=manager, at=NOON + 25 * HOUR)] == [(late.pk, "刘社区")]
    assert overdue_orders(actor=manager, at=NOON + timedelta(days=8)).count() == 2
    assert overdue_orders(actor=actor_of("stranger"), at=NOON + timedelta(days=8)).count() == 0


def test_the_rates_of_a_community_raw_and_adjusted() -> None:
    hotline.closed()
    hotline.closed(solved=False, satisfaction="dissatisfied", contacted_after=timedelta(hours=25))
    hotline.closed(satisfaction="basically")
    out = hotline.closed(solved=False, satisfaction="dissatisfied")
    street = actor_of("street_manager")
    with pytest.raises(NotAllowed):
        exclude_order(actor=actor_of("community_worker"), at=NOON, order_id=out.pk, exclusion="in_court", note="已起诉")
    exclude_order(actor=street, at=NOON, order_id=out.pk, exclusion="in_court", note="已起诉")
    [row] = rates(actor=street, first=TODAY, last=TODAY, level=12)
    assert (row.area_code, row.orders, row.excluded) == (COMMUNITY, 4, 1)
    assert (row.raw.response.percent, row.raw.solution.percent, row.raw.satisfaction.percent) == (75.0, 50.0, 40.0)
    assert row.adjusted.solution.percent == 66.67
    assert (row.raw_score, row.adjusted_score) == (51.0, 61.33)


def test_what_comes_again_is_taken_up_for_the_month() -> None:
    for _ in range(3):
        hotline.received()
    hotline.received(topic="noise")
    street = actor_of("street_manager")
    [found] = repeated_problems(actor=street, at=NOON)
    assert (found.area_code, found.topic, found.orders, found.lifted) == (COMMUNITY, "environment", 3, None)
    given = {
        "title": "楼道堆物",
        "measures": "每周清一次",
        "owner_name": "李街道",
        "due_on": TODAY + timedelta(days=20),
    }
    with pytest.raises(Invalid):
        lift_topic(actor=street, at=NOON, area_code="511602002001", topic="environment", **given)
    lift_topic(actor=street, at=NOON, area_code=COMMUNITY, topic="environment", **given)
    assert MonthlyTopic.objects.get().orders.count() == 3
    with pytest.raises(LiftedAlready):
        lift_topic(actor=street, at=NOON, area_code=COMMUNITY, topic="environment", **given)
    assert repeated_problems(actor=street, at=NOON)[0].lifted is not None


def test_the_list_narrows_and_counts() -> None:
    hotline.received(place="5栋门口")
    hotline.assigned(topic="noise", kind="report")
    actor = actor_of("street_manager")
    assert [o.topic for o in find_orders(actor=actor, at=NOON, where=OrderFilter(topic="noise"))] == ["noise"]
    assert [o.place for o in find_orders(actor=actor, at=NOON, where=OrderFilter(text="5栋"))] == ["5栋门口"]
    counts = order_counts(actor=actor, at=NOON, where=OrderFilter(kind="report"))
    assert (counts.total, counts.states["assigned"], counts.kinds["complain"], counts.topics["noise"]) == (1, 1, 1, 1)
    assert order_counts(actor=actor_of("stranger"), at=NOON).total == 0
    with pytest.raises(Conflict):
        resume_order(actor=actor_of("community_worker"), at=NOON, order_id=HotlineOrder.objects.first().pk)  # type: ignore[union-attr]
