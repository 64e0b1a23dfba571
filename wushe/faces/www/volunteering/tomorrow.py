"""Fill tomorrow: every shift that lacks people, with who could be asked and why, one press each."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.lines.volunteering import selectors
from wushe.lines.volunteering.suggesting import suggestions

MOST_SHIFTS = 12
EACH = 6


@require_GET
@allow("volunteering:organise")
def tomorrow(request: PageRequest) -> HttpResponse:
    """Show the shifts of tomorrow, or of another day to come, those that lack the most first."""
    at, today = timezone.now(), timezone.localdate()
    try:
        asked = parse_date(request.GET.get("day", ""))
    except ValueError:
        asked = None
    day = asked if asked and today <= asked <= today + timedelta(days=60) else today + timedelta(days=1)
    rows = selectors.shifts_on(actor=request.actor, day=day)
    lacking = [row for row in rows if row.free]
    shown = [(row, suggestions(actor=request.actor, shift=row, at=at, most=max(EACH, min(row.free, 12))))
             for row in lacking[:MOST_SHIFTS]]  # fmt: skip
    context = {
        "day": day, "shown": shown, "full": [row for row in rows if not row.free], "more": len(lacking) - len(shown),
        "lacks": sum(row.free for row in lacking), "before": day - timedelta(days=1) if day > today else None,
        "after": day + timedelta(days=1),
    }  # fmt: skip
    return render(request, "www/volunteering/tomorrow.html", context)
