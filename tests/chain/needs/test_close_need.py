"""Needs that leave the chain: referred, closed, taken up again; and what they held is given back."""

import pytest

from tests.factories import needs
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.needs.services import close_need, mark_in_service, refer_need, reopen_need
from wushe.chain.resources.models import Linkage, Resource, Society
from wushe.chain.resources.services import link_need
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.delivery import deliver
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def test_closing_and_taking_up_again(here: World) -> None:
    need = needs.triaged(here.elder)
    close_need(actor=actor_of("social_worker"), at=NOON, need_id=need.pk, reason="家属已解决")
    need.refresh_from_db()
    assert (need.state, need.outcome) == (NeedState.CLOSED, "家属已解决")
    assert JournalEntry.objects.get(kind="need.close").data["reason"] == "家属已解决"
    reopen_need(actor=actor_of("social_worker"), at=NOON, need_id=need.pk)
    need.refresh_from_db()
    assert (need.state, need.due_at, need.outcome) == (NeedState.RECORDED, None, "")


def test_referring_names_where(here: World) -> None:
    need = needs.recorded(here.elder)
    with pytest.raises(Invalid):
        refer_need(actor=actor_of("dispatcher"), at=NOON, need_id=need.pk, where=" ")
    refer_need(actor=actor_of("dispatcher"), at=NOON, need_id=need.pk, where="区残联")
    assert Need.objects.get().outcome == "转介：区残联"


def test_a_reason_is_asked_for(here: World) -> None:
    need = needs.recorded(here.elder)
    with pytest.raises(Invalid):
        close_need(actor=actor_of("social_worker"), at=NOON, need_id=need.pk, reason="")
    assert Need.objects.get().state == NeedState.RECORDED


def test_a_resident_takes_back_her_own_and_the_daughter_hers(here: World) -> None:
    for who in ("elder", "daughter"):
        need = needs.recorded(here.elder)
        close_need(actor=actor_of(who), at=NOON, need_id=need.pk, reason="不需要了")
        assert Need.objects.get(pk=need.pk).state == NeedState.CLOSED


def test_not_while_it_is_served_nor_by_others(here: World) -> None:
    need = needs.linked(here.elder, here.organisation)
    with pytest.raises(NotFound):
        close_need(actor=actor_of("far_elder"), at=NOON, need_id=need.pk, reason="x")
    with pytest.raises(NotAllowed):
        close_need(actor=actor_of("dispatcher"), at=NOON, need_id=need.pk, reason="x")
    mark_in_service(actor=actor_of("social_worker"), at=NOON, need_id=need.pk)
    with pytest.raises(MoveNotAllowed):
        close_need(actor=actor_of("social_worker"), at=NOON, need_id=need.pk, reason="x")
    assert Need.objects.get().state == NeedState.IN_SERVICE


def test_what_a_closed_need_held_is_given_back_once(here: World) -> None:
    wheelchairs = needs.resource(here.charity, quantity=3)
    need = needs.triaged(here.elder)
    link_need(
        actor=actor_of("social_worker"), at=NOON, need_id=need.pk, society=Society.CHARITY,
        resource_id=wheelchairs.pk, resource_quantity=2,
    )  # fmt: skip
    assert Resource.objects.get().left == 1
    close_need(actor=actor_of("social_worker"), at=NOON, need_id=need.pk, reason="老人住院了")
    deliver()
    deliver()
    assert Resource.objects.get().left == 3
    assert Linkage.objects.get().ended_at == NOON
