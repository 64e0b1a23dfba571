"""Festivals and bad weather in which visits come due earlier: declared for a place, ended early if it is over."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.faces.www.registers.forms import ASK, day_field
from wushe.foundation.scope import covers
from wushe.practice.due_visits import periods as services
from wushe.practice.due_visits.models import CarePeriodKind
from wushe.registers.areas.selectors import place_names, tree

SIZE = 30


class PeriodForm(forms.Form):
    """What is coming, where and how long."""

    title = forms.CharField(label="名称", max_length=40, help_text="例如：春节、寒潮、持续高温。", error_messages=ASK)
    kind = forms.ChoiceField(label="类型", choices=CarePeriodKind.choices, widget=forms.RadioSelect, error_messages=ASK)
    area_code = forms.ChoiceField(label="在哪里", error_messages=ASK)
    starts_on = day_field("从哪天")
    ends_on = day_field("到哪天")

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = places  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@allow("due_visits:view")
def periods(request: PageRequest) -> HttpResponse:
    """Show the care periods; who orders visits may declare one."""
    actor, at, today = request.actor, timezone.now(), timezone.localdate()
    places = [(one.area_code, one.name) for one in tree(code=actor.area_code, on=today, deepest=12)]
    form = PeriodForm(posted(request), places=places, initial={"starts_on": today, "area_code": actor.area_code})
    if request.method == "POST":
        actor.require("due_visits:order")
        if carry_out(form, lambda clean: services.declare_period(actor=actor, at=at, **clean)):
            messages.success(request, "已发布，这里的探访会提前到期。")
            return redirect("due_visits:periods")
    page = page_of(services.periods(actor=actor), request.GET, size=SIZE)
    names = place_names(codes=[one.area_code for one in page.rows])
    rows = [
        (one, names.get(one.area_code, ""), one.ends_on >= today and covers(actor, one.area_code)) for one in page.rows
    ]
    context = {"form": form, "rows": rows, "page": page, "today": today, "may_order": actor.may("due_visits:order")}
    return render(request, "www/due_visits/periods.html", context, status=422 if form.errors else 200)


@require_POST
@allow("due_visits:order")
def end(request: PageRequest, period_id: int) -> HttpResponse:
    """End a care period today, or take back one that has not begun."""
    services.end_period(actor=request.actor, at=timezone.now(), period_id=period_id)
    messages.success(request, "已结束，探访日期已重新计算。")
    return redirect("due_visits:periods")
