"""What a resident is asked."""

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
