"""What is filled in to revise the catalogue: the head of an edition, its items, and what follows a withdrawn one."""

import re
from decimal import Decimal
from typing import Any

from django import forms

from wushe.faces.www.refusing import DayInput
from wushe.foundation.quantities import fen_from_yuan
from wushe.registers.catalogue.models import Edition, Item, Responsibility, Unit
from wushe.registers.catalogue.selectors import categories_of, items_of
from wushe.registers.workforce.models import WorkerKind

from .wording import skills_in_words


class RevisionForm(forms.Form):
    """A new edition."""

    title = forms.CharField(label="名称", max_length=80, error_messages={"required": "请填写名称。"})
    effective_from = forms.DateField(
        label="从哪天起施行", widget=DayInput(),
        error_messages={"required": "请填写日期。", "invalid": "日期写得不对，请从日历里选。"},
    )  # fmt: skip
    source = forms.CharField(
        label="依据", max_length=300, help_text="文件名称和文号", error_messages={"required": "请写明依据。"}
    )


class ItemForm(forms.Form):
    """What may be changed in an item of a draft."""

    category = forms.CharField(
        label="大类", max_length=40, widget=forms.TextInput(attrs={"list": "categories"}),
        error_messages={"required": "请填写大类。"},
    )  # fmt: skip
    subcategory = forms.CharField(label="小类", max_length=40, required=False)
    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    plain = forms.CharField(label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    unit = forms.ChoiceField(label="计量单位", choices=Unit.choices)
    minutes = forms.IntegerField(label="最少服务分钟", min_value=0, error_messages={"invalid": "请填写整数。"})
    price = forms.DecimalField(
        label="单价（元）", min_value=0, max_digits=9, decimal_places=2,
        error_messages={"invalid": "请填写金额，例如 45.00。", "max_decimal_places": "最多两位小数。"},
    )  # fmt: skip
    photos = forms.IntegerField(
        label="要几张照片", min_value=0, max_value=9, error_messages={"invalid": "请填写整数。"}
    )
    signature = forms.BooleanField(label="要服务对象签字", required=False)
    two_people = forms.BooleanField(label="要两个人一起上门", required=False)
    responsible_party = forms.ChoiceField(label="责任方", choices=Responsibility.choices)
    performers = forms.MultipleChoiceField(
        label="可由谁服务", choices=[*WorkerKind.choices, ("organisation", "机构")], required=False,
        widget=forms.CheckboxSelectMultiple, help_text="一个都不选就是不限",
    )  # fmt: skip
    skills = forms.MultipleChoiceField(label="要有的技能", required=False, widget=forms.CheckboxSelectMultiple)
    keywords = forms.CharField(
        label="居民常用说法", required=False, max_length=300, help_text="用顿号或空格分开，例如：洗澡、擦身、泡脚",
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["skills"].choices = list(skills_in_words().items())  # type: ignore[attr-defined]
        self.categories = sorted({category for category, _ in categories_of(edition=edition)})

    def content(self) -> dict[str, Any]:
        """Return the cleaned values as an item keeps them."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "code"}
        values["price_fen"] = fen_from_yuan(values.pop("price"))
        words = re.split(r"[、，,;；\s]+", values["keywords"])
        return {**values, "keywords": list(dict.fromkeys(word for word in words if word))}


class NewItemForm(ItemForm):
    """A service that no edition has had."""

    code = forms.CharField(
        label="编码", max_length=20, help_text="例如 H101-09；公布以后不再改", error_messages={"required": "请填写编码。"}
    )  # fmt: skip
    field_order = ("code", "category", "subcategory", "name")


class SuccessorForm(forms.Form):
    """Which items take the place of a withdrawn one."""

    successor_ids = forms.TypedMultipleChoiceField(
        label="由哪些项目替代", coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text="一个都不选，就是停用、没有替代。", error_messages={"invalid_choice": "有的项目不在这一版草稿里，请重新选择。"},
    )  # fmt: skip

    def __init__(self, *args: Any, edition: Edition, old: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Those of the same kind first: a successor is mostly a neighbour.
        found = sorted(
            items_of(edition=edition), key=lambda one: (one.subcategory != old.subcategory, one.category != old.category, one.code)
        )  # fmt: skip
        self.fields["successor_ids"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.name}（{one.code}，{one.subcategory or one.category}）") for one in found
        ]


def content_of(item: Item) -> dict[str, Any]:
    """Return an item as its form shows it."""
    same = ("category", "subcategory", "name", "plain", "unit", "minutes", "photos", "signature", "two_people",
            "responsible_party", "performers", "skills")  # fmt: skip
    shown = {name: getattr(item, name) for name in same}
    return shown | {"price": Decimal(item.price_fen) / 100, "keywords": "、".join(item.keywords)}
