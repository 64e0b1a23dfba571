"""What the community offers: courses, clubs, lectures near home; sign up in two taps, say how it was."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import tried
from wushe.faces.www.paging import page_of
from wushe.faces.www.pictures import stored_picture
from wushe.faces.www.refusing import carry_out, one_of, posted
from wushe.lines.volunteering import attendance, enrolling
from wushe.lines.volunteering.states import ActivityKind, AttendeeState

from .forms import RatingForm
from .views import FACES


@require_GET
@allow("volunteering:attend")
def activities(request: PageRequest) -> HttpResponse:
    """Show where one takes part, and what one can take part in."""
    at, text = timezone.now(), request.GET.get("q", "").strip()[:40]
    kind = one_of(request.GET.get("kind", ""), ActivityKind.values)
    found = attendance.near_activities(actor=request.actor, at=at, text=text, kind=kind)
    context = {
        "page": page_of(found, request.GET, size=20), "text": text, "kind": kind, "kinds": ActivityKind.choices,
        "mine": attendance.own_attendance(actor=request.actor, at=at),
    }  # fmt: skip
    return render(request, "www/resident/activities.html", context)


@require_GET
@allow("volunteering:attend")
def activity(request: PageRequest, pk: int) -> HttpResponse:
    """Show one activity."""
    return _show(request, pk)


@require_POST
@allow("volunteering:attend")
def enrol(request: PageRequest, pk: int) -> HttpResponse:
    """Sign up."""
    attendance.activity_near(actor=request.actor, activity_id=pk)
    if tried(request, "报好了。名额满了会排候补，轮到您时这里会写“已报名”。", enrolling.enrol, activity_id=pk):
        return redirect("resident:activity", pk=pk)
    return _show(request, pk, status=409)


@require_POST
@allow("volunteering:attend")
def leave(request: PageRequest, pk: int) -> HttpResponse:
    """Give up one's seat."""
    row = attendance.one_attendee(actor=request.actor, attendee_id=pk)
    if tried(request, "已退出，名额让给了后面的人。", enrolling.leave, attendee_id=pk):
        return redirect("resident:activities")
    return _show(request, row.activity_id, status=409)


@require_http_methods(["GET", "POST"])
@allow("volunteering:attend")
def rate(request: PageRequest, pk: int) -> HttpResponse:
    """Say how it was: one tap on a face."""
    row = attendance.one_attendee(actor=request.actor, attendee_id=pk)
    form = RatingForm(posted(request))
    if request.method == "POST":
        done = carry_out(form, lambda clean: enrolling.rate_activity(
            actor=request.actor, at=timezone.now(), attendee_id=pk, **clean
        ))  # fmt: skip
        if done is not None:
            messages.success(request, "谢谢您的评价！")
            return redirect("resident:activity", pk=row.activity_id)
    context = {"row": row, "form": form, "faces": FACES}
    return render(request, "www/resident/rate_activity.html", context, status=422 if form.errors else 200)


@require_GET
@allow("volunteering:attend")
def photo(request: PageRequest, pk: int) -> HttpResponse:
    """Show a photo of an activity one takes part in; never one on which minors can be recognised."""
    return stored_picture(attendance.photo_for_attendee(actor=request.actor, photo_id=pk).file)


def _show(request: PageRequest, pk: int, *, status: int = 200) -> HttpResponse:
    at = timezone.now()
    found, mine = attendance.activity_near(actor=request.actor, activity_id=pk)
    inside = mine is not None and mine.state != AttendeeState.LEFT
    context = {
        "row": found, "mine": mine if inside else None, "sessions": attendance.sessions_ahead(activity=found, at=at),
        "free": found.seats - found.enrolled, "taking": enrolling.taking(found, at), "runs": found.state == "open",
        "photos": attendance.photos_for_attendees(activity=found)[:12] if inside else [],
        "may_rate": mine is not None and mine.score is None and mine.presences.exists(),
    }  # fmt: skip
    return render(request, "www/resident/activity.html", context, status=status)
