"""Bulk acts: a preview changes nothing, a row that refuses says why, and what was done can be taken back for a while."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.factories import organisations, registers
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.communities.models import Term
from wushe.registers.desk import bulk
from wushe.registers.desk.bulk import NothingChanged, Outcome, TooLate, apply_bulk, preview_bulk, undo_bulk
from wushe.registers.desk.models import BulkChange
from wushe.registers.organisations.models import Organisation
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Learning

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(minutes=29)
LATE = NOON + timedelta(minutes=31)


@pytest.fixture
def here() -> World:
    return world()


def do(act: str, *ids: int, who: str = "social_worker", register: str = "organisations", **values: Any) -> Outcome:
    return apply_bulk(actor=actor_of(who), at=NOON, register=register, act=act, ids=ids, values=values)


def hubs() -> set[int]:
    return set(Organisation.objects.filter(hub=True).values_list("pk", flat=True))


def test_a_preview_tells_all_and_changes_nothing(here: World) -> None:
    already = organisations.organisation("早是枢纽", hub=True)
    far = organisations.organisation("外街机构", area_code=OTHER_COMMUNITY)
    rows = JournalEntry.objects.count()
    shown = preview_bulk(
        actor=actor_of("social_worker"), at=NOON, register="organisations", act="hub",
        ids=[here.organisation.pk, already.pk, far.pk], values={},
    )  # fmt: skip
    assert [(row.pk, done.before, done.after) for row, done in shown.changed] == [(here.organisation.pk, "否", "是")]
    assert [(row.pk, why) for row, why in shown.refused] == [(already.pk, "已经是这样，不用改。")]
    assert hubs() == {already.pk}
    assert JournalEntry.objects.count() == rows
    assert not BulkChange.objects.exists()


def test_it_is_done_and_undone(here: World) -> None:
    outcome = do("hub", here.organisation.pk, here.second_organisation.pk)
    assert hubs() == {here.organisation.pk, here.second_organisation.pk}
    assert outcome.change is not None
    undo_bulk(actor=actor_of("social_worker"), at=SOON, change_id=outcome.change.pk)
    assert hubs() == set()
    kinds = list(JournalEntry.objects.order_by("id").values_list("kind", flat=True))[-6:]
    assert kinds == ["organisation.update", "organisation.update", "bulk.apply", "organisation.update",
                     "organisation.update", "bulk.undo"]  # fmt: skip
    with pytest.raises(TooLate):
        undo_bulk(actor=actor_of("social_worker"), at=SOON, change_id=outcome.change.pk)


def test_what_was_changed_since_stays(here: World) -> None:
    outcome = do("hub", here.organisation.pk, here.second_organisation.pk)
    do("not_hub", here.organisation.pk)
    do("hub", here.organisation.pk)
    Organisation.objects.filter(pk=here.second_organisation.pk).update(hub=False)
    assert outcome.change is not None
    back = undo_bulk(actor=actor_of("social_worker"), at=SOON, change_id=outcome.change.pk)
    assert [row.pk for row, _ in back.changed] == [here.organisation.pk]
    assert [why for _, why in back.refused] == ["后来又改过，没有撤回。"]


def test_not_after_half_an_hour_and_not_by_another(here: World) -> None:
    change = do("hub", here.organisation.pk).change
    assert change is not None
    with pytest.raises(NotFound):
        undo_bulk(actor=actor_of("district_manager"), at=SOON, change_id=change.pk)
    with pytest.raises(TooLate):
        undo_bulk(actor=actor_of("social_worker"), at=LATE, change_id=change.pk)
    assert hubs() == {here.organisation.pk}


def test_what_is_not_done(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Invalid):
        do("hub")
    with pytest.raises(NothingChanged):
        do("not_hub", here.organisation.pk)
    with pytest.raises(NothingChanged):
        do("hub", organisations.organisation("外街机构", area_code=OTHER_COMMUNITY).pk)
    with pytest.raises(NotAllowed):
        do("hub", here.organisation.pk, who="community_worker")
    with pytest.raises(NotFound):
        do("delete", here.organisation.pk)
    monkeypatch.setattr(bulk, "MOST_ROWS", 1)
    with pytest.raises(Invalid):
        do("hub", here.organisation.pk, here.second_organisation.pk)
    assert hubs() == set()
    assert not BulkChange.objects.exists()


def test_who_left_comes_back(here: World) -> None:
    change = do("leave", here.organisation.pk, left_on=TODAY).change
    gone = Organisation.objects.get(pk=here.organisation.pk)
    assert (gone.left_on, gone.takes_orders) == (TODAY, False)
    assert change is not None
    undo_bulk(actor=actor_of("social_worker"), at=SOON, change_id=change.pk)
    here.organisation.refresh_from_db()
    assert (here.organisation.left_on, here.organisation.takes_orders) == (None, True)


def test_one_training_for_many(here: World) -> None:
    worker = registers.social_worker()
    values = {"title": "社工伦理", "on": date(2026, 9, 1), "hours": 6}
    change = do("learn", worker.pk, register="social_workers", **values).change
    assert Learning.objects.get(struck_at=None).minutes == 360
    with pytest.raises(NothingChanged):
        do("learn", worker.pk, register="social_workers", **values)
    assert change is not None
    undo_bulk(actor=actor_of("social_worker"), at=SOON, change_id=change.pk)
    assert not Learning.objects.filter(struck_at=None).exists()


def test_volunteers_join_a_team_and_a_council_ends(here: World) -> None:
    team, other = registers.team(), registers.team("外街队", area_code=OTHER_COMMUNITY)
    change = do("team", here.volunteer.pk, register="volunteers", team_id=team.pk).change
    assert Volunteer.objects.get(pk=here.volunteer.pk).team_id == team.pk
    assert change is not None
    undo_bulk(actor=actor_of("social_worker"), at=SOON, change_id=change.pk)
    assert Volunteer.objects.get(pk=here.volunteer.pk).team_id is None
    with pytest.raises(NothingChanged):
        do("team", here.volunteer.pk, register="volunteers", team_id=other.pk)
    seat = registers.seat()
    term = Term.objects.create(seat=seat, person=here.elder, starts_on=TODAY)
    ended = do("vacate", seat.pk, register="seats", ends_on=TODAY).change
    term.refresh_from_db()
    assert term.ends_on == TODAY
    assert ended is not None
    undo_bulk(actor=actor_of("social_worker"), at=SOON, change_id=ended.pk)
    term.refresh_from_db()
    assert term.ends_on is None
