"""The list of forms, a form, the lists beside it, and what comes back from the doors."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import parse_http_date_safe

from wushe.chain.visits.pictures import LARGEST_BYTES
from wushe.faces.api.authentication import ApiRequest
from wushe.foundation.errors import Invalid
from wushe.practice.door_knock.collecting import (
    lists_of,
    own_campaign,
    sheet_of,
    sheets,
    take_list,
    take_submission,
)
from wushe.registers.forms.submissions import LARGEST_BYTES as LARGEST_XML
from wushe.registers.forms.submissions import UnreadableSubmission, read_submission

from .documents import XML, fingerprint, form_list, manifest, message
from .entrance import LARGEST_POST, openrosa

RECORD = "xml_submission_file"


@openrosa("GET", "HEAD")
def forms(request: ApiRequest) -> HttpResponse:
    """List the forms of the campaigns in which the asker has doors."""
    asked = request.GET.get("formID", "")
    return form_list([
        {
            "formID": sheet.form_id, "name": sheet.title, "version": sheet.version, "hash": fingerprint(sheet.content),
            "downloadUrl": _here(request, "openrosa_form", sheet.campaign_id),
            "manifestUrl": _here(request, "openrosa_manifest", sheet.campaign_id),
        }
        for sheet in sheets(actor=request.actor) if asked in {"", sheet.form_id}
    ])  # fmt: skip


@openrosa("GET", "HEAD")
def form(request: ApiRequest, pk: int) -> HttpResponse:
    """Give one form."""
    sheet = sheet_of(campaign=own_campaign(actor=request.actor, campaign_id=pk))
    return HttpResponse(sheet.content, content_type=XML)


@openrosa("GET", "HEAD")
def files(request: ApiRequest, pk: int) -> HttpResponse:
    """List the files beside a form: the asker's doors, and the people behind them."""
    own_campaign(actor=request.actor, campaign_id=pk)
    return manifest([
        {"filename": name, "hash": fingerprint(content), "downloadUrl": _here(request, "openrosa_file", pk, name)}
        for name, content in lists_of(actor=request.actor, campaign_id=pk).items()
    ])  # fmt: skip


@openrosa("GET", "HEAD")
def file(request: ApiRequest, pk: int, name: str) -> HttpResponse:
    """Give one of these files to be taken along; the taking is journalled."""
    own_campaign(actor=request.actor, campaign_id=pk)
    content = take_list(actor=request.actor, at=timezone.now(), campaign_id=pk, name=name)
    return HttpResponse(content, content_type="text/csv; charset=utf-8")


@openrosa("HEAD", "POST")
def submission(request: ApiRequest) -> HttpResponse:
    """Take a filled form with the pictures that fit into one post; HEAD says how much fits."""
    if request.method == "HEAD":
        return HttpResponse(status=204, headers={"Location": request.build_absolute_uri(request.path)})
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST_POST:
        return message("一次发的内容太大，请分几次发。", status=413)
    record = request.FILES.get(RECORD)
    if record is None or (record.size or 0) > LARGEST_XML:
        raise UnreadableSubmission
    # A picture goes by the name of its file; the name of its field may be anything.
    photos = [photo for field, several in request.FILES.lists() if field != RECORD for photo in several]
    if any((photo.size or 0) > LARGEST_BYTES for photo in photos):
        raise Invalid("照片太大（超过10MB），请用较低的清晰度再拍一张。")
    pictures = {photo.name or "": photo.read() for photo in photos}
    take_submission(
        actor=request.actor, at=timezone.now(), submission=read_submission(record.read()), files=pictures,
        sent_at=_sent_at(request),
    )  # fmt: skip
    headers = {"Location": request.build_absolute_uri(request.path)}
    return message("已收下。", status=201, headers=headers)


def _here(request: HttpRequest, name: str, *args: object) -> str:
    return request.build_absolute_uri(reverse(f"api:{name}", args=args))


def _sent_at(request: HttpRequest) -> datetime | None:
    """Return what the phone's clock said when it sent this."""
    seconds = parse_http_date_safe(request.headers.get("Date", ""))
    return None if seconds is None else datetime.fromtimestamp(seconds, tz=timezone.get_current_timezone())
