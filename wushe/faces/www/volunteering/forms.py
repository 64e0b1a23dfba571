"""What the coordinator types: an activity, its shifts, its end, hours by hand."""

from datetime import date, timedelta
from typing import Any

from django import forms

from wushe.faces.www.refusing import ClockField, DayInput, OnceForm, YuanField
from wushe.foundation.actor import Actor
from wushe.lines.volunteering.selectors import skill_choices
from wushe.lines.volunteering.states import ActivityKind, AgreementCase, Season
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import names_inside
from wushe.registers.facilities.selectors import facilities
from wushe.registers.volunteers.models import SkillLevel
from wushe.registers.volunteers.selectors import teams_at

WEEK = [(str(n), f"周{'一二三四五六日'[n - 1]}") for n in range(1, 8)]
MOST_DAYS = 366


class ActivityForm(OnceForm):
    """An activity or post."""

    title = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="类型", choices=ActivityKind.choices)
    words = forms.CharField(label="做什么", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    for_whom = forms.CharField(label="服务对象", max_length=60, required=False)
    area_code = forms.ChoiceField(label="社区")
    place = forms.CharField(label="集合地点", max_length=80)
    facility_id = forms.TypedChoiceField(label="所在设施", required=False, coerce=int, empty_value=None)
    team_id = forms.TypedChoiceField(label="承办队伍", required=False, coerce=int, empty_value=None)
    in_charge = forms.CharField(label="负责人", max_length=30)
    minimum_age = forms.IntegerField(label="最小年龄（周岁）", min_value=6, max_value=80, initial=16)
    skill_id = forms.TypedChoiceField(label="需要的技能", required=False, coerce=int, empty_value=None)
    skill_level = forms.TypedChoiceField(label="需要的程度", coerce=int, choices=SkillLevel.choices)
    danger = forms.BooleanField(label="有人身危险（须先买好保险、签协议）", required=False)
    agreement = forms.MultipleChoiceField(
        label="要签书面协议的情形", required=False, widget=forms.CheckboxSelectMultiple, choices=AgreementCase.choices
    )
    season = forms.ChoiceField(label="节庆", choices=Season.choices, required=False)
    budget_fen = YuanField(label="预算（元）", initial=0)
    seats = forms.IntegerField(
        label="居民名额", min_value=0, max_value=100_000, initial=0,
        help_text="居民来参加的课程、社团、讲座、宣传活动填名额；只招志愿者的填0。",
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"), *names_inside(actor=actor, on=on, level=Level.COMMUNITY),
        ]  # fmt: skip
        self.fields["facility_id"].choices = [  # type: ignore[attr-defined]
            ("", "不在设施里"), *facilities(actor=actor, on=on).values_list("pk", "name"),
        ]  # fmt: skip
        self.fields["team_id"].choices = [("", "不限"), *teams_at(actor=actor).values_list("pk", "name")]  # type: ignore[attr-defined]
        self.fields["skill_id"].choices = [("", "不限"), *skill_choices()]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the values as the domain takes them."""
        clean = {name: value for name, value in self.cleaned_data.items() if name != "client_key"}
        return {**clean, "agreement": " ".join(clean["agreement"])}


class ShiftsForm(forms.Form):
    """The same shift on some days."""

    first = forms.DateField(label="从哪天", widget=DayInput)
    last = forms.DateField(label="到哪天", widget=DayInput, required=False, help_text="只有一天就不填。")
    weekdays = forms.MultipleChoiceField(
        label="星期几", choices=WEEK, required=False, widget=forms.CheckboxSelectMultiple, help_text="不选就是每天。"
    )
    start = ClockField(label="开始时间")
    end = ClockField(label="结束时间")
    capacity = forms.IntegerField(label="志愿者名额", min_value=0, max_value=5000)
    topic = forms.CharField(label="主题", max_length=60, required=False, help_text="课程、讲座每次讲什么。")
    speaker = forms.CharField(label="主讲人", max_length=60, required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a span that runs backwards or for ever."""
        clean = super().clean() or {}
        first, last = clean.get("first"), clean.get("last")
        if first and last and not first <= last <= first + timedelta(days=MOST_DAYS):
            self.add_error("last", "结束日期要在开始日期之后一年内。")
        return clean

    def days(self) -> list[date]:
        """Return the days that were chosen."""
        first = self.cleaned_data["first"]
        last = self.cleaned_data["last"] or first
        span = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        chosen = self.cleaned_data["weekdays"]
        return [day for day in span if not chosen or str(day.isoweekday()) in chosen]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=100)


class CloseForm(forms.Form):
    """What came of an activity."""

    report = forms.CharField(label="结项小结", max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    spent_fen = YuanField(label="实际花费（元）")


class PhotoForm(forms.Form):
    """A photo of an activity."""

    photo = forms.FileField(label="照片", allow_empty_file=True)
    caption = forms.CharField(label="说明", max_length=60, required=False)
    no_minors = forms.BooleanField(label="照片里认不出未成年人", required=False)


class CapacityForm(forms.Form):
    """How many places."""

    capacity = forms.IntegerField(label="名额", min_value=0, max_value=5000)


class SessionForm(forms.Form):
    """What a session is about, and who speaks."""

    topic = forms.CharField(label="主题", max_length=60, required=False)
    speaker = forms.CharField(label="主讲人", max_length=60, required=False)


class AttendanceForm(forms.Form):
    """Who of the enrolled came, and how many others."""

    came = forms.TypedMultipleChoiceField(coerce=int, required=False, label="到场的居民")
    walk_ins = forms.IntegerField(label="没有报名、现场参加的人数", min_value=0, max_value=100_000, initial=0)

    def __init__(self, *args: Any, enrolled: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["came"].choices = [(pk, str(pk)) for pk in enrolled]  # type: ignore[attr-defined]


class RollForm(forms.Form):
    """Who came, from when to when."""

    present = forms.ChoiceField(choices=[("yes", "来了"), ("no", "没有来")])
    start = ClockField(label="从几点", required=False)
    end = ClockField(label="到几点", required=False)


class PraiseForm(forms.Form):
    """The organiser's evaluation."""

    praise = forms.IntegerField(min_value=1, max_value=5)


class VerdictForm(forms.Form):
    """What was found."""

    verdict = forms.CharField(label="核对意见", max_length=120, required=False)


class AnswerForm(forms.Form):
    """An answer to the wish for a correction."""

    grant = forms.ChoiceField(choices=[("yes", "更正"), ("no", "不更正")])
    answer = forms.CharField(label="答复", max_length=120)


class TypeForm(OnceForm):
    """Hours that nobody signed."""

    number = forms.CharField(label="志愿者编号", max_length=20)
    title = forms.CharField(label="服务内容", max_length=60)
    day = forms.DateField(label="哪一天", widget=DayInput)
    start = ClockField(label="从几点")
    end = ClockField(label="到几点")
    note = forms.CharField(label="为什么没有签到，谁可以证明", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class SpanForm(forms.Form):
    """Between which days."""

    since = forms.DateField(label="从", widget=DayInput)
    until = forms.DateField(label="到", widget=DayInput)
