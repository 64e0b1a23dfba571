"""What the desk of goods asks."""

from collections.abc import Iterable
from typing import Any

from django import forms

from wushe.faces.www.refusing import DayInput, OnceForm, YuanField
from wushe.faces.www.registers.forms import RowChoice
from wushe.lines.goods.states import ArticleKind, Proof, Source, WriteOffReason

_DAY = {"required": "请选择日期。", "invalid": "日期不对，请重新选择。"}
_WHOLE = {
    "required": "请填写数量。", "invalid": "请填写整数。", "min_value": "至少为1。", "max_value": "数量太大，请核对。",
}  # fmt: skip
_YUAN = {"invalid": "请填写数字，最多两位小数。", "min_value": "金额不能小于零。", "max_digits": "金额太大，请核对。",
         "max_decimal_places": "最多两位小数。", "max_whole_digits": "金额太大，请核对。"}  # fmt: skip
Pairs = Iterable[tuple[Any, str]]


def _text(label: str, most: int, *, required: bool = True, **more: Any) -> forms.CharField:
    errors = {"required": f"请填写{label}。", "max_length": f"{label}请写在{most}个字以内。"}
    return forms.CharField(label=label, max_length=most, required=required, error_messages=errors, **more)


def _pieces(label: str = "数量", **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, error_messages=_WHOLE, **{"min_value": 1, "max_value": 1_000_000, **more})


def _chosen(label: str, choices: Any = (), **more: Any) -> forms.ChoiceField:
    errors = {"required": f"请选择{label}。", "invalid_choice": "请从列表里选择。"}
    return forms.ChoiceField(label=label, choices=choices, error_messages=errors, **more)


def choose(form: forms.Form, name: str, pairs: Pairs, empty: str = "") -> None:
    """Offer these choices; `empty` are the words for none."""
    rows = list(pairs)
    form.fields[name].choices = [("", empty), *rows] if empty else rows  # type: ignore[attr-defined]


class ReceiveForm(OnceForm):
    """What arrived."""

    facility_id = RowChoice(label="存放地点", help_text="仓库、社工站、服务设施；在“服务设施”登记册里新增。")
    article_id = RowChoice(label="物品", required=False)
    title = _text("新物品名称", 60, required=False, help_text="列表里没有才填，写明规格，例如：玉米油（5升）。")
    kind = _chosen("新物品类别", [("", "请选择"), *ArticleKind.choices], required=False)
    unit = _text("新物品单位", 10, required=False, help_text="桶、件、册、台。")
    lent = forms.BooleanField(label="新物品是借用的，用完要归还", required=False)
    quantity = _pieces("到货数量")
    source = _chosen("来源", [one for one in Source.choices if one[0] != Source.FOUND])
    donor_id = RowChoice(label="捐赠人", required=False)
    supplier = _text("供货或拨付单位", 80, required=False, help_text="采购和上级拨付的必须填写。")
    reference = _text("发票或捐赠协议号", 60, required=False)
    received_on = forms.DateField(label="到货日期", widget=DayInput(), error_messages=_DAY)
    expires_on = forms.DateField(label="保质期至", required=False, widget=DayInput(), error_messages=_DAY)
    maker_batch = _text("生产批号", 40, required=False, help_text="印在包装上，召回时靠它找齐。")
    unit_value_fen = YuanField(label="单价或估值（元）", required=False, error_messages=_YUAN)
    value_basis = _text("估值依据", 80, required=False, help_text="发票、市场价或捐赠方声明。")
    wishes = _text("捐赠意愿", 200, required=False)


class InspectForm(forms.Form):
    """What passed the inspection."""

    accepted = _pieces("合格数量")
    inspection = _text("验收情况", 200, required=False, help_text="看包装、保质期、数量；有不合格的写明。")


class ReasonForm(forms.Form):
    """Why."""

    reason = _text("原因", 200)


class MoveForm(forms.Form):
    """To which other place, and how many."""

    facility_id = RowChoice(label="调到哪里")
    quantity = _pieces()


class WriteOffForm(forms.Form):
    """What cannot be used."""

    quantity = _pieces()
    reason = _chosen("原因", WriteOffReason.choices)
    note = _text("说明", 200)


class ApartForm(WriteOffForm):
    """What cannot be used and is set apart already."""

    set_apart = forms.BooleanField(widget=forms.HiddenInput, initial=True, required=False)


class RecallForm(forms.Form):
    """Why goods are called back, and what people are asked to do."""

    reason = _text("召回原因", 200)
    advice = _text("请居民怎么做", 200, help_text="例如：停止食用，送回领取地点。")


class PlanForm(forms.Form):
    """To whom goods are to be given; the list follows from it by the rule."""

    shelf_id = RowChoice(label="发放什么")
    area_code = _chosen("发给哪里的居民")
    categories = forms.MultipleChoiceField(
        label="发给哪些居民", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请从列表里选择。"},
    )  # fmt: skip
    with_needs = forms.BooleanField(label="还有待满足的需求、由慈善资源承接的居民", required=False)
    each = _pieces("每户数量", max_value=1000)
    # Filled in with the list that was shown: what is confirmed is that list and no other.
    title = _text("发放名称", 60, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    client_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class GiveForm(OnceForm):
    """Goods for one resident outside a distribution."""

    shelf_id = RowChoice(label="发放什么")
    who = _text("居民", 40, help_text="写全姓名。")
    quantity = _pieces(max_value=1000)
    reason = _text("为什么单独发放", 200)


class HandForm(forms.Form):
    """Who took the goods, and what shows it."""

    taken_by = _text("谁来领的", 60, initial="本人", help_text="本人；代领的写姓名和关系。")
    kind = _chosen("凭证", Proof.choices)
    photo = forms.FileField(
        label="照片", allow_empty_file=True, widget=forms.ClearableFileInput(attrs={"accept": "image/*"}),
        error_messages={"required": "请拍一张签收单或领取时的照片。"},
    )  # fmt: skip


class TakeBackForm(forms.Form):
    """A lent thing comes back."""

    usable = forms.TypedChoiceField(
        label="还能用吗", choices=[("yes", "能用，放回库存"), ("no", "坏了，停用")], coerce=lambda value: value == "yes",
        error_messages={"required": "请选择。", "invalid_choice": "请从列表里选择。"},
    )  # fmt: skip
    note = _text("说明", 200, required=False)


class BeginForm(forms.Form):
    """Where a count begins."""

    facility_id = RowChoice(label="盘点哪里")


class AnswerForm(forms.Form):
    """What the second person says."""

    answer = _text("意见", 200, required=False)


class NoteForm(forms.Form):
    """A few words, if any."""

    note = _text("备注", 200, required=False)


class BroughtForm(NoteForm):
    """How many came back."""

    quantity = _pieces("收回数量")
