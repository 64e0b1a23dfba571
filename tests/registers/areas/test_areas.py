"""Areas form a tree by code, with dates; what ended still resolves."""

from datetime import date

import pytest

from tests.factories.cast import actor_of, world
from tests.factories.places import CENTRE, COMMUNITY, DISTRICT, NEXT_COMMUNITY, NOON, STREET, TODAY, two_streets
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid
from wushe.registers.areas import selectors
from wushe.registers.areas.services import AreaRow, load_divisions, parent_code

pytestmark = pytest.mark.django_db


def load(*rows: AreaRow) -> int:
    return load_divisions(actor=SYSTEM, at=NOON, rows=rows, valid_from=date(2020, 1, 1))


def test_the_tree() -> None:
    two_streets()
    assert [a.name for a in selectors.children_of(code=DISTRICT, on=TODAY)] == ["浓洄街道", "北辰街道"]
    assert selectors.children_of(code=STREET, on=TODAY)[0].short_name == "翠屏路"
    assert [a.level for a in selectors.lineage(code=COMMUNITY, on=TODAY)] == [2, 4, 6, 9, 12]
    assert selectors.tree(code=STREET, on=TODAY).count() == 7
    assert selectors.place_names(codes=[COMMUNITY, ""]) == {COMMUNITY: "浓洄街道 翠屏路社区"}
    assert selectors.bounds_of(code=STREET, on=TODAY) == (*CENTRE, *CENTRE)
    assert selectors.bounds_of(code="51", on=date(2000, 1, 1)) is None


def test_places_are_named_however_many_are_asked_for() -> None:
    """More codes than one query asks for, some of them unknown, one deeper than any name."""
    two_streets()
    streets = {f"511602{number:03}": f"{number}街道" for number in range(100, 160)}
    load(*(AreaRow(code, name) for code, name in streets.items()))
    assert selectors.place_names(codes=[*streets, "999999001", COMMUNITY]) == {
        **streets, "999999001": "", COMMUNITY: "浓洄街道 翠屏路社区",
    }  # fmt: skip
    assert selectors.place_names(codes=[]) == {}


def test_loading_again_adds_nothing_and_an_orphan_is_refused() -> None:
    two_streets()
    assert load(AreaRow(COMMUNITY, "翠屏路社区")) == 0
    for row in (AreaRow("511699001", "无上级街道"), AreaRow("51160200", "八位"), AreaRow("51160200x", "非数字")):
        with pytest.raises(Invalid):
            load(row)
    assert (parent_code("51"), parent_code(COMMUNITY), parent_code(COMMUNITY + "001")) == ("", STREET, COMMUNITY)


def test_one_places_rows_only_in_ones_own_communities() -> None:
    world()
    worker = actor_of("community_worker")
    assert selectors.may_place_in(actor=worker, area_code=COMMUNITY, on=TODAY)
    assert not selectors.may_place_in(actor=worker, area_code=NEXT_COMMUNITY, on=TODAY)
    assert not selectors.may_place_in(actor=actor_of("social_worker"), area_code=STREET, on=TODAY)
    assert not selectors.may_place_in(actor=actor_of("elder"), area_code=COMMUNITY, on=TODAY)
    assert selectors.places_of(actor=actor_of("social_worker"), on=TODAY).count() == 6
