"""Link a need to one of the five societies, place its order, and send it to organisations."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wushe.chain.needs.models import NeedState
from wushe.chain.needs.selectors import need_of, queue_rows
from wushe.chain.orders.models import OrderState
from wushe.chain.orders.selectors import open_order, suggest_takers
from wushe.chain.orders.services import place_order, send_order
from wushe.chain.resources.matching import Proposal, propose_link
from wushe.chain.resources.models import Society
from wushe.chain.resources.selectors import link_choices, standing_linkage
from wushe.chain.resources.services import link_need
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.needs import LinkForm, OrderForm, SendForm
from wushe.faces.www.refusing import carry_out, posted

SOCIETIES = {
    Society.COMMUNITY: ("building-community", "社区自己办：走访、调解、代办"),
    Society.SOCIAL_WORKER: ("user-heart", "社工站的专业服务：个案、小组、疏导"),
    Society.ORGANISATION: ("building", "社会组织承接，上门服务"),
    Society.VOLUNTEER: ("heart-handshake", "志愿者、邻里互助"),
    Society.CHARITY: ("gift", "慈善会、驻区单位出钱出物"),
}


@require_http_methods(["GET", "POST"])
@desk("resources:link")
def link(request: PageRequest, need_id: int) -> HttpResponse:
    """Choose who answers a need and with what."""
    actor, at = request.actor, timezone.now()
    row = queue_rows(needs=[need_of(actor=actor, need_id=need_id)], actor=actor, at=at)[0]
    need = row.need
    if request.method == "GET" and need.state not in (NeedState.TRIAGED, NeedState.LINKED):
        messages.info(request, "这条需求现在不能链接资源。")
        return redirect("community:need", need.pk)
    choices = link_choices(need=need, on=timezone.localdate())
    proposal = propose_link(actor=actor, at=at, need_id=need.pk) if request.method == "GET" else None
    form = LinkForm(posted(request), choices=choices, initial=_proposed(proposal) or _initial(need, choices))
    if request.method == "POST":
        made = carry_out(form, lambda clean: link_need(actor=actor, at=at, need_id=need.pk, **_chosen(clean)))
        if made:
            messages.success(request, "资源已链接，下一步：点单。")
            return redirect("community:place_order" if actor.may("orders:place") else "community:need", need.pk)
    societies = [
        {"option": option, "icon": SOCIETIES[Society(value)][0], "hint": SOCIETIES[Society(value)][1]}
        for (value, _), option in zip(Society.choices, form["society"], strict=True)
    ]
    context = {"row": row, "need": need, "form": form, "choices": choices, "societies": societies,
               "standing": standing_linkage(need=need), "proposal": proposal}  # fmt: skip
    return render(request, "www/community/link.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk("orders:place")
def order(request: PageRequest, need_id: int) -> HttpResponse:
    """Order the visits that answer a linked need."""
    actor, at = request.actor, timezone.now()
    row = queue_rows(needs=[need_of(actor=actor, need_id=need_id)], actor=actor, at=at)[0]
    need = row.need
    if request.method == "GET" and need.state != NeedState.LINKED:
        messages.info(request, "这条需求现在不能点单。")
        return redirect("community:need", need.pk)
    form = OrderForm(posted(request), initial=_wanted(need))
    if request.method == "POST":
        made = carry_out(form, lambda clean: place_order(actor=actor, at=at, need_id=need.pk, **_rhythm(clean)))
        if made:
            messages.success(request, f"订单 {made.pk} 已点，下一步：送给机构。")
            return redirect("community:send_order" if actor.may("orders:send") else "community:need",
                            made.pk if actor.may("orders:send") else need.pk)  # fmt: skip
    context = {"row": row, "need": need, "form": form, "standing": standing_linkage(need=need)}
    return render(request, "www/community/place_order.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk("orders:send")
def send(request: PageRequest, order_id: int) -> HttpResponse:
    """Send a placed order to organisations; the first to accept has it."""
    actor, at = request.actor, timezone.now()
    placed = open_order(actor=actor, order_id=order_id)
    if request.method == "GET" and placed.state != OrderState.PLACED:
        messages.info(request, "这张订单已经送出或已结束。")
        return redirect("community:need", placed.need_id)
    everybody = suggest_takers(actor=actor, at=at, order_id=order_id)
    takers = [taker for taker in everybody if taker.workers] or everybody
    standing = standing_linkage(need=placed.need)
    chosen = [standing.organisation_id] if standing and standing.organisation_id else []
    form = SendForm(posted(request), takers=takers, initial={"organisation_ids": chosen})
    if request.method == "POST":
        sent = carry_out(form, lambda clean: send_order(actor=actor, at=at, order_id=order_id, **clean))
        if sent:
            messages.success(request, "已送单，等机构接单；超过时限没人接会自动退回。")
            return redirect("community:need", placed.need_id)
    context = {"order": placed, "form": form, "takers": takers, "standing": standing}
    return render(request, "www/community/send_order.html", context, status=422 if form.errors else 200)


def _initial(need: Any, choices: Any) -> dict[str, Any]:
    """Propose what the catalogue says: carers of organisations for what carers do, otherwise volunteers or workers."""
    performers = set(need.item.performers) if need.item else set()
    if "paid_carer" in performers and choices.organisations:
        return {"society": Society.ORGANISATION}
    if performers & {"volunteer", "neighbour"}:
        return {"society": Society.VOLUNTEER}
    return {"society": Society.SOCIAL_WORKER if "social_worker" in performers else None}


def _proposed(proposal: Proposal | None) -> dict[str, Any]:
    """Return what the matching proposes, as the form's first values; {} if it found nobody."""
    return proposal.linkage if proposal is not None and proposal.possible else {}


def _chosen(clean: dict[str, Any]) -> dict[str, Any]:
    return {**clean, "resource_quantity": clean["resource_quantity"] or 0}


def _wanted(need: Any) -> dict[str, Any]:
    today = timezone.localdate()
    start = need.wanted_from if need.wanted_from is not None else 8 * 60
    return {
        "starts_on": max(need.wanted_on or today, today),
        "window_start": start,
        "window_end": need.wanted_until or max(start + 60, 18 * 60),
    }


def _rhythm(clean: dict[str, Any]) -> dict[str, Any]:
    return {**{k: v for k, v in clean.items() if k != "client_key"}, "weekdays": "".join(clean["weekdays"])}
