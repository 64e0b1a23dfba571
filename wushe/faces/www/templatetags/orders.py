"""Orders as rows of a table: the lists that are opened most, so a row is put together without a template."""

from datetime import datetime
from functools import cache
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from wushe.chain.orders.models import OrderState

from .formats import NOTHING, ago
from .ui import badge, state_badge

register = template.Library()

_ROW = (
    '<tr><th scope="row"><a href="{address}">{line.pk}</a></th><td data-label="服务">{item}</td>'
    '<td data-label="服务对象">{person}</td><td data-label="地点">{place}</td><td data-label="状态">{state}</td>'
    '<td data-label="承接机构">{taker}</td><td data-label="次数" class="is-number">{line.visits_done}/{line.visits_ordered}</td>'
    '<td data-label="本环节时限" class="nowrap">{due}</td></tr>'
)


@register.simple_tag
def order_row(line: Any, places: dict[str, str], now: datetime, journey: str) -> SafeString:
    """Show one line of `order_lines`: {% order_row row places now "centre" %}."""
    state = state_badge(line.state, _label(line.state), "order")
    if line.returns:
        state += mark_safe(f' <span class="hint">退回{line.returns:d}次</span>')  # noqa: S308 — a number
    late = line.leg_due_at is not None and line.leg_due_at < now
    due = f"{badge('stop', 'alert-triangle', '超时')} {ago(line.leg_due_at)}" if late else ago(line.leg_due_at)
    row = _ROW.format(
        line=line, address=_address(journey, line.pk), item=escape(line.item__name), person=escape(line.person__name),
        place=escape(places.get(line.area_code, "")), state=state, taker=escape(line.organisation__name or NOTHING), due=due,
    )  # fmt: skip
    return mark_safe(row)  # noqa: S308 — every text above is escaped


@cache
def _label(state: str) -> str:
    return str(OrderState(state).label)


def _address(journey: str, pk: int) -> str:
    head, tail = _around(journey)
    return f"{head}{pk}{tail}"


@cache
def _around(journey: str) -> tuple[str, str]:
    """Return what stands before and after the number in the address of an order."""
    head, _, tail = reverse(f"{journey}:order", args=[987654321]).partition("987654321")
    return head, tail
