"""The timeline of a need: who, when, why, what next; for whom it opens; and how much it costs."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.factories import needs, orders, visits
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON
from tests.oversight.world import settled_chain
from wushe.chain.needs.services import close_need, refer_need
from wushe.chain.orders.services import refuse_offer
from wushe.chain.settlement.services import settle
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import all_workflows
from wushe.oversight.selectors.timeline import need_timeline
from wushe.oversight.selectors.titles import kinds_by_group, title_of

pytestmark = pytest.mark.django_db
MOST_QUERIES = 16


@pytest.fixture
def here() -> World:
    return world()


def test_a_new_need_asks_for_triage(here: World) -> None:
    need = needs.recorded(here.elder)
    found = need_timeline(actor=actor_of("social_worker"), need_id=need.pk, at=NOON)
    assert [(step.title, step.who) for step in found.steps] == [("登记需求", "陈社工")]
    assert [mark.status for mark in found.stages] == ["done", "current"] + ["future"] * 6
    assert found.next_step.startswith("请研判")


def test_each_step_says_who_in_which_role_and_why(here: World) -> None:
    need = needs.linked(here.elder, here.organisation)
    steps = need_timeline(actor=actor_of("street_manager"), need_id=need.pk, at=NOON).steps
    assert [step.title for step in steps] == ["登记需求", "研判", "链接资源"]
    assert {step.who for step in steps} == {"陈社工"}
    assert {step.role for step in steps} == {"社会工作者"}
    assert "责任方：社会" in steps[1].why
    assert here.organisation.name in steps[2].why


def test_a_refusal_tells_its_reason(here: World) -> None:
    order = orders.sent(here.elder, here.organisation, here.second_organisation)
    refuse_offer(
        actor=orders.manager_of(here.organisation), at=NOON, order_id=order.pk, organisation_id=here.organisation.pk,
        reason="人手不够",
    )  # fmt: skip
    steps = need_timeline(actor=actor_of("street_manager"), need_id=order.need_id, at=NOON).steps
    refused = next(step for step in steps if step.title == "机构婉拒")
    assert refused.why == f"{here.organisation.name}：人手不够"
    sent = next(step for step in steps if step.title == "送单")
    assert here.second_organisation.name in sent.why


def test_a_whole_chain_is_told_to_its_end(here: World) -> None:
    visit = settled_chain(here)
    need = visit.appointment.order.need
    found = need_timeline(actor=actor_of("street_manager"), need_id=need.pk, at=NOON)
    line = found.orders[0].visits[0]
    assert (line.visit, line.check is not None) == (visit, True)
    assert found.next_step == "服务已完成，核验和结算都已办好。"
    settle(actor=SYSTEM, at=NOON + timedelta(hours=9), visit_id=visit.pk)
    found = need_timeline(actor=actor_of("street_manager"), need_id=need.pk, at=NOON)
    assert found.current == "settlement", "the settlement is blocked for want of money"
    assert found.orders[0].visits[0].settlement is not None
    titles = [step.title for step in found.record]
    assert {"签到", "上传凭证", "签退", "进入核验"} <= set(titles)
    assert all(step.title != "" and "." not in step.title for step in found.record), "every act has Chinese words"


def test_steps_stand_in_the_order_of_time(here: World) -> None:
    visit = settled_chain(here)
    found = need_timeline(actor=actor_of("street_manager"), need_id=visit.appointment.order.need_id, at=NOON)
    times = [step.at for step in found.record]
    assert times == sorted(times)
    assert len(found.record) == len(
        [e for e in JournalEntry.objects.all() if e.subject_kind in ("need", "order", "appointment", "visit", "check")]
    )


def test_a_need_past_its_time_is_overdue(here: World) -> None:
    need = needs.triaged(here.elder)
    assert need.due_at is not None
    actor = actor_of("social_worker")
    assert not need_timeline(actor=actor, need_id=need.pk, at=need.due_at).overdue
    assert need_timeline(actor=actor, need_id=need.pk, at=need.due_at + timedelta(minutes=1)).overdue


def test_a_closed_and_a_referred_need_have_no_stage_ahead(here: World) -> None:
    worker = actor_of("social_worker")
    closed, referred = needs.recorded(here.elder), needs.recorded(here.daughter)
    close_need(actor=worker, at=NOON, need_id=closed.pk, reason="家属已办")
    refer_need(actor=worker, at=NOON, need_id=referred.pk, where="区残联")
    for need, why in ((closed, "家属已办"), (referred, "转介：区残联")):
        found = need_timeline(actor=worker, need_id=need.pk, at=NOON)
        assert {mark.status for mark in found.stages} == {"done", "stopped"}
        assert found.steps[-1].why == why


def test_residents_see_their_own_and_their_parents_but_not_what_checkers_wrote(here: World) -> None:
    visit = settled_chain(here)
    need_id = visit.appointment.order.need_id
    for who in ("elder", "daughter"):
        found = need_timeline(actor=actor_of(who), need_id=need_id, at=NOON)
        assert found.record == []
        assert found.orders[0].visits[0].check is None
    with pytest.raises(NotFound):
        need_timeline(actor=actor_of("far_elder"), need_id=need_id, at=NOON)


@pytest.mark.parametrize(
    ("who", "refusal"), [("stranger", NotFound), ("organisation_a", NotAllowed), ("carer", NotAllowed)]
)
def test_others_do_not_open_it(here: World, who: str, refusal: type[Exception]) -> None:
    need = needs.recorded(here.elder)
    with pytest.raises(refusal):
        need_timeline(actor=actor_of(who), need_id=need.pk, at=NOON)


def test_the_cost_does_not_grow_with_the_chain(here: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    visit = settled_chain(here)
    actor, need_id = actor_of("street_manager"), visit.appointment.order.need_id
    with django_assert_max_num_queries(MOST_QUERIES) as short:
        need_timeline(actor=actor, need_id=need_id, at=NOON)
    for minute in (660, 780, 900):
        appointment = visits.planned(here.elder, here.second_carer, start=minute)
        type(appointment.order).objects.filter(pk=appointment.order_id).update(need=need_id)
        visits.ended(appointment, evidence=True)
    with django_assert_max_num_queries(len(short.captured_queries)):
        found = need_timeline(actor=actor, need_id=need_id, at=NOON)
    assert sum(len(chain.visits) for chain in found.orders) == 4


def test_every_move_of_every_workflow_has_words() -> None:
    for workflow in all_workflows():
        for edge in workflow.edges:
            assert "." not in title_of(f"{workflow.name}.{edge.event}", {"from": edge.source})
    assert title_of("appointment.keep", {"from": "missed"}) != title_of("appointment.keep", {"from": "confirmed"})
    assert len([kind for _, kinds in kinds_by_group() for kind in kinds]) > 80


RECORDED = re.compile(r'(?:\bkind=|Act\(|event=)"([a-z_]+\.[a-z_]+)"')


def test_no_act_stands_in_the_journal_under_its_code() -> None:
    """Whoever opens a thing reads what was done to it: acts that are no move have a title too."""
    sources = [path.read_text(encoding="utf-8") for path in Path("wushe").rglob("*.py")]
    recorded = {kind for text in sources for kind in RECORDED.findall(text)}
    assert len(recorded) > 100
    assert sorted(kind for kind in recorded if title_of(kind) == kind) == []
