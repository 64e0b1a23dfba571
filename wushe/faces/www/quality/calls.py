"""Call-backs: the list of who is to be called, and one call with what to say and what was said."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.verification import selectors
from wushe.chain.verification.call_backs import record_call
from wushe.chain.verification.models import CallBack, CallBackState
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out
from wushe.foundation.counting import show_count
from wushe.registers.people.enums import RevealReason
from wushe.registers.people.services import reveal

from .forms import CallForm


@require_GET
@allow("verification:call_back")
def calls(request: PageRequest) -> HttpResponse:
    """Show the call-backs of one state, those due first."""
    state = request.GET.get("state", CallBackState.DUE)
    state = state if state in CallBackState.values else CallBackState.DUE
    rows = selectors.find_call_backs(actor=request.actor, state=state, text=request.GET.get("q", ""))
    counts = selectors.call_back_counts(actor=request.actor)
    page = page_of(rows.order_by("-pk"), request.GET, size=30)
    context = {
        "state": state, "page": page, "now": timezone.now(),
        "tabs": [(v, label, show_count(counts[v]), v == state) for v, label in CallBackState.choices],
    }  # fmt: skip
    return render(request, "www/quality/calls.html", context)


@require_http_methods(["GET", "POST"])
@allow("verification:call_back")
def call(request: PageRequest, pk: int) -> HttpResponse:
    """Show one call-back and write down what came of it."""
    form = CallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST":
        done = carry_out(
            form, lambda _: record_call(actor=request.actor, at=timezone.now(), call_back_id=pk, **form.answers())
        )
        if done is not None:
            messages.success(request, "回访已记录。" if done.state == CallBackState.ANSWERED else "已记下这次没打通。")
            return redirect("quality:calls")
    return _show(request, selectors.one_call_back(actor=request.actor, call_back_id=pk), form)


@require_POST
@allow("people:reveal")
def phone(request: PageRequest, pk: int) -> HttpResponse:
    """Show the telephone of who is to be called; the look is journalled."""
    row = selectors.one_call_back(actor=request.actor, call_back_id=pk)
    number = reveal(
        actor=request.actor, at=timezone.now(), person_id=row.visit.appointment.order.person_id, field="phone",
        reason=RevealReason.CONTACT,
    )  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "www/quality/phone.html", {"phone": number})
    return _show(request, row, CallForm(), phone=number)


def _show(request: PageRequest, row: CallBack, form: CallForm, *, phone: str = "") -> HttpResponse:
    context = {
        "row": row, "visit": row.visit, "form": form, "open": row.state == CallBackState.DUE, "phone": phone,
        "masked": str(row.visit.appointment.order.person.phone),
    }  # fmt: skip
    return render(request, "www/quality/call.html", context, status=422 if form.errors else 200)
