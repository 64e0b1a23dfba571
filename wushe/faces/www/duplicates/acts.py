"""What can be done about two records: merge, undo, keep apart, ask the other desk, answer, take up again."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.duplicates.forms import AnswerForm, ApartForm, AskForm, MergeForm
from wushe.faces.www.duplicates.tickets import context_of
from wushe.faces.www.refusing import carry_out
from wushe.registers.areas.selectors import place_names
from wushe.registers.duplicates import selectors
from wushe.registers.duplicates.merging import merge_people, unmerge_people
from wushe.registers.duplicates.models import Ticket
from wushe.registers.duplicates.tickets import answer_question, ask_desk, communities_of, keep_apart, reopen_ticket


@require_POST
@desk("people:edit")
def merge(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Merge both records with the values that were chosen."""
    actor, at = request.actor, timezone.now()
    ticket = selectors.ticket_of(actor=actor, ticket_id=ticket_id)
    lines = selectors.comparison(actor=actor, ticket=ticket, on=timezone.localdate(at), places={})
    form = MergeForm(request.POST, lines=lines)
    return _carried_out(
        request, ticket, form,
        lambda clean: merge_people(actor=actor, at=at, ticket_id=ticket.pk, take=form.taken(), reason=clean["reason"]),
        name="merge_form", said="两条记录已合并。如果弄错了，可以在这一页撤销。",
    )  # fmt: skip


@require_POST
@desk("people:edit")
def unmerge(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Undo the merge."""
    unmerge_people(actor=request.actor, at=timezone.now(), ticket_id=ticket_id)
    messages.success(request, "合并已撤销，两条记录都恢复了原样。")
    return redirect("duplicates:ticket", ticket_id)


@require_POST
@desk("people:edit")
def apart(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Say that they are two people."""
    actor, at = request.actor, timezone.now()
    ticket = selectors.ticket_of(actor=actor, ticket_id=ticket_id)
    return _carried_out(
        request, ticket, ApartForm(request.POST),
        lambda clean: keep_apart(actor=actor, at=at, ticket_id=ticket.pk, **clean),
        name="apart_form", said="已记下：不是同一人，以后不再提示。",
    )  # fmt: skip


@require_POST
@desk("people:edit")
def ask(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Ask the desk of the other record."""
    actor, at = request.actor, timezone.now()
    ticket = selectors.ticket_of(actor=actor, ticket_id=ticket_id)
    names = place_names(codes=communities_of(ticket))
    form = AskForm(request.POST, places=[(code, names.get(code) or code) for code in communities_of(ticket)])
    return _carried_out(
        request, ticket, form,
        lambda clean: ask_desk(actor=actor, at=at, ticket_id=ticket.pk, **clean),
        name="ask_form", said="已发给对方社区，答复后会回到“待处理”。",
    )  # fmt: skip


@require_POST
@desk("people:edit")
def answer(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Answer the question of the other desk."""
    actor, at = request.actor, timezone.now()
    ticket = selectors.ticket_of(actor=actor, ticket_id=ticket_id)
    return _carried_out(
        request, ticket, AnswerForm(request.POST),
        lambda clean: answer_question(actor=actor, at=at, ticket_id=ticket.pk, **clean),
        name="answer_form", said="已答复。",
    )  # fmt: skip


@require_POST
@desk("people:edit")
def reopen(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Take up again what was decided as two people."""
    reopen_ticket(actor=request.actor, at=timezone.now(), ticket_id=ticket_id)
    messages.success(request, "已重新放回待处理。")
    return redirect("duplicates:ticket", ticket_id)


def _carried_out(
    request: HttpRequest, ticket: Ticket, form: Any, act: Callable[[dict[str, Any]], Any], *, name: str, said: str
) -> HttpResponse:
    if carry_out(form, act) is not None:
        messages.success(request, said)
        return redirect("duplicates:ticket", ticket.pk)
    return render(request, "www/duplicates/ticket.html", context_of(request, ticket, **{name: form}), status=422)
