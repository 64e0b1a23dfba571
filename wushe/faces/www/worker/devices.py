"""Phones of an account: each tells that it has a network and learns whether it is to be wiped; a lost one is named here."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.foundation.devices.selectors import must_wipe, own_devices
from wushe.foundation.devices.services import ask_wipe, see_device

_KINDS = (
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓手机"),
    ("Windows", "Windows 电脑"),
    ("Mac", "苹果电脑"),
)


@require_GET
@allow("door_knock:visit", "visits:perform")
def devices(request: PageRequest) -> HttpResponse:
    """Show the phones on which this account keeps records."""
    return render(request, "www/worker/devices.html", {"devices": own_devices(actor=request.actor)})


@require_POST
@allow("door_knock:visit", "visits:perform")
def device(request: PageRequest) -> HttpResponse:
    """Take the word of a phone that it has a network, and tell it whether it is to be wiped."""
    given = request.POST
    agent = request.headers.get("User-Agent", "")
    found = see_device(
        actor=request.actor, at=timezone.now(), key=given.get("device", ""), sent_at=_moment(given.get("sent_at", "")),
        label=next((words for part, words in _KINDS if part in agent), "其他设备"), wiped=given.get("wiped") == "1",
    )  # fmt: skip
    return JsonResponse({"wipe": found is not None and must_wipe(found)})


@require_POST
@allow("door_knock:visit", "visits:perform")
def wipe_device(request: PageRequest, pk: int) -> HttpResponse:
    """Ask that a phone wipes itself."""
    ask_wipe(actor=request.actor, at=timezone.now(), device_id=pk)
    messages.success(request, "已要求清除。那部手机下次联网打开时，会清掉上面的全部资料。")
    return redirect("worker:devices")


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
