"""When two records are like enough to be asked about, and what is said to speak for it."""

from dataclasses import replace
from datetime import date

import pytest

from wushe.registers.duplicates.evidence import Known, Match, match_of
from wushe.registers.duplicates.models import Grade

ONE = Known(
    pk=1, area_code="511602001001", name="王桂芳", initials="wgf", sex="F", born_on=date(1944, 2, 11),
    phone_index="p1", id_number_index="", household_id=7,
)  # fmt: skip
FAR = replace(
    ONE, pk=2, area_code="511603002001", name="李秀英", initials="lxy", sex="M", born_on=date(1950, 1, 1), phone_index="p2",
    household_id=8,
)  # fmt: skip


def like(*same: str, **fields: object) -> Match | None:
    """Compare two records that agree in these fields alone."""
    other = replace(FAR, **{name: getattr(ONE, name) for name in same}, **fields)
    return match_of(ONE, other, phone_counts=True)


@pytest.mark.parametrize(
    ("same", "signs", "grade"),
    [
        (("name", "initials", "born_on", "phone_index"), ("name", "born", "phone"), Grade.LIKELY),
        (("name", "initials", "born_on", "household_id"), ("name", "born", "household"), Grade.LIKELY),
        (("name", "initials", "born_on", "area_code"), ("name", "born", "community"), Grade.LIKELY),
        (("name", "initials", "phone_index"), ("name", "phone"), Grade.POSSIBLE),
        (("name", "initials", "household_id"), ("name", "household"), Grade.POSSIBLE),
        (("initials", "born_on", "phone_index"), ("initials", "born", "phone"), Grade.POSSIBLE),
        (("initials", "born_on", "household_id", "sex"), ("initials", "born", "household"), Grade.POSSIBLE),
    ],
)
def test_what_is_enough(same: tuple[str, ...], signs: tuple[str, ...], grade: Grade) -> None:
    assert like(*same) == Match(signs, grade)


@pytest.mark.parametrize(
    "same",
    [
        (),
        ("name", "initials"),
        ("born_on",),
        ("phone_index",),
        ("name", "initials", "born_on"),  # another district
        ("born_on", "phone_index"),  # twins with their mother's telephone
        ("born_on", "household_id", "sex"),  # twins at home
        ("initials", "born_on", "household_id"),  # brother and sister
        ("phone_index", "household_id", "area_code"),  # a family
    ],
)
def test_what_is_too_little(same: tuple[str, ...]) -> None:
    assert like(*same) is None


def test_a_namesake_of_the_same_day_in_the_district_is_possible() -> None:
    match = like("name", "initials", "born_on", area_code="511602009009")
    assert match == Match(("name", "born", "district"), Grade.POSSIBLE)


def test_two_id_numbers_speak_against_one_person() -> None:
    one = replace(ONE, id_number_index="a")
    assert (
        match_of(one, replace(one, pk=2, id_number_index="b", phone_index="", household_id=None), phone_counts=True)
        is None
    )
    both = match_of(one, replace(one, pk=2, id_number_index="b"), phone_counts=True)
    assert both is not None
    assert both.grade == Grade.POSSIBLE


def test_what_is_not_known_agrees_with_nothing() -> None:
    bare = replace(ONE, pk=2, phone_index="", household_id=None, area_code="5", born_on=date(1950, 1, 1))
    assert match_of(replace(ONE, phone_index="", household_id=None), bare, phone_counts=True) is None


def test_the_telephone_of_many_does_not_count() -> None:
    other = replace(FAR, name=ONE.name, initials=ONE.initials, phone_index=ONE.phone_index)
    assert match_of(ONE, other, phone_counts=False) is None
