"""Lists page by key: the next page starts after the last row that was given, so a page costs the same at any depth."""

from typing import Annotated, Any, Generic, TypeVar

from django.db.models import QuerySet
from ninja import Schema
from pydantic import Field

from wushe.faces.api.kinds import LARGEST_ID
from wushe.foundation.actor import Actor
from wushe.foundation.roles import Reach

T = TypeVar("T")


class Paging(Schema):
    """Which page of a list."""

    after: Annotated[int, Field(ge=0, le=LARGEST_ID, description="上一页给出的 next；不填为第一页")] = 0
    limit: Annotated[int, Field(ge=1, le=200, description="每页条数")] = 50


class Page(Schema, Generic[T]):
    """One page; `next` is what the next one starts after, null on the last page."""

    items: list[T]
    next: int | None


def page(queryset: "QuerySet[Any]", paging: Paging, *, newest_first: bool = True) -> dict[str, Any]:
    """Return one page of a queryset, in the order of its rows' numbers."""
    rows = queryset.order_by("-pk" if newest_first else "pk")
    if paging.after:
        rows = rows.filter(pk__lt=paging.after) if newest_first else rows.filter(pk__gt=paging.after)
    found = list(rows[: paging.limit + 1])
    items = found[: paging.limit]
    return {"items": items, "next": items[-1].pk if len(found) > paging.limit else None}


def once_each(actor: Actor, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
    """Return each row once: the scope of a relative is found by a join that may meet a row twice."""
    return queryset.distinct() if actor.reach is Reach.HOLDER else queryset
