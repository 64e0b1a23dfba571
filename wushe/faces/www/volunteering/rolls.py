"""One shift at the desk: who has places, who waits, who came; and who could still be asked."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import tried
from wushe.faces.www.refusing import carry_out, faults_of
from wushe.lines.volunteering import announcing, attending, enrolling, rating, selectors, signing_up
from wushe.lines.volunteering.attendance import attendance_of
from wushe.lines.volunteering.matching import fill
from wushe.lines.volunteering.models import Attendee, Shift, SignUp
from wushe.lines.volunteering.signing_up import seen_sign_up
from wushe.lines.volunteering.times import begins, ends

from .forms import AttendanceForm, CapacityForm, PraiseForm, RollForm, SessionForm
from .tomorrow import place_ticked

PRAISES = [(5, "很好"), (4, "好"), (3, "一般"), (2, "较差"), (1, "很差")]


@require_GET
@allow("volunteering:view")
def shift(request: PageRequest, pk: int) -> HttpResponse:
    """Show a shift with its roll."""
    return _show(request, selectors.one_shift(actor=request.actor, shift_id=pk))


@require_POST
@allow("volunteering:organise")
def place(request: PageRequest, pk: int) -> HttpResponse:
    """Put the chosen volunteers into the shift; each that cannot be is named with the reason."""
    row = selectors.one_shift(actor=request.actor, shift_id=pk)
    ticked = [text for text in request.POST.getlist("place") if text.startswith(f"{row.pk}-")]
    if not place_ticked(request, ticked):
        return _show(request, row, status=422)
    return redirect("volunteering:shift", pk=row.pk)


@require_POST
@allow("volunteering:organise")
def capacity(request: PageRequest, pk: int) -> HttpResponse:
    """Change the number of places."""
    row, form = selectors.one_shift(actor=request.actor, shift_id=pk), CapacityForm(request.POST)
    done = carry_out(form, lambda clean: announcing.change_capacity(
        actor=request.actor, at=timezone.now(), shift_id=pk, capacity=clean["capacity"]
    ))  # fmt: skip
    if done is None:
        return _show(request, row, capacity_form=form, status=422)
    messages.success(request, "名额已改，候补的人按顺序补上。")
    return redirect("volunteering:shift", pk=pk)


@require_POST
@allow("volunteering:organise")
def session(request: PageRequest, pk: int) -> HttpResponse:
    """Say what the session is about."""
    row, form = selectors.one_shift(actor=request.actor, shift_id=pk), SessionForm(request.POST)
    done = carry_out(form, lambda clean: announcing.describe_session(
        actor=request.actor, at=timezone.now(), shift_id=pk, **clean
    ))  # fmt: skip
    if done is None:
        return _show(request, row, session_form=form, status=422)
    messages.success(request, "主题已保存。")
    return redirect("volunteering:shift", pk=pk)


@require_POST
@allow("volunteering:organise")
def attendance(request: PageRequest, pk: int) -> HttpResponse:
    """Keep which residents came to the session."""
    row = selectors.one_shift(actor=request.actor, shift_id=pk)
    form = AttendanceForm(request.POST, enrolled=[one.pk for one in attendance_of(shift=row)])
    done = carry_out(form, lambda clean: enrolling.call_attendance(
        actor=request.actor, at=timezone.now(), shift_id=pk, attendee_ids=clean["came"], walk_ins=clean["walk_ins"]
    ))  # fmt: skip
    if done is None:
        return _show(request, row, attendance_form=form, status=422)
    messages.success(request, "点名已记下。")
    return redirect("volunteering:shift", pk=pk)


@require_POST
@allow("volunteering:organise")
def roll(request: PageRequest, pk: int) -> HttpResponse:
    """Say whether somebody came."""
    row, form = seen_sign_up(actor=request.actor, sign_up_id=pk), RollForm(request.POST)
    done = carry_out(form, lambda clean: attending.call_roll(
        actor=request.actor, at=timezone.now(), sign_up_id=pk, present=clean["present"] == "yes",
        start=clean["start"], end=clean["end"],
    ))  # fmt: skip
    if done is None:
        messages.error(request, faults_of(form))
        return _show(request, selectors.one_shift(actor=request.actor, shift_id=row.shift_id), status=422)
    messages.success(request, f"{row.volunteer.person.name}：已记下。")
    return redirect("volunteering:shift", pk=row.shift_id)


@require_POST
@allow("volunteering:organise")
def off(request: PageRequest, pk: int) -> HttpResponse:
    """Take somebody off the shift."""
    row = seen_sign_up(actor=request.actor, sign_up_id=pk)
    return _do(request, row, "已取消这一位的报名，候补的人补上。", signing_up.take_off)


@require_POST
@allow("volunteering:organise")
def paper(request: PageRequest, pk: int) -> HttpResponse:
    """Record that the agreement was signed on paper."""
    row = seen_sign_up(actor=request.actor, sign_up_id=pk)
    return _do(request, row, "协议已登记。", signing_up.keep_paper)


@require_POST
@allow("volunteering:organise")
def praise(request: PageRequest, pk: int) -> HttpResponse:
    """Keep the evaluation of somebody's service."""
    row, form = seen_sign_up(actor=request.actor, sign_up_id=pk), PraiseForm(request.POST)
    if not form.is_valid():
        messages.error(request, "请选择评价。")
        return _show(request, selectors.one_shift(actor=request.actor, shift_id=row.shift_id), status=422)
    return _do(request, row, "评价已记下。", rating.praise_volunteer, praise=form.cleaned_data["praise"])


def _do(request: PageRequest, row: SignUp, said: str, service: Callable[..., object], **given: Any) -> HttpResponse:
    if tried(request, said, service, sign_up_id=row.pk, **given):
        return redirect("volunteering:shift", pk=row.shift_id)
    return _show(request, selectors.one_shift(actor=request.actor, shift_id=row.shift_id), status=409)


def _show(
    request: PageRequest, row: Shift, *, capacity_form: CapacityForm | None = None, session_form: SessionForm | None = None,
    attendance_form: AttendanceForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    at = timezone.now()
    ahead = begins(row) > at
    may = request.actor.may("volunteering:organise")
    lacking = fill(actor=request.actor, at=at, shifts=[row]) if may else []
    context = {
        "shift": row, "activity": row.activity, "roll": selectors.roll_of(shift=row), "ahead": ahead, "may": may,
        "over": ends(row) <= at, "filling": lacking[0] if lacking else None,
        "capacity_form": capacity_form or CapacityForm(initial={"capacity": row.capacity}),
        "session_form": session_form or SessionForm(initial={"topic": row.topic, "speaker": row.speaker}),
        "residents": _residents(row, attendance_form), "attendance_form": attendance_form, "praises": PRAISES,
        "code_time": may and row.capacity and timezone.localdate() == row.day,
    }  # fmt: skip
    return render(request, "www/volunteering/shift.html", context, status=status)


def _residents(row: Shift, form: AttendanceForm | None) -> list[Attendee]:
    """Return who is on the roll of the session; a refused roll keeps its ticks."""
    if not row.activity.seats:
        return []
    found = attendance_of(shift=row)
    for one in found:
        one.ticked = str(one.pk) in form.data.getlist("came") if form else one.came  # type: ignore[attr-defined]
    return found
