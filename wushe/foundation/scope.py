"""Scope: a row is seen only inside the actor's administrative area, organisation or own holding.

A model that stands somewhere inherits `Placed` and declares a `Scope`. Selectors start from `visible`, services
fetch with `obtain`; a row of another scope is not found, exactly as if it did not exist.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from django.db import models
from django.db.models.functions import Left

from .actor import Actor
from .errors import NotFound
from .prepared import Slot
from .roles import Reach

M = TypeVar("M", bound=models.Model)

DISTRICT, STREET, COMMUNITY = 6, 9, 12
_COLUMN = {DISTRICT: "district_code", STREET: "street_code", COMMUNITY: "community_code"}


class Placed(models.Model):
    """A row that stands in an area.

    `area_code` is the code of the deepest known area: 2, 4, 6, 9 or 12 digits down to the community, then three
    digits each for estate, grid and building. The three derived columns let lists of a district, a street or a
    community run on one equality and an index.
    """

    area_code = models.CharField("区划代码", max_length=24)
    district_code = models.GeneratedField(
        expression=Left("area_code", DISTRICT), output_field=models.CharField(max_length=DISTRICT), db_persist=True
    )
    street_code = models.GeneratedField(
        expression=Left("area_code", STREET), output_field=models.CharField(max_length=STREET), db_persist=True
    )
    community_code = models.GeneratedField(
        expression=Left("area_code", COMMUNITY), output_field=models.CharField(max_length=COMMUNITY), db_persist=True
    )

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Scope:
    """How the rows of a model are bounded for each reach.

    `area` is the path to a Placed row ("" = the model itself, None = not by area); `organisation` the path to an
    organisation id; `holders` gives, for each role that acts for itself, the condition on its own rows.
    """

    area: str | None = ""
    organisation: str | None = None
    holders: dict[str, Callable[[int], models.Q]] = field(default_factory=dict)

    def condition(self, actor: Actor) -> models.Q | None:
        """Return the condition on rows that the actor may see, or None for nothing at all."""
        if actor.reach is Reach.AREA:
            return None if self.area is None else within(actor.area_code, path=self.area)
        if actor.reach is Reach.ORGANISATION and self.organisation and actor.organisation_id:
            return models.Q(**{self.organisation: actor.organisation_id})
        if actor.reach is Reach.HOLDER and actor.holder_id and actor.role_code in self.holders:
            return self.holders[actor.role_code](actor.holder_id)
        return None


def within(prefix: str, *, path: str = "") -> models.Q:
    """Return the condition that a Placed row at `path` lies inside the area with this code."""
    start = f"{path}__" if path else ""
    if not prefix:
        return models.Q()
    if column := _COLUMN.get(len(prefix)):
        return models.Q(**{f"{start}{column}": prefix})
    # A range instead of LIKE: both databases then use an ordinary index.
    return models.Q(**{f"{start}area_code__gte": prefix, f"{start}area_code__lt": prefix + ":"})


def visible(queryset: "models.QuerySet[M]", actor: Actor) -> "models.QuerySet[M]":
    """Return the rows of the queryset that lie in the actor's scope."""
    scope: Scope = queryset.model.SCOPE  # type: ignore[attr-defined]
    condition = scope.condition(actor)
    return queryset.none() if condition is None else queryset.filter(condition)


class _AreaSlot(Slot):
    """The place of an area code of this many digits: the number decides which column is asked."""

    def __init__(self, digits: int) -> None:
        super().__init__("area", models.CharField())
        self.digits = digits

    def __len__(self) -> int:
        return self.digits


def with_slots(actor: Actor) -> tuple[Hashable, Actor, dict[str, Any]] | None:
    """Return, for prepared lists, the kind of the actor's scope, an actor of that kind with slots, and its values.

    None for an actor whose scope is neither a district, a street, a community nor an organisation.
    """
    if actor.reach is Reach.AREA and (digits := len(actor.area_code)) in _COLUMN:
        slotted = replace(actor, area_code=_AreaSlot(digits))  # type: ignore[arg-type]
        return (actor.role_code, digits), slotted, {"area": actor.area_code}
    if actor.reach is Reach.ORGANISATION and actor.organisation_id:
        slotted = replace(actor, organisation_id=Slot("organisation", models.BigIntegerField()))  # type: ignore[arg-type]
        return (actor.role_code, 0), slotted, {"organisation": actor.organisation_id}
    return None


def obtain(source: "type[M] | models.QuerySet[M]", actor: Actor, /, **lookup: Any) -> M:
    """Return the one row of the actor's scope that matches; raise NotFound otherwise."""
    queryset = source if isinstance(source, models.QuerySet) else source._default_manager.all()
    row = visible(queryset, actor).filter(**lookup).first()
    if row is None:
        raise NotFound
    return row


def covering(area_code: str, *, path: str = "") -> models.Q:
    """Return the condition that a Placed row at `path` stands above an area, or is it: what is there for this area too."""
    start = f"{path}__" if path else ""
    lengths = (2, 4, 6, 9, 12, 15, 18, 21)
    return models.Q(**{f"{start}area_code__in": [area_code[:n] for n in lengths if n <= len(area_code)]})


def covers(actor: Actor, area_code: str) -> bool:
    """Say whether the area lies inside the actor's own; for acts on a place rather than on a row."""
    return actor.reach is Reach.AREA and area_code.startswith(actor.area_code)
