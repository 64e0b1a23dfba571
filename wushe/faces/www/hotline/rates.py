"""The three rates of each community, raw and adjusted; and the problems that come again, to be taken up for the month."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.hotline.forms import LiftForm
from wushe.faces.www.refusing import carry_out
from wushe.faces.www.tables import table_file
from wushe.foundation.journal.exports import note_export
from wushe.practice.hotline.deciding import lift_topic
from wushe.practice.hotline.models import Topic
from wushe.practice.hotline.selectors import RateRow, monthly_topics, rates, repeated_problems
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

DAYS = 30
HEAD = [
    "社区", "件数", "剔除", "响应率", "解决率", "满意率", "得分",
    "响应率（剔除后）", "解决率（剔除后）", "满意率（剔除后）", "得分（剔除后）",
]  # fmt: skip


@require_GET
@allow("hotline:view")
def rates_page(request: PageRequest) -> HttpResponse:
    """Show the rates of the communities over a period."""
    first, last, problem = _period(request.GET)
    rows = _placed(rates(actor=request.actor, first=first, last=last, level=Level.COMMUNITY))
    context = {
        "rows": rows, "first": first, "last": last, "problem": problem, "export_url": reverse("hotline:export_rates"),
        "export_values": [("first", first.isoformat()), ("last", last.isoformat())],
    }  # fmt: skip
    return render(request, "www/hotline/rates.html", context)


@require_POST
@allow("hotline:view")
def export_rates(request: PageRequest) -> HttpResponse:
    """Give the rates as a file, and journal that they were taken."""
    first, last, _ = _period(request.POST)
    rows = _placed(rates(actor=request.actor, first=first, last=last, level=Level.COMMUNITY))
    note_export(
        actor=request.actor, at=timezone.now(), list_name="hotline_rates", rows=len(rows), permission="hotline:view",
        filters={"first": first.isoformat(), "last": last.isoformat()},
    )  # fmt: skip
    return table_file(name="hotline-rates", kind=request.POST.get("format", ""), head=HEAD, rows=map(_cells, rows))


@require_http_methods(["GET", "POST"])
@allow("hotline:view")
def topics(request: PageRequest) -> HttpResponse:
    """Show what comes again and what was taken up for the month; who decides may take one up."""
    actor, at = request.actor, timezone.now()
    form = LiftForm(request.POST) if request.method == "POST" else None
    if form is not None:
        actor.require("hotline:decide")
        if carry_out(form, lambda clean: lift_topic(actor=actor, at=at, **clean)):
            messages.success(request, "已列为每月一题。")
            return redirect("hotline:topics")
    found = repeated_problems(actor=actor, at=at)
    lifted = list(monthly_topics(actor=actor)[:100])
    names = place_names(
        codes={one.area_code for one in found} | {one.area_code for one in lifted}, from_level=Level.COMMUNITY
    )
    context = {
        "found": [(one, names.get(one.area_code, ""), _form_of(one, form)) for one in found],
        "lifted": [(one, names.get(one.area_code, "")) for one in lifted],
        "may_lift": actor.may("hotline:decide"), "form": form,
    }  # fmt: skip
    return render(request, "www/hotline/topics.html", context, status=422 if form is not None else 200)


def _form_of(one: Any, sent: LiftForm | None) -> LiftForm:
    if sent is not None and sent.data.get("area_code") == one.area_code and sent.data.get("topic") == one.topic:
        return sent
    title = Topic(one.topic).label
    return LiftForm(
        initial={"area_code": one.area_code, "topic": one.topic, "title": title},
        auto_id=f"{one.area_code}-{one.topic}-%s",
    )


def _period(given: Any) -> tuple[date, date, str]:
    """Return the period that was asked for, the last thirty days where it makes no sense, and what was wrong."""
    today = timezone.localdate()
    try:
        last = date.fromisoformat(given["last"]) if given.get("last") else today
        first = date.fromisoformat(given["first"]) if given.get("first") else last - timedelta(days=DAYS)
    except (ValueError, OverflowError):
        return today - timedelta(days=DAYS), today, "日期不对，先按最近30天显示。"
    if first > last or (last - first).days > 366:
        return today - timedelta(days=DAYS), today, "起止日期不对，最长看一年；先按最近30天显示。"
    return first, last, ""


def _placed(rows: list[RateRow]) -> list[tuple[RateRow, str]]:
    names = place_names(codes=[row.area_code for row in rows], from_level=Level.COMMUNITY)
    return [(row, names.get(row.area_code, row.area_code)) for row in rows]


def _cells(placed: tuple[RateRow, str]) -> list[Any]:
    row, place = placed
    shares = [
        [r.response.percent, r.solution.percent, r.satisfaction.percent, score]
        for r, score in ((row.raw, row.raw_score), (row.adjusted, row.adjusted_score))
    ]
    return [place, row.orders, row.excluded, *("" if s is None else f"{s:.2f}" for s in [*shares[0], *shares[1]])]
