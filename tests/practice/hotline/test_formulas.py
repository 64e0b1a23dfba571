"""The three rates, raw and adjusted, and the published bulletins as test vectors."""

import json

import pytest

from tests.factories.places import DATA
from wushe.practice.hotline.formulas import (
    Case,
    adjusted_rates,
    on_time_points,
    raw_rates,
    satisfaction_points,
)

PRESETS = {
    row["key"]: row["value"]
    for row in json.loads((DATA / "presets/policy.json").read_text(encoding="utf-8"))["presets"]
    if row["key"].startswith("complaints.bulletin.")
}


@pytest.mark.parametrize(
    ("percent", "target", "points"),
    [
        (95, 95, 25),
        (100, 95, 25),
        (94, 95, 24.5),
        (90.5, 95, 22.75),
        (98, 98, 25),
        (90, 98, 21),
        (60, 95, 12.5),
        (0, 98, 12.5),
    ],
)
def test_the_bulletins_points_for_satisfaction(percent: float, target: float, points: float) -> None:
    full, step, least, _ = PRESETS["complaints.bulletin.satisfaction"]
    assert satisfaction_points(percent, target=target, full=full, step=step, least=least) == points


@pytest.mark.parametrize(("percent", "points"), [(100, 25), (89.82, 14.82), (80, 5), (75, 0), (66.67, 0)])
def test_the_bulletins_points_for_being_on_time(percent: float, points: float) -> None:
    """89.82 % and 66.67 % stand in the bulletins; one of five late, 80 %, scored 5 in July 2021."""
    full, step = PRESETS["complaints.bulletin.on_time"]
    assert on_time_points(percent, full=full, step=step) == points


def case(
    *,
    excluded: bool = False,
    in_time: bool = True,
    reached: bool | None = True,
    solved: bool = True,
    satisfied: float = 1.0,
) -> Case:
    called = reached is not None
    good = bool(reached)
    return Case(excluded, in_time, called, good, good and solved, satisfied if good else 0.0)


def test_what_does_not_count_is_left_out_of_the_adjusted_rates_alone() -> None:
    cases = [
        case(), case(in_time=False, solved=False, satisfied=0.0), case(reached=False), case(reached=None),
        case(excluded=True, in_time=False, solved=False, satisfied=0.0),
    ]  # fmt: skip
    raw, adjusted = raw_rates(cases), adjusted_rates(cases)
    assert (raw.response.percent, raw.solution.percent, raw.satisfaction.percent) == (60.0, 25.0, 25.0)
    assert (adjusted.response.percent, adjusted.solution.percent, adjusted.satisfaction.percent) == (75.0, 50.0, 50.0)
    assert raw.score([30, 35, 35]) == 35.5
    assert adjusted.score([20, 40, 40]) == 55.0


def test_without_a_call_back_there_is_no_score() -> None:
    rates = raw_rates([case(reached=None)])
    assert (rates.response.percent, rates.solution.percent, rates.score([1, 1, 1])) == (100.0, None, None)
    assert raw_rates([]).response.percent is None
