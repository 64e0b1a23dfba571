"""What is asked about a child: as little as possible in an emergency."""

from uuid import uuid4

from django import forms

from wushe.faces.www.refusing import DayInput
from wushe.practice.children.models import Group, Sign, Told
from wushe.practice.children.reporting import LONGEST
from wushe.practice.children.services import HOURS

_HOURS = [(hours, f"{hours}小时" if hours < 24 else f"{hours // 24}天") for hours in HOURS]


class StepForm(forms.Form):
    """What was done, and who else was told."""

    words = forms.CharField(label="做了什么", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))
    told = forms.MultipleChoiceField(
        label="已经告诉了谁（可多选）", choices=Told.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class ReportForm(StepForm):
    """A report of danger."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    sign = forms.ChoiceField(label="是哪种情形", choices=Sign.choices, widget=forms.RadioSelect)
    field_order = ["sign", "words", "told"]

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)  # type: ignore[arg-type]
        self.fields["words"].label = "看到、听到了什么，孩子在哪里"


class RecordForm(forms.Form):
    """The beginning of a file."""

    name = forms.CharField(label="孩子姓名", max_length=40, help_text="和居民登记册上的一样。")
    born_on = forms.DateField(label="出生日期", widget=DayInput())
    group = forms.ChoiceField(label="类别", choices=Group.choices)
    words = forms.CharField(label="基本情况", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5}))


class NoteForm(forms.Form):
    """Something to be written into a file."""

    words = forms.CharField(label="写一条记录", max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 4}))


class AskForm(forms.Form):
    """Why somebody wants to read a file."""

    reason = forms.CharField(label="为什么要看", max_length=200)


class GrantForm(forms.Form):
    """For how long."""

    hours = forms.TypedChoiceField(label="批准多久", choices=_HOURS, coerce=int)


class KeyForm(forms.Form):
    """The number of one look."""

    key = forms.UUIDField()
