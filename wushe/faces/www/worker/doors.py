"""The phone of a door-knock: the page of the doors, the list it takes along, and what it sends."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.foundation.errors import Conflict, Invalid
from wushe.practice.door_knock.packets import Packet, take_packet
from wushe.practice.door_knock.photos import add_photo
from wushe.practice.door_knock.selectors import own_campaigns, target_of
from wushe.practice.door_knock.services import PhoneReport, reasons, take_report
from wushe.registers.forms.selectors import for_phone

from .pieces import photo_kept, photo_of

LONGEST_REPORT = 200_000


class SentForm(forms.Form):
    """What comes with each record of a phone: its number, its times, and the record."""

    client_id = forms.UUIDField()
    device_at = forms.DateTimeField()
    sent_at = forms.DateTimeField(required=False)
    turn = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)


@require_GET
@allow("door_knock:visit")
def doors(request: PageRequest) -> HttpResponse:
    """Show the page of the doors; what is on it comes from the phone's own store."""
    return render(request, "www/worker/doors.html", {"campaigns": own_campaigns(actor=request.actor)})


@require_GET
@allow("door_knock:visit", "visits:perform")
def outbox(request: PageRequest) -> HttpResponse:
    """Show what this phone has written down and what became of it."""
    return render(request, "www/worker/outbox.html")


@require_POST
@allow("door_knock:visit")
def packet(request: PageRequest) -> HttpResponse:
    """Give the phone its own doors with the forms; the taking is journalled."""
    at = timezone.now()
    found = take_packet(actor=request.actor, at=at, device=request.POST.get("device", ""))
    response = JsonResponse(_told(found, at))
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@allow("door_knock:visit")
def report(request: PageRequest, pk: int) -> HttpResponse:
    """Take one report about a door; it may come as often as the network likes."""
    form = SentForm(request.POST)
    target_of(actor=request.actor, target_id=pk)
    if not form.is_valid():
        return _refused("记录的格式不对，请更新页面后再试。", 422)
    try:
        said = _read(request.POST.get("report", ""), form.cleaned_data)
        target = take_report(actor=request.actor, at=timezone.now(), target_id=pk, report=said)
    except (Invalid, Conflict) as refusal:
        return _refused(_words(refusal), 409 if isinstance(refusal, Conflict) else 422, type(refusal).__name__)
    return JsonResponse({"state": target.state, "conflict": target.conflict})


@require_POST
@allow("door_knock:visit")
def door_photo(request: PageRequest, pk: int) -> HttpResponse:
    """Take one picture of a door."""
    form = SentForm(request.POST)
    target_of(actor=request.actor, target_id=pk)
    if not form.is_valid():
        return _refused("没有收到照片，请再试一次。", 422)
    sent = form.cleaned_data
    try:
        add_photo(
            actor=request.actor, at=timezone.now(), target_id=pk, client_id=sent["client_id"],
            content=photo_of(request), taken_at=sent["device_at"],
        )  # fmt: skip
    except (Invalid, Conflict) as refusal:
        return _refused(refusal.message, 409 if isinstance(refusal, Conflict) else 422, type(refusal).__name__)
    photo_kept(request, sent["client_id"])
    return JsonResponse({"kept": True})


def _read(text: str, sent: dict[str, Any]) -> PhoneReport:
    """Return the record of a phone; raise Invalid for what is none."""
    try:
        if len(text) > LONGEST_REPORT:
            raise ValueError("too long")
        given = json.loads(text)
        answers, after = given.get("answers") or {}, given.get("after") or []
        if not isinstance(answers, dict) or not isinstance(after, list):
            raise TypeError("no report")
        return PhoneReport(
            client_id=sent["client_id"], device=str(given.get("device") or "")[:36], turn=sent["turn"] or 0,
            outcome=str(given.get("outcome") or ""), device_at=sent["device_at"], sent_at=sent["sent_at"],
            after=[str(UUID(str(one))) for one in after], reason=str(given.get("reason") or ""),
            revisit_on=date.fromisoformat(given["revisit_on"]) if given.get("revisit_on") else None,
            person_id=_number(given.get("person_id")), version_id=_number(given.get("version_id")), answers=answers,
        )  # fmt: skip
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Invalid("记录的格式不对，请更新页面后再试。") from error


def _number(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise ValueError("no number of a row")
    return value


def _words(refusal: Invalid | Conflict) -> str:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    return "；".join(dict.fromkeys(fields.values())) or refusal.message


def _refused(message: str, status: int, code: str = "") -> JsonResponse:
    return JsonResponse({"message": message, "code": code}, status=status)


def _told(found: Packet, at: datetime) -> dict[str, Any]:
    return {
        "at": at.isoformat(),
        "reasons": reasons(),
        "versions": {
            str(pk): {"title": version.form.title, "questions": for_phone(version.questions)}
            for pk, version in found.versions.items()
        },
        "targets": [
            {
                "id": door.target.pk, "turn": door.target.turn, "building": door.target.building, "address": door.address,
                "people": [{"id": person.pk, "name": person.name} for person in door.people], "state": door.target.state,
                "conflict": door.target.conflict, "heads": door.heads, "version": door.target.campaign.version_id,
                "report": reverse("worker:report", args=[door.target.pk]),
                "photo": reverse("worker:door_photo", args=[door.target.pk]),
            }
            for door in found.doors
        ],
    }  # fmt: skip
