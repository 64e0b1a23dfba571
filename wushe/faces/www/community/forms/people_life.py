"""What the desk asks when a resident moves, dies, agrees to something, or a household changes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from wushe.faces.www.refusing import DayInput
from wushe.registers.people.enums import ConsentPurpose
from wushe.registers.people.models import Person, Relation

_DAY = {"required": "请填写日期。", "invalid": "日期不对，例如 2026-09-01。"}
_PLACE = {"required": "请选择社区。", "invalid_choice": "请选择社区。"}
Places = Sequence[tuple[str, str]]


def _day(label: str) -> forms.DateField:
    return forms.DateField(label=label, widget=DayInput(), error_messages=_DAY)


class _PlaceForm(forms.Form):
    """A form that asks for a community."""

    area_code = forms.ChoiceField(label="社区（村）", error_messages=_PLACE)
    address = forms.CharField(
        label="详细地址", required=False, max_length=120, help_text="小区、楼栋、门牌，会加密保存。"
    )

    def __init__(self, *args: Any, places: Places, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = [("", "请选择"), *places]  # type: ignore[attr-defined]


class MoveForm(_PlaceForm):
    """Where somebody lives from now on."""

    moved_on = _day("哪天搬的")
    with_household = forms.BooleanField(label="全家一起搬", required=False)


class ReturnForm(_PlaceForm):
    """Where somebody who had moved out lives again."""

    moved_on = _day("哪天迁入的")


class LeaveForm(forms.Form):
    """When somebody moved out of the register's area."""

    left_on = _day("哪天迁出的")
    with_household = forms.BooleanField(label="全家一起迁出", required=False)


class DeathForm(forms.Form):
    """When somebody died."""

    died_on = _day("哪天去世的")


class ConsentForm(forms.Form):
    """What was agreed to, under which notice, by whom."""

    purpose = forms.ChoiceField(
        label="用途", choices=ConsentPurpose.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择用途。", "invalid_choice": "请选择用途。"},
    )  # fmt: skip
    notice_version = forms.CharField(
        label="告知书版本",
        max_length=20,
        error_messages={"required": "请填写告知书版本。"},
        help_text="签字的那一份上写着。",
    )
    given_by_id = forms.TypedChoiceField(
        label="谁同意的",
        coerce=int,
        error_messages={"required": "请选择谁同意的。", "invalid_choice": "请选择谁同意的。"},
    )

    def __init__(self, *args: Any, person: Person, relations: Iterable[Relation], child: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        givers = [] if child else [(person.pk, f"{person.name}（本人）")]
        givers += [(one.relative_id, f"{one.relative.name}（{one.get_kind_display()}）") for one in relations]
        self.fields["given_by_id"].choices = [("", "请选择"), *givers]  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """Which purpose is withdrawn."""

    purpose = forms.ChoiceField(choices=ConsentPurpose.choices)


class ReviewForm(forms.Form):
    """Whether a category still holds."""

    holds = forms.TypedChoiceField(
        label="复核结果", choices=[("1", "仍然符合"), ("0", "不再符合，今天起结束")], widget=forms.RadioSelect,
        coerce=lambda value: value == "1", error_messages={"required": "请选择复核结果。", "invalid_choice": "请选择复核结果。"},
    )  # fmt: skip
    evidence = forms.CharField(label="这次复核的依据", max_length=200, required=False)


class SplitForm(_PlaceForm):
    """Who leaves a household, and where they live from now on."""

    member_ids = forms.TypedMultipleChoiceField(
        label="谁分出去", coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择要分出去的家人。", "invalid_choice": "请选择这一户的家人。"},
    )  # fmt: skip
    field_order = ("member_ids", "area_code", "address")

    def __init__(self, *args: Any, members: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member_ids"].choices = [(one.pk, one.name) for one in members]  # type: ignore[attr-defined]
        self.fields["address"].required = True
        self.fields["address"].error_messages["required"] = "请填写分出去以后的地址。"
