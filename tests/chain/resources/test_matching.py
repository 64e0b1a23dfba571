"""Needs matched with the five societies: who and which money, why, why not, and what would make it possible."""

from datetime import date

import pytest

from tests.factories import needs, organisations, workforce
from tests.factories.cast import World, actor_of, world
from tests.factories.catalogue import BATH, CLEANING, VISIT, item
from tests.factories.places import NEXT_COMMUNITY, NOON, OTHER_STREET, STREET
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.resources.matching import Proposal, propose_link, propose_links
from wushe.chain.resources.models import Linkage, Society
from wushe.chain.resources.services import link_need
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.registers.workforce.models import Worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def proposed(need: Need) -> Proposal:
    found = propose_link(actor=actor_of("social_worker"), at=NOON, need_id=need.pk)
    assert found is not None
    return found


def paid_before(w: World, fen: int = 1_000_000) -> int:
    """Let a fund have paid for a cleaning of the daughter's; return its line."""
    line = needs.budget_line(needs.project(w.organisation), fen=fen)
    needs.linked(w.daughter, w.organisation, line=line)
    return line.pk


def test_the_only_one_who_can_do_it(here: World) -> None:
    Worker.objects.filter(organisation=here.second_organisation).update(ends_on=date(2026, 1, 1))
    found = proposed(needs.triaged(here.elder))
    assert found.source is not None
    assert (found.source.society, found.source.organisation) == (Society.ORGANISATION, here.organisation)
    assert found.why == ["只有康乐居家养老服务中心能做“日常打扫”、服务这里，而且还排得开。"]
    assert found.money is None
    assert "请人工选一笔" in found.why_money[0]


def test_who_has_served_before_comes_first_and_the_second_is_named_with_the_difference(here: World) -> None:
    needs.linked(here.elder, here.second_organisation)
    found = proposed(needs.triaged(here.elder))
    assert found.source is not None
    assert found.source.organisation == here.second_organisation
    assert found.why[0] == "邻里帮社会服务中心以前为这位居民服务过。"
    assert found.why[1].startswith("其次是康乐居家养老服务中心，总分少150分")


def test_money_that_has_paid_for_such_services_is_proposed_while_it_lasts(here: World) -> None:
    line = paid_before(here)
    found = proposed(needs.triaged(here.elder))
    assert found.money is not None
    assert found.money.line is not None
    assert found.money.line.pk == line
    assert found.linkage["budget_line_id"] == line


def test_money_promised_to_standing_linkages_is_not_promised_again(here: World) -> None:
    """The fund holds the price of one cleaning and a half; one is promised to the daughter."""
    paid_before(here, fen=item(CLEANING).price_fen * 3 // 2)
    found = proposed(needs.triaged(here.elder))
    assert found.possible
    assert found.money is None
    assert found.why_money[0] == "覆盖这里的经费都已用完，或已答应别的需求。"


def test_all_needs_are_looked_at_together(here: World) -> None:
    """The fund pays one more cleaning: the urgent need gets it, the other one is told why not; both have somebody."""
    paid_before(here, fen=item(CLEANING).price_fen * 2)
    later = needs.triaged(here.elder, urgency="fortnight")
    urgent = needs.triaged(here.elder, urgency="now")
    found = {one.need.pk: one for one in propose_links(actor=actor_of("social_worker"), at=NOON)}
    assert (found[urgent.pk].money is not None, found[later.pk].money is not None) == (True, False)
    assert all(one.possible for one in found.values())
    assert next(iter(found)) == urgent.pk


def test_nobody_can_and_what_would_help(here: World) -> None:
    """Nobody bathes here: the only ones who do serve the other street, and could widen their field."""
    Worker.objects.all().update(ends_on=date(2026, 1, 1))
    far = organisations.organisation("外街机构", area_code=NEXT_COMMUNITY, serves=(OTHER_STREET,))
    need = needs.triaged(here.elder, item=BATH)
    found = proposed(need)
    assert not found.possible
    assert found.why == ["目前没有哪一方会做“上门助浴”。"]
    workforce.worker("外街护理", organisation=far)
    assert proposed(need).why == [
        "会做“上门助浴”的都不服务这个社区。",
        "可以：请外街机构把服务范围扩到这里。",
    ]


def test_whoever_is_fully_booked_is_not_proposed(here: World) -> None:
    Worker.objects.exclude(pk=here.carer.pk).update(ends_on=date(2026, 1, 1))
    Worker.objects.filter(pk=here.carer.pk).update(week_cap_minutes=150)
    needs.linked(here.daughter, here.organisation)
    found = proposed(needs.triaged(here.elder))
    assert not found.possible
    assert found.why[0] == "有1方会做“日常打扫”，但这一周的工时都已排满。"
    assert found.why[1] == "可以：请康乐居家养老服务中心再抽出90分钟。", "30 of the 150 minutes are left"


def test_volunteers_of_the_street_need_no_money(here: World) -> None:
    Worker.objects.filter(organisation__isnull=False).update(ends_on=date(2026, 1, 1))
    found = proposed(needs.triaged(here.elder, item=VISIT))
    assert found.source is not None
    assert (found.source.society, found.source.key) == (Society.VOLUNTEER, f"v{STREET}")
    assert (found.money, found.why_money) == (None, [])
    assert found.linkage["organisation_id"] is None


def test_a_proposal_is_taken_as_it_stands(here: World) -> None:
    paid_before(here)
    need = needs.triaged(here.elder)
    link_need(actor=actor_of("social_worker"), at=NOON, need_id=need.pk, **proposed(need).linkage)
    linkage = Linkage.objects.get(need=need)
    assert linkage.reason.startswith("匹配建议：")
    assert Need.objects.get(pk=need.pk).state == NeedState.LINKED


def test_who_may_ask(here: World) -> None:
    need = needs.triaged(here.elder)
    with pytest.raises(NotAllowed):
        propose_links(actor=actor_of("dispatcher"), at=NOON)
    with pytest.raises(NotFound):
        propose_link(actor=actor_of("stranger"), at=NOON, need_id=need.pk)
    assert propose_links(actor=actor_of("stranger"), at=NOON) == []


def test_the_same_facts_give_the_same_proposals(here: World) -> None:
    paid_before(here)
    for urgency in ("week", "day", "now"):
        needs.triaged(here.elder, urgency=urgency)
    twice = [
        [
            (one.need.pk, one.source and one.source.key, one.why)
            for one in propose_links(actor=actor_of("social_worker"), at=NOON)
        ]
        for _ in range(2)
    ]
    assert twice[0] == twice[1]
