"""One door: what was sent about it, two records that differ, why somebody was not reached, the pictures."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.acts import tried
from wushe.faces.www.community.desk import desk
from wushe.faces.www.pictures import stored_picture
from wushe.faces.www.refusing import carry_out
from wushe.foundation.access.selectors import names_of_accounts
from wushe.practice.door_knock import merging, selectors, services
from wushe.practice.door_knock.models import CampaignState, Reason
from wushe.practice.door_knock.photos import photo_of
from wushe.practice.door_knock.reading import open_report, places_of_photos
from wushe.practice.door_knock.receiving import standing_of

from .forms import ReasonForm

ENOUGH_SKEW = 300


@require_GET
@desk("door_knock:view")
def target(request: PageRequest, pk: int) -> HttpResponse:
    """Show a door with all that was sent about it."""
    return _shown(request, pk)


@require_POST
@desk("door_knock:visit")
def answers(request: PageRequest, pk: int) -> HttpResponse:
    """Show what a record says; the look is journalled."""
    opened = open_report(
        actor=request.actor, at=timezone.now(), target_id=pk, client_id=request.POST.get("client_id", "")
    )
    return _shown(request, pk, opened=opened)


@require_POST
@desk("door_knock:visit")
def settle(request: PageRequest, pk: int) -> HttpResponse:
    """Let one of two different records count."""
    said, chosen = "已确认，以这一份为准；另一份仍可查看。", request.POST.get("client_id", "")
    tried(request, said, services.settle_conflict, target_id=pk, client_id=chosen)
    return redirect("door_knock:target", pk)


@require_POST
@desk("door_knock:visit")
def reason(request: PageRequest, pk: int) -> HttpResponse:
    """Say why somebody is not reached in the end."""
    form = ReasonForm(request.POST)
    found = selectors.target_of(actor=request.actor, target_id=pk)
    done = carry_out(form, lambda clean: services.give_reason(
        actor=request.actor, at=timezone.now(), target_id=pk, after=standing_of(found).heads, **clean,
    ))  # fmt: skip
    if done is None:
        return _shown(request, pk, form=form, status=422)
    messages.success(request, "原因已记下。")
    return redirect("door_knock:target", pk)


@require_GET
@desk("door_knock:view")
def photo(request: PageRequest, pk: int) -> HttpResponse:
    """Show one picture to those who may see it; it is kept by no cache that others share."""
    return stored_picture(photo_of(actor=request.actor, photo_id=pk).file)


def _shown(request: PageRequest, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    found = selectors.target_of(actor=request.actor, target_id=pk)
    rows = selectors.reports_of(target=found)
    names = names_of_accounts([row.recorded_by for row in rows] + [found.worker_id])
    said = standing_of(found)
    reports = [
        {
            "row": row, "who": names.get(row.recorded_by, ""), "outcome": merging.OUTCOMES.get(row.outcome, ""),
            "counts": str(row.client_id) in said.heads, "skewed": abs(row.skew_seconds) > ENOUGH_SKEW,
            "reason": dict(Reason.choices).get(row.reason, ""),
        }
        for row in rows
    ]  # fmt: skip
    running = found.campaign.state == CampaignState.RUNNING
    context = {
        "target": found, "reports": reports, "awaited": len(said.awaited), "worker": names.get(found.worker_id or 0, "还没分派"),
        "may_visit": running and request.actor.may("door_knock:visit"), "photos": places_of_photos(target=found),
        "form": ReasonForm(initial={"client_id": uuid4()}), "lines": found.lines.all(), **more,
    }  # fmt: skip
    return render(request, "www/door_knock/target.html", context, status=status)
