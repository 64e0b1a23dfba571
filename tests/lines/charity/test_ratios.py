"""How much must be spent and may be kept: the scales by kind and assets, both denominators, and the year's forecast."""

from datetime import date

import pytest

from tests.factories import charity
from tests.factories.cast import actor_of, world
from tests.factories.places import TODAY
from wushe.foundation.presets.selectors import preset_row
from wushe.lines.charity.ratios import KEYS, Figures, forecast, measures, ratios_of
from wushe.lines.charity.receipts import in_words

HALF = date(2026, 7, 2)  # the 183rd of 365 days


def figures(**more: int) -> Figures:
    given = {"spent": 0, "admin": 0, "last_income": 0, "average_income": 0, "last_assets": 0, "average_assets": 0}
    return Figures(on=HALF, **(given | more))


def test_the_forecast_goes_on_at_the_same_pace() -> None:
    assert forecast(1_830_000, HALF) == 3_650_000
    assert forecast(100, date(2026, 12, 31)) == 100
    assert forecast(366, date(2028, 1, 1)) == 366 * 366


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "assets", "spend", "admin"),
    [
        ("public_foundation", 0, 70, 10), ("public_group", 0, 70, 13), ("private_foundation", 0, 8, 10),
        ("private_group", 1_000_000_000, 6, 13), ("private_group", 999_999_999, 7, 14),
        ("private_group", 500_000_000, 7, 14), ("private_group", 100_000_000, 8, 15), ("private_group", 99_999_999, 8, 20),
    ],
)  # fmt: skip
def test_the_scales(kind: str, assets: int, spend: int, admin: int) -> None:
    world()
    rules = [preset_row(key, area_code="511602", on=TODAY) for key in KEYS[kind]]
    found = measures(kind, figures(last_assets=assets), spend=rules[0], admin=rules[1], exempt_fen=20_000_000)
    assert [m.percent for m in found] == [spend, spend, admin]


@pytest.mark.django_db
def test_what_is_still_to_be_spent_while_it_can_be_mended() -> None:
    world()
    charity.handlers()
    fund = charity.fund(starts_on=date(2025, 1, 1))
    charity.donation(fund, fen=1_000_000, received_on=date(2025, 5, 1))
    charity.paid(charity.asked(fund, fen=300_000))
    sums, found = ratios_of(actor=actor_of("charity_officer"), host=fund.host, kind="public_group", on=TODAY)
    assert (sums.last_income, sums.average_income, sums.spent) == (1_000_000, 333_333, 300_000)
    last, average, own = found
    assert (last.limit_fen, last.now_fen, last.to_mend_fen, last.will_hold) == (700_000, 300_000, 400_000, False)
    assert last.forecast_fen == 426_070  # 300,000 × 365 / 257
    assert (average.limit_fen, average.will_hold) == (233_333, True)
    assert (own.now_fen, own.will_hold) == (0, True)


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (123_450, "壹仟贰佰叁拾肆元伍角整"), (100_00, "壹佰元整"), (1_000_500_00, "壹佰万零伍佰元整"), (10_05, "壹拾元零伍分"),
        (20_000_000_00, "贰仟万元整"), (1_0001_0000_00, "壹亿零壹万元整"), (1, "壹分"), (30, "叁角整"), (1_07, "壹元零柒分"),
    ],
)  # fmt: skip
def test_sums_in_the_words_of_cheques(fen: int, words: str) -> None:
    assert in_words(fen) == words
