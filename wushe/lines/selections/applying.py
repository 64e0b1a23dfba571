"""Organisations answer a call: they write, promise, file in time, mend what they are asked to, or withdraw."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotAllowed
from wushe.foundation.quantities import show_fen
from wushe.foundation.scope import obtain
from wushe.registers.areas.selectors import area_at
from wushe.registers.organisations.models import Organisation

from .announcing import shut
from .models import Proposal, Selection
from .rules import rules_of
from .selectors import selection_for
from .states import ProposalState, SelectionState
from .workflow import PROPOSAL

RIGHT = "selections:apply"
FIELDS = ("title", "area_code", "purpose", "logic", "indicators", "people", "asked_fen", "papers")
MOST_PEOPLE = 10_000_000


class TooLate(Conflict):
    """Late material fails by rule; nobody may let it in."""

    def __init__(self, due_on: date) -> None:
        super().__init__(f"应在{due_on:%Y年%-m月%-d日}前提交，已经过期，逾期材料一律不收。")


class AppliedAlready(Conflict):
    """One organisation, one proposal in a selection."""

    message = "本机构已经申报过这一次，请在原来的申报书上修改。"


@domain_call(RIGHT)
def draft_proposal(*, actor: Actor, at: datetime, selection_id: int, **values: Any) -> Proposal:
    """Begin a proposal of one's own organisation; raises NotFound, AppliedAlready, TooLate, Invalid beside each field."""
    organisation = _own(actor)
    selection = selection_for(actor=actor, selection_id=selection_id, held=True)
    _check_open(selection, at)
    if selection.proposals.filter(organisation=organisation).exclude(state=ProposalState.WITHDRAWN).exists():
        raise AppliedAlready
    proposal = Proposal(selection=selection, organisation=organisation)
    _set(proposal, values, on=timezone.localdate(at))
    PROPOSAL.start(proposal, event="draft", actor=actor, at=at, data={"selection": selection.pk})
    return proposal


@domain_call(RIGHT)
def amend_proposal(*, actor: Actor, at: datetime, proposal_id: int, changes: dict[str, Any]) -> Proposal:
    """Change a proposal that is not filed, or was sent back; raises NotFound, MoveNotAllowed, Invalid."""
    proposal = obtain(Proposal.objects.select_related("selection"), actor, pk=proposal_id)
    PROPOSAL.edge(proposal.state, "amend")
    _set(proposal, {name: changes.get(name, getattr(proposal, name)) for name in FIELDS}, on=timezone.localdate(at))
    PROPOSAL.move(proposal, "amend", actor=actor, at=at, changes={name: getattr(proposal, name) for name in FIELDS})
    return proposal


@domain_call(RIGHT)
def file_proposal(*, actor: Actor, at: datetime, proposal_id: int, declared: Sequence[str]) -> Proposal:
    """File a proposal with all that its organisation declares; what is late fails.

    Raises NotFound, MoveNotAllowed, TooLate, Invalid for a declaration that is missing.
    """
    proposal = obtain(Proposal.objects.select_related("selection"), actor, pk=proposal_id)
    PROPOSAL.edge(proposal.state, "file")
    selection, today = proposal.selection, timezone.localdate(at)
    if proposal.state == ProposalState.ASKED:
        if today > (proposal.ask_due_on or today):
            raise TooLate(proposal.ask_due_on or today)
    else:
        _check_open(selection, at)
    wanted = rules_of(selection, on=today).value("declarations")
    if missing := [one for one in wanted if one not in declared]:
        raise Invalid(fields={"declared": f"还没有承诺：{missing[0]}"})
    changes = {"declared": list(wanted), "filed_on": today, "filed_by": actor.user_id}
    PROPOSAL.move(proposal, "file", actor=actor, at=at, changes=changes)
    return proposal


@domain_call(RIGHT)
def withdraw_proposal(*, actor: Actor, at: datetime, proposal_id: int) -> Proposal:
    """Take a proposal back before it is screened; raises NotFound, MoveNotAllowed."""
    proposal = obtain(Proposal, actor, pk=proposal_id)
    PROPOSAL.move(proposal, "withdraw", actor=actor, at=at)
    return proposal


@domain_call("jobs:run")
def lapse_late(*, actor: Actor, at: datetime) -> int:
    """Close the calls whose last day has passed, and let lapse what was not mended in time; return how many things."""
    today = timezone.localdate(at)
    over = list(Selection.objects.filter(state=SelectionState.OPEN, due_on__lt=today).order_by("pk"))
    for selection in over:
        shut(selection, actor=actor, at=at)
    late = list(Proposal.objects.filter(state=ProposalState.ASKED, ask_due_on__lt=today).order_by("pk"))
    for proposal in late:
        PROPOSAL.move(proposal, "lapse", actor=actor, at=at, changes={"remark": "逾期没有补正"})
    return len(over) + len(late)


def _own(actor: Actor) -> Organisation:
    found = Organisation.objects.filter(pk=actor.organisation_id, left_on=None).first()
    if found is None:
        raise NotAllowed("只有在册机构可以申报。")
    return found


def _check_open(selection: Selection, at: datetime) -> None:
    if selection.state != SelectionState.OPEN or timezone.localdate(at) > selection.due_on:
        raise TooLate(selection.due_on)


def _set(proposal: Proposal, values: dict[str, Any], *, on: date) -> None:
    for name in FIELDS:
        value = values[name]
        setattr(proposal, name, value.strip() if isinstance(value, str) else value)
    proposal.indicators = [line.strip() for line in proposal.indicators if line.strip()]
    if faults := _faults(proposal, on=on):
        raise Invalid(fields=faults)


def _faults(proposal: Proposal, *, on: date) -> dict[str, str]:
    selection, faults = proposal.selection, {}
    if not 2 <= len(proposal.title) <= 60:
        faults["title"] = "请填写项目名称（2到60个字）。"
    if not proposal.area_code.startswith(selection.area_code) or area_at(code=proposal.area_code, on=on) is None:
        faults["area_code"] = "请选择征集范围内的街道或社区。"
    for name, words in (("purpose", "要解决什么需求、达到什么目标"), ("logic", "怎么做、用什么专业方法")):
        if not 20 <= len(getattr(proposal, name)) <= 3000:
            faults[name] = f"请写明{words}（20到3000个字）。"
    if not proposal.indicators:
        faults["indicators"] = "请至少写一项可以衡量的指标。"
    if not 0 < proposal.people <= MOST_PEOPLE:
        faults["people"] = "请填写预计服务多少人。"
    if not 0 < proposal.asked_fen <= selection.limit_fen:
        faults["asked_fen"] = f"金额应大于零，不超过{show_fen(selection.limit_fen)}。"
    if len(proposal.papers) > 300:
        faults["papers"] = "请写在300个字以内。"
    return faults
