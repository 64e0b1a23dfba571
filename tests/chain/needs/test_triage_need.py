"""Triage: which service, how soon, whose duty; and what repeats an earlier need is closed in its favour."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import catalogue, needs
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON
from wushe.chain.needs.models import Need, NeedState, Urgency
from wushe.chain.needs.services import DuplicateOfItself, triage_need
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.services import set_preset
from wushe.foundation.workflow import MoveNotAllowed
from wushe.registers.catalogue.models import Item

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def triage(need: Need, who: str = "social_worker", **changes: Any) -> Need:
    values: dict[str, Any] = {
        "item_id": catalogue.item().pk, "urgency": Urgency.WEEK, "responsible_party": "society",
    }  # fmt: skip
    return triage_need(actor=actor_of(who), at=NOON + timedelta(hours=1), need_id=need.pk, **values | changes)


@pytest.mark.parametrize(
    ("urgency", "allowed"),
    [
        (Urgency.NOW, timedelta(hours=2)),
        (Urgency.DAY, timedelta(hours=24)),
        (Urgency.WEEK, timedelta(days=7)),
        (Urgency.FORTNIGHT, timedelta(days=15)),
    ],
)
def test_the_clock_starts_when_the_need_was_recorded(here: World, urgency: str, allowed: timedelta) -> None:
    triage(needs.recorded(here.elder), urgency=urgency)
    need = Need.objects.get()
    assert (need.state, need.due_at, need.triaged_at) == (NeedState.TRIAGED, NOON + allowed, NOON + timedelta(hours=1))
    entry = JournalEntry.objects.get(kind="need.triage")
    assert entry.data["item"] == catalogue.CLEANING


def test_a_street_may_set_its_own_deadline(here: World) -> None:
    set_preset(
        actor=actor_of("street_manager"), at=NOON, key="needs.deadline.week", region="511602001", value=60,
        effective_from=date(2026, 9, 1), source="街道通知",
    )  # fmt: skip
    triage(needs.recorded(here.elder))
    assert Need.objects.get().due_at == NOON + timedelta(hours=1)


def test_what_does_not_apply_is_refused(here: World) -> None:
    need = needs.recorded(here.elder)
    retired = Item.objects.get(edition__number=1, code="S3-09")
    cases = {
        "item_id": {"item_id": retired.pk},
        "urgency": {"urgency": "yesterday"},
        "responsible_party": {"responsible_party": "nobody"},
        "package_id": {"package_id": catalogue.package("women_support").pk},
    }
    for field, changes in cases.items():
        with pytest.raises(Invalid) as refusal:
            triage(need, **changes)
        assert list(refusal.value.fields) == [field]
    assert Need.objects.get().state == NeedState.RECORDED
    assert not JournalEntry.objects.filter(kind="need.triage").exists()


def test_a_package_for_which_the_elder_qualifies(here: World) -> None:
    triage(needs.recorded(here.elder), package_id=catalogue.package("elder_care").pk)
    assert Need.objects.get().package == catalogue.package("elder_care")


def test_a_repetition_is_closed_in_favour_of_the_first(here: World) -> None:
    first, second = needs.recorded(here.elder), needs.recorded(here.elder, "再说一次，屋里没人打扫")
    triage(second, duplicate_of_id=first.pk)
    second.refresh_from_db()
    assert (second.state, second.duplicate_of_id) == (NeedState.CLOSED, first.pk)
    assert Need.objects.get(pk=first.pk).state == NeedState.RECORDED


def test_a_need_repeats_neither_itself_nor_another_persons(here: World) -> None:
    mine, hers = needs.recorded(here.elder), needs.recorded(here.daughter)
    for other in (mine, hers):
        with pytest.raises(DuplicateOfItself):
            triage(mine, duplicate_of_id=other.pk)
    assert Need.objects.get(pk=mine.pk).state == NeedState.RECORDED


def test_once_only_and_only_within_scope(here: World) -> None:
    need = needs.recorded(here.elder)
    with pytest.raises(NotFound):
        triage(need, "stranger")
    triage(need)
    with pytest.raises(MoveNotAllowed):
        triage(need)
    assert JournalEntry.objects.filter(kind="need.triage").count() == 1
