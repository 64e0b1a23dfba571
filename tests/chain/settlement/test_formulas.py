"""The formulas of settlement against amounts worked out by hand."""

import pytest

from wushe.chain.settlement.formulas import (
    Amounts,
    Entitlement,
    TimeRule,
    amounts,
    best,
    paid_minutes,
    payable,
    released,
    subsidy,
)

RULE = TimeRule(pay_full_percent=100, pay_none_percent=80)


@pytest.mark.parametrize(
    ("ordered", "actual", "minutes"),
    [(60, 60, 60), (60, 75, 60), (60, 59, 59), (60, 48, 48), (60, 47, 0), (60, 0, 0), (45, 36, 36), (45, 35, 0), (0, 0, 0)],
)  # fmt: skip
def test_minutes_that_are_paid(ordered, actual, minutes):
    assert paid_minutes(ordered=ordered, actual=actual, rule=RULE) == minutes


def test_an_invalid_visit_is_not_paid():
    assert paid_minutes(ordered=60, actual=60, rule=RULE, valid=False) == 0


def test_where_the_full_price_begins_is_policy():
    assert paid_minutes(ordered=60, actual=57, rule=TimeRule(pay_full_percent=95, pay_none_percent=80)) == 60


@pytest.mark.parametrize(
    ("price", "ordered", "minutes", "fen"),
    [
        (6000, 60, 60, 6000),
        (6000, 60, 59, 5900),
        (4500, 60, 53, 3975),
        (1000, 60, 50, 833),  # 833.33…
        (1000, 60, 55, 917),  # 916.67
        (1001, 60, 30, 501),  # 500.5 is rounded half up
        (800, 0, 0, 800),
    ],
)
def test_payable(price, ordered, minutes, fen):
    assert payable(price_fen=price, ordered=ordered, minutes=minutes) == fen


@pytest.mark.parametrize(
    ("fen", "share", "cap", "used", "paid"),
    [
        (6000, 70, 24000, 0, 4200),
        (6000, 70, 24000, 20000, 4000),  # only 40 yuan are left of the month
        (6000, 70, 24000, 24000, 0),
        (6000, 70, 24000, 30000, 0),
        (6000, 100, 80000, 0, 6000),
        (5, 50, 1000, 0, 3),  # 2.5 fen
    ],
)
def test_subsidy(fen, share, cap, used, paid):
    assert subsidy(payable_fen=fen, entitlement=Entitlement(share, cap), used_fen=used) == paid


def test_without_an_entitlement_or_a_bound():
    assert subsidy(payable_fen=6000, entitlement=None, used_fen=0) == 0
    assert subsidy(payable_fen=6000, entitlement=Entitlement(100, None), used_fen=10**9) == 6000


def test_the_highest_entitlement_counts_alone():
    assert best([Entitlement(70, 24000), Entitlement(90, 50000), Entitlement(60, 90000)]) == Entitlement(90, 50000)
    assert best([]) is None


def visit(**changes):
    given = {
        "price_fen": 6500, "ordered": 60, "actual": 54, "rule": RULE, "entitlement": Entitlement(70, 24000),
        "used_fen": 0, "hold_percent": 10,
    } | changes  # fmt: skip
    return amounts(**given)


def test_a_short_visit_of_a_person_with_a_share():
    # 54/60 × 65.00 = 58.50; 70 % = 40.95; own 17.55; held 4.095 → 4.10
    assert visit() == Amounts(54, 5850, 4095, 0, 1755, 410)


def test_a_month_that_is_nearly_used_up():
    # 54/60 × 65.00 = 58.50; 70 % would be 40.95, but 240.00 − 210.00 leaves 30.00
    assert visit(used_fen=21000) == Amounts(54, 5850, 3000, 0, 2850, 300)


def test_charity_covers_everything_and_nothing_is_held():
    assert visit(charity_pays=True) == Amounts(54, 5850, 0, 5850, 0, 0)


def test_a_visit_too_short_comes_to_nothing():
    assert visit(actual=47) == Amounts(0, 0, 0, 0, 0, 0)


def test_a_service_by_the_piece():
    assert visit(ordered=0, actual=12, price_fen=800, entitlement=None) == Amounts(0, 800, 0, 0, 800, 0)


@pytest.mark.parametrize(("score", "fen"), [(100, 1000), (80, 1000), (79, 790), (60, 600), (59, 0), (0, 0)])
def test_the_year_end_releases_the_holdback(score, fen):
    assert released(held_fen=1000, score=score, full_score=80, min_score=60) == fen


@pytest.mark.parametrize("used", range(0, 24001, 3999))
@pytest.mark.parametrize("actual", range(40, 70, 7))
def test_the_parts_always_add_up(used, actual):
    sums = visit(actual=actual, used_fen=used)
    assert sums.payable_fen == sums.subsidy_fen + sums.charity_fen + sums.own_fen
    assert min(sums.subsidy_fen, sums.own_fen, sums.hold_fen) >= 0
    assert used + sums.subsidy_fen <= 24000
