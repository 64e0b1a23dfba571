"""What the desk of charity money asks."""

from collections.abc import Iterable
from typing import Any

from django import forms

from wushe.chain.projects.models import SourceClass
from wushe.faces.www.refusing import DayInput, OnceForm, YuanField
from wushe.lines.charity.enums import Choice, Side, UseCategory, Way
from wushe.lines.charity.models import CommitteeSeat

_DAY = {"required": "请选择日期。", "invalid": "日期不对，请重新选择。"}
_YUAN = {
    "required": "请填写金额。", "invalid": "请填写数字，最多两位小数。", "min_value": "金额应大于零。",
    "max_decimal_places": "最多两位小数。", "max_digits": "金额太大，请核对。", "max_whole_digits": "金额太大，请核对。",
}  # fmt: skip
Pairs = Iterable[tuple[Any, str]]


def _text(label: str, most: int, *, required: bool = True, rows: int = 0, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    errors = {"required": f"请填写{label}。", "max_length": f"{label}请写在{most}个字以内。"}
    return forms.CharField(
        label=label, max_length=most, required=required, widget=widget, error_messages=errors, **more
    )


def _choose(form: forms.Form, name: str, pairs: Pairs, empty: str = "") -> None:
    rows = list(pairs)
    form.fields[name].choices = [("", empty), *rows] if empty else rows  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = _text("原因", 200)


class NoteForm(forms.Form):
    """A few words, if any."""

    note = _text("意见", 200, required=False)


class FundForm(OnceForm):
    """A fund, with the first key."""

    title = _text("基金名称", 80, help_text="托管慈善组织名称加社区或街道名，例如：某某社区慈善基金。")
    area_code = forms.ChoiceField(label="地区", error_messages={"required": "请选择地区。"})
    source_class = forms.ChoiceField(label="资金来源", choices=SourceClass.choices)
    host_id = forms.TypedChoiceField(
        label="托管慈善组织", coerce=int, error_messages={"required": "请选择托管慈善组织。"}
    )
    purpose = _text("宗旨", 300, rows=2)
    categories = forms.MultipleChoiceField(
        label="可用于", choices=UseCategory.choices[:8], required=False, widget=forms.CheckboxSelectMultiple,
        help_text="不选就是不另外限制。",
    )  # fmt: skip
    starts_on = forms.DateField(label="开始日期", widget=DayInput(), error_messages=_DAY)
    ends_on = forms.DateField(label="结束日期", required=False, widget=DayInput(), error_messages=_DAY)
    community_fund = forms.BooleanField(label="社区慈善基金（要有管委会和监督员）", required=False)
    raises_publicly = forms.BooleanField(label="公开募捐", required=False)
    emergency = forms.BooleanField(label="应急募捐", required=False)
    plan_filed_on = forms.DateField(label="募捐方案备案日期", required=False, widget=DayInput(), error_messages=_DAY)
    trustee = _text("受托人（慈善信托填写）", 80, required=False)

    def __init__(self, *args: Any, places: Pairs, hosts: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "area_code", places)
        _choose(self, "host_id", hosts, "请选择")


class SeatForm(forms.Form):
    """A member of the committee."""

    who = _text("居民", 40, help_text="身份证号、完整手机号，或在辖区内不重名的姓名。")
    side = forms.ChoiceField(label="代表", choices=Side.choices)
    supervisor = forms.BooleanField(label="监督员（不参加表决）", required=False)


class DonationForm(OnceForm):
    """Money that came in."""

    donor_id = forms.TypedChoiceField(
        label="捐赠人", coerce=int, empty_value=None, required=False, help_text="不选就是匿名捐赠，或下面填写拨款单位。"
    )
    payer = _text("拨款单位", 80, required=False, help_text="财政、福彩、慈善会拨款填写。")
    amount = YuanField(label="金额（元）", error_messages=_YUAN)
    way = forms.ChoiceField(label="到账方式", choices=[one for one in Way.choices if one[0] != Way.MOVED])
    reference = _text("到账凭证号", 60, required=False, help_text="银行流水号或平台订单号。")
    received_on = forms.DateField(label="到账日期", widget=DayInput(), error_messages=_DAY)
    unnamed = forms.BooleanField(label="捐赠人不愿公开姓名", required=False)
    only_category = forms.ChoiceField(
        label="限定用途", choices=[("", "不限"), *UseCategory.choices[:8]], required=False
    )
    use_until = forms.DateField(label="使用期限", required=False, widget=DayInput(), error_messages=_DAY)
    wishes = _text("捐赠意愿", 200, required=False)

    def __init__(self, *args: Any, donors: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "donor_id", donors, "匿名或拨款")


class UseChangeForm(forms.Form):
    """Another use, to be put to the giver."""

    only_category = forms.ChoiceField(
        label="改为限定用途", choices=[("", "不限"), *UseCategory.choices[:8]], required=False
    )
    use_until = forms.DateField(label="改为使用期限", required=False, widget=DayInput(), error_messages=_DAY)
    reason = _text("向捐赠人说明原因", 200)


class ExpenseForm(OnceForm):
    """Money that is to go out."""

    area_code = forms.ChoiceField(label="用在哪个社区", error_messages={"required": "请选择社区。"})
    category = forms.ChoiceField(label="用途类别", choices=UseCategory.choices)
    title = _text("用途", 80, help_text="写明买什么、做什么。")
    amount = YuanField(label="金额（元）", error_messages=_YUAN)
    payee_organisation_id = forms.TypedChoiceField(label="收款单位", coerce=int, empty_value=None, required=False)
    payee = _text(
        "或收款居民", 40, required=False, help_text="身份证号、完整手机号，或在辖区内不重名的姓名。救助金只发给本人。"
    )
    account_holder = _text("户名", 80, help_text="与收款单位或居民的名称完全一致。")
    bank_account = _text("收款账号", 30)
    project_id = forms.TypedChoiceField(label="属于项目", coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, places: Pairs, organisations: Pairs, projects: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "area_code", places)
        _choose(self, "payee_organisation_id", organisations, "不是单位")
        _choose(self, "project_id", projects, "不属于项目")


class PayForm(forms.Form):
    """The voucher of a payment."""

    voucher = _text("发票或领款凭证号", 60)


class ReceiptForm(forms.Form):
    """How it is known that the payee has it."""

    note = _text("回执：谁、怎样确认收到", 200)


class VisitForm(forms.Form):
    """What a visitor found."""

    visited_on = forms.DateField(label="入户日期", widget=DayInput(), error_messages=_DAY)
    found = _text("核实情况", 300, rows=3)


class VoteForm(forms.Form):
    """How one member voted."""

    seat_id = forms.TypedChoiceField(label="委员", coerce=int, error_messages={"required": "请选择委员。"})
    choice = forms.ChoiceField(label="表决", choices=Choice.choices)

    def offer(self, seats: Iterable[CommitteeSeat]) -> None:
        """Offer these members."""
        pairs = [(seat.pk, f"{seat.person.name}（{seat.get_side_display()}）") for seat in seats]
        _choose(self, "seat_id", pairs, "请选择")


class FollowUpForm(forms.Form):
    """How the person fares."""

    found = _text("回访情况", 200)


class DutyForm(forms.Form):
    """The document that shows that a duty was done."""

    code = forms.CharField(widget=forms.HiddenInput, max_length=30)
    due_on = forms.DateField(widget=forms.HiddenInput)
    document = _text("文件编号、网址或说明", 200)


class AnswerForm(forms.Form):
    """The answer to a question about the books."""

    answer = _text("答复", 500, rows=4, help_text="会公开，请不要写个人姓名和电话。")


class DeclarationForm(forms.Form):
    """Who stands behind an account."""

    user_id = forms.TypedChoiceField(label="账号", coerce=int, error_messages={"required": "请选择账号。"})
    who = _text("本人", 40, help_text="身份证号、完整手机号，或在辖区内不重名的姓名。")
    interests = forms.TypedMultipleChoiceField(
        label="本人或近亲属有利益关系的单位", coerce=int, required=False, help_text="任职、出资的单位都要选上。"
    )

    def __init__(self, *args: Any, users: Pairs, organisations: Pairs, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "user_id", users, "请选择")
        _choose(self, "interests", organisations)
