"""Campaigns: the list, opening one, how far it is by building and by person, its doors, its end."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted, whole
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.exports import note_export
from wushe.practice.door_knock import lists, selectors, services
from wushe.practice.door_knock.models import Campaign, CampaignState, Target, TargetState
from wushe.registers.areas.selectors import place_names

from .forms import CampaignForm, ProposalForm, WorkersForm

HEAD = ["行动", "范围", "开始", "截止", "状态", "应走访", "已走访", "已有结果", "完成率"]
DOOR_HEAD = ["顺序", "楼栋", "姓名", "状态", "原因", "没人在家次数", "约定再去", "走访时间", "走访人", "两份不同的记录"]
SHOWS = [
    *TargetState.choices, ("due", "到期要再去"), ("conflict", "两份记录不同"), ("leftover", "有没写进登记册的"),
]  # fmt: skip


@require_GET
@desk("door_knock:view")
def campaigns(request: PageRequest) -> HttpResponse:
    """Show the campaigns with how far each is."""
    text, state = request.GET.get("q", "")[:40], request.GET.get("state", "")
    page = page_of(selectors.campaigns_of(actor=request.actor, text=text, state=state), request.GET)
    context = {
        "page": page, "rows": _with_places(page.rows), "q": text, "state": state, "states": CampaignState.choices,
        "may_manage": request.actor.may("door_knock:manage"), "may_visit": request.actor.may("door_knock:visit"),
        "export_url": reverse("door_knock:export_campaigns"), "export_values": [("q", text), ("state", state)],
    }  # fmt: skip
    return render(request, "www/door_knock/campaigns.html", context)


@require_POST
@desk("door_knock:view")
def export_campaigns(request: PageRequest) -> HttpResponse:
    """Give the list of campaigns as a file."""
    actor, state = request.actor, request.POST.get("state", "")
    found = selectors.campaigns_of(actor=actor, text=request.POST.get("q", "")[:40], state=state)
    rows = _with_places(list(found[:MOST_ROWS]))
    note_export(
        actor=actor, at=timezone.now(), list_name="campaigns", rows=len(rows), filters={"state": state[:12]},
        permission="door_knock:view",
    )  # fmt: skip
    cells = [
        [c.title, c.place, c.starts_on, c.ends_on, c.get_state_display(), c.doors, c.reached, c.settled,
         f"{100 * c.settled / max(1, c.doors):.1f}%"]
        for c in rows
    ]  # fmt: skip
    return table_file(name="campaigns", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


@require_http_methods(["GET", "POST"])
@desk("door_knock:manage")
def new_campaign(request: PageRequest) -> HttpResponse:
    """Open a campaign."""
    actor, at = request.actor, timezone.now()
    today = timezone.localdate(at)
    form = CampaignForm(
        posted(request), actor=actor, on=today, initial={"starts_on": today, "area_code": actor.area_code}
    )
    opened = carry_out(form, lambda clean: services.open_campaign(actor=actor, at=at, **clean))
    if opened is not None:
        messages.success(request, "行动已开始，名单已按楼栋分好。走访的人在手机上打开“敲门走访”就能看到。")
        return redirect("door_knock:campaign", opened.pk)
    return render(request, "www/door_knock/new_campaign.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@desk("door_knock:view")
def campaign(request: PageRequest, pk: int) -> HttpResponse:
    """Show how far a campaign is, by building on the map and by person."""
    actor = request.actor
    found = selectors.campaign_of(actor=actor, campaign_id=pk)
    buildings = selectors.progress_by_building(campaign=found)
    running = found.state == CampaignState.RUNNING
    context = {
        "campaign": found, "whole": selectors.whole_progress(campaign=found), "buildings": buildings,
        "workers": selectors.progress_by_worker(campaign=found), "reasons": selectors.reasons_of(campaign=found),
        "proposals": selectors.proposals_of(campaign=found).count(), "map": _map(found, buildings), "running": running,
        "may_manage": running and actor.may("door_knock:manage"), "may_visit": running and actor.may("door_knock:visit"),
        "place": place_names(codes=[found.area_code]).get(found.area_code, ""),
    }  # fmt: skip
    return render(request, "www/door_knock/campaign.html", context)


@require_http_methods(["GET", "POST"])
@desk("door_knock:manage")
def share(request: PageRequest, pk: int) -> HttpResponse:
    """Share the doors that are still open among other people."""
    actor = request.actor
    found = selectors.campaign_of(actor=actor, campaign_id=pk)
    form = WorkersForm(posted(request), actor=actor, area_code=found.area_code)
    moved = carry_out(form, lambda clean: services.share_again(actor=actor, at=timezone.now(), campaign_id=pk, **clean))
    if moved is not None:
        messages.success(request, f"已重新分派 {moved} 户，走过的不变。")
        return redirect("door_knock:campaign", pk)
    context = {"form": form, "campaign": found}
    return render(request, "www/door_knock/share.html", context, status=422 if form.errors else 200)


@require_POST
@desk("door_knock:manage")
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Close a campaign in which every door has its result."""
    try:
        services.close_campaign(actor=request.actor, at=timezone.now(), campaign_id=pk)
    except services.StillOpen as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "行动已结束：每一户都走到了，或写明了原因。")
    return redirect("door_knock:campaign", pk)


@require_POST
@desk("door_knock:manage")
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Cancel a campaign."""
    services.cancel_campaign(actor=request.actor, at=timezone.now(), campaign_id=pk)
    messages.success(request, "行动已取消，已经记下的都保留。")
    return redirect("door_knock:campaign", pk)


@require_GET
@desk("door_knock:view")
def doors(request: PageRequest, pk: int) -> HttpResponse:
    """Show the doors of a campaign, narrowed to a state, a building or a person."""
    found = selectors.campaign_of(actor=request.actor, campaign_id=pk)
    where = _where(request.GET)
    targets = selectors.targets_of(campaign=found, on=timezone.localdate(), **where)
    page = page_of(targets, request.GET, newest_first=False)
    context = {
        "campaign": found, "page": page, "rows": _with_workers(page.rows), "where": where, "shows": SHOWS,
        "buildings": sorted(p.key for p in selectors.progress_by_building(campaign=found) if p.key),
        "workers": selectors.progress_by_worker(campaign=found), "export_url": reverse("door_knock:export_doors", args=[pk]),
        "export_values": [("show", where["show"]), ("building", where["building"]), ("worker", where["worker_id"] or "")],
        "narrowed": any(where.values()),
    }  # fmt: skip
    return render(request, "www/door_knock/doors.html", context)


@require_POST
@desk("door_knock:view")
def export_doors(request: PageRequest, pk: int) -> HttpResponse:
    """Give the doors under the same filters as a file, without addresses, and journal it."""
    actor = request.actor
    found = selectors.campaign_of(actor=actor, campaign_id=pk)
    where = _where(request.POST)
    rows = _with_workers(list(selectors.targets_of(campaign=found, on=timezone.localdate(), **where)[:MOST_ROWS]))
    note_export(
        actor=actor, at=timezone.now(), list_name="doors", rows=len(rows), permission="door_knock:view",
        filters={"campaign": str(pk), "show": where["show"]},
    )  # fmt: skip
    cells = [
        [t.turn, t.building, t.person.name if t.person else "", t.get_state_display(), t.get_reason_display(), t.attempts,
         t.revisit_on, t.reached_at, t.worker, "是" if t.conflict else ""]
        for t in rows
    ]  # fmt: skip
    return table_file(name="doors", kind=request.POST.get("format", ""), head=DOOR_HEAD, rows=cells)


@require_GET
@desk("door_knock:view")
def proposals(request: PageRequest, pk: int) -> HttpResponse:
    """Show the categories that visits speak for."""
    found = selectors.campaign_of(actor=request.actor, campaign_id=pk)
    page = page_of(selectors.proposals_of(campaign=found), request.GET, newest_first=False)
    context = {"campaign": found, "page": page, "may_edit": request.actor.may("people:edit")}
    return render(request, "www/door_knock/proposals.html", context)


@require_POST
@desk("people:edit")
def settle_proposal(request: PageRequest, pk: int) -> HttpResponse:
    """Confirm or decline a proposed category."""
    form = ProposalForm(request.POST)
    back = request.POST.get("campaign", "")
    if not form.is_valid():
        raise Invalid("依据太长了，最多200字。")
    try:
        done = lists.settle_proposal(actor=request.actor, at=timezone.now(), proposal_id=pk, **form.cleaned_data)
    except (Invalid, Conflict) as refusal:
        messages.error(request, refusal.message)
        number = whole(back)
        return redirect("door_knock:proposals", number) if number else redirect("door_knock:campaigns")
    messages.success(request, "已写进居民登记册。" if done.state == "confirmed" else "已记为不认定。")
    return redirect("door_knock:proposals", done.target.campaign_id)


def _where(given: Any) -> dict[str, Any]:
    show = given.get("show", "")
    return {
        "show": show if show in dict(SHOWS) else "", "building": given.get("building", "")[:60],
        "worker_id": whole(given.get("worker", "")),
    }  # fmt: skip


def _with_places(rows: list[Campaign]) -> list[Any]:
    names = place_names(codes=[row.area_code for row in rows])
    for row in rows:
        row.place = names.get(row.area_code, "")  # type: ignore[attr-defined]
        row.rate = 100 * row.settled / max(1, row.doors)  # type: ignore[attr-defined]
    return rows


def _with_workers(rows: list[Target]) -> list[Any]:
    names = names_of_accounts([row.worker_id for row in rows])
    for row in rows:
        row.worker = names.get(row.worker_id or 0, "")  # type: ignore[attr-defined]
    return rows


def _map(found: Campaign, buildings: list[selectors.Progress]) -> dict[str, Any]:
    address = reverse("door_knock:doors", args=[found.pk])
    points = [
        {
            "lng": one.place[0], "lat": one.place[1], "label": one.name, "shape": "home",
            "url": f"{address}?{urlencode({'building': one.key})}",
            "tone": "stop" if one.conflicts else "done" if not one.left else "wait" if one.settled else "rest",
            "note": f"{one.settled}/{one.total}户",
        }
        for one in buildings
        if one.place
    ]  # fmt: skip
    legend = [
        {"tone": "rest", "label": "还没开始", "shape": "home"}, {"tone": "wait", "label": "走了一部分", "shape": "home"},
        {"tone": "done", "label": "全部有结果", "shape": "home"}, {"tone": "stop", "label": "有两份记录不同", "shape": "home"},
    ]  # fmt: skip
    return {"points": points, "legend": legend}
