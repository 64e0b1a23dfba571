"""金额, 时长, dates and masks are written exactly so."""

import datetime as dt

import pytest
from django.utils import timezone

from wushe.faces.www.templatetags import formats

SHANGHAI = dt.timezone(dt.timedelta(hours=8))


@pytest.mark.parametrize(
    ("fen", "written"),
    [(123450, "¥1,234.50"), (0, "¥0.00"), (5, "¥0.05"), (-500, "−¥5.00"), (-5, "−¥0.05"), (None, "—")],
)
def test_money(fen: int | None, written: str) -> None:
    assert formats.money(fen) == written


@pytest.mark.parametrize(
    ("fen", "written"),
    [(12345600, "12.3万元"), (999900, "9,999元"), (1_000_000, "1.0万元"), (-2_000_000, "−2.0万元"), (None, "—")],
)
def test_money_on_a_tile(fen: int | None, written: str) -> None:
    assert formats.money_short(fen) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [(150, "2小时30分"), (45, "45分"), (120, "2小时"), (0, "0分"), (-90, "−1小时30分"), (None, "—")],
)
def test_minutes(value: int | None, written: str) -> None:
    assert formats.minutes(value) == written


def test_a_moment_is_written_in_the_time_of_the_service() -> None:
    early = dt.datetime(2025, 3, 5, 23, 40, tzinfo=dt.UTC)
    assert formats.moment(early) == "2025年3月6日 07:40"
    assert formats.clock(early) == "07:40"
    assert formats.day(early) == "2025年3月6日"
    assert formats.weekday(early) == "3月6日 周四"


def test_near_days_have_names() -> None:
    noon = timezone.localtime().replace(hour=12, minute=5)
    assert formats.moment(noon) == "今天 12:05"
    assert formats.moment(noon - dt.timedelta(days=1)) == "昨天 12:05"
    assert formats.moment(noon + dt.timedelta(days=1)) == "明天 12:05"


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(10, "刚刚"), (750, "12分钟前"), (7300, "2小时前"), (200000, "2天前"), (-2430, "还有40分钟"), (-10, "刚刚")],
)
def test_ago(seconds: int, written: str) -> None:
    assert formats.ago(timezone.now() - dt.timedelta(seconds=seconds)) == written


def test_masks_keep_no_more_than_needed() -> None:
    assert formats.mask_name("李桂芳") == "李**"
    assert formats.mask_name("李") == "李*"
    assert formats.mask_phone("13812345678") == "138****5678"
    assert formats.mask_phone("8123456") == "*****56"
    assert formats.mask_name("") == formats.mask_phone(None) == "—"


def test_small_measures() -> None:
    assert (formats.metres(850), formats.metres(2340)) == ("850米", "2.3公里")
    assert (formats.percent(0.8571), formats.percent(1), formats.percent(None)) == ("85.7%", "100%", "—")
    assert formats.clock(460) == "07:40"
