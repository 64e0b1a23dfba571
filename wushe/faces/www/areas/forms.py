"""What is asked when an area is founded, renamed, split or merged."""

from collections.abc import Iterable
from typing import Any

from django import forms

from wushe.faces.www.refusing import DayInput
from wushe.registers.areas.models import Area
from wushe.registers.areas.reorganising import Part

_MOST_PARTS = 4
_DAY = {"required": "请填写日期。", "invalid": "日期不对，例如 2026-09-01。"}
_CODE = {"required": "请填写代码。"}
_NAME = {"required": "请填写名称。"}


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), error_messages=_DAY)


def _sure() -> forms.BooleanField:
    """Return the box to tick before what cannot be undone."""
    return forms.BooleanField(
        label="我已核对：办了就不能撤销，旧代码停用，居民和事项转过去",
        error_messages={"required": "请先核对，再打勾。"},
    )


class _OneOfSeveral(forms.Form):
    """A form that stands with others on a page: the ids of its fields are its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}-%s", **kwargs)


class AddForm(_OneOfSeveral):
    """A new area inside this one."""

    code = forms.CharField(label="代码", max_length=21, error_messages=_CODE)
    name = forms.CharField(label="名称", max_length=80, error_messages=_NAME)
    valid_from = _day("从哪天起")
    urban = forms.BooleanField(label="属于城镇", required=False)


class RenameForm(_OneOfSeveral):
    """A new name from a day on."""

    name = forms.CharField(label="新名称", max_length=80, error_messages=_NAME)
    on = _day("从哪天起")


class MergeForm(_OneOfSeveral):
    """Which areas beside this one become part of it."""

    on = _day("从哪天起")
    area_ids = forms.TypedMultipleChoiceField(
        label="并进来的区划", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择要并进来的区划。", "invalid_choice": "请选择要并进来的区划。"},
    )  # fmt: skip
    sure = _sure()

    def __init__(self, *args: Any, beside: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_ids"].choices = [(one.pk, f"{one.name}（{one.area_code}）") for one in beside]  # type: ignore[attr-defined]


class SplitForm(_OneOfSeveral):
    """The parts of a split, and which part each area inside belongs to."""

    on = _day("从哪天起")
    sure = _sure()

    def __init__(self, *args: Any, children: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._children = list(children)
        for number in range(1, _MOST_PARTS + 1):
            needed = number <= 2
            self.fields[f"code_{number}"] = forms.CharField(
                label=f"第{number}个的代码", max_length=21, required=needed, error_messages=_CODE
            )
            self.fields[f"name_{number}"] = forms.CharField(
                label=f"第{number}个的名称", max_length=80, required=needed, error_messages=_NAME
            )
        for child in self._children:
            self.fields[f"child_{child.area_code}"] = forms.TypedChoiceField(
                label=f"{child.name}归到", coerce=int, error_messages={"required": "请选择归到哪一个。"},
                choices=[("", "请选择"), *((n, f"第{n}个") for n in range(1, _MOST_PARTS + 1))],
            )  # fmt: skip

    @property
    def named(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Return the fields of each part: its code and its name."""
        return [(self[f"code_{number}"], self[f"name_{number}"]) for number in range(1, _MOST_PARTS + 1)]

    @property
    def placed(self) -> list[forms.BoundField]:
        """Return the field of each area inside."""
        return [self[f"child_{child.area_code}"] for child in self._children]

    def parts(self) -> list[Part]:
        """Return the parts that were filled in."""
        clean = self.cleaned_data
        return [
            Part(
                clean[f"code_{number}"].strip(), clean[f"name_{number}"],
                [c.area_code for c in self._children if clean[f"child_{c.area_code}"] == number],
            )
            for number in range(1, _MOST_PARTS + 1)
            if clean[f"code_{number}"]
        ]  # fmt: skip


class PlaceForm(_OneOfSeveral):
    """Which part the chosen residents live in."""

    into_code = forms.ChoiceField(
        label="归到", error_messages={"required": "请选择区划。", "invalid_choice": "请选择区划。"}
    )
    person_ids = forms.TypedMultipleChoiceField(
        coerce=int, error_messages={"required": "请选择居民。", "invalid_choice": "请重新选择居民。"}
    )

    def __init__(self, *args: Any, parts: Iterable[Area], person_ids: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into_code"].choices = [(one.area_code, one.name) for one in parts]  # type: ignore[attr-defined]
        self.fields["person_ids"].choices = [(pk, pk) for pk in person_ids]  # type: ignore[attr-defined]
