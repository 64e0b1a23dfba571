"""Editions are published once, differ visibly, and every old item resolves; packages go to those who qualify."""

from datetime import date

import pytest

from tests.factories import people
from tests.factories.cast import actor_of, world
from tests.factories.catalogue import reference_data
from tests.factories.places import DATA, NOON, TODAY
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.services import set_preset
from wushe.registers.catalogue import selectors
from wushe.registers.catalogue.eligibility import Applicant, eligible, unmet
from wushe.registers.catalogue.models import Edition, Item, ItemMapping, Package
from wushe.registers.catalogue.services import EditionPublished, load_edition, publish_edition
from wushe.registers.reference import load_reference_data

pytestmark = pytest.mark.django_db
ROW = {
    "code": "T1", "category": "T", "name": "试", "explanation": "", "unit": "visit", "minutes": 30, "skills": [],
    "who": [], "two_people": False, "price_fen": 1, "evidence": ["photo_arrival", "signature"],
    "responsible_party": "society", "keywords": [],
}  # fmt: skip
TREE = [{"code": "T", "parent": None, "title": "试"}]


def test_loading_twice_adds_nothing() -> None:
    reference_data()
    models = (Preset, Edition, Item, ItemMapping, Package)
    before = [model.objects.count() for model in models]
    load_reference_data(actor=SYSTEM, at=NOON, folder=DATA)
    assert [model.objects.count() for model in models] == before
    assert min(before) > 0


def test_a_changed_preset_survives_loading() -> None:
    world()
    set_preset(
        actor=actor_of("street_manager"), at=NOON, key="needs.duplicate.window", region="511602001", value=60,
        effective_from=date(2026, 9, 1), source="街道通知",
    )  # fmt: skip
    load_reference_data(actor=SYSTEM, at=NOON, folder=DATA)
    assert Preset.objects.get(key="needs.duplicate.window", region="511602001").value == 60


def test_one_edition_is_in_force_on_each_day() -> None:
    reference_data()
    numbers = [selectors.edition_on(day=day) for day in (date(2024, 12, 31), date(2026, 6, 30), date(2026, 7, 1))]
    assert [edition and edition.number for edition in numbers] == [None, 1, 2]
    bath = selectors.items_on(day=TODAY).get(code="H102-01")
    assert (bath.category, bath.subcategory, bath.two_people, bath.price_fen) == ("个人生活照料", "助浴", True, 12800)


def test_the_diff_names_what_changed() -> None:
    reference_data()
    old, new = Edition.objects.get(number=1), Edition.objects.get(number=2)
    changes = {change.code: change for change in selectors.diff(old=old, new=new)}
    assert set(changes["H102-01"].fields) >= {"minutes", "price_fen", "two_people"}
    assert changes["H105-03"].kind == "new"
    assert changes["S3-09"].kind == "retired"
    assert "H103-01" not in changes


@pytest.mark.parametrize(
    ("code", "now"),
    [
        ("H102-01", {"H102-01"}),
        ("H103-01", {"H103-01"}),
        ("H402-09", {"H402-01", "H402-03", "H203-01"}),
        ("S3-09", set()),
    ],
)
def test_an_old_item_resolves(code: str, now: set[str]) -> None:
    reference_data()
    old = Item.objects.get(edition__number=1, code=code)
    found = selectors.resolve(item=old, day=TODAY)
    assert {item.code for item in found} == now
    assert all(item.edition.number == 2 for item in found)
    assert selectors.resolve(item=old, day=date(2026, 1, 1)) == [old]


def load(number: int, *, start: date = date(2027, 1, 1), **changes: object) -> Edition:
    return load_edition(
        actor=actor_of("social_worker"), at=NOON, number=number, title="试", effective_from=start, source="试",
        categories=TREE, items=[ROW | changes],
    )  # fmt: skip


def test_a_draft_is_replaced_until_it_is_published() -> None:
    world()
    load(3)
    edition = load(3, price_fen=2)
    assert edition.items.get().price_fen == 2
    publish_edition(actor=actor_of("social_worker"), at=NOON, edition_id=edition.pk)
    assert Edition.objects.get(number=2).effective_to == date(2027, 1, 1)
    with pytest.raises(EditionPublished):
        load(3, price_fen=3)
    with pytest.raises(EditionPublished):
        publish_edition(actor=actor_of("social_worker"), at=NOON, edition_id=edition.pk)
    assert edition.items.get().price_fen == 2


def test_an_edition_begins_after_the_one_before() -> None:
    world()
    edition = load(3, start=date(2026, 7, 1))
    with pytest.raises(Invalid):
        publish_edition(actor=actor_of("social_worker"), at=NOON, edition_id=edition.pk)
    assert not Edition.objects.get(number=3).published


@pytest.mark.parametrize(
    "fault", [{"unit": "barrel"}, {"category": "?"}, {"responsible_party": "me"}, {"price_fen": -1}]
)
def test_an_item_with_a_fault_is_refused(fault: dict[str, object]) -> None:
    world()
    with pytest.raises(Invalid, match="T1"):
        load(3, **fault)
    assert not Edition.objects.filter(number=3).exists()


CONDITIONS = {
    "tags_any": ["living_alone", "tekun"], "tags_all": [], "tags_none": ["dementia"], "age_min": 60, "age_max": 69,
    "ability_level_min": None, "ability_level_max": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("born_on", "tags", "missing"),
    [
        (date(1966, 9, 14), {"tekun"}, []),
        (date(1966, 9, 15), {"tekun"}, ["age"]),
        (date(1956, 9, 15), {"tekun"}, []),
        (date(1956, 9, 14), {"tekun"}, ["age"]),
        (date(1960, 1, 1), {"dibao"}, ["tags_any"]),
        (date(1960, 1, 1), {"tekun", "dementia"}, ["tags_none"]),
    ],
)
def test_conditions_are_read_to_the_day(born_on: date, tags: set[str], missing: list[str]) -> None:
    applicant = Applicant(born_on=born_on, ability_level=None, tags=tags)
    assert unmet(CONDITIONS, applicant, on=TODAY) == missing
    assert eligible(CONDITIONS, applicant, on=TODAY) is (missing == [])


def test_an_unknown_level_meets_no_condition_on_it() -> None:
    nobody = Applicant(born_on=date(1950, 1, 1), ability_level=None, tags=set())
    assert unmet({"ability_level_min": 0}, nobody, on=TODAY) == ["ability_level"]
    assert eligible({}, nobody, on=TODAY)


def test_the_elder_who_lives_alone_gets_her_packages() -> None:
    elder = world().elder
    codes = {package.code for package in selectors.eligible_packages(person=elder, day=TODAY)}
    assert codes == {"elder_care", "meal_support"}
    level_two = people.person("李二级", ability_level=2)
    assert {p.code for p in selectors.eligible_packages(person=level_two, day=TODAY)} == {"home_care_2"}
