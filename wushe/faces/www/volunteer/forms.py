"""What a volunteer's phone sends, checked for shape only; whether it may be is the domain's answer."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse

from wushe.lines.volunteering.attending import Phone
from wushe.lines.volunteering.states import ActivityKind

DEVICE_COOKIE = "volunteer_device"
DEVICE_AGE = 400 * 24 * 3600


class FindForm(forms.Form):
    """What somebody looks for."""

    q = forms.CharField(label="查找", max_length=40, required=False)
    kind = forms.ChoiceField(label="类型", choices=[("", "全部"), *ActivityKind.choices], required=False)


class TakeForm(forms.Form):
    """A sign-up; the agreement only where one is asked for."""

    agree = forms.BooleanField(label="我已阅读并同意志愿服务协议", required=False)


class ArriveForm(forms.Form):
    """A sign-in or sign-out: the ticket of a code, or where the phone is."""

    ticket = forms.CharField(required=False, max_length=200)
    longitude = forms.FloatField(required=False, min_value=-180, max_value=180)
    latitude = forms.FloatField(required=False, min_value=-90, max_value=90)
    accuracy = forms.FloatField(required=False, min_value=0, max_value=10_000_000)

    def phone(self, request: HttpRequest) -> Phone:
        """Return what the phone says of itself."""
        clean = self.cleaned_data
        accuracy = clean.get("accuracy")
        return Phone(
            device=known_device(request), longitude=clean.get("longitude"), latitude=clean.get("latitude"),
            accuracy=None if accuracy is None else round(accuracy),
        )  # fmt: skip


class SwapForm(forms.Form):
    """With whom one would swap."""

    theirs = forms.IntegerField(min_value=1, error_messages={"required": "请选择想换的那一班。"})


class RateForm(forms.Form):
    """How a shift was for the volunteer."""

    score = forms.TypedChoiceField(
        label="满意吗", coerce=int, widget=forms.RadioSelect,
        choices=[(5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意")],
        error_messages={"required": "请选择满意程度。"},
    )  # fmt: skip
    comment = forms.CharField(
        label="想说的话", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class CorrectForm(forms.Form):
    """What should stand instead, and why."""

    hours = forms.IntegerField(label="应为几小时", min_value=0, max_value=24)
    minutes = forms.IntegerField(label="几分钟", min_value=0, max_value=59, initial=0)
    words = forms.CharField(label="为什么要更正", max_length=200, widget=forms.Textarea(attrs={"rows": 3}))

    def total(self) -> int:
        """Return whole minutes."""
        return int(self.cleaned_data["hours"]) * 60 + int(self.cleaned_data["minutes"])


def known_device(request: HttpRequest) -> str:
    """Return the mark of this phone, "" if it has none or one that we did not give."""
    try:
        return UUID(request.COOKIES.get(DEVICE_COOKIE, "")).hex
    except ValueError:
        return ""


def keep_device(response: HttpResponse, device: str, request: HttpRequest) -> HttpResponse:
    """Give the phone a mark by which it is known the next time."""
    response.set_cookie(
        DEVICE_COOKIE, device, max_age=DEVICE_AGE, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


def first_fault(form: forms.Form) -> str:
    """Return the first thing that is wrong with a form."""
    faults: Any = next(iter(form.errors.values()))
    return str(faults[0])
