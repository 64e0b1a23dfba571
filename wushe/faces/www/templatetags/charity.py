"""What pages of charity money need beyond the common parts."""

from collections.abc import Mapping
from typing import Any

from django import template

register = template.Library()


@register.filter
def at(book: Mapping[Any, Any], key: Any) -> Any:
    """Return what a mapping holds under a key, "" for nothing: {{ places|at:fund.area_code }}."""
    return book.get(key, "")
