"""The four lists 四张清单: one page for all four, each line with its measure, owner, day and proof."""

from collections.abc import Callable
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, whole
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.exports import note_export
from wushe.practice.door_knock import lists as services
from wushe.practice.door_knock.listing import Where, counts_of, line_of, lines_of, sheet_of
from wushe.practice.door_knock.models import ListKind, ListState

from .forms import DropForm, MeasureForm, ProjectForm, ProofForm

_NAMES = {MeasureForm: "measure_form", ProofForm: "proof_form", DropForm: "drop_form"}


@require_http_methods(["GET", "POST"])
@desk("door_knock:view")
def lists(request: PageRequest) -> HttpResponse:
    """Show one of the four lists. What is typed into the search is posted, so that it never stands in an address."""
    actor, on = request.actor, timezone.localdate()
    where = _where(request.POST if request.method == "POST" else request.GET)
    found = lines_of(actor=actor, where=where, on=on)
    page = page_of(found, request.GET)
    base = reverse("door_knock:lists")
    counts = counts_of(actor=actor, on=on)
    context = {
        "page": page, "where": where, "kind": ListKind(where.kind), "states": ListState.choices,
        "tabs": [
            {"label": words, "address": f"{base}?list={code}", "count": counts[code], "current": code == where.kind}
            for code, words in ListKind.choices
        ],
        "export_url": reverse("door_knock:export_lists"),
        "export_values": [("list", where.kind), ("state", where.state), ("due", where.due), ("q", where.text)],
        "may_project": where.kind == ListKind.PROBLEM and actor.may("projects:design"), "today": on,
    }  # fmt: skip
    return render(request, "www/door_knock/lists.html", context)


@require_POST
@desk("door_knock:view")
def export_lists(request: PageRequest) -> HttpResponse:
    """Give one of the four lists with the columns of the office's own sheet, and journal it."""
    actor, at = request.actor, timezone.now()
    where = _where(request.POST)
    found = list(lines_of(actor=actor, where=where, on=timezone.localdate(at))[:MOST_ROWS])
    filters = {"list": where.kind, "state": where.state}
    note_export(
        actor=actor, at=at, list_name="four_lists", rows=len(found), filters=filters, permission="door_knock:view"
    )
    head, rows = sheet_of(kind=where.kind, lines=found)
    return table_file(name=f"list-{where.kind}", kind=request.POST.get("format", ""), head=head, rows=rows)


@require_GET
@desk("door_knock:view")
def line(request: PageRequest, pk: int) -> HttpResponse:
    """Show one line."""
    return _shown(request, pk)


@require_POST
@desk("door_knock:visit")
def agree(request: PageRequest, pk: int) -> HttpResponse:
    """Set measure, owner and day."""
    return _act(request, pk, MeasureForm(request.POST), services.agree_measure, "措施已定。")


@require_POST
@desk("door_knock:visit")
def finish(request: PageRequest, pk: int) -> HttpResponse:
    """Finish a line with proof."""
    return _act(request, pk, ProofForm(request.POST), services.finish_line, "已办结。")


@require_POST
@desk("door_knock:visit")
def drop(request: PageRequest, pk: int) -> HttpResponse:
    """Take a line off its list."""
    return _act(request, pk, DropForm(request.POST), services.drop_line, "已撤下，随时可以重新列入。")


@require_POST
@desk("door_knock:visit")
def reopen(request: PageRequest, pk: int) -> HttpResponse:
    """Take a line up again."""
    return _act(request, pk, django_forms.Form(request.POST), services.reopen_line, "已重新列入。")


@require_POST
@desk("projects:design")
def project(request: PageRequest) -> HttpResponse:
    """Make a project of chosen problems: first asked what it is called, then designed."""
    chosen = [number for one in request.POST.getlist("lines")[:200] if (number := whole(one)) is not None]
    named = "title" in request.POST
    form = ProjectForm(request.POST if named else None)
    made = carry_out(form, lambda clean: services.make_project(
        actor=request.actor, at=timezone.now(), line_ids=chosen, client_key=request.POST.get("client_key", "")[:64], **clean,
    ))  # fmt: skip
    if made is not None:
        messages.success(request, "项目已设计好，选中的问题和需求都带进去了。")
        return redirect(page_of_thing(request.actor, "project", made.pk) or "door_knock:lists")
    found = [line_of(actor=request.actor, line_id=number) for number in chosen]
    if not found:
        messages.error(request, "请先在问题清单里勾选要做成项目的条目。")
        return redirect("door_knock:lists")
    context = {"form": form, "lines": found}
    return render(request, "www/door_knock/project.html", context, status=422 if form.errors else 200)


def _act(
    request: PageRequest, pk: int, form: django_forms.Form, service: Callable[..., object], done: str
) -> HttpResponse:
    line_of(actor=request.actor, line_id=pk)
    try:
        moved = carry_out(form, lambda clean: service(actor=request.actor, at=timezone.now(), line_id=pk, **clean))
    except (Invalid, Conflict) as refusal:
        form.add_error(None, refusal.message)
        moved = None
    if moved is None:
        return _shown(request, pk, status=422, **{_NAMES.get(type(form), "form"): form})
    messages.success(request, done)
    return redirect("door_knock:line", pk)


def _shown(request: PageRequest, pk: int, *, status: int = 200, **more: Any) -> HttpResponse:
    actor = request.actor
    found = line_of(actor=actor, line_id=pk)
    first = {"measure": found.measure, "owner": found.owner or actor.name, "due_on": found.due_on}
    context = {
        "line": found, "may_act": actor.may("door_knock:visit"), "measure_form": MeasureForm(initial=first),
        "proof_form": ProofForm(), "drop_form": DropForm(), "open": found.state in (ListState.OPEN, ListState.AGREED),
        "need_url": page_of_thing(actor, "need", found.need_id) if found.need_id else "",
        "project_url": page_of_thing(actor, "project", found.project_id) if found.project_id else "", **more,
    }  # fmt: skip
    return render(request, "www/door_knock/line.html", context, status=status)


def _where(given: Any) -> Where:
    kind, state, due = given.get("list", ""), given.get("state", ""), given.get("due", "")
    return Where(
        kind=kind if kind in ListKind.values else ListKind.PROBLEM.value, state=state if state in ListState.values else "",
        due=due if due in {"late", "none"} else "", text=given.get("q", "").strip()[:40],
    )  # fmt: skip
