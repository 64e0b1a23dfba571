"""Persons, person-times and hours side by side, each with its definition; as a page and as a file."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.tables import table_file
from wushe.lines.volunteering import figures as counted

from .forms import SpanForm

HEAD = ["分类", "人数", "人次", "时长（分钟）"]


@require_GET
@allow("volunteering:view")
def show(request: PageRequest) -> HttpResponse:
    """Show the three figures of a time, by how the hours came about and by kind."""
    today = timezone.localdate()
    form = SpanForm(request.GET or {"since": today.replace(month=1, day=1), "until": today})
    since, until = _span(form, today)
    span = {"actor": request.actor, "since": since, "until": until}
    whole, origins, kinds = counted.figures(**span), counted.by_origin(**span), counted.by_kind(**span)
    if kind := request.GET.get("format"):
        rows = [("合计", whole), *((p.label, p.figures) for p in kinds), *((p.label, p.figures) for p in origins)]
        cells = [[label, f.persons, f.person_times, f.minutes] for label, f in rows]
        return table_file(name="volunteering", kind=kind, head=HEAD, rows=cells)
    context = {
        "form": form, "whole": whole, "origins": origins, "kinds": kinds, "definitions": counted.DEFINITIONS,
        "since": since, "until": until,
    }  # fmt: skip
    return render(request, "www/volunteering/figures.html", context)


def _span(form: SpanForm, today: date) -> tuple[date, date]:
    """Return the days asked for; this year for anything that is no span."""
    if form.is_valid() and form.cleaned_data["since"] <= form.cleaned_data["until"]:
        return form.cleaned_data["since"], form.cleaned_data["until"]
    if form.is_valid():
        form.add_error("until", "结束日期不能早于开始日期。")
    return today.replace(month=1, day=1), today
