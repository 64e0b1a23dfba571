"""One act on many rows: fill in what it needs, see what it will do and to whom not, do it, take it back."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from wushe.faces.www.access import PageRequest, signed_in
from wushe.faces.www.refusing import whole
from wushe.foundation.errors import Conflict, Invalid
from wushe.registers.desk import selectors
from wushe.registers.desk.bulk import MOST_ROWS, UNDO_MINUTES, Outcome, apply_bulk, preview_bulk, undo_bulk
from wushe.registers.desk.declaration import Blank, BulkAct

from .desk import Desk, desk_of
from .forms import ASK, RowChoice, day_field, number_field


class BlanksForm(forms.Form):
    """What an act asks to be filled in."""

    def __init__(self, *args: Any, act: BulkAct, request: PageRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for blank in act.blanks:
            self.fields[blank.name] = _field(blank, request)


def _field(blank: Blank, request: PageRequest) -> forms.Field:
    choices = [("", "请选择"), *blank.choices(request.actor, timezone.localdate())]
    if blank.kind == "day":
        return day_field(blank.label, required=blank.required, hint=blank.hint)
    if blank.kind == "whole":
        return number_field(blank.label, required=blank.required, hint=blank.hint)
    if blank.kind == "choice_id":
        return RowChoice(label=blank.label, choices=choices, required=blank.required, help_text=blank.hint)
    if blank.kind == "choice":
        return forms.ChoiceField(label=blank.label, choices=choices, required=blank.required, error_messages=ASK)
    return forms.CharField(
        label=blank.label, max_length=80, required=blank.required, help_text=blank.hint, error_messages=ASK
    )


@require_POST
@signed_in
def bulk(request: PageRequest, code: str, act: str) -> HttpResponse:
    """Ask, preview or do, whichever the step is; nothing is changed before the last."""
    desk = desk_of(code)
    request.actor.require(desk.register.permission)
    wanted = desk.register.act(act)
    request.actor.require(wanted.permission)
    ids, step = _ids(request, desk), request.POST.get("step", "")
    form = BlanksForm(request.POST if step else None, act=wanted, request=request)
    context = {
        "desk": desk, "act": wanted, "form": form, "ids": ids, "kept": _kept(request, wanted),
        "undo_minutes": UNDO_MINUTES,
    }  # fmt: skip
    if not ids or len(ids) > MOST_ROWS:
        context["fault"] = "请先在台账里勾选要办理的记录。" if not ids else f"一次最多办理{MOST_ROWS}条，请先缩小范围。"
        return render(request, "www/registers/bulk.html", context, status=422)
    if wanted.blanks and not form.is_valid():
        return render(request, "www/registers/bulk.html", context, status=422 if step else 200)
    values = form.cleaned_data if wanted.blanks else {}
    asked: dict[str, Any] = {
        "actor": request.actor, "at": timezone.now(), "register": code, "act": act, "ids": ids, "values": values,
    }  # fmt: skip
    try:
        if step == "do":
            return _do(request, desk, asked)
        outcome = preview_bulk(**asked)
    except (Invalid, Conflict) as refusal:
        context["fault"] = refusal.message
        return render(request, "www/registers/bulk.html", context, status=422)
    return render(request, "www/registers/bulk.html", {**context, **_shown(desk, outcome)})


@require_POST
@signed_in
def undo(request: PageRequest, change_id: int) -> HttpResponse:
    """Take a bulk change back."""
    outcome = undo_bulk(actor=request.actor, at=timezone.now(), change_id=change_id)
    assert outcome.change is not None
    desk = desk_of(outcome.change.register)
    messages.success(request, f"已撤回 {len(outcome.changed)} 条。")
    if outcome.refused:
        named = "；".join(f"{desk.register.name(row)}：{why}" for row, why in outcome.refused[:5])
        messages.warning(request, f"{len(outcome.refused)} 条没有撤回。{named}")
    return HttpResponseRedirect(desk.address)


def _do(request: PageRequest, desk: Desk, asked: dict[str, Any]) -> HttpResponse:
    outcome = apply_bulk(**asked)
    assert outcome.change is not None
    left = f"，{len(outcome.refused)} 条没有办理" if outcome.refused else ""
    messages.success(request, f"已办理 {len(outcome.changed)} 条{left}。")
    return redirect(f"{desk.address}?done={outcome.change.pk}")


def _ids(request: PageRequest, desk: Desk) -> list[int]:
    """Return the rows that are meant: those ticked, or all that the list holds under its filters."""
    if request.POST.get("all") == "1":
        on = timezone.localdate()
        offers = selectors.offers_of(desk.register, actor=request.actor, on=on)
        where = selectors.where_of(desk.register, request.POST, offers=offers)
        found = selectors.narrowed(desk.register, actor=request.actor, where=where, on=on)
        return list(found.order_by("pk").values_list("pk", flat=True)[: MOST_ROWS + 1])
    return [number for one in request.POST.getlist("rows")[: MOST_ROWS + 1] if (number := whole(one)) is not None]


def _kept(request: PageRequest, act: BulkAct) -> list[tuple[str, str]]:
    return [(blank.name, request.POST.get(blank.name, "")) for blank in act.blanks]


def _shown(desk: Desk, outcome: Outcome) -> dict[str, Any]:
    """Return what a preview tells: who changes from what to what, who does not and why."""
    return {
        "outcome": outcome,
        "lines": [(desk.register.name(row), done) for row, done in outcome.changed],
        "refused": [(desk.register.name(row), why) for row, why in outcome.refused],
    }
