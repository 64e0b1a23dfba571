"""Donors: named as they wish, reached by a sealed telephone, and entered once for an organisation."""

from datetime import date
from typing import Any

import pytest

from tests.factories import organisations, registers
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, DISTRICT, NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.donors import services
from wushe.registers.donors.models import Donor

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def enter(who: str = "charity_officer", **changes: Any) -> Donor:
    values: dict[str, Any] = {"name": "刘善良", "kind": "person", "area_code": DISTRICT, **changes}
    return services.enter_donor(actor=actor_of(who), at=NOON, **values)


def change(donor: Donor, who: str = "social_worker", **changes: Any) -> Donor:
    return services.update_donor(actor=actor_of(who), at=NOON, donor_id=donor.pk, changes=changes)


def test_a_donor_is_named_as_they_wish(here: World) -> None:
    assert enter().public_name == "刘**"
    assert enter(unnamed=True).public_name == "爱心人士"
    assert enter(name="城南商贸", kind="company").public_name == "城南商贸"
    assert enter(name="城南商贸", kind="company", unnamed=True).public_name == "爱心单位"


def test_the_journal_holds_no_name_and_no_telephone(here: World) -> None:
    donor = enter(area_code=COMMUNITY, contact_phone="13908265555", client_key="k")
    assert enter(area_code=COMMUNITY, contact_phone="13908265555", client_key="k").pk == donor.pk
    change(donor, name="刘更善", contact_phone="13908266666", wishes="给老人")
    entry = JournalEntry.objects.get(kind="donor.update")
    assert entry.data == {"changes": {"wishes": ["", "给老人"]}, "fields": ["contact_phone", "name"]}
    assert str(Donor.objects.get(pk=donor.pk).contact_phone) == "139****6666"


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"name": " "}, "name"), ({"kind": "?"}, "kind"), ({"area_code": "51"}, "area_code"), ({"contact_phone": "1"}, "contact_phone"),
     ({"wishes": "长" * 201}, "wishes")],
)  # fmt: skip
def test_a_fault_is_named(here: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        enter(**changes)
    assert list(refusal.value.fields) == [field]
    assert not Donor.objects.exists()


def test_an_organisation_gives_under_one_entry(here: World) -> None:
    enter(name="慈善会", kind="organisation", organisation_id=here.charity.pk)
    for values in ({"name": "慈善会", "kind": "organisation"}, {"kind": "person"}):
        with pytest.raises(Invalid) as refusal:
            enter(organisation_id=here.charity.pk, **values)
        assert list(refusal.value.fields) == ["organisation_id"]


def test_only_within_scope(here: World) -> None:
    far = registers.donor(area_code=OTHER_COMMUNITY)
    with pytest.raises(NotFound):
        change(far, wishes="别的")
    with pytest.raises(NotAllowed):
        enter("community_worker")
    with pytest.raises(NotFound):
        change(registers.donor(), organisation_id=organisations.organisation("外街", area_code=OTHER_COMMUNITY).pk)


def test_giving_ends_and_is_taken_back(here: World) -> None:
    actor, donor = actor_of("social_worker"), registers.donor()
    with pytest.raises(Invalid):
        services.end_donor(actor=actor, at=NOON, donor_id=donor.pk, ended_on=date(2020, 1, 1))
    services.end_donor(actor=actor, at=NOON, donor_id=donor.pk, ended_on=TODAY)
    with pytest.raises(services.HasEnded):
        change(donor, wishes="别的")
    services.return_donor(actor=actor, at=NOON, donor_id=donor.pk)
    with pytest.raises(Conflict):
        services.return_donor(actor=actor, at=NOON, donor_id=donor.pk)
