"""Residents who want an order cancelled although somebody is promised: the centre calls, then cancels or keeps it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.orders.cancelling import decline_cancel, grant_cancel, open_requests
from wushe.chain.visits.selectors import next_promised
from wushe.faces.www.access import PageRequest
from wushe.faces.www.acts import tried
from wushe.faces.www.community.desk import desk
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.refusing import carry_out
from wushe.registers.areas.selectors import place_names

MOST = 100


class KeepForm(forms.Form):
    """What was agreed on the telephone."""

    note = forms.CharField(
        label="和居民怎么说定的", max_length=120, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="居民会看到这句话。", error_messages={"required": "请写明和居民怎么说定的，居民会看到。"},
    )  # fmt: skip


@require_GET
@desk("orders:cancel")
def cancellations(request: PageRequest) -> HttpResponse:
    """List the wishes that wait for an answer."""
    return _page(request)


@require_POST
@desk("orders:cancel")
def grant(request: PageRequest, request_id: int) -> HttpResponse:
    """Cancel as the resident asked."""
    said = "已取消。还没上门的服务都取消了，服务人员在手机上会看到；居民那边显示“已经结束”。"
    tried(request, said, grant_cancel, request_id=request_id)
    return redirect("community:cancellations")


@require_POST
@desk("orders:cancel")
def keep(request: PageRequest, request_id: int) -> HttpResponse:
    """Keep the order, with what was agreed."""
    form = KeepForm(request.POST, auto_id=f"id_%s_{request_id}")
    done = carry_out(
        form,
        lambda clean: decline_cancel(actor=request.actor, at=timezone.now(), request_id=request_id, note=clean["note"]),
    )
    if done is None:
        return _page(request, faulty={request_id: form}, status=422)
    messages.success(request, "已记下，订单照常服务，居民会看到您写的话。")
    return redirect("community:cancellations")


def _page(request: PageRequest, *, faulty: dict[int, KeepForm] | None = None, status: int = 200) -> HttpResponse:
    found = list(open_requests(actor=request.actor)[:MOST])
    names = place_names(codes=[one.area_code for one in found])
    promised = next_promised(actor=request.actor, order_ids=[one.order_id for one in found])
    rows = [
        {
            "request": one, "place": names.get(one.area_code, ""), "promised": promised.get(one.order_id),
            "form": (faulty or {}).get(one.pk) or KeepForm(auto_id=f"id_%s_{one.pk}"),
            "order_address": page_of_thing(request.actor, "order", one.order_id),
            "person_address": page_of_thing(request.actor, "person", one.order.person_id),
        }
        for one in found
    ]  # fmt: skip
    unplaced = next((form for pk, form in (faulty or {}).items() if pk not in {one.pk for one in found}), None)
    context = {"rows": rows, "nav_counts": {"cancellations": len(found)}, "unplaced": unplaced}
    return render(request, "www/community/cancellations.html", context, status=status)
