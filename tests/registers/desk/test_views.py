"""Views of a register: kept by codes alone, for oneself or the office, replaced by their name, dropped by their owner."""

import pytest

from tests.factories.cast import actor_of, world
from tests.factories.places import NOON
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.desk import services
from wushe.registers.desk.declaration import register_of
from wushe.registers.desk.models import SavedView
from wushe.registers.desk.selectors import views_of
from wushe.registers.desk.services import drop_view, save_view

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _world() -> None:
    world()


def keep(who: str = "social_worker", name: str = "四A组织", *, shared: bool = False, **query: str) -> SavedView:
    return save_view(actor=actor_of(who), at=NOON, register="organisations", name=name, query=query, shared=shared)


def seen(who: str) -> list[str]:
    return [view.name for view in views_of(register_of("organisations"), actor=actor_of(who))]


def test_a_view_keeps_codes_and_no_words() -> None:
    view = keep(grade="4A", q="王桂芳", sort="-name", nonsense="1")
    assert view.query == {"grade": "4A", "sort": "-name"}
    assert seen("social_worker") == ["四A组织"]
    assert JournalEntry.objects.get(kind="view.save").data == {"register": "organisations", "shared": False}


def test_the_same_name_replaces_ones_own_view() -> None:
    first = keep(grade="4A")
    assert keep(grade="3A").pk == first.pk
    assert SavedView.objects.get().query == {"grade": "3A"}


def test_a_shared_view_is_seen_in_the_office_alone() -> None:
    keep(shared=True, grade="4A")
    keep(name="自己看的", grade="3A")
    assert seen("street_manager") == ["四A组织"]
    assert seen("stranger") == seen("district_manager") == seen("organisation_a") == []


@pytest.mark.parametrize("name", ["", "   ", "字" * 21])
def test_a_view_needs_a_name(name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        keep(name=name)
    assert list(refusal.value.fields) == ["name"]
    assert not SavedView.objects.exists()


def test_views_are_not_without_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_VIEWS", 2)
    keep(name="一")
    keep(name="二")
    keep(name="二")
    with pytest.raises(Invalid):
        keep(name="三")


def test_who_may_not() -> None:
    with pytest.raises(NotAllowed):
        keep("carer")
    with pytest.raises(NotFound):
        save_view(actor=actor_of("social_worker"), at=NOON, register="nothing", name="一", query={})


def test_only_its_owner_drops_a_view() -> None:
    view = keep(shared=True)
    with pytest.raises(NotFound):
        drop_view(actor=actor_of("street_manager"), at=NOON, view_id=view.pk)
    assert SavedView.objects.filter(pk=view.pk).exists()
    assert drop_view(actor=actor_of("social_worker"), at=NOON, view_id=view.pk) == "organisations"
    assert not SavedView.objects.exists()
