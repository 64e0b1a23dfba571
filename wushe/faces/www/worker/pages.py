"""The worker's pages, phone width first: today's round, one visit, the days to come, the past and the hours."""

from datetime import timedelta
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.dispatch.models import Appointment
from wushe.chain.settlement.selectors import hours_of
from wushe.chain.visits.doors import show_door
from wushe.chain.visits.models import EvidenceKind
from wushe.chain.visits.selectors import asked_of, one_of_round, past_rounds, performer_of, round_between, round_on
from wushe.faces.www.access import PageRequest, allow, public
from wushe.faces.www.paging import page_of
from wushe.registers.areas.selectors import place_names

DAYS_AHEAD = 7
# What each photo should show, said to the person who takes it.
_PHOTO_HINTS = {
    EvidenceKind.ARRIVAL: "到门口时拍：门牌或楼道，能认出地方",
    EvidenceKind.SERVICE: "正在服务时拍：做的事要看得见，尽量不拍老人正脸",
    EvidenceKind.FINISH: "做完后拍：做好的样子",
}


@require_GET
@allow("visits:perform")
def today(request: PageRequest) -> HttpResponse:
    """Show the visits of today in the order of the clock, the next one first in sight."""
    day = timezone.localdate()
    rounds = list(round_on(actor=request.actor, day=day))
    over = [row for row in rounds if _phase(row) == "over"]
    ahead = [row for row in rounds if _phase(row) != "over"]
    context = {
        "day": day,
        "rounds": rounds,
        "ahead": _told(ahead),
        "over": _told(over),
        "next": next(iter(ahead), None),
    }
    return render(request, "www/worker/today.html", context)


@require_GET
@allow("visits:perform")
def week(request: PageRequest) -> HttpResponse:
    """Show tomorrow and the days after it."""
    first = timezone.localdate() + timedelta(days=1)
    last = first + timedelta(days=DAYS_AHEAD - 1)
    rounds = _told(list(round_between(actor=request.actor, first=first, last=last)))
    days = [(first + timedelta(days=n), []) for n in range(DAYS_AHEAD)]  # type: ignore[var-annotated]
    for row in rounds:
        days[(row.day - first).days][1].append(row)
    return render(request, "www/worker/week.html", {"days": days, "any": bool(rounds), "tomorrow": first})


@require_GET
@allow("visits:perform")
def past(request: PageRequest) -> HttpResponse:
    """Show the visits of earlier days and what became of them."""
    rows = past_rounds(actor=request.actor, before=timezone.localdate()).order_by("-pk")
    page = page_of(rows, request.GET, size=20)
    return render(request, "www/worker/past.html", {"page": page, "rows": _told(page.rows)})


@require_GET
@allow("visits:perform")
def hours(request: PageRequest) -> HttpResponse:
    """Show the hours of this month and every line of the own account."""
    month = timezone.localdate()
    context = {"month": month, "mine": hours_of(actor=request.actor, month=month)}
    return render(request, "www/worker/hours.html", context)


@require_GET
@allow("visits:perform")
def me(request: PageRequest) -> HttpResponse:
    """Show who is signed in, and what this phone has not sent yet."""
    return render(request, "www/worker/me.html", {"worker": performer_of(actor=request.actor)})


@require_GET
@allow("visits:perform")
def visit(request: PageRequest, pk: int) -> HttpResponse:
    """Show one visit with everything to be done at the door."""
    return show_visit(request, pk)


@require_POST
@allow("visits:perform")
def door(request: PageRequest, pk: int) -> HttpResponse:
    """Show address and telephone once; the look is journalled."""
    found = show_door(actor=request.actor, at=timezone.now(), appointment_id=pk)
    if request.headers.get("HX-Request"):
        return render(request, "www/worker/door.html", {"door": found})
    return show_visit(request, pk, door=found)


@require_GET
@public
def offline(request: HttpRequest) -> HttpResponse:
    """Say that this page is not on the phone yet; the service worker shows it without a network."""
    return render(request, "www/worker/offline.html")


def show_visit(request: PageRequest, pk: int, *, status: int = 200, **more: object) -> HttpResponse:
    """Render the page of one visit."""
    row = one_of_round(actor=request.actor, appointment_id=pk)
    _told([row])
    item = row.order.item
    asked = asked_of(item.photos, signature=item.signature)
    kept = list(row.visit.evidence.all()) if hasattr(row, "visit") else []
    context = {
        "row": row, "phase": _phase(row), "is_today": row.day == timezone.localdate(),
        "photos": [(EvidenceKind(kind), _PHOTO_HINTS[EvidenceKind(kind)], [e for e in kept if e.kind == kind])
                   for kind in asked.photos],
        "signature": asked.signature, "signed": [e for e in kept if e.kind == EvidenceKind.SIGNATURE],
        "client_ids": [uuid4() for _ in range(6)], **more,
    }  # fmt: skip
    return render(request, "www/worker/visit.html", context, status=status)


def _phase(row: Appointment) -> str:
    """Return how far a visit is for the one who performs it: before, during or over."""
    if not hasattr(row, "visit"):
        return "before"
    return "during" if row.visit.state == "started" else "over"


def _told(rows: list[Appointment]) -> list[Appointment]:
    """Give each visit its place in words, its end and its phase."""
    names = place_names(codes={row.area_code for row in rows})
    for row in rows:
        row.place = names.get(row.area_code, "")  # type: ignore[attr-defined]
        row.planned_end = (row.planned_start or 0) + row.minutes  # type: ignore[attr-defined]
        row.phase = _phase(row)  # type: ignore[attr-defined]
    return rows
