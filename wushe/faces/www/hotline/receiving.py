"""Write down a call: what was said is read at once for its urgency, and likely repetitions are shown afterwards."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wushe.chain.needs.triage.urgency import read_urgency
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.hotline.forms import CallForm
from wushe.faces.www.refusing import carry_out, posted
from wushe.practice.hotline.receiving import receive_order
from wushe.registers.areas.selectors import places_of


@require_http_methods(["GET", "POST"])
@allow("hotline:receive")
def receive(request: PageRequest) -> HttpResponse:
    """Write down what was called in."""
    actor, at = request.actor, timezone.now()
    places = [(one.area_code, one.name) for one in places_of(actor=actor, on=timezone.localdate())]
    form = CallForm(posted(request), places=places, initial={"urgency": "week"})
    if request.method == "POST":
        order = carry_out(form, lambda clean: receive_order(actor=actor, at=at, **clean))
        if order:
            heard = read_urgency(order.words)
            if heard.alarms and order.urgency not in {"now", "day"}:
                messages.warning(request, f"话里有紧急信号：{'、'.join(heard.reasons)}，请看看紧急程度选得对不对。")
            messages.success(request, f"已登记，编号 {order.pk}，首接负责人：{order.first_name}。")
            return redirect("hotline:order", order.pk)
    return render(request, "www/hotline/receive.html", {"form": form}, status=422 if form.errors else 200)
