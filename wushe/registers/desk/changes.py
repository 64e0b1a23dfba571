"""Change a row of a register so that its journal tells what was and what is.

Codes, numbers and dates stand in the journal with both values; of protected and personal fields only the name.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models

from wushe.foundation.protected import ProtectedField

PERSONAL = frozenset({"contact_name", "secretary"})
"""Plain fields that hold a person's name."""


def amend(row: models.Model, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Set what differs on a row and return what the journal says of it; {} if nothing differs."""
    told: dict[str, Any] = {}
    hidden: list[str] = []
    for name, value in changes.items():
        field = row._meta.get_field(name)
        assert isinstance(field, models.Field)
        before = getattr(row, field.attname)
        if before == value:
            continue
        setattr(row, field.attname, value)
        if isinstance(field, ProtectedField) or name in PERSONAL:
            hidden.append(name)
        else:
            told[name] = [_plain(before), _plain(value)]
    said = {"changes": told} if told else {}
    return said | ({"fields": sorted(hidden)} if hidden else {})


def told_changes(model: type[models.Model], data: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Return (label, before, after) of a journal row in words; for what is hidden only that it changed."""
    lines = []
    for name, pair in (data.get("changes") or {}).items():
        if isinstance(pair, list) and len(pair) == 2:
            lines.append((_label(model, name), in_words(model, name, pair[0]), in_words(model, name, pair[1])))
    lines += [
        (_label(model, name), "（不显示）", "已修改") for name in data.get("fields") or [] if isinstance(name, str)
    ]
    return lines


def in_words(model: type[models.Model], name: str, value: Any) -> str:
    """Return a value of a field as people read it."""
    if value in (None, "", []):
        return "—"
    if isinstance(value, bool):
        return "是" if value else "否"
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return str(value)
    if isinstance(field, models.ForeignKey):
        return str(field.related_model._base_manager.filter(pk=value).first() or f"#{value}")
    if isinstance(value, list):
        return "、".join(map(str, value))
    labels = {str(code): str(words) for code, words in getattr(field, "flatchoices", [])}
    return labels.get(str(value), str(value))


def _label(model: type[models.Model], name: str) -> str:
    try:
        return str(getattr(model._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
