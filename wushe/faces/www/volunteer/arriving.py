"""At the place: the code that was scanned, and sign-in and sign-out by code or by place."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out
from wushe.foundation.errors import NotFound
from wushe.foundation.quantities import show_minutes
from wushe.lines.volunteering.attending import Phone, sign_in, sign_out
from wushe.lines.volunteering.codes import code_holds, ticket_for
from wushe.lines.volunteering.models import HourRecord
from wushe.lines.volunteering.own import own_volunteer
from wushe.lines.volunteering.signing_up import near_shift, visible_sign_up
from wushe.lines.volunteering.states import HourState

from .forms import ArriveForm, first_fault, keep_device, known_device

SAID = {
    HourState.RUNNING: "签到成功，服务开始。",
    HourState.COUNTED: "签退成功，时长已计入。",
    HourState.HELD: "签退成功，这段时长要请组织者核对后计入。",
    HourState.STRUCK: "签退成功。时间太短，没有计入时长。",
}


@require_GET
@allow("volunteering:join")
def code(request: PageRequest, pk: int, code: str) -> HttpResponse:
    """Show what the scanned code leads to: one button. The code becomes a ticket of this account."""
    at = timezone.now()
    volunteer = own_volunteer(request.actor)
    shift = near_shift(volunteer=volunteer, shift_id=pk)
    fresh = code_holds(shift_id=pk, code=code, at=at)
    row = visible_sign_up(shift, volunteer)
    running = row.hours.filter(state=HourState.RUNNING).first() if row else None
    ticket = ticket_for(shift_id=pk, user_id=request.actor.user_id, at=at) if fresh else ""
    context = {"shift": shift, "row": row, "running": running, "fresh": fresh, "ticket": ticket}
    return render(request, "www/volunteer/code.html", context)


@require_POST
@allow("volunteering:join")
def arrive(request: PageRequest, pk: int) -> HttpResponse:
    """Sign in, or out if signed in already."""
    shift = near_shift(volunteer=own_volunteer(request.actor), shift_id=pk)
    row = visible_sign_up(shift, own_volunteer(request.actor))
    if row is None:
        raise NotFound
    device = known_device(request) or uuid4().hex
    form = ArriveForm(request.POST)
    running = row.hours.filter(state=HourState.RUNNING).exists()
    record = carry_out(form, lambda _: _sign(request, pk, form, device, out=running))
    if record is None:
        messages.error(request, first_fault(form))
    else:
        counted = record.state in {HourState.COUNTED, HourState.HELD}
        more = f"本次{show_minutes(record.minutes)}。" if counted else ""
        messages.success(request, f"{SAID[HourState(record.state)]}{more}")
    return keep_device(redirect("volunteer:one_sign_up", pk=row.pk), device, request)


def _sign(request: PageRequest, shift_id: int, form: ArriveForm, device: str, *, out: bool) -> HourRecord:
    said = form.phone(request)
    phone = Phone(device, said.longitude, said.latitude, said.accuracy)
    act = sign_out if out else sign_in
    return act(
        actor=request.actor, at=timezone.now(), shift_id=shift_id, phone=phone, ticket=form.cleaned_data["ticket"]
    )
