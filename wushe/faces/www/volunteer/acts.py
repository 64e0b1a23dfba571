"""What a volunteer does by phone: sign up, leave, swap, rate, ask for a correction."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import tried
from wushe.faces.www.refusing import carry_out
from wushe.lines.volunteering import signing_up, swapping
from wushe.lines.volunteering.correcting import ask_correction, seen_record
from wushe.lines.volunteering.rating import rate_shift
from wushe.lines.volunteering.signing_up import seen_sign_up
from wushe.lines.volunteering.states import SignUpState
from wushe.lines.volunteering.telling import read_messages

from .forms import CorrectForm, RateForm, SwapForm, TakeForm, first_fault
from .pages import show_hours, show_post, show_sign_up


@require_POST
@allow("volunteering:join")
def take(request: PageRequest, pk: int) -> HttpResponse:
    """Sign up for a shift: a place, or a turn to wait for one."""
    form = TakeForm(request.POST)
    row = carry_out(form, lambda clean: signing_up.sign_up(
        actor=request.actor, at=timezone.now(), shift_id=pk, agree=clean["agree"]
    ))  # fmt: skip
    if row is None:
        return show_post(request, pk, form, status=409)
    if row.state == SignUpState.TAKEN:
        messages.success(request, "报名成功，到时候见。")
    else:
        messages.info(request, "名额已满，您已排进候补。有人退出时会按先后顺序通知您。")
    return redirect("volunteer:one_sign_up", pk=row.pk)


@require_POST
@allow("volunteering:join")
def leave(request: PageRequest, pk: int) -> HttpResponse:
    """Give up a place or a turn."""
    if tried(request, "已退出这一班，名额让给了下一位。", signing_up.withdraw, sign_up_id=pk):
        return redirect("volunteer:shifts")
    return show_sign_up(request, seen_sign_up(actor=request.actor, sign_up_id=pk), RateForm(), status=409)


@require_POST
@allow("volunteering:join")
def swap(request: PageRequest, pk: int) -> HttpResponse:
    """Ask another volunteer to swap."""
    form = SwapForm(request.POST)
    seen = seen_sign_up(actor=request.actor, sign_up_id=pk)
    asked = carry_out(form, lambda clean: swapping.ask_swap(
        actor=request.actor, at=timezone.now(), sign_up_id=pk, theirs_id=clean["theirs"]
    ))  # fmt: skip
    if asked is None:
        messages.error(request, first_fault(form))
        return show_sign_up(request, seen, RateForm(), status=422)
    messages.success(request, "已问对方，等对方答复。")
    return redirect("volunteer:one_sign_up", pk=pk)


@require_POST
@allow("volunteering:join")
def answer(request: PageRequest, pk: int) -> HttpResponse:
    """Agree to a swap or not."""
    agree = request.POST.get("agree") == "yes"
    said = "换班成功。" if agree else "已回复对方不换。"
    tried(request, said, swapping.answer_swap, swap_id=pk, agree=agree)
    return redirect("volunteer:service")


@require_POST
@allow("volunteering:join")
def rate(request: PageRequest, pk: int) -> HttpResponse:
    """Say how a shift was."""
    form = RateForm(request.POST)
    done = carry_out(form, lambda clean: rate_shift(
        actor=request.actor, at=timezone.now(), sign_up_id=pk, score=clean["score"], comment=clean["comment"]
    ))  # fmt: skip
    if done is None:
        return show_sign_up(request, seen_sign_up(actor=request.actor, sign_up_id=pk), form, status=422)
    messages.success(request, "谢谢您的评价。")
    return redirect("volunteer:one_sign_up", pk=pk)


@require_POST
@allow("volunteering:join")
def correct(request: PageRequest, pk: int) -> HttpResponse:
    """Ask for a record to be put right."""
    form = CorrectForm(request.POST)
    seen_record(actor=request.actor, record_id=pk)
    done = carry_out(form, lambda clean: ask_correction(
        actor=request.actor, at=timezone.now(), record_id=pk, minutes=form.total(), words=clean["words"]
    ))  # fmt: skip
    if done is None:
        return show_hours(request, form=form, record_id=pk, status=422)
    messages.success(request, "已提出更正申请，组织者会答复您。")
    return redirect("volunteer:hours")


@require_POST
@allow("volunteering:join")
def messages_read(request: PageRequest) -> HttpResponse:
    """Put the messages away."""
    read_messages(actor=request.actor, at=timezone.now())
    return redirect("volunteer:service")
