"""The filters that registers share: a code list, yes or no, and the places inside the actor's own."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from wushe.foundation.actor import Actor
from wushe.foundation.roles import Reach
from wushe.foundation.scope import within
from wushe.registers.areas.selectors import names_inside, narrowing_level

from .declaration import Choices, Facet

__all__ = ["Facet", "cases", "code_list", "day", "or_last", "or_never", "or_zero", "place"]


def code_list(name: str, label: str, codes: "type[models.Choices]", *, field: str = "") -> Facet:
    """Return the filter on a field with a code list."""
    choices = [(str(value), str(words)) for value, words in codes.choices]
    return Facet(name, label, lambda actor, on: choices, lambda code, on: Q(**{field or name: code}))


def cases(name: str, label: str, **rules: tuple[str, Callable[[date], Q]]) -> Facet:
    """Return a filter of named cases, each with its words and its condition on a day."""
    choices = [(code, words) for code, (words, _) in rules.items()]
    return Facet(name, label, lambda actor, on: choices, lambda code, on: rules[code][1](on))


def or_never(field: str, *, far: date = date(1900, 1, 1)) -> Coalesce:
    """Return a day to order by that is never null: what has no day stands before all others, or wherever `far` is."""
    return Coalesce(field, day(far))


def or_last(field: str) -> Coalesce:
    """Return a moment to order by that is never null: what has none stands behind all others."""
    far = Value(datetime(2999, 12, 31, tzinfo=UTC), output_field=models.DateTimeField())
    return Coalesce(field, far)


def or_zero(field: str) -> Coalesce:
    """Return a number to order by that is never null."""
    return Coalesce(field, Value(0))


def day(value: date) -> Value:
    """Return a day as a value of a query."""
    return Value(value, output_field=models.DateField())


def place(path: str = "") -> Facet:
    """Return the filter on places: streets for who stands above them, communities inside a street."""
    return Facet("area", "地区", _places, lambda code, on: within(code, path=path))


def _places(actor: Actor, on: date) -> Choices:
    if actor.reach is not Reach.AREA:
        return ()
    return [(row.area_code, row.name) for row in names_inside(actor=actor, on=on, level=narrowing_level(actor))]
