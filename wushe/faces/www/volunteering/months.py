"""The calendar of all sessions and shifts: a month at a time, with who signed up and who came; as a page and as a file."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import one_of
from wushe.faces.www.tables import table_file
from wushe.faces.www.templatetags.formats import clock
from wushe.lines.volunteering.attendance import sessions_between
from wushe.lines.volunteering.states import ActivityKind

HEAD = ["日期", "时间", "活动", "类型", "主题", "主讲人", "地点", "志愿者", "到场居民（人次）"]


@require_GET
@allow("volunteering:view")
def months(request: PageRequest) -> HttpResponse:
    """Show a month of sessions; as a file with ?format=."""
    first = _month(request.GET.get("month", ""), timezone.localdate())
    following = (first + timedelta(days=32)).replace(day=1)
    kind = one_of(request.GET.get("kind", ""), ActivityKind.values)
    last = following - timedelta(days=1)
    rows = sessions_between(actor=request.actor, since=first, until=last, kind=kind)
    if wanted := request.GET.get("format"):
        cells = [
            [str(one.day), f"{clock(one.start)}-{clock(one.end)}", one.activity.title, one.activity.get_kind_display(),
             one.topic, one.speaker, one.activity.place, one.taken, one.came]  # type: ignore[attr-defined]
            for one in rows
        ]  # fmt: skip
        return table_file(name="activity-calendar", kind=wanted, head=HEAD, rows=cells)
    days: dict[date, list[object]] = {}
    for one in rows:
        days.setdefault(one.day, []).append(one)
    before = (first - timedelta(days=1)).replace(day=1)
    context = {
        "days": list(days.items()), "first": first, "kind": kind, "kinds": ActivityKind.choices, "today": timezone.localdate(),
        "before": f"{before:%Y-%m}", "following": f"{following:%Y-%m}", "month": f"{first:%Y-%m}", "count": len(rows),
        "came": sum(one.came for one in rows),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "www/volunteering/months.html", context)


def _month(text: str, today: date) -> date:
    """Return the first of the month that a text names; of this month for anything else."""
    try:
        named = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return named if 2000 <= named.year <= 2100 else today.replace(day=1)
