"""How often, and when: the strictest rule of the place, the grace, festivals and bad weather, calls between visits."""

from datetime import date, timedelta

import pytest

from tests.factories import catalogue
from wushe.practice.due_visits.frequency import Facts, rules_at, strictest
from wushe.practice.due_visits.models import Contact, Way
from wushe.practice.due_visits.reckoning import Reckoning, call_counts

MONDAY = date(2026, 11, 2)
PLAIN = Reckoning(shortened=10, grace=20)


@pytest.mark.parametrize(
    ("days", "due", "late"),
    [(2, 2, 3), (7, 7, 9), (30, 30, 37), (90, 90, 109)],
)
def test_due_and_late_by_interval(days: int, due: int, late: int) -> None:
    dates = PLAIN.after(MONDAY, days)
    assert [(one - MONDAY).days for one in dates] == [due, late]


@pytest.mark.parametrize(
    ("first", "last", "due"),
    [(-9, -1, 30), (-9, 0, 30), (-9, 1, 27), (10, 12, 27), (30, 35, 27), (31, 35, 30)],
)
def test_a_festival_within_the_interval_shortens_it(first: int, last: int, due: int) -> None:
    period = (MONDAY + timedelta(days=first), MONDAY + timedelta(days=last))
    assert (Reckoning(10, 20, (period,)).after(MONDAY, 30).due_on - MONDAY).days == due


def test_never_less_than_a_day() -> None:
    assert Reckoning(90, 20, ((MONDAY, MONDAY + timedelta(days=9)),)).after(MONDAY, 2).due_on == MONDAY + timedelta(1)


@pytest.mark.parametrize(
    ("before", "every", "counts"),
    [([], 2, True), (["home"], 2, True), (["call"], 2, False), (["neighbour"], 2, False), (["service"], 2, True),
     (["home", "call"], 3, False), (["home", "home", "call"], 3, True)],
)  # fmt: skip
def test_a_call_replaces_at_most_every_second_visit(before: list[str], every: int, counts: bool) -> None:
    assert call_counts([Contact(way=Way(way)) for way in before], every=every) is counts


@pytest.mark.django_db
def test_the_strictest_rule_of_the_place() -> None:
    catalogue.reference_data()

    def found(place: str, age: int, *tags: str) -> tuple[str, int] | None:
        answer = strictest(rules_at(place, date(2026, 11, 22)), Facts(age, frozenset(tags)))
        return (answer.risk, answer.days) if answer else None

    here, weihai = "511602001001", "371002001001"
    assert found(here, 82, "living_alone") == ("high", 7)
    assert found(weihai, 82, "living_alone") == ("high", 2)
    assert found(weihai, 79, "living_alone") == ("key", 30)
    assert found(here, 70, "empty_nest") == ("key", 30)
    assert found(here, 70, "dementia", "empty_nest") == ("high", 7)
    assert found(here, 61, "disability_3") == ("key", 30)
    assert found(here, 59, "disability_3", "living_alone") is None
    assert found(here, 90) is None
