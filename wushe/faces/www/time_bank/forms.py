"""What people fill in at the time bank; whether it may be is the domain's answer."""

from typing import Any

from django import forms

from wushe.faces.www.refusing import ClockField, DayInput, OnceForm, YuanField
from wushe.lines.time_bank.states import HelpKind

ASK = {"required": "请填写。", "invalid": "填写的内容不对，请检查。", "invalid_choice": "请从列表里选择。"}
MOST_MINUTES = 10_000_000
MOST_TEXT = 500_000


class LengthField(forms.TypedChoiceField):
    """A length of time in half hours, kept in minutes."""

    def __init__(self, *, most: int = 480, **kwargs: Any) -> None:
        choices = [
            (n, f"{n // 60}小时{'半' if n % 60 else ''}" if n >= 60 else f"{n}分钟") for n in range(30, most + 1, 30)
        ]
        super().__init__(coerce=int, choices=choices, error_messages=ASK, **kwargs)


class HoursField(forms.DecimalField):
    """Hours as people say them (10 or 1.5), kept in minutes."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            min_value=0, max_digits=8, decimal_places=2,
            error_messages={**ASK, "min_value": "请填大于零的小时数。", "max_digits": "这个数太大了。",
                            "max_whole_digits": "这个数太大了。", "max_decimal_places": "最多两位小数。"}, **kwargs,
        )  # fmt: skip

    def clean(self, value: Any) -> int | None:
        """Return minutes."""
        hours = super().clean(value)
        return None if hours is None else int(hours * 60)


class AskForm(OnceForm):
    """What one needs, when, and for how long."""

    kind = forms.ChoiceField(label="需要什么帮助", choices=HelpKind.choices, error_messages=ASK)
    day = forms.DateField(label="哪一天", widget=DayInput, error_messages={**ASK, "invalid": "请用日历选择日期。"})
    start = ClockField(label="几点开始", error_messages=ASK)
    minutes = LengthField(label="要多久")
    words = forms.CharField(
        label="说明（可不填）", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "说明最多200字。"},
    )  # fmt: skip
    for_spouse = forms.BooleanField(label="给老伴用", required=False)

    def __init__(self, *args: Any, spouse: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not spouse:
            del self.fields["for_spouse"]


class GiveForm(OnceForm):
    """To which relative, and how many hours."""

    receiver = forms.TypedChoiceField(label="转给谁", coerce=int, error_messages=ASK)
    minutes = HoursField(label="转多少小时")

    def __init__(self, *args: Any, choices: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = choices  # type: ignore[attr-defined]


class DonateForm(OnceForm):
    """How many hours for the common good."""

    minutes = HoursField(label="捐多少小时")


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(label="原因", required=False, max_length=100, error_messages={"max_length": "最多100字。"})


class DisputeForm(ReasonForm):
    """How a dispute is decided."""

    pay = forms.TypedChoiceField(
        label="怎么裁定", coerce=lambda value: value == "yes", widget=forms.RadioSelect, error_messages=ASK,
        choices=[("yes", "照付（可按实际时长）"), ("no", "不付，时间退回")],
    )  # fmt: skip
    minutes = forms.IntegerField(
        label="付多少分钟", required=False, min_value=0, max_value=MOST_MINUTES, error_messages=ASK
    )


class BankForm(forms.Form):
    """The name of a bank that is opened."""

    name = forms.CharField(label="时间银行名称", max_length=60, error_messages=ASK)


class ReserveForm(forms.Form):
    """The money behind the bank."""

    fen = YuanField(label="准备金（元）", error_messages=ASK)
    note = forms.CharField(label="来源", max_length=120, required=False)


class GrantForm(OnceForm):
    """Time for a key elder."""

    person = forms.IntegerField(label="居民编号", min_value=1, max_value=2**62, error_messages=ASK)
    minutes = HoursField(label="赠多少小时")
    proof = forms.CharField(label="依据", max_length=100, required=False)


class CheckForm(forms.Form):
    """What stands on one's statement."""

    number = forms.CharField(label="户号", max_length=20, error_messages=ASK)
    lines = forms.IntegerField(label="明细行数", min_value=0, max_value=10_000_000, error_messages=ASK)
    head = forms.CharField(label="校验码（64位）", max_length=80, error_messages=ASK)


class SendForm(OnceForm):
    """To which bank and account there, and how much."""

    partner = forms.TypedChoiceField(label="转到哪家银行", coerce=int, error_messages=ASK)
    holder_number = forms.CharField(
        label="对方户号", max_length=20, help_text="本人在迁入地时间银行的户号。", error_messages=ASK
    )
    minutes = HoursField(label="转多少小时", required=False)
    everything = forms.BooleanField(label="全部转出（迁出）", required=False)

    def __init__(self, *args: Any, partners: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].choices = partners  # type: ignore[attr-defined]


class HeirForm(OnceForm):
    """Who inherits."""

    heir = forms.TypedChoiceField(label="继承人", coerce=int, widget=forms.RadioSelect, error_messages=ASK)

    def __init__(self, *args: Any, heirs: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["heir"].choices = heirs  # type: ignore[attr-defined]


class PartnerForm(forms.Form):
    """Another bank as it names itself."""

    code = forms.CharField(label="对方行号", max_length=24, error_messages=ASK)
    name = forms.CharField(label="对方名称", max_length=60, error_messages=ASK)
    public_key = forms.RegexField(
        r"^[0-9a-f]{64}$", label="对方公钥", help_text="对方“往来行”页面上的64位字符，请当面或电话核对。",
        error_messages={**ASK, "invalid": "公钥应为64位十六进制数（0-9、a-f）。"},
    )  # fmt: skip


class FileForm(forms.Form):
    """A file of another bank, or its text."""

    file = forms.FileField(label="对方银行给的文件", required=False)
    words = forms.CharField(
        label="或粘贴文件内容", required=False, max_length=MOST_TEXT, widget=forms.Textarea(attrs={"rows": 4})
    )

    def clean(self) -> dict[str, Any]:
        """Return the text, from wherever it came."""
        clean = super().clean() or {}
        file, text = clean.get("file"), clean.get("words", "")
        if file and file.size > MOST_TEXT:
            self.add_error("file", "文件太大，不是时间银行的报文。")
        elif file:
            text = file.read().decode("utf-8", errors="replace")
        if not self.errors and not text.strip():
            self.add_error("file", "请选择文件，或粘贴内容。")
        return {**clean, "text": text.strip()}
