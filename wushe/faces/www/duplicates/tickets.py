"""The list of tickets, and one ticket with both records side by side."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.duplicates.forms import AnswerForm, ApartForm, AskForm, MergeForm
from wushe.faces.www.paging import Page, page_of
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.counting import capped_counts, show_count
from wushe.foundation.journal.exports import note_export
from wushe.foundation.scope import covers
from wushe.oversight.selectors.journal import lines as journal_lines
from wushe.registers.areas.selectors import place_names
from wushe.registers.duplicates import selectors
from wushe.registers.duplicates.evidence import Sign
from wushe.registers.duplicates.models import Answer, Grade, Ticket, TicketState
from wushe.registers.duplicates.references import counts_of
from wushe.registers.duplicates.tickets import communities_of, may_decide

MOST_FOUND = 100
ASKED_OF_ME = "mine"
HEAD = ["工单", "甲编号", "甲姓名", "甲社区", "乙编号", "乙姓名", "乙社区", "相同之处", "把握", "状态", "发现日期"]


@require_http_methods(["GET", "POST"])
@desk("registers:view")
def tickets_page(request: PageRequest) -> HttpResponse:
    """Show the tickets of the desk. A name is posted, so that it never stands in an address."""
    actor = request.actor
    given = request.POST if request.method == "POST" else request.GET
    where = _where(given)
    if request.method == "POST" and not where["text"]:
        return redirect(f"{reverse('duplicates:duplicates')}?state={given.get('state', '')[:8]}")
    found = _found(actor, where)
    page = Page(list(found[:MOST_FOUND]), "", "") if where["text"] else page_of(found, request.GET)
    counts = capped_counts({
        **{state.value: selectors.tickets(actor=actor, state=state.value) for state in TicketState},
        ASKED_OF_ME: selectors.tickets(actor=actor, asked=True),
        **{str(grade.value): _found(actor, {**where, "grade": str(grade.value)}) for grade in Grade},
    })  # fmt: skip
    context = {
        "rows": _rows(actor, page.rows),
        "page": page,
        "where": where,
        "state": given.get("state") or TicketState.OPEN,
        "states": [
            *((s.value, s.label, show_count(counts[s.value])) for s in TicketState),
            *([(ASKED_OF_ME, "问我的", show_count(counts[ASKED_OF_ME]))] if actor.may("people:edit") else []),
        ],
        "grades": [(g.value, g.label, show_count(counts[str(g.value)])) for g in Grade],
        "most_found": MOST_FOUND,
        "export_url": reverse("duplicates:export"),
        "export_values": [("state", where["state"]), ("grade", where["grade"]), ("q", where["text"])],
    }
    return render(request, "www/duplicates/tickets.html", context)


@require_POST
@desk("registers:view")
def export_tickets(request: PageRequest) -> HttpResponse:
    """Give the tickets under the same filters as a file, and journal that they were taken."""
    actor, at = request.actor, timezone.now()
    where = _where(request.POST)
    rows = _rows(actor, list(_found(actor, where)[:MOST_ROWS]))
    filters = {name: where[name] for name in ("state", "grade")}
    note_export(
        actor=actor, at=at, list_name="duplicates", rows=len(rows), permission="registers:view", filters=filters
    )
    cells = (
        [row["ticket"].pk, row["ticket"].first_id, row["first"], row["place"], row["ticket"].second_id, row["second"],
         row["other_place"], "、".join(row["signs"]), row["ticket"].get_grade_display(),
         row["ticket"].get_state_display(), timezone.localdate(row["ticket"].found_at)]
        for row in rows
    )  # fmt: skip
    return table_file(name="duplicates", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


@require_GET
@desk("registers:view")
def ticket_page(request: PageRequest, ticket_id: int) -> HttpResponse:
    """Show both records of a ticket side by side, what differs, and what can be done."""
    ticket = selectors.ticket_of(actor=request.actor, ticket_id=ticket_id)
    return render(request, "www/duplicates/ticket.html", context_of(request, ticket))


def context_of(request: PageRequest, ticket: Ticket, **forms: Any) -> dict[str, Any]:
    """Return what the page of a ticket shows; `forms` are those that were sent and refused."""
    actor = request.actor
    codes = [ticket.first.area_code, ticket.second.area_code, *communities_of(ticket)]
    places = place_names(codes=codes)
    lines = selectors.comparison(actor=actor, ticket=ticket, on=timezone.localdate(), places=places)
    waiting = ticket.state in (TicketState.OPEN, TicketState.ASKED)
    edits = actor.may("people:edit")
    merge = forms.get("merge_form") or MergeForm(lines=lines)
    desks = [(code, places.get(code) or code) for code in communities_of(ticket)]
    own = [pair for pair in desks if covers(actor, pair[0])]
    return {
        "ticket": ticket,
        "sides": [_side(actor, person) for person in (ticket.first, ticket.second)],
        "lines": [(line, merge[line.choice] if line.choice else None) for line in lines],
        "signs": [Sign(code).label for code in ticket.evidence.split()],
        "asked_place": places.get(ticket.asked_area_code, ""),
        "merge_form": merge,
        "apart_form": forms.get("apart_form") or ApartForm(),
        "ask_form": forms.get("ask_form") or AskForm(places=[pair for pair in desks if pair not in own] or desks),
        "answer_form": forms.get("answer_form") or AnswerForm(),
        "may_merge": edits and waiting and may_decide(actor, ticket, agreed=Answer.SAME),
        "may_part": edits and waiting and may_decide(actor, ticket, agreed=Answer.DIFFERENT),
        "may_ask": edits and ticket.state == TicketState.OPEN,
        "may_answer": edits and ticket.state == TicketState.ASKED and covers(actor, ticket.asked_area_code),
        "may_unmerge": edits and ticket.state == TicketState.MERGED and may_decide(actor, ticket, agreed=Answer.SAME),
        "may_reopen": edits and ticket.state == TicketState.APART and may_decide(actor, ticket, agreed=Answer.DIFFERENT),
        "history": journal_lines(list(selectors.history_of_ticket(ticket=ticket))),
    }  # fmt: skip


def _side(actor: Any, person: Any) -> dict[str, Any]:
    seen = selectors.sees(actor, person)
    with_it = [(title, count) for title, count in counts_of(person_id=person.pk) if count] if seen else []
    return {"person": person, "name": selectors.shown_name(actor, person), "seen": seen, "with_it": with_it}


def _where(given: Any) -> dict[str, str]:
    state = given.get("state", "")[:8]
    grade = given.get("grade", "")
    return {
        "state": state if state == ASKED_OF_ME or state in TicketState.values else TicketState.OPEN.value,
        "grade": grade if grade in map(str, Grade.values) else "",
        "text": given.get("q", "").strip()[:40],
    }


def _found(actor: Any, where: dict[str, str]) -> Any:
    return selectors.tickets(
        actor=actor, state=where["state"], grade=where["grade"], text=where["text"], asked=where["state"] == ASKED_OF_ME
    )


def _rows(actor: Any, tickets: list[Ticket]) -> list[dict[str, Any]]:
    places = place_names(codes=[code[:12] for t in tickets for code in (t.area_code, t.other_area_code)])
    return [
        {
            "ticket": one,
            "first": selectors.shown_name(actor, one.first),
            "second": selectors.shown_name(actor, one.second),
            "place": places.get(one.area_code[:12], ""),
            "other_place": places.get(one.other_area_code[:12], ""),
            "signs": [Sign(code).label for code in one.evidence.split()],
        }
        for one in tickets
    ]
