"""The organisation's day: its own visits and people, reassigned among its own."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.chain.dispatch import selectors
from wushe.faces.www.access import PageRequest
from wushe.faces.www.centre.appointments import change_page, visit_context
from wushe.faces.www.centre.day import VIEWS, chosen_day, day_context
from wushe.faces.www.centre.forms import AbsenceForm
from wushe.faces.www.centre.people import report, workers_context
from wushe.faces.www.refusing import carry_out
from wushe.registers.workforce.selectors import workers as workers_of

from .desk import desk


@require_GET
@desk("dispatch:view")
def dispatch(request: PageRequest) -> HttpResponse:
    """Show one day of the organisation."""
    day = chosen_day(request)
    view = "list" if request.GET.get("view") == "list" else VIEWS[0]
    sheet = selectors.read_sheet(actor=request.actor, at=timezone.now(), day=day)
    context = {**day_context(request, sheet, view, journey="organisation"), "day": day, "view": view}
    return render(request, "www/organisation/dispatch.html", context)


@require_GET
@desk("dispatch:view")
def appointment(request: PageRequest, appointment_id: int) -> HttpResponse:
    """Show one visit of the organisation."""
    row = selectors.open_appointment(actor=request.actor, appointment_id=appointment_id)
    return render(request, "www/centre/appointment.html", {**visit_context(request, row), "journey": "organisation"})


@require_http_methods(["GET", "POST"])
@desk("dispatch:change")
def change(request: PageRequest, appointment_id: int) -> HttpResponse:
    """Give a visit to another of the organisation's people."""
    return change_page(request, appointment_id, journey="organisation")


@require_GET
@desk("registers:view")
def workers(request: PageRequest) -> HttpResponse:
    """List the organisation's people with who is away today."""
    return render(request, "www/centre/workers.html", {**workers_context(request), "journey": "organisation"})


@require_http_methods(["GET", "POST"])
@desk("workforce:edit")
def absence(request: PageRequest) -> HttpResponse:
    """Note that one of the organisation's people is away."""
    today = timezone.localdate()
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        workers=workers_of(actor=request.actor, on=today),
        today=today,
    )
    if request.method == "POST":
        done = carry_out(form, lambda values: report(request, values))
        if done is not None:
            messages.success(request, "已登记请假。请把这位人员的服务改派给别人，调度中心也会看到。")
            return HttpResponseRedirect(f"{reverse('organisation:dispatch')}?day={max(done.starts_on, today)}")
    return render(request, "www/organisation/absence.html", {"form": form}, status=422 if form.errors else 200)
