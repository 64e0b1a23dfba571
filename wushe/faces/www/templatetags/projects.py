"""How the figures of a project are written."""

from django import template

register = template.Library()


@register.filter
def tenths(value: int, counted: int) -> str:
    """Return a mean kept in tenths, a dash if nothing was counted: 62 is 6.2."""
    return f"{value / 10:.1f}" if counted else "—"


@register.filter
def unit(value: int, word: str) -> str:
    """Return a figure with its word: 12张订单."""
    return f"{value}{word}"
