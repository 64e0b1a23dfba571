"""What the hotline desk asks for: a call, and each act on an order."""

from collections.abc import Sequence
from typing import Any

from django import forms

from wushe.chain.needs.models import Urgency
from wushe.faces.www.refusing import DayInput, OnceForm
from wushe.practice.hotline.models import Exclusion, Kind, PauseRule, Satisfaction, Topic

YES_NO = [("yes", "是"), ("no", "否")]


def _text(label: str, message: str, *, most: int = 300, lines: int = 0, hint: str = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": lines}) if lines else forms.TextInput()
    return forms.CharField(
        label=label, max_length=most, widget=widget, help_text=hint, error_messages={"required": message}
    )  # fmt: skip


def _choice(label: str, choices: Any, message: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=choices, widget=forms.RadioSelect,
        error_messages={"required": message, "invalid_choice": message},
    )  # fmt: skip


class CallForm(OnceForm):
    """What was called in."""

    kind = _choice("诉求类型", Kind.choices, "请选择诉求类型。")
    topic = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), *Topic.choices], error_messages={"required": "请选择类别。"}
    )
    words = _text("诉求内容", "请写下诉求内容。", most=2000, lines=4, hint="照原话记：哪里、什么事、要求怎么办。")
    area_code = forms.ChoiceField(
        label="社区", error_messages={"required": "请选择社区。", "invalid_choice": "请选择社区。"}
    )
    place = forms.CharField(label="具体地点", required=False, max_length=100, help_text="例如：3栋2单元楼下。")
    urgency = _choice("紧急程度", Urgency.choices, "请选择紧急程度。")
    caller_name = forms.CharField(label="诉求人", required=False, max_length=40)
    caller_phone = forms.CharField(label="联系电话", required=False, max_length=30)
    number = forms.CharField(label="热线工单号", required=False, max_length=40, help_text="上级派来的工单，照抄编号。")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = [("", "请选择"), *places]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """To whom."""

    unit = _text("主办单位", "请写明派给哪个单位。", most=60)
    owner_name = _text("责任人", "请写明责任人姓名，逾期时找得到人。", most=40)


class TellForm(forms.Form):
    """Which order it repeats."""

    repeat_of_id = forms.TypedChoiceField(
        label="和哪一件重复", coerce=int, widget=forms.RadioSelect,
        error_messages={"required": "请选原来的那一件。", "invalid_choice": "请选原来的那一件。"},
    )  # fmt: skip

    def __init__(self, *args: Any, repeats: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["repeat_of_id"].choices = repeats  # type: ignore[attr-defined]


class RedirectForm(forms.Form):
    """Where it belongs."""

    where = _text("转到哪里", "请写明转到哪里，例如120、法院。", most=60)


class ContactForm(forms.Form):
    """What was said."""

    note = _text("联系情况", "请写一句联系的情况。", most=200)


class HelperForm(forms.Form):
    """Who is to help with what."""

    unit = _text("协办单位", "请写明请谁协办。", most=60)
    task = _text("协办事项", "请写明协办什么。", most=200)


class ReportForm(forms.Form):
    """What the helper reports."""

    helper_id = forms.TypedChoiceField(label="协办单位", coerce=int, error_messages={"required": "请选择协办单位。"})
    report = _text("协办结果", "请写明协办的结果。", most=500)

    def __init__(self, *args: Any, helpers: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["helper_id"].choices = [("", "请选择"), *helpers]  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What was done."""

    answer = _text("办理结果", "请写明办理结果，诉求人看得懂的话。", most=1000, lines=3)


class DisputeForm(forms.Form):
    """Why it is not the unit's own."""

    reason = _text("退单理由", "请写明为什么不是本单位的事。")


class ExtendForm(forms.Form):
    """Until when and why."""

    until = forms.DateField(
        label="延到哪天",
        widget=DayInput(),
        error_messages={"required": "请选择日期。", "invalid": "日期不对，请重新选择。"},
    )
    reason = _text("延期理由", "请写明为什么要延期。")


class PauseForm(forms.Form):
    """By which rule the clock stands still."""

    rule = _choice("暂停依据", PauseRule.choices, "请选择暂停的依据，没有依据不能停表。")
    note = _text("在等什么", "请写明在等什么。", most=200)


class ResumeForm(forms.Form):
    """Nothing more to say."""


class DecideForm(forms.Form):
    """Yes or no, and why."""

    agreed = _choice("是否同意", YES_NO, "请选择是否同意。")
    decision = _text("意见", "请写明意见。")


class ExcludeForm(forms.Form):
    """Why it does not count."""

    exclusion = _choice("剔除原因", Exclusion.choices, "请选择剔除的原因。")
    note = _text("说明", "请写明意见。", most=200)


class CallBackForm(forms.Form):
    """What the caller says."""

    reached = _choice("联系上了吗", YES_NO, "请选择是否联系上。")
    solved = forms.ChoiceField(label="解决了吗", choices=[("", "没联系上"), *YES_NO], required=False)
    satisfaction = forms.ChoiceField(label="满意吗", choices=[("", "没联系上"), *Satisfaction.choices], required=False)
    comment = forms.CharField(label="诉求人怎么说", required=False, max_length=300)


class LiftForm(forms.Form):
    """The topic of the month."""

    area_code = forms.CharField(widget=forms.HiddenInput, max_length=24)
    topic = forms.CharField(widget=forms.HiddenInput, max_length=12)
    title = _text("题目", "这一项要填。", most=80)
    measures = _text("怎么治", "这一项要填。", most=500)
    owner_name = _text("负责人", "这一项要填。", most=40)
    due_on = forms.DateField(
        label="完成期限",
        widget=DayInput(),
        error_messages={"required": "请选择日期。", "invalid": "日期不对，请重新选择。"},
    )
