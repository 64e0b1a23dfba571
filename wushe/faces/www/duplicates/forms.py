"""What a desk is asked about two records: which values are right, why they are two people, what to ask, what to answer."""

from collections.abc import Iterable
from typing import Any

from django import forms

from wushe.registers.duplicates.models import Answer
from wushe.registers.duplicates.selectors import Line

FIRST, SECOND = "first", "second"


class MergeForm(forms.Form):
    """For each line that differs, which record is right."""

    reason = forms.CharField(label="说明（可不填）", required=False, max_length=300)

    def __init__(self, *args: Any, lines: Iterable[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [line.choice for line in lines if line.choice]
        for line in lines:
            if line.choice:
                self.fields[line.choice] = forms.ChoiceField(
                    choices=[(FIRST, line.first), (SECOND, line.second)], required=False,
                    initial=SECOND if line.take_second else FIRST, label=line.title,
                )  # fmt: skip

    def taken(self) -> list[str]:
        """Return the values that are taken from the second record."""
        return [name for name in self.choices if self.cleaned_data[name] == SECOND]


class ApartForm(forms.Form):
    """Why they are two people."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # The form of the merge beside it has a reason as well.
        super().__init__(*args, auto_id="apart-%s", **kwargs)

    reason = forms.CharField(
        label="为什么不是同一人", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：已入户核实，是姐妹两人。", error_messages={"required": "请写明为什么不是同一人。"},
    )  # fmt: skip


class AskForm(forms.Form):
    """Which desk is asked, and what."""

    area_code = forms.ChoiceField(
        label="问哪个社区", error_messages={"required": "请选择社区。", "invalid_choice": "请选择社区。"}
    )
    question = forms.CharField(
        label="想问什么", max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="例如：这位居民是不是从你们社区搬来的？", error_messages={"required": "请写明想问什么。"},
    )  # fmt: skip

    def __init__(self, *args: Any, places: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = list(places)  # type: ignore[attr-defined]


class AnswerForm(forms.Form):
    """What the desk says that was asked."""

    answer = forms.ChoiceField(
        label="答复", choices=Answer.choices, widget=forms.RadioSelect,
        error_messages={"required": "请选择答复。", "invalid_choice": "请选择答复。"},
    )  # fmt: skip
    words = forms.CharField(label="说明（可不填）", required=False, max_length=300)
