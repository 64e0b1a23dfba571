"""What an organisation reports of a visit that nobody could sign in to."""

from django import forms

from wushe.faces.www.refusing import ClockField, OnceForm


class ReportForm(OnceForm):
    """When it was, what was done, and why the phone did not say so."""

    started = ClockField(label="几点开始", error_messages={"required": "请填写开始时间。"})
    ended = ClockField(label="几点结束", error_messages={"required": "请填写结束时间。"})
    note = forms.CharField(
        label="做了什么", max_length=300, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：擦洗厨房和卧室，换洗床单；老人精神好。", error_messages={"required": "请写明做了什么。"},
    )  # fmt: skip
    reason = forms.CharField(
        label="为什么没有在手机上签到", max_length=120, help_text="例如：手机没电、手机丢了、临时换手机。",
        error_messages={"required": "请写明为什么没有在手机上签到。"},
    )  # fmt: skip
