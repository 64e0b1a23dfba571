"""What a dispatcher types: how to plan, how to reassign, who is away, whom to send an order to, why to cancel."""

from datetime import date
from typing import Any

from django import forms

from wushe.chain.dispatch.models import Emphasis
from wushe.chain.orders.selectors import Taker
from wushe.faces.www.refusing import ClockField, DayInput
from wushe.registers.workforce.models import Absence, Worker

SECONDS = [("2", "快速（2秒）"), ("8", "标准（8秒）"), ("30", "精细（30秒）")]


class PlanForm(forms.Form):
    """Which day to plan, with what in mind, and how long to search. The seed is the planner's own; nobody has to know it."""

    area = forms.CharField(widget=forms.HiddenInput, max_length=24)
    day = forms.DateField(widget=forms.HiddenInput, error_messages={"invalid": "日期不对，请重新选择。"})
    emphasis = forms.ChoiceField(label="侧重", choices=Emphasis.choices, required=False, initial=Emphasis.BALANCED)
    seconds = forms.TypedChoiceField(label="排班用时", choices=SECONDS, coerce=int, initial="8")


class DayForm(forms.Form):
    """An area and a day."""

    area = forms.CharField(max_length=24)
    day = forms.DateField(error_messages={"invalid": "日期不对，请重新选择。"})


class ChangeForm(forms.Form):
    """Who comes instead, and when."""

    worker = forms.ModelChoiceField(
        label="改派给", queryset=None, empty_label="请选择人员", error_messages={"required": "请选择人员。"}
    )
    start = ClockField(label="上门时间", required=False, help_text="不填就按这位人员当天的空档自动找最合适的时间")

    def __init__(self, *args: Any, workers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = workers
        self.fields["worker"].label_from_instance = worker_label  # type: ignore[attr-defined]


class ConfirmChangeForm(forms.Form):
    """Confirm a change whose consequences have been seen."""

    worker = forms.IntegerField(widget=forms.HiddenInput)
    start = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=1440)
    lock = forms.BooleanField(label="锁定：以后重新排班时不动这次安排", required=False, initial=True)
    reason = forms.CharField(
        label="为什么仍要这样安排", required=False, max_length=120, help_text="违反规则的安排要写明理由，会记入操作台账"
    )


class RescheduleForm(forms.Form):
    """The new day of a missed visit."""

    day = forms.DateField(label="改到哪一天", widget=DayInput(), error_messages={"required": "请选择日期。"})


class AbsenceForm(forms.Form):
    """Who is away, from when to when, and why."""

    worker = forms.ModelChoiceField(
        label="谁请假", queryset=None, empty_label="请选择人员", error_messages={"required": "请选择请假的人员。"}
    )
    reason = forms.ChoiceField(label="原因", choices=Absence.Reason.choices, initial=Absence.Reason.SICK)
    starts_on = forms.DateField(label="从哪天", widget=DayInput(), error_messages={"required": "请选择开始日期。"})
    ends_on = forms.DateField(label="到哪天", widget=DayInput(), error_messages={"required": "请选择结束日期。"})

    def __init__(self, *args: Any, workers: Any, today: date | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {"starts_on": today, "ends_on": today, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        self.fields["worker"].queryset = workers
        self.fields["worker"].label_from_instance = worker_label  # type: ignore[attr-defined]


class SendForm(forms.Form):
    """To whom an order is sent."""

    organisation_ids = forms.TypedMultipleChoiceField(
        label="送给哪些机构", coerce=int, widget=forms.CheckboxSelectMultiple, choices=(),
        error_messages={"required": "请至少选择一家机构。"},
    )  # fmt: skip

    def __init__(self, *args: Any, takers: list[Taker], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"organisation_ids": [t.organisation.pk for t in takers if _recommended(t)][:3]})
        super().__init__(*args, **kwargs)
        self.fields["organisation_ids"].choices = [(t.organisation.pk, t.organisation.name) for t in takers]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """A reason in words."""

    reason = forms.CharField(
        label="原因",
        max_length=120,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明原因。"},
    )


def worker_label(worker: Worker) -> str:
    """Return how a worker stands in a list to choose from."""
    return f"{worker.person.name}（{worker.get_kind_display()} {worker.number}）"


def _recommended(taker: Taker) -> bool:
    return taker.workers > 0 and taker.free_minutes > 0 and not taker.offered_before
