"""One row of a register: its facts, what belongs to it, what can be done, and its journal."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest
from wushe.foundation.journal.selectors import history_of
from wushe.oversight.selectors.journal import lines
from wushe.registers.desk import selectors
from wushe.registers.desk.changes import told_changes

from .desk import act_address, desk_of
from .lists import tabs_of

MOST_HISTORY = 30


@require_GET
def show_one(request: PageRequest, code: str, pk: int) -> HttpResponse:
    """Show one row of a register with its journal."""
    desk, actor, on = desk_of(code), request.actor, timezone.localdate()
    row = selectors.row_of(desk.register, actor=actor, pk=pk, on=on)
    acts = [act for act in desk.acts if act.listed and actor.may(act.permission) and act.shows(row)]
    return render(request, "www/registers/one.html", {
        "desk": desk,
        "row": row,
        "name": desk.register.name(row),
        "sections": desk.sections(actor, row, on),
        "history": history(row),
        "acts": [(act, act_address(code, pk, act.code)) for act in acts],
        "may_edit": actor.may(desk.edit),
        "tabs": tabs_of(desk, actor),
    })  # fmt: skip


def history(row: Any) -> list[dict[str, Any]]:
    """Return who did what to a row when, newest first, with what was and what is."""
    entries = list(history_of(subject=row).order_by("-at", "-id")[:MOST_HISTORY])
    return [{"line": one, "changes": told_changes(type(row), one.entry.data)} for one in lines(entries)]
