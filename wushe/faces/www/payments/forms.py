"""What the desk of payments asks."""

from typing import Any

from django import forms

from wushe.faces.www.refusing import DayInput
from wushe.faces.www.registers.forms import RowChoice
from wushe.lines.payments.states import Outcome

_DAY = {"required": "请选择日期。", "invalid": "日期不对，请重新选择。"}


def _text(label: str, most: int, *, required: bool = True, **more: Any) -> forms.CharField:
    errors = {"required": f"请填写{label}。", "max_length": f"{label}请写在{most}个字以内。"}
    return forms.CharField(label=label, max_length=most, required=required, error_messages=errors, **more)


def _whole(label: str, least: int, most: int, **more: Any) -> forms.IntegerField:
    errors = {
        "required": f"请填写{label}。", "invalid": "请填写整数。", "min_value": f"最小为{least}。", "max_value": f"最大为{most}。"
    }  # fmt: skip
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=errors, **more)


class MonthInput(forms.DateInput):
    """A month as browsers ask for it."""

    input_type = "month"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m")


class MonthForm(forms.Form):
    """A month that has ended."""

    month = forms.DateField(
        label="月份", widget=MonthInput(), input_formats=["%Y-%m"],
        error_messages={"required": "请选择月份。", "invalid": "月份不对，请重新选择。"},
    )  # fmt: skip


class DisputeForm(forms.Form):
    """What is wrong with a line."""

    reason = _text("哪里不对", 300, widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(forms.Form):
    """What the clerk answers."""

    answer = _text("答复", 300, widget=forms.Textarea(attrs={"rows": 3}))


class VerdictForm(forms.Form):
    """Why a dispute is decided so."""

    verdict = _text("理由", 300)


class WordsForm(forms.Form):
    """A few words, if any."""

    answer = _text("意见", 200, required=False)


class WhyForm(forms.Form):
    """Why."""

    answer = _text("原因", 200)


class BounceForm(forms.Form):
    """Why the bank did not pay."""

    reason = _text("银行怎么说", 200)


class PayeeForm(forms.Form):
    """The account of an organisation."""

    organisation_id = RowChoice(label="机构")
    holder = _text("户名", 80, help_text="与机构登记的名称完全一致。")
    bank = _text("开户银行", 80, help_text="写到支行。")
    number = _text("账号", 60, help_text="8到30位数字；保存后只显示末四位。")


class BankFileForm(forms.Form):
    """The bank's list."""

    file = forms.FileField(
        label="银行流水文件", widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        help_text="从网银导出的 Excel 或 CSV，列名不用改。同一份传两次也不会重复记账。",
        error_messages={"empty": "这个文件是空的。", **dict.fromkeys(("required", "missing", "invalid"), "请先选择文件。")},
    )  # fmt: skip


class ResolveForm(forms.Form):
    """What a line in suspense is."""

    outcome = forms.ChoiceField(
        label="这一笔是什么", choices=[("", "请选择"), *Outcome.choices],
        error_messages={"required": "请选择这一笔是什么。", "invalid_choice": "请从列表里选择。"},
    )  # fmt: skip
    reference = _text("付款号", 24, required=False, help_text="是付款或付款退回时填写，写在付款批次里。")
    other = RowChoice(label="与哪一笔对冲", required=False)
    note = _text("根据什么", 200, help_text="回单、电话核对的时间和人。")


class ScoreForm(forms.Form):
    """The score of an organisation's year."""

    organisation_id = RowChoice(label="机构")
    year = _whole("年度", 2000, 2100)
    score = _whole("考核得分", 0, 100)
    basis = _text("依据", 200, help_text="考核文件的名称和文号。")


class PeriodForm(forms.Form):
    """From when to when."""

    first = forms.DateField(label="从", widget=DayInput(), error_messages=_DAY)
    last = forms.DateField(label="到", widget=DayInput(), error_messages=_DAY)
