"""Forms of the registers: choices come from the actor's own scope, an edit tells only what differs."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any, cast

from django import forms
from django.http import QueryDict

from wushe.faces.www.refusing import DayInput, OnceForm
from wushe.foundation.actor import Actor
from wushe.foundation.roles import Reach
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import tree

WEEKDAYS = [(str(number), f"周{name}") for number, name in enumerate("一二三四五六日", 1)]
ASK = {"required": "请填写。", "invalid": "填写的内容不对，请检查。", "invalid_choice": "请从列表里选择。"}


class RegisterForm(OnceForm):
    """A form of a register, empty for a new row or filled from one; `seen` is what the row was when it was opened."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    place_depth: int = Level.COMMUNITY
    own = ("client_key", "seen")

    def __init__(self, *args: Any, actor: Actor, on: date, row: Any = None, **kwargs: Any) -> None:
        self.actor, self.on, self.row = actor, on, row
        before = self.initial_of(row) if row is not None else self.first_values()
        self.print = fingerprint(before) if row is not None else ""
        kwargs["initial"] = {**before, "seen": self.print, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        if "area_code" in self.fields:
            self.offer("area_code", self.offered_places())
        self.prepare()

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Return what a row says, by field."""
        return {name: getattr(row, name) for name in self.base_fields if name not in self.own and hasattr(row, name)}

    def first_values(self) -> dict[str, Any]:
        """Return what a new row begins with."""
        return {"area_code": self.actor.area_code}

    def prepare(self) -> None:
        """Offer the choices that depend on who asks."""

    def offer(self, name: str, rows: Iterable[tuple[Any, str]], *, empty: str = "") -> None:
        """Set the choices of a field; `empty` are the words for none."""
        known = [(str(code), words) for code, words in rows]
        field: Any = self.fields[name]
        several = isinstance(field, forms.MultipleChoiceField)
        field.choices = [("", empty), *known] if not several and (empty or not field.required) else known

    def offered_places(self) -> list[tuple[str, str]]:
        """Return the places of the actor, streets before their communities; a row's own place is always among them."""
        if self.actor.reach is not Reach.AREA:
            return [(self.row.area_code, self.row.place)] if self.row is not None else []
        rows = list(tree(code=self.actor.area_code, on=self.on, deepest=self.place_depth))
        return [
            (area.area_code, f"{'　' * max(0, _depth(area.level) - _depth(rows[0].level))}{area.name}") for area in rows
        ]

    def clean(self) -> dict[str, Any]:
        """Refuse an edit of a row that somebody else has changed meanwhile."""
        clean = super().clean() or {}
        if self.row is not None and clean.get("seen", "") not in ("", self.print):
            self.add_error(None, "这条记录刚刚被别人修改过，请核对后再保存一次。")
        return clean

    def agree(self) -> None:
        """Let the next sending stand: what somebody else changed has been shown by now."""
        sent = cast(QueryDict, self.data).copy()
        sent["seen"] = self.print
        self.data = sent

    def values(self) -> dict[str, Any]:
        """Return what was filled in, for a new row."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def changes(self) -> dict[str, Any]:
        """Return what differs from the row; an empty protected box leaves what is on record."""
        before = self.initial_of(self.row)
        return {
            name: value
            for name, value in self.values().items()
            if name != "client_key" and value != before.get(name) and not (name in self.kept_if_empty and not value)
        }

    kept_if_empty: tuple[str, ...] = ()


class RowChoice(forms.TypedChoiceField):
    """A choice among rows of a register, by number; none is None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **{"error_messages": ASK, **kwargs})


class WeekdaysField(forms.MultipleChoiceField):
    """Days of the week, kept as their numbers in one word."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=WEEKDAYS, widget=forms.CheckboxSelectMultiple, error_messages=ASK, **kwargs)

    def clean(self, value: Any) -> Any:
        """Return "12345"."""
        return "".join(sorted(super().clean(value)))

    def prepare_value(self, value: Any) -> Any:
        """Show the days of the word."""
        return list(value) if isinstance(value, str) else value


class HoursField(forms.DecimalField):
    """A length of time typed in hours, kept in minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0,
            max_digits=8,
            decimal_places=1,
            error_messages={**ASK, "invalid": "请填写数字，例如 1.5。"},
            **kwargs,
        )

    def clean(self, value: Any) -> Any:
        """Return minutes."""
        hours = super().clean(value)
        return None if hours is None else int(hours * 60)

    def prepare_value(self, value: Any) -> Any:
        """Show minutes as hours."""
        return f"{value / 60:.1f}".removesuffix(".0") if isinstance(value, int) else value


def day_field(label: str, *, required: bool = True, hint: str = "") -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label, required=required, widget=DayInput(), help_text=hint,
        error_messages={"required": "请选择日期。", "invalid": "日期不对，例如 2026-05-20。"},
    )  # fmt: skip


def number_field(label: str, *, required: bool = False, most: int = 100_000, hint: str = "") -> forms.IntegerField:
    """Return a field for a whole number from 0; empty is 0."""
    return WholeField(
        label=label, required=required, min_value=0, max_value=most, help_text=hint,
        error_messages={"required": "请填写数字。", "invalid": "请填写数字。", "min_value": "不能小于0。", "max_value": "数字太大了。"},
    )  # fmt: skip


class WholeField(forms.IntegerField):
    """A whole number; an empty optional one is 0."""

    def clean(self, value: Any) -> int:
        """Return a number."""
        return super().clean(value) or 0


def fingerprint(values: dict[str, Any]) -> str:
    """Return a short digest of what a form shows, by which a change in between is noticed."""
    return sha256(repr(sorted((name, str(value)) for name, value in values.items())).encode()).hexdigest()[:32]


def _depth(level: int) -> int:
    return list(Level.values).index(level)
