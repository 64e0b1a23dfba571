"""The commonest bulk act: give one field of each row the same value, through the register's own service."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict
from wushe.foundation.scope import obtain

from .changes import in_words
from .declaration import Blank, BulkAct, Done, Values

Update = Callable[[Actor, datetime, int, dict[str, Any]], Any]


class AlreadySo(Conflict):
    """The row has this value already."""

    message = "已经是这样，不用改。"


class ChangedSince(Conflict):
    """The row was changed again after the bulk act."""

    message = "后来又改过，没有撤回。"


def setting(
    code: str, label: str, *, permission: str, model: type[Model], field: str, update: Update,
    blank: Blank | None = None, value: Any = None, hint: str = "",
) -> BulkAct:  # fmt: skip
    """Return the act that sets a field: to what is filled in, or to the one value given."""

    def wanted(values: Values) -> Any:
        return values[blank.name] if blank else value

    def apply(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
        before, after = getattr(obtain(model, actor, pk=pk), field), wanted(values)
        if before == after:
            raise AlreadySo
        update(actor, at, pk, {field: after})
        return Done(in_words(model, field, before), in_words(model, field, after), [_plain(before), _plain(after)])

    def revert(actor: Actor, at: datetime, pk: int, token: Any) -> None:
        if _plain(getattr(obtain(model, actor, pk=pk), field)) != token[1]:
            raise ChangedSince
        update(actor, at, pk, {field: model._meta.get_field(field).to_python(token[0])})  # type: ignore[union-attr]

    return BulkAct(code, label, permission, apply, revert, (blank,) if blank else (), hint)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
