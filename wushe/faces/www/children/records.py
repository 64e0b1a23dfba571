"""The files of children: closed to everybody until somebody else has allowed a look, and each look is counted."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, faults_of, one_of, posted
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.errors import Conflict, NotFound
from wushe.practice.children import selectors, services
from wushe.practice.children.models import ChildRecord, Group, Leave

from .forms import AskForm, GrantForm, KeyForm, NoteForm, RecordForm

_SEE = ("children:keep", "children:read", "children:approve")


@require_GET
@allow(*_SEE)
def records(request: PageRequest) -> HttpResponse:
    """List the files, closed, and the wishes that wait for a decision."""
    text, group = request.GET.get("q", "")[:40], one_of(request.GET.get("group", ""), Group.values)
    found = selectors.child_records(actor=request.actor, text=text, group=group)
    may_approve = request.actor.may("children:approve")
    context = {
        "page": page_of(found, request.GET), "total": found.count(), "text": text, "group": group,
        "groups": Group.choices, "may_keep": request.actor.may("children:keep"),
        "waiting": _named(list(selectors.waiting(actor=request.actor)[:50])) if may_approve else [],
    }  # fmt: skip
    return render(request, "www/children/records.html", context)


@require_http_methods(["GET", "POST"])
@allow("children:keep")
def new(request: PageRequest) -> HttpResponse:
    """Begin a file."""
    form = RecordForm(posted(request))
    if request.method == "POST":
        child = carry_out(form, lambda clean: services.begin_record(actor=request.actor, at=timezone.now(), **clean))
        if child:
            messages.success(request, "档案已建立。要看内容，请先申请。")
            return redirect("children:record", child.pk)
    return render(request, "www/children/new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow(*_SEE)
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show a closed file: who may read it until when, and to whom both rights are given, who has read it."""
    return _shown(request, selectors.child_record(actor=request.actor, record_id=pk))


@require_POST
@never_cache
@allow("children:read")
def read(request: PageRequest, pk: int) -> HttpResponse:
    """Open a file once; the look is recorded."""
    child, form = selectors.child_record(actor=request.actor, record_id=pk), KeyForm(request.POST)
    if not form.is_valid():
        raise NotFound
    try:
        opened = services.read_record(
            actor=request.actor, at=timezone.now(), record_id=pk, key=form.cleaned_data["key"]
        )
    except (Conflict, services.NoLeave) as refusal:
        messages.error(request, refusal.message)
        return _shown(request, child, status=409 if isinstance(refusal, Conflict) else 403)
    names = names_of_accounts(note.written_by for note, _ in opened.notes)
    notes = [(note, words, names.get(note.written_by, "")) for note, words in opened.notes]
    return _shown(request, child, notes=notes)


@require_POST
@allow("children:keep")
def note(request: PageRequest, pk: int) -> HttpResponse:
    """Write something into a file without opening it."""
    return _act(request, pk, NoteForm(request.POST), services.write_note, name="note", said="已写进档案。")


@require_POST
@allow("children:read")
def ask(request: PageRequest, pk: int) -> HttpResponse:
    """Ask to read a file."""
    return _act(request, pk, AskForm(request.POST), services.ask_leave, name="ask", said="已申请，等负责人批准。")


@require_POST
@allow("children:approve")
def grant(request: PageRequest, pk: int) -> HttpResponse:
    """Let somebody read a file for a time."""
    return _decide(request, services.grant_leave, "已批准，到时自动失效。", pk, GrantForm(request.POST))


@require_POST
@allow("children:approve")
def refuse(request: PageRequest, pk: int) -> HttpResponse:
    """Do not let somebody read a file."""
    return _decide(request, services.refuse_leave, "没有批准，已记下。", pk, forms.Form(request.POST))


@require_POST
@allow("children:approve")
def end(request: PageRequest, pk: int) -> HttpResponse:
    """Take leave back."""
    return _decide(request, services.end_leave, "已收回，现在起不能再看。", pk, forms.Form(request.POST))


def _act(request: PageRequest, pk: int, form: forms.Form, act: Any, *, name: str, said: str) -> HttpResponse:
    child = selectors.child_record(actor=request.actor, record_id=pk)
    if carry_out(form, lambda clean: act(actor=request.actor, at=timezone.now(), record_id=pk, **clean)):
        messages.success(request, said)
        return redirect("children:record", pk)
    return _shown(request, child, status=422, **{f"{name}_form": form})


def _decide(request: PageRequest, act: Any, said: str, pk: int, form: forms.Form) -> HttpResponse:
    child = selectors.leave_of(actor=request.actor, leave_id=pk).record
    if carry_out(form, lambda clean: act(actor=request.actor, at=timezone.now(), leave_id=pk, **clean)):
        messages.success(request, said)
        return redirect("children:record", child.pk)
    messages.error(request, faults_of(form))
    return _shown(request, child, status=422)


def _shown(request: PageRequest, child: ChildRecord, *, status: int = 200, **more: Any) -> HttpResponse:
    actor, at = request.actor, timezone.now()
    readings = selectors.readings_of(actor=actor, child=child)
    names = names_of_accounts(reading.user_id for reading in readings)
    context = {
        "child": child, "leaves": _named(selectors.leaves_of(actor=actor, child=child)), "now": at, "key": uuid4(),
        "may_open": selectors.may_read_now(actor=actor, child=child, at=at), "actor_id": actor.user_id,
        "readings": [(reading, names.get(reading.user_id, "")) for reading in readings],
        "may_ask": actor.may("children:read"), "may_keep": actor.may("children:keep"),
        "may_decide": actor.may("children:approve"), "grant_form": GrantForm(),
        "sees_readings": actor.may("children:approve") and actor.may("journal:view"),
        "note_form": NoteForm(auto_id="note-%s"), "ask_form": AskForm(auto_id="ask-%s"), **more,
    }  # fmt: skip
    return render(request, "www/children/record.html", context, status=status)


def _named(leaves: list[Leave]) -> list[tuple[Leave, str]]:
    names = names_of_accounts(leave.user_id for leave in leaves)
    return [(leave, names.get(leave.user_id, "")) for leave in leaves]
