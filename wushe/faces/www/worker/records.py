"""What phones send: each record is one call and arrives as often as the network likes; and the evidence, shown."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.visits.selectors import evidence_of
from wushe.chain.visits.uploads import PhoneRecord, take_record
from wushe.faces.www.access import PageRequest, allow, public
from wushe.faces.www.pictures import stored_picture
from wushe.foundation.errors import Conflict, Invalid

from .forms import RecordForm
from .pieces import photo_kept, photo_of

# What a visit's page needs at a door, wherever the worker was when the network went.
PARTS = [
    *(
        f"www/js/worker/{name}.js"
        for name in ("outbox", "vault", "lock", "device", "visit", "outbox_list", "leave", "round", "doors", "forms")
    ),
    "www/js/page.js",
    "www/css/worker.css",
]
DONE = {"sign_in": "签到成功。", "evidence": "照片已保存。", "sign_out": "签退成功，辛苦了。"}


@require_POST
@allow("visits:perform")
def record(request: PageRequest, pk: int) -> HttpResponse:
    """Take one record; a phone with scripts gets JSON, one without is led back to the visit."""
    form = RecordForm(request.POST, request.FILES)
    in_background = request.headers.get("Accept", "").startswith("application/json")
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        return _answer(request, pk, str(problem), status=422, in_background=in_background)
    at = timezone.now()
    try:
        visit = take_record(actor=request.actor, at=at, record=_phone_record(form, pk, at, photo_of(request)))
    except (Invalid, Conflict) as refusal:
        status = 409 if isinstance(refusal, Conflict) else 422
        code = type(refusal).__name__
        return _answer(request, pk, refusal.message, status=status, in_background=in_background, code=code)
    photo_kept(request, form.cleaned_data["client_id"])
    if in_background:
        return JsonResponse({"state": visit.state, "minutes": visit.minutes})
    messages.success(request, DONE[form.cleaned_data["kind"]])
    return redirect("worker:visit", pk=pk)


@require_GET
@allow("visits:view")
def evidence(request: PageRequest, pk: int) -> HttpResponse:
    """Show one picture to those who may see it; it is kept by no cache that others share."""
    return stored_picture(evidence_of(actor=request.actor, evidence_id=pk).file)


@require_GET
@public
def service_worker(request: HttpRequest) -> HttpResponse:
    """Give the script that keeps the pages when there is no network; it must live at the address it serves."""
    response = render(request, "www/worker/service_worker.js", {"parts": PARTS}, content_type="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _phone_record(form: RecordForm, appointment_id: int, at: datetime, photo: bytes) -> PhoneRecord:
    clean = form.cleaned_data
    return PhoneRecord(
        kind=clean["kind"], appointment_id=appointment_id, client_id=clean["client_id"],
        device_at=clean["device_at"] or at, longitude=clean["longitude"], latitude=clean["latitude"],
        accuracy=clean["accuracy"], note=clean["note"], evidence_kind=clean["evidence_kind"],
        content=photo,
    )  # fmt: skip


def _answer(
    request: PageRequest, pk: int, message: str, *, status: int, in_background: bool, code: str = ""
) -> HttpResponse:
    """Tell why a record was not taken; without scripts beside the visit, with what was typed still in the fields."""
    if in_background:
        return JsonResponse({"message": message, "code": code}, status=status)
    from .pages import show_visit

    messages.error(request, message)
    return show_visit(request, pk, note=request.POST.get("note", ""), status=status)
