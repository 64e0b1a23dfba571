"""How quantities are written for people: 金额 from fen, 时长 from minutes, dates in Chinese, names with a mask."""

import datetime as dt
from typing import TypeVar

from django import template
from django.utils import timezone

register = template.Library()

WEEKDAYS = "一二三四五六日"
NOTHING = "—"
HOUR = 60
TEN_THOUSAND_YUAN = 1_000_000
KILOMETRE = 1000
MOBILE_DIGITS = 7

Day = TypeVar("Day", dt.date, dt.datetime)


@register.filter
def money(fen: int | None) -> str:
    """Write fen as yuan: 123450 → ¥1,234.50, −500 → −¥5.00."""
    if fen is None:
        return NOTHING
    yuan, rest = divmod(abs(fen), 100)
    return f"{'−' if fen < 0 else ''}¥{yuan:,}.{rest:02d}"


@register.filter
def money_short(fen: int | None) -> str:
    """Write fen for a tile: whole yuan, or 万元 from ten thousand yuan on: 12345600 → 12.3万元."""
    if fen is None:
        return NOTHING
    sign = "−" if fen < 0 else ""
    if abs(fen) >= TEN_THOUSAND_YUAN:
        return f"{sign}{abs(fen) / TEN_THOUSAND_YUAN:,.1f}万元"
    return f"{sign}{round(abs(fen) / 100):,}元"


@register.filter
def minutes(value: int | None) -> str:
    """Write minutes as hours and minutes: 150 → 2小时30分, 45 → 45分, 120 → 2小时."""
    if value is None:
        return NOTHING
    hours, rest = divmod(abs(value), HOUR)
    words = (f"{hours:,}小时" if hours else "") + (f"{rest}分" if rest or not hours else "")
    return f"−{words}" if value < 0 else words


@register.filter
def clock(value: int | dt.datetime | dt.time | None) -> str:
    """Write a time of day: minutes since midnight or a moment → 07:40."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return f"{value // HOUR:02d}:{value % HOUR:02d}"
    if isinstance(value, dt.datetime):
        value = _local(value)
    return f"{value:%H:%M}"


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """Write a date: 2026年3月5日."""
    if value is None:
        return NOTHING
    value = _local(value)
    return f"{value.year}年{value.month}月{value.day}日"


@register.filter
def weekday(value: dt.date | dt.datetime | None) -> str:
    """Write a date with its weekday, without the year: 3月5日 周四."""
    if value is None:
        return NOTHING
    value = _local(value)
    return f"{value.month}月{value.day}日 周{WEEKDAYS[value.weekday()]}"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """Write a moment as short as it stays clear: 今天 07:40, 昨天 16:05, 3月5日 09:00, 2025年3月5日 09:00."""
    if value is None:
        return NOTHING
    local, today = _local(value), timezone.localdate()
    distance = (today - local.date()).days
    near = {0: "今天", 1: "昨天", -1: "明天"}.get(distance)
    if near is None:
        near = f"{local.month}月{local.day}日" if local.year == today.year else day(local)
    return f"{near} {local:%H:%M}"


@register.filter
def ago(value: dt.datetime | None) -> str:
    """Write how long ago, or how long until: 刚刚, 12分钟前, 3小时前, 2天前; 还有40分钟."""
    if value is None:
        return NOTHING
    seconds = (timezone.now() - value).total_seconds()
    steps = ((86400, "天"), (3600, "小时"), (60, "分钟"))
    words = next((f"{int(abs(seconds) // size)}{unit}" for size, unit in steps if abs(seconds) >= size), "")
    if not words:
        return "刚刚"
    return f"{words}前" if seconds > 0 else f"还有{words}"


@register.filter
def metres(value: int | None) -> str:
    """Write a distance: 850 → 850米, 2340 → 2.3公里."""
    if value is None:
        return NOTHING
    return f"{value}米" if value < KILOMETRE else f"{value / KILOMETRE:.1f}公里"


@register.filter
def percent(share: float | None) -> str:
    """Write a share of one: 0.8571 → 85.7%."""
    return NOTHING if share is None else f"{share * 100:.1f}".removesuffix(".0") + "%"


@register.filter
def mask_name(name: str | None) -> str:
    """Hide all but the family name: 李桂芳 → 李**; a two-character family name stays whole only by its first."""
    return NOTHING if not name else name[0] + "*" * max(len(name) - 1, 1)


@register.filter
def mask_phone(phone: str | None) -> str:
    """Hide the middle of a telephone number: 13812345678 → 138****5678."""
    if not phone:
        return NOTHING
    if len(phone) <= MOBILE_DIGITS:
        return "*" * (len(phone) - 2) + phone[-2:]
    return phone[:3] + "*" * (len(phone) - MOBILE_DIGITS) + phone[-4:]


def _local(value: Day) -> Day:
    """Bring a moment to the time zone of the service; a plain date stays as it is."""
    return timezone.localtime(value) if isinstance(value, dt.datetime) and timezone.is_aware(value) else value
