"""What a resident is asked."""

from typing import Any

from django import forms

from wushe.faces.www.refusing import OnceForm


class ConfirmForm(OnceForm):
    """The last tap; a few words if one likes."""

    more = forms.CharField(
        label="还想说什么", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="例如：住三楼没电梯，耳朵不好敲门要大声。",
    )  # fmt: skip


class RatingForm(forms.Form):
    """How a visit was."""

    score = forms.TypedChoiceField(
        label="满意吗", coerce=int, choices=[(n, str(n)) for n in range(1, 6)],
        error_messages={"required": "请点一个笑脸或星星。", "invalid_choice": "请点一个笑脸或星星。"},
    )  # fmt: skip
    comment = forms.CharField(
        label="还想说什么", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"max_length": "最多200字，请写得短一些。"},
    )  # fmt: skip


class CancelForm(forms.Form):
    """Why it is not wanted any more: one tap, or a few words; needed only where somebody has been promised."""

    why = forms.ChoiceField(
        label="为什么不要了", required=False, widget=forms.RadioSelect,
        choices=[(words, words) for words in ("家里有人照顾了", "那天不在家", "身体不舒服或住院了", "时间不合适", "别的原因")],
        error_messages={"invalid_choice": "请在上面点一个原因。"},
    )  # fmt: skip
    more = forms.CharField(
        label="还想说什么", required=False, max_length=80, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"max_length": "最多80字，请写得短一些。"},
    )  # fmt: skip

    def __init__(self, *args: Any, asks: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = asks
        self.fields["why"].error_messages["required"] = "请点一个原因，调度中心好跟服务人员说。"
        if not asks:
            self.fields["why"].label = "为什么不要了（可以不填）"

    def clean(self) -> dict[str, Any]:
        """Join the tap and the words into one reason."""
        clean = super().clean() or {}
        clean["reason"] = "，".join(part for part in (clean.get("why"), (clean.get("more") or "").strip()) if part)
        return clean
