"""Points of a selection as they are read."""

from django import template

from wushe.lines.selections.register import points as written

register = template.Library()


@register.filter
def points(value: int | None) -> str:
    """Return hundredths of a point: 86.50; a dash for none."""
    return written(value) or "—"
