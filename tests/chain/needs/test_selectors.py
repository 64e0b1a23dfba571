"""The queue: its counts agree with its rows, overdue is one rule, and scope holds everywhere."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import needs
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON
from wushe.chain.needs import selectors
from wushe.chain.needs.models import Channel, NeedState, Urgency
from wushe.chain.needs.selectors import NeedFilter
from wushe.foundation.errors import NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    built = world()
    needs.recorded(built.elder)
    needs.recorded(built.daughter, channel=Channel.HOTLINE)
    needs.triaged(built.elder, urgency=Urgency.NOW)
    needs.linked(built.elder, built.organisation)
    needs.recorded(built.far_elder)
    return built


def test_counts_are_the_rows_behind_them(here: World) -> None:
    actor, at = actor_of("social_worker"), NOON + timedelta(hours=5)
    counts = selectors.need_counts(actor=actor, at=at)
    for state in NeedState.values:
        rows = selectors.find_needs(actor=actor, at=at, where=NeedFilter(state=state))
        assert counts.states[state] == rows.count()
    assert counts.total == 4
    # Two recorded beyond the four hours for triage, one triaged as most urgent beyond its two.
    assert counts.overdue == selectors.find_needs(actor=actor, at=at, where=NeedFilter(overdue=True)).count() == 3
    assert selectors.need_counts(actor=actor, at=NOON).overdue == 0


def test_facets_count_under_the_other_filters(here: World) -> None:
    actor = actor_of("social_worker")
    where = NeedFilter(channel=Channel.HOTLINE)
    counts = selectors.need_counts(actor=actor, at=NOON, where=where, areas=[COMMUNITY, NEXT_COMMUNITY])
    assert (counts.channels[Channel.HOTLINE], counts.channels[Channel.DOOR_KNOCK]) == (1, 3)
    assert counts.areas == {COMMUNITY: 0, NEXT_COMMUNITY: 1}
    assert counts.urgencies[Urgency.NOW] == 0
    free = selectors.need_counts(actor=actor, at=NOON, where=replace(where, channel=""))
    assert (free.urgencies[Urgency.NOW], free.waiting) == (1, 4)


@pytest.mark.parametrize(("text", "count"), [("王桂", 3), ("wgf", 3), ("王丽", 1), ("没人打扫", 4), ("不存在", 0)])
def test_text_finds_people_and_words(here: World, text: str, count: int) -> None:
    assert selectors.find_needs(actor=actor_of("social_worker"), at=NOON, where=NeedFilter(text=text)).count() == count


def test_a_number_finds_the_need(here: World) -> None:
    need = needs.recorded(here.elder)
    need.pk = 4321
    need.save(force_insert=True)
    for text in ("#4321", "4321", " 4321 "):
        found = selectors.find_needs(actor=actor_of("social_worker"), at=NOON, where=NeedFilter(text=text))
        assert [row.pk for row in found] == [4321]


def test_scope(here: World) -> None:
    assert selectors.find_needs(actor=actor_of("stranger"), at=NOON).count() == 1
    assert selectors.find_needs(actor=actor_of("dispatcher"), at=NOON).count() == 5
    assert selectors.find_needs(actor=actor_of("community_worker"), at=NOON).count() == 3
    need = selectors.find_needs(actor=actor_of("social_worker"), at=NOON)[0]
    with pytest.raises(NotFound):
        selectors.need_of(actor=actor_of("stranger"), need_id=need.pk)
    with pytest.raises(NotAllowed):
        selectors.find_needs(actor=actor_of("settlement_clerk"), at=NOON)


def test_a_resident_sees_each_of_her_needs_once(here: World) -> None:
    assert len(selectors.own_needs(actor=actor_of("daughter"))) == 4
    assert len(selectors.own_needs(actor=actor_of("elder"))) == 3
    assert selectors.own_needs(actor=actor_of("far_elder"))[0].person == here.far_elder


def test_the_most_pressing_come_first(here: World) -> None:
    states = [need.state for need in selectors.most_pressing(actor=actor_of("social_worker"), at=NOON)]
    assert states == ["recorded", "recorded", "triaged", "linked"]


def test_the_list_costs_a_fixed_number_of_queries(here: World) -> None:
    actor = actor_of("social_worker")
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for need in selectors.find_needs(actor=actor, at=NOON)[:50]:
            assert need.person.name
            assert need.item is None or need.item.name
    assert len(queries) == 1
