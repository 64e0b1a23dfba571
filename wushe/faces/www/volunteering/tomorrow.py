"""Fill tomorrow: every shift that lacks people, whom the engine gives it and why; one press for all of them."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import whole
from wushe.foundation.errors import Refusal
from wushe.lines.volunteering import selectors
from wushe.lines.volunteering.matching import fill
from wushe.lines.volunteering.signing_up import place_volunteer

MOST_SHIFTS = 40
MOST_AT_ONCE = 200
FURTHEST = timedelta(days=60)


@require_http_methods(["GET", "POST"])
@allow("volunteering:organise")
def tomorrow(request: PageRequest) -> HttpResponse:
    """Show the shifts of tomorrow, or of another day to come, those that lack the most first; place who is ticked."""
    at, today = timezone.now(), timezone.localdate()
    day = _day(request.GET.get("day", ""), today)
    if request.method == "POST":
        place_ticked(request, request.POST.getlist("place"))
        return redirect(f"{reverse('volunteering:tomorrow')}?day={day}")
    rows = selectors.shifts_on(actor=request.actor, day=day)
    lacking = [row for row in rows if row.free]
    shown = fill(actor=request.actor, at=at, shifts=lacking[:MOST_SHIFTS])
    context = {
        "day": day, "shown": shown, "full": [row for row in rows if not row.free], "more": len(lacking) - MOST_SHIFTS,
        "lacks": sum(row.free for row in lacking), "before": day - timedelta(days=1) if day > today else None,
        "after": day + timedelta(days=1) if day < today + FURTHEST else None,
        "given": sum(one.chosen for filling in shown for one in filling.people),
    }  # fmt: skip
    return render(request, "www/volunteering/tomorrow.html", context)


def place_ticked(request: PageRequest, ticked: list[str]) -> int:
    """Put each ticked "shift-volunteer" into its shift; each that cannot be is named with the reason. Return how many were."""
    pairs = [(whole(shift), whole(volunteer)) for shift, _, volunteer in (text.partition("-") for text in ticked)]
    placed = 0
    for shift_id, volunteer_id in pairs[:MOST_AT_ONCE]:
        try:
            place_volunteer(
                actor=request.actor, at=timezone.now(), shift_id=shift_id or 0, volunteer_id=volunteer_id or 0
            )
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            placed += 1
    if placed:
        messages.success(request, f"安排了 {placed} 人，已通知他们。")
    elif not pairs:
        messages.error(request, "请先选人。")
    return placed


def _day(text: str, today: date) -> date:
    """Return the day that was asked for, if it is one to come; otherwise tomorrow."""
    try:
        asked = parse_date(text)
    except ValueError:
        asked = None
    return asked if asked and today <= asked <= today + FURTHEST else today + timedelta(days=1)
