"""Holidays: which days are off and which weekends are worked, for the whole country and for one's own district."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import DayInput, carry_out, posted, whole
from wushe.foundation.errors import NotAllowed
from wushe.foundation.workdays.models import DayKind, SpecialDay
from wushe.foundation.workdays.selectors import special_days, working_days, years_known
from wushe.foundation.workdays.services import clear_special_day, set_special_day
from wushe.registers.areas.selectors import place_names

_WEEKDAYS = "一二三四五六日"


class SpecialDayForm(forms.Form):
    """A day that is not what its weekday says."""

    day = forms.DateField(
        label="哪一天", widget=DayInput(),
        error_messages={"required": "请选择日期。", "invalid": "日期写得不对，请从日历里选。"},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label="放假还是上班", choices=DayKind.choices, widget=forms.RadioSelect, error_messages={"required": "请选择放假还是上班。"}
    )  # fmt: skip
    name = forms.CharField(
        label="什么日子", max_length=40, help_text="例如：春节、调休上班、本地民俗节日",
        error_messages={"required": "请写明是什么日子，例如：春节。"},
    )  # fmt: skip
    source = forms.CharField(
        label="依据", max_length=200, help_text="通知名称或文号", error_messages={"required": "请写明依据（通知名称或文号）。"}
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@allow("presets:edit", "oversight:view")
def holidays(request: PageRequest) -> HttpResponse:
    """Show the special days of a year; add or change one of one's own area."""
    form = SpecialDayForm(posted(request)) if request.actor.may("presets:edit") else None
    if request.method == "POST":
        if form is None:
            raise NotAllowed
        done = carry_out(
            form,
            lambda values: set_special_day(
                actor=request.actor, at=timezone.now(), region=request.actor.area_code, **values
            ),
        )
        if done is not None:
            messages.success(request, f"已保存：{_said(done)}。以后算的时限照此办理，已经算好的不变。")
            return redirect(f"{reverse('district:holidays')}?year={done.day.year}")
    return _page(request, form)


@require_POST
@allow("presets:edit")
def clear_holiday(request: PageRequest, special_day_id: int) -> HttpResponse:
    """Take a day of one's own area away."""
    clear_special_day(actor=request.actor, at=timezone.now(), special_day_id=special_day_id)
    messages.success(request, "已删去，这一天照原来的安排。")
    return redirect("district:holidays")


def _page(request: PageRequest, form: SpecialDayForm | None) -> HttpResponse:
    own, today = request.actor.area_code, timezone.localdate()
    asked = whole(request.GET.get("year", ""))
    year = asked if asked is not None and 2000 <= asked < 2100 else today.year
    found = special_days(area_code=own, year=year)
    places = place_names(codes=[row.region for row in found], from_level=2)
    rows = [_row(row, own, places) for row in found]
    coming = working_days(area_code=own, since=today)
    return render(request, "www/district/holidays.html", {
        "rows": rows, "year": year, "years": sorted({*years_known(), today.year, year}, reverse=True), "form": form,
        "today_worked": coming.worked(today), "next_worked": coming.after(today, 1),
        "may_edit": request.actor.may("presets:edit"),
    }, status=422 if form is not None and form.errors else 200)  # fmt: skip


def _row(row: SpecialDay, own: str, places: dict[str, str]) -> dict[str, Any]:
    return {
        "row": row, "weekday": _WEEKDAYS[row.day.weekday()], "mine": row.region.startswith(own) and row.region != "",
        "place": places.get(row.region, row.region) if row.region else "全国",
    }  # fmt: skip


def _said(row: SpecialDay) -> str:
    day: date = row.day
    return f"{day.month}月{day.day}日（周{_WEEKDAYS[day.weekday()]}）{row.get_kind_display()}，{row.name}"
