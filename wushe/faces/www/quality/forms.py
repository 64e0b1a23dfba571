"""What a verifier says: the decision with its reason, and what a person told on the telephone."""

from typing import Any

from django import forms


class DecisionForm(forms.Form):
    """Why a visit is accepted or refused."""

    reason = forms.CharField(
        label="审核意见", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="不通过时必须填写，机构会看到。",
    )  # fmt: skip


class CallForm(forms.Form):
    """What came of a call."""

    reached = forms.ChoiceField(
        label="电话打通了吗？", choices=[("yes", "打通了"), ("no", "没打通，下次再打")], widget=forms.RadioSelect,
        error_messages={"required": "请选择电话有没有打通。"},
    )  # fmt: skip
    came = forms.ChoiceField(
        label="服务人员上门了吗？",
        required=False,
        choices=[("yes", "来了"), ("no", "没有来")],
        widget=forms.RadioSelect,
    )
    satisfied = forms.ChoiceField(
        label="对这次服务满意吗？",
        required=False,
        choices=[("yes", "满意"), ("no", "不满意")],
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label="对方说了什么", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 3})
    )

    def answers(self) -> dict[str, Any]:
        """Return the answers as the domain takes them."""
        clean = self.cleaned_data
        spoken = {"yes": True, "no": False}
        return {
            "reached": clean["reached"] == "yes", "came": spoken.get(clean["came"]),
            "satisfied": spoken.get(clean["satisfied"]), "comment": clean["comment"],
        }  # fmt: skip
