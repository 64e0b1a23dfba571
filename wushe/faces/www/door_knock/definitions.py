"""The forms of an office: list, builder, upload of an XLSForm, preview, publish."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.errors import Conflict, Invalid
from wushe.registers.forms import selectors, services
from wushe.registers.forms.models import FormVersion, VersionState
from wushe.registers.forms.questions import faults_of
from wushe.registers.forms.xlsforms import read_xlsform

from .builder import BLANK_ROWS, KIND_CHOICES, PARTS, Row, fill_choices, questions_of, rows_of, rows_sent
from .forms import TitleForm, UploadForm


@require_GET
@desk("forms:view")
def forms(request: PageRequest) -> HttpResponse:
    """Show the forms of the own office and of those above it."""
    found = selectors.forms_for(actor=request.actor)
    if text := request.GET.get("q", "").strip()[:40]:
        found = found.filter(title__contains=text)
    page = page_of(found, request.GET)
    context = {
        "page": page,
        "q": text,
        "may_edit": request.actor.may("forms:edit"),
        "published": VersionState.PUBLISHED,
    }
    return render(request, "www/door_knock/forms.html", context)


@require_http_methods(["GET", "POST"])
@desk("forms:edit")
def new_form(request: PageRequest) -> HttpResponse:
    """Begin a form."""
    form = TitleForm(posted(request))
    draft = carry_out(form, lambda clean: services.create_form(actor=request.actor, at=timezone.now(), **clean))
    if draft is not None:
        return redirect("door_knock:edit_form", draft.form_id)
    return render(request, "www/door_knock/new_form.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk("forms:edit")
def upload_form(request: PageRequest) -> HttpResponse:
    """Take over a station's own XLSForm as a new form."""
    sent = request.method == "POST"
    form = UploadForm(request.POST if sent else None, request.FILES if sent else None)

    def take(clean: dict[str, Any]) -> FormVersion:
        file = clean["file"]
        title, questions = read_xlsform(file.read(), filename=file.name)
        return services.create_form(
            actor=request.actor, at=timezone.now(), title=title, questions=questions, source=f"XLSForm {file.name}"
        )

    draft = carry_out(form, take) if sent else None
    if draft is not None:
        messages.success(request, "走访表已读进来，请核对后发布。")
        return redirect("door_knock:edit_form", draft.form_id)
    return render(request, "www/door_knock/upload_form.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@desk("forms:view")
def form(request: PageRequest, pk: int) -> HttpResponse:
    """Show a form with its versions, and the version in use as a phone shows it."""
    return _shown(request, pk)


@require_http_methods(["GET", "POST"])
@desk("forms:edit")
def edit_form(request: PageRequest, pk: int) -> HttpResponse:
    """Edit the questions of the draft; saved as they are, finished or not."""
    actor, at = request.actor, timezone.now()
    found = selectors.own_form(actor=actor, form_id=pk)
    draft = next((one for one in selectors.versions_of(form=found) if one.state == VersionState.DRAFT), None)
    if draft is None:
        raise Conflict("这张表没有正在编辑的版本，请先出新版。")
    rows, problem = rows_of(draft.questions), ""
    if request.method == "POST":
        rows = rows_sent(request.POST)
        try:
            draft = services.save_questions(actor=actor, at=at, form_id=pk, questions=questions_of(rows))
        except Invalid as refusal:
            problem = refusal.message
        else:
            messages.success(request, "已保存。")
            return redirect("door_knock:edit_form", pk)
    context = {
        "found": found, "draft": draft, "rows": [*rows, *_blank(len(rows))], "problem": problem, "kinds": KIND_CHOICES,
        "fills": fill_choices(), "faults": faults_of(draft.questions) if draft.questions else [],
        "preview": selectors.for_phone(draft.questions) if not faults_of(draft.questions) else [],
    }  # fmt: skip
    return render(request, "www/door_knock/edit_form.html", context, status=422 if problem else 200)


@require_POST
@desk("forms:edit")
def publish_form(request: PageRequest, pk: int) -> HttpResponse:
    """Publish the draft."""
    try:
        version = services.publish_version(actor=request.actor, at=timezone.now(), form_id=pk)
    except Invalid as refusal:
        messages.error(request, refusal.message)
        return redirect("door_knock:edit_form", pk)
    messages.success(request, f"第{version.number}版已发布，从现在起新的行动可以用。")
    return redirect("door_knock:form", pk)


@require_POST
@desk("forms:edit")
def begin_version(request: PageRequest, pk: int) -> HttpResponse:
    """Begin the next version."""
    services.begin_version(actor=request.actor, at=timezone.now(), form_id=pk)
    return redirect("door_knock:edit_form", pk)


@require_POST
@desk("forms:edit")
def end_form(request: PageRequest, pk: int) -> HttpResponse:
    """Take a form out of use."""
    services.end_form(actor=request.actor, at=timezone.now(), form_id=pk)
    messages.success(request, "这张表已停用，以前的记录照样能看。")
    return redirect("door_knock:form", pk)


def _shown(request: PageRequest, pk: int) -> HttpResponse:
    actor = request.actor
    found = selectors.form_of(actor=actor, form_id=pk)
    versions = selectors.versions_of(form=found)
    shown = next((one for one in versions if one.state == VersionState.PUBLISHED), versions[0])
    own = actor.may("forms:edit") and found.area_code.startswith(actor.area_code)
    context = {
        "found": found, "versions": versions, "shown": shown, "may_edit": own and not found.ended_on,
        "has_draft": any(one.state == VersionState.DRAFT for one in versions),
        "preview": selectors.for_phone(shown.questions) if not faults_of(shown.questions) else [],
    }  # fmt: skip
    return render(request, "www/door_knock/form.html", context)


def _blank(start: int) -> list[Row]:
    return [{**dict.fromkeys(PARTS, ""), "place": str((start + n + 1) * 10)} for n in range(BLANK_ROWS)]
