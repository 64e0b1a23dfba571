"""What became of the organisation's visits: passed, rejected with the reason, appealed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.chain.verification.services import appeal_visit
from wushe.chain.visits.models import VisitState
from wushe.chain.visits.selectors import find_visits
from wushe.faces.www.access import PageRequest
from wushe.faces.www.centre.forms import ReasonForm
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out
from wushe.foundation.errors import NotFound

from .desk import desk

SHOWN = ("check_sheet", "worker__person", "appointment__order__item", "appointment__order__person")


@require_GET
@desk("visits:view")
def visits(request: PageRequest) -> HttpResponse:
    """List the organisation's visits with what the check found, the rejected ones on request first."""
    state = request.GET.get("state", "")
    states = [state] if state in VisitState.values else []
    found = find_visits(actor=request.actor, states=states, text=request.GET.get("q", "")[:40])
    page = page_of(found.select_related(*SHOWN), request.GET)
    return render(request, "www/organisation/visits.html", {"page": page, "states": VisitState.choices, "state": state})


@require_http_methods(["GET", "POST"])
@desk("verification:appeal")
def appeal(request: PageRequest, visit_id: int) -> HttpResponse:
    """Ask for a second look at a rejected visit, with the reason."""
    row = find_visits(actor=request.actor).filter(pk=visit_id).select_related(*SHOWN).first()
    if row is None:
        raise NotFound
    form = ReasonForm(request.POST if request.method == "POST" else None)
    form.fields["reason"].label = "申诉理由"
    if request.method == "POST":
        done = carry_out(
            form,
            lambda values: appeal_visit(
                actor=request.actor, at=timezone.now(), visit_id=visit_id, reason=values["reason"]
            ),
        )
        if done is not None:
            messages.success(request, "申诉已提交，由质控员重新核验。")
            return redirect("organisation:visits")
    return render(
        request, "www/organisation/appeal.html", {"form": form, "visit": row}, status=422 if form.errors else 200
    )
