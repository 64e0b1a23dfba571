"""What the desk asks about a resident."""

from collections.abc import Iterable
from typing import Any

from django import forms

from wushe.faces.www.refusing import DayInput, OnceForm
from wushe.registers.areas.models import Area
from wushe.registers.people.enums import RevealField, RevealReason
from wushe.registers.people.models import AbilityLevel, Person, Relation, Sex, Tag, TagKind

_LEVELS = [("", "未评估"), *[(str(level.value), level.label) for level in AbilityLevel]]


class PersonForm(OnceForm):
    """Who somebody is and where they live."""

    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名。"})
    sex = forms.ChoiceField(
        label="性别", choices=Sex.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择性别。", "invalid_choice": "请选择性别。"},
    )  # fmt: skip
    born_on = forms.DateField(
        label="出生日期", widget=DayInput(),
        error_messages={"required": "请填写出生日期。", "invalid": "日期不对，例如 1950-05-20。"},
    )  # fmt: skip
    area_code = forms.ChoiceField(
        label="所在社区（村）", error_messages={"required": "请选择社区。", "invalid_choice": "请选择本辖区内的社区。"}
    )
    phone = forms.CharField(label="联系电话", required=False, max_length=30, help_text="手机或带区号的座机。")
    id_number = forms.CharField(label="身份证号", required=False, max_length=30, help_text="18位，会加密保存。")
    address = forms.CharField(
        label="详细地址", required=False, max_length=120, help_text="小区、楼栋、门牌，会加密保存。"
    )

    def __init__(self, *args: Any, places: Iterable[Area], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(place.area_code, place.name) for place in places]
        if len(rows) != 1:
            rows.insert(0, ("", "请选择"))
        self.fields["area_code"].choices = rows  # type: ignore[attr-defined]


class PersonEditForm(PersonForm):
    """What may change. Protected values are not shown: an empty box leaves what is on record."""

    ability_level = forms.TypedChoiceField(
        label="能力等级", required=False, choices=_LEVELS, coerce=int, empty_value=None
    )
    lives_alone = forms.BooleanField(label="独自居住", required=False)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "name": person.name, "sex": person.sex, "born_on": person.born_on, "area_code": person.community_code,
            "ability_level": person.ability_level, "lives_alone": person.lives_alone,
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        for name in ("phone", "id_number", "address"):
            self.fields[name].help_text = "已登记的不显示；不改就留空。"


class RevealForm(forms.Form):
    """Which value is looked at, and why."""

    field = forms.ChoiceField(choices=RevealField.choices)
    reason = forms.ChoiceField(
        choices=RevealReason.choices,
        error_messages={"required": "请选择查看原因。", "invalid_choice": "请选择查看原因。"},
    )


class TagForm(forms.Form):
    """A category with its evidence."""

    tag_code = forms.ChoiceField(label="标签", error_messages={"required": "请选择标签。"})
    starts_on = forms.DateField(label="从哪天起", widget=DayInput(), error_messages={"required": "请选择日期。"})
    evidence = forms.CharField(
        label="依据", max_length=200, required=False, help_text="例如：入户走访、低保证、评估报告。"
    )
    source = forms.ChoiceField(label="来源", required=False, choices=[("", "未注明"), *Tag.Source.choices])

    def __init__(self, *args: Any, kinds: Iterable[TagKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tag_code"].choices = [("", "请选择"), *[(k.code, k.title) for k in kinds]]  # type: ignore[attr-defined]


class RelationForm(forms.Form):
    """What a relative is, and whether they may act."""

    kind = forms.ChoiceField(label="是这位居民的", choices=Relation.Kind.choices)
    may_act = forms.BooleanField(label="可以代办（替本人点单、签字）", required=False)
