"""The volunteer's pages: what comes next, posts near home, own shifts, own hours."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import whole
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.lines.volunteering import mine
from wushe.lines.volunteering.matching import invitations
from wushe.lines.volunteering.models import SignUp
from wushe.lines.volunteering.near_home import offers_near, one_offer
from wushe.lines.volunteering.own import own_volunteer
from wushe.lines.volunteering.signing_up import near_shift, seen_sign_up
from wushe.lines.volunteering.starring import own_record, own_standing
from wushe.lines.volunteering.states import ActivityKind, AgreementCase, HourState, SignUpState
from wushe.lines.volunteering.telling import my_messages
from wushe.lines.volunteering.times import begins, ends

from .forms import CorrectForm, FindForm, RateForm, TakeForm

NEAR = 3
HEAD = ["日期", "服务内容", "分钟", "怎么来的", "状态", "说明"]


@require_GET
@allow("volunteering:join")
def service(request: PageRequest) -> HttpResponse:
    """Show the next shift, what is new, the hours, and the nearest posts."""
    at, actor = timezone.now(), request.actor
    coming = mine.my_coming(actor=actor, on=timezone.localdate())
    ahead = [row for row in coming if ends(row.shift) > at or row.running]  # type: ignore[attr-defined]
    news, invited = my_messages(actor=actor), invitations(actor=actor, at=at, most=NEAR)
    beside = [one.shift.activity_id for one in invited]
    return render(request, "www/volunteer/service.html", {
        "next": next((row for row in ahead if not row.over), None), "others": max(0, len(ahead) - 1),  # type: ignore[attr-defined]
        "hours": mine.my_hours(actor=actor, at=at), "news": news[:8], "unread": news.filter(read_at=None).count(),
        "swaps": mine.my_swaps(actor=actor), "invitations": invited,
        "found": offers_near(actor=actor, at=at, size=NEAR, beside=beside),
    })  # fmt: skip


@require_GET
@allow("volunteering:join")
def posts(request: PageRequest) -> HttpResponse:
    """Show open activities, the nearest first."""
    form = FindForm(request.GET)
    clean = form.cleaned_data if form.is_valid() else {}
    start = whole(request.GET.get("after", "")) or 0
    text, kind = clean.get("q", ""), clean.get("kind", "")
    found = offers_near(actor=request.actor, at=timezone.now(), text=text, kind=kind, start=min(start, 10_000))
    context = {"found": found, "q": text, "kind": kind, "kinds": ActivityKind.choices, "start": start}
    return render(request, "www/volunteer/posts.html", context)


@require_GET
@allow("volunteering:join")
def post(request: PageRequest, pk: int) -> HttpResponse:
    """Show one shift with everything to decide by."""
    return show_post(request, pk, TakeForm())


def show_post(request: PageRequest, pk: int, form: TakeForm, *, status: int = 200) -> HttpResponse:
    """Render the page of a shift."""
    at = timezone.now()
    shift = near_shift(volunteer=own_volunteer(request.actor), shift_id=pk)
    offer, own, against = one_offer(actor=request.actor, at=at, shift=shift)
    cases = dict(AgreementCase.choices)
    context = {
        "shift": shift, "offer": offer, "mine": own, "against": against, "form": form, "begun": begins(shift) <= at,
        "open": shift.activity.state == "open", "free": max(0, shift.capacity - shift.taken),
        "cases": [cases[code] for code in shift.activity.agreement_cases if code in cases],
        "waiting": shift.sign_ups.filter(state=SignUpState.QUEUED).count(),
    }  # fmt: skip
    return render(request, "www/volunteer/post.html", context, status=status)


@require_GET
@allow("volunteering:join")
def shifts(request: PageRequest) -> HttpResponse:
    """Show the own shifts: those to come, then those gone."""
    today = timezone.localdate()
    past = page_of(mine.my_past(actor=request.actor, before=today), request.GET, size=20)
    coming = mine.my_coming(actor=request.actor, on=today)
    return render(request, "www/volunteer/shifts.html", {"coming": coming, "page": past})


@require_GET
@allow("volunteering:join")
def sign_up(request: PageRequest, pk: int) -> HttpResponse:
    """Show one's place in a shift and what can be done with it."""
    return show_sign_up(request, seen_sign_up(actor=request.actor, sign_up_id=pk), RateForm())


def show_sign_up(request: PageRequest, row: SignUp, form: RateForm, *, status: int = 200) -> HttpResponse:
    """Render the page of a sign-up."""
    at = timezone.now()
    ahead = begins(row.shift) > at
    taken = row.state == SignUpState.TAKEN
    context = {
        "row": row, "shift": row.shift, "ahead": ahead, "form": form, "can_leave": ahead and row.state in mine.HERE,
        "before": mine.line_before(row), "records": row.hours.order_by("pk"),
        "running": row.hours.filter(state=HourState.RUNNING).first(),
        "may_arrive": row.state in {SignUpState.TAKEN, SignUpState.SERVED} and at < ends(row.shift),
        "partners": mine.swap_partners(actor=request.actor, row=row) if ahead and taken else [],
        "may_rate": row.state == SignUpState.SERVED and row.score is None,
    }  # fmt: skip
    return render(request, "www/volunteer/sign_up.html", context, status=status)


@require_GET
@allow("volunteering:join")
def hours(request: PageRequest) -> HttpResponse:
    """Show every record of the own hours with how it came about; as a file with ?format=."""
    rows = mine.my_records(actor=request.actor)
    if kind := request.GET.get("format"):
        cells = [[str(r.day), r.title, r.minutes, r.get_origin_display(), r.get_state_display(), r.verdict or r.note]
                 for r in rows[:MOST_ROWS]]  # fmt: skip
        return table_file(name="my-hours", kind=kind, head=HEAD, rows=cells)
    return show_hours(request)


def show_hours(
    request: PageRequest, *, form: CorrectForm | None = None, record_id: int = 0, status: int = 200
) -> HttpResponse:
    """Render the page of the own hours, with the form of a correction at its record."""
    page = page_of(mine.my_records(actor=request.actor), request.GET, size=20)
    sums = mine.my_hours(actor=request.actor, at=timezone.now())
    context = {
        "page": page, "hours": sums, "form": form or CorrectForm(), "record_id": record_id,
        "volunteer": own_volunteer(request.actor),
    }  # fmt: skip
    return render(request, "www/volunteer/hours.html", context, status=status)


@require_GET
@allow("volunteering:join")
def record(request: PageRequest) -> HttpResponse:
    """Show the own stars, how far the next one is, trainings and awards."""
    stars, skills, awards = own_record(actor=request.actor)
    context = {
        "standing": own_standing(actor=request.actor, at=timezone.now()), "stars": stars, "skills": skills, "awards": awards,
        "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "www/volunteer/record.html", context)
