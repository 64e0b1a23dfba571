"""One visit of the day: why this person, who else could come, and what would follow from a change by hand."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.dispatch import selectors, services
from wushe.chain.dispatch.consequences import Consequences
from wushe.chain.dispatch.handwork import MOVABLE, ChangeBreaksRules
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.refusing import carry_out
from wushe.registers.areas.selectors import place_names
from wushe.registers.workforce.selectors import workers

from .forms import ChangeForm, ConfirmChangeForm, RescheduleForm
from .picture import LOOKS


@require_GET
@desk("dispatch:view")
def appointment(request: PageRequest, appointment_id: int) -> HttpResponse:
    """Show one visit with its reasons and the alternatives."""
    row = selectors.open_appointment(actor=request.actor, appointment_id=appointment_id)
    return render(request, "www/centre/appointment.html", {**visit_context(request, row), "journey": "centre"})


def visit_context(request: PageRequest, row: Appointment) -> dict[str, Any]:
    """Return what a visit's page shows, for the centre and for an organisation alike."""
    movable = row.state in MOVABLE
    others = []
    if movable:
        others = services.find_alternatives(actor=request.actor, at=timezone.now(), appointment_id=row.pk)
    return {
        "row": row, "look": LOOKS[row.state] if row.state in LOOKS else ("rest", "ban", row.get_state_display()),
        "place": place_names(codes=[row.area_code]).get(row.area_code, ""), "movable": movable, "alternatives": others[:8],
        "why": selectors.why(actor=request.actor, appointment_id=row.pk),
        "may_change": movable and request.actor.may("dispatch:change"),
        "missed": row.state == AppointmentState.MISSED and request.actor.may("dispatch:change"),
        "reschedule_form": RescheduleForm(initial={"day": timezone.localdate()}),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk("dispatch:change")
def change(request: PageRequest, appointment_id: int) -> HttpResponse:
    """Show what would follow from another person or time, and carry it out once it has been seen."""
    return change_page(request, appointment_id, journey="centre")


def change_page(request: PageRequest, appointment_id: int, *, journey: str) -> HttpResponse:
    """Answer the page of a change in either journey."""
    row = selectors.open_appointment(actor=request.actor, appointment_id=appointment_id)
    context: dict[str, Any] = {
        "row": row,
        "journey": journey,
        "place": place_names(codes=[row.area_code]).get(row.area_code),
    }
    if request.method == "POST":
        confirm_form = ConfirmChangeForm(request.POST)
        done = carry_out(confirm_form, lambda values: _carry(request, appointment_id, values, context))
        if done is not None:
            messages.success(request, "已改派，相关人员在手机上就能看到。")
            return HttpResponseRedirect(_after(done, journey))
        return render(request, "www/centre/change.html", {**context, "confirm_form": confirm_form}, status=422)
    form = _change_form(request, row)
    status = 200
    if form.is_bound:
        found = carry_out(form, lambda values: _preview(request, appointment_id, values))
        if found is None:
            status = 422
        else:
            initial = {"worker": found.worker.pk, "start": found.start, "lock": True}
            context |= {"found": found, "confirm_form": ConfirmChangeForm(initial=initial), **_verdict(request, found)}
    return render(request, "www/centre/change.html", {**context, "form": form}, status=status)


def _change_form(request: PageRequest, row: Appointment) -> ChangeForm:
    chosen = request.GET.copy()
    # A block dragged to another row of the board names the row as ?to=.
    if "to" in chosen and "worker" not in chosen:
        chosen["worker"] = chosen["to"]
    there = workers(actor=request.actor, on=row.day) if request.actor.may("registers:view") else None
    return ChangeForm(chosen if chosen.get("worker") else None, workers=there)


def _preview(request: PageRequest, appointment_id: int, values: dict[str, Any]) -> Consequences:
    return services.preview_change(
        actor=request.actor, at=timezone.now(), appointment_id=appointment_id, worker_id=values["worker"].pk,
        planned_start=values["start"],
    )  # fmt: skip


def _carry(
    request: PageRequest, appointment_id: int, values: dict[str, Any], context: dict[str, Any]
) -> Appointment | None:
    try:
        return services.change_appointment(
            actor=request.actor, at=timezone.now(), appointment_id=appointment_id, worker_id=values["worker"],
            planned_start=values["start"], reason=values["reason"], lock=values["lock"],
        )  # fmt: skip
    except ChangeBreaksRules as refusal:
        context |= {"found": refusal.consequences, **_verdict(request, refusal.consequences)}
        raise


def _verdict(request: PageRequest, found: Consequences) -> dict[str, Any]:
    return {
        "forbidden": bool(found.forbidden),
        "needs_reason": bool(found.broken) and not found.forbidden and request.actor.may("dispatch:confirm"),
        "barred": bool(found.broken) and not request.actor.may("dispatch:confirm"),
    }


@require_POST
@desk("dispatch:change")
def lock(request: PageRequest, appointment_id: int) -> HttpResponse:
    """Lock a visit, or free it again, and go back to where it was done."""
    locked = request.POST.get("locked") == "1"
    row = services.lock_appointment(
        actor=request.actor, at=timezone.now(), appointment_id=appointment_id, locked=locked
    )
    messages.success(request, "已锁定，重新排班时不会动它。" if locked else "已解除锁定。")
    back = request.POST.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    return redirect("centre:appointment", row.pk)


@require_POST
@desk("dispatch:change")
def reschedule(request: PageRequest, appointment_id: int) -> HttpResponse:
    """Give a missed visit another day."""
    form = RescheduleForm(request.POST)
    done = carry_out(
        form,
        lambda values: services.reschedule_appointment(
            actor=request.actor, at=timezone.now(), appointment_id=appointment_id, day=values["day"]
        ),
    )
    if done is None:
        row = selectors.open_appointment(actor=request.actor, appointment_id=appointment_id)
        context = {**visit_context(request, row), "journey": "centre", "reschedule_form": form}
        return render(request, "www/centre/appointment.html", context, status=422)
    messages.success(request, "已改期，会排进那一天的方案。")
    return redirect("centre:appointment", done.pk)


def _after(row: Appointment, journey: str) -> str:
    if journey == "organisation":
        return f"{reverse('organisation:dispatch')}?day={row.day}"
    return f"{reverse('centre:dispatch')}?area={row.area_code[:9]}&day={row.day}"
