"""Linking: one of the five societies, with money that is there and resources that are left, one linkage at a time."""

from datetime import date
from typing import Any

import pytest

from tests.factories import needs, organisations
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, OTHER_COMMUNITY, OTHER_STREET
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.resources.fitting import MoneyShort
from wushe.chain.resources.models import Linkage, Resource, Society
from wushe.chain.resources.selectors import link_choices, standing_linkage
from wushe.chain.resources.services import ResourceShort, link_need
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def link(need: Need, who: str = "social_worker", **changes: Any) -> Linkage:
    values: dict[str, Any] = {"society": Society.COMMUNITY}
    return link_need(actor=actor_of(who), at=NOON, need_id=need.pk, **values | changes)


def unchanged(need: Need) -> bool:
    return Need.objects.get(pk=need.pk).state == NeedState.TRIAGED and not Linkage.objects.exists()


def test_an_organisation_with_money_of_a_project(here: World) -> None:
    line = needs.budget_line(needs.project(here.organisation))
    need = needs.triaged(here.elder)
    linkage = link(need, society="organisation", organisation_id=here.organisation.pk, budget_line_id=line.pk)
    assert Need.objects.get().state == NeedState.LINKED
    assert linkage.project == line.project
    assert list(line.project.needs.all()) == [need]
    assert JournalEntry.objects.get(kind="linkage.link").data["line"] == line.pk


@pytest.mark.parametrize("society", [s for s in Society.values if s not in {"organisation", "charity"}])
def test_the_other_societies_need_no_organisation(here: World, society: str) -> None:
    assert link(needs.triaged(here.elder), society=society).organisation is None


def test_what_does_not_fit_is_refused_and_nothing_changes(here: World) -> None:
    need = needs.triaged(here.elder)
    far = organisations.organisation("外街机构", area_code=OTHER_COMMUNITY, serves=(OTHER_STREET,))
    designed = needs.project(here.organisation, running=False)
    line = needs.budget_line(designed)
    late = needs.resource(here.charity, available_until=date(2026, 9, 13))
    cases: list[tuple[dict[str, Any], str]] = [
        ({"society": "nobody"}, "society"),
        ({"society": "organisation"}, "organisation_id"),
        ({"society": "organisation", "organisation_id": far.pk}, "organisation_id"),
        ({"project_id": designed.pk}, "project_id"),
        ({"budget_line_id": line.pk}, "budget_line_id"),
        ({"resource_id": late.pk, "resource_quantity": 1}, "resource_id"),
        ({"resource_id": needs.resource(here.charity).pk}, "resource_quantity"),
        ({"society": "charity"}, "society"),
    ]
    for changes, field in cases:
        with pytest.raises(Invalid) as refusal:
            link(need, **changes)
        assert list(refusal.value.fields) == [field], changes
        assert unchanged(need)


def test_money_must_be_there(here: World) -> None:
    need = needs.triaged(here.elder)
    line = needs.budget_line(needs.project(here.organisation), fen=100)
    with pytest.raises(MoneyShort):
        link(need, society="organisation", organisation_id=here.organisation.pk, budget_line_id=line.pk)
    assert unchanged(need)


def test_a_resource_is_taken_and_never_below_nothing(here: World) -> None:
    wheelchairs = needs.resource(here.charity, quantity=3)
    link(needs.triaged(here.elder), society="charity", resource_id=wheelchairs.pk, resource_quantity=2)
    second = needs.triaged(here.daughter)
    with pytest.raises(ResourceShort):
        link(second, society="charity", resource_id=wheelchairs.pk, resource_quantity=2)
    assert Resource.objects.get().left == 1
    assert Need.objects.get(pk=second.pk).state == NeedState.TRIAGED


def test_linking_anew_ends_the_former_and_gives_back(here: World) -> None:
    wheelchairs = needs.resource(here.charity, quantity=3)
    need = needs.triaged(here.elder)
    first = link(need, society="charity", resource_id=wheelchairs.pk, resource_quantity=3)
    second = link(need, society="charity", resource_id=wheelchairs.pk, resource_quantity=1)
    first.refresh_from_db()
    assert first.ended_at == NOON
    assert standing_linkage(need=need) == second
    assert Resource.objects.get().left == 2


def test_only_after_triage_within_scope_and_with_the_right(here: World) -> None:
    with pytest.raises(MoveNotAllowed):
        link(needs.recorded(here.elder))
    need = needs.triaged(here.elder)
    with pytest.raises(NotFound):
        link(need, "stranger")
    with pytest.raises(NotAllowed):
        link(need, "dispatcher")
    assert unchanged(need)


def test_choices_are_those_that_fit(here: World) -> None:
    line = needs.budget_line(needs.project(here.organisation))
    stock = needs.resource(here.charity)
    choices = link_choices(need=needs.triaged(here.elder), on=date(2026, 9, 14))
    assert choices.organisations == [here.organisation, here.second_organisation]
    assert (choices.lines, choices.resources) == ([line], [stock])
    far = link_choices(need=needs.recorded(here.far_elder), on=date(2026, 9, 14))
    assert (far.organisations, far.lines, far.resources) == ([], [], [])
