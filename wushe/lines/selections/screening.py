"""Screening: what the registers know of an applicant is found by rule, and a person passes, asks or bars."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from wushe.chain.projects.models import Rectification, RectificationState
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.saying import said
from wushe.foundation.scope import covering, obtain
from wushe.registers.organisations.models import Grade, Organisation, Standing

from .announcing import RIGHT
from .models import Ban, Proposal, Selection
from .rules import rules_of
from .states import SelectionState
from .workflow import PROPOSAL

Finding = dict[str, Any]


class NotEligible(Conflict):
    """A rule of eligibility is not met; nobody can pass it by hand."""


def findings_of(proposal: Proposal, *, on: date) -> list[Finding]:
    """Return each rule of the place with whether the applicant meets it and by what that is seen."""
    selection, organisation = proposal.selection, proposal.organisation
    wanted = rules_of(selection, on=on).of_kind("eligibility")
    return [{"rule": code, **_RULES[code](organisation, selection, on)} for code in wanted if code in _RULES]


@domain_call(RIGHT)
def pass_proposal(*, actor: Actor, at: datetime, proposal_id: int, remark: str = "") -> Proposal:
    """Let a filed proposal through to the jury; raises NotFound, MoveNotAllowed, NotEligible with what is not met."""
    proposal, findings = _looked_at(actor, at, proposal_id)
    if unmet := [f"{one['says']}：{one['seen']}" for one in findings if not one["met"]]:
        raise NotEligible(f"资格条件没有达到：{'；'.join(unmet)}。")
    return _screened(proposal, "pass", findings, remark, actor=actor, at=at)


@domain_call(RIGHT)
def bar_proposal(*, actor: Actor, at: datetime, proposal_id: int, remark: str) -> Proposal:
    """Say that a filed proposal does not qualify, and why; raises NotFound, MoveNotAllowed, Invalid without a reason."""
    proposal, findings = _looked_at(actor, at, proposal_id)
    if not remark.strip():
        raise Invalid(fields={"remark": "请写明哪里不符合，会告诉申报机构。"})
    return _screened(proposal, "bar", findings, remark, actor=actor, at=at)


@domain_call(RIGHT)
def ask_material(*, actor: Actor, at: datetime, proposal_id: int, ask: str) -> Proposal:
    """Send a filed proposal back to be mended within the preset's days; raises NotFound, MoveNotAllowed, Invalid."""
    proposal = obtain(Proposal.objects.select_related("selection"), actor, pk=proposal_id)
    ask = said(ask, "ask", least=4, ask="请写明要补什么")
    today = timezone.localdate(at)
    due_on = today + timedelta(days=int(rules_of(proposal.selection, on=today).value("mend_days")))
    PROPOSAL.move(proposal, "ask", actor=actor, at=at, changes={"ask": ask, "ask_due_on": due_on})
    return proposal


def _looked_at(actor: Actor, at: datetime, proposal_id: int) -> tuple[Proposal, list[Finding]]:
    proposal = obtain(Proposal.objects.select_related("selection", "organisation"), actor, pk=proposal_id)
    if proposal.selection.state not in (SelectionState.OPEN, SelectionState.SCREENING):
        raise Conflict("资格审查已经结束。")
    return proposal, findings_of(proposal, on=timezone.localdate(at))


def _screened(
    proposal: Proposal, event: str, findings: list[Finding], remark: str, *, actor: Actor, at: datetime
) -> Proposal:
    changes = {"findings": findings, "remark": remark.strip()[:300], "screened_by": actor.user_id}
    PROPOSAL.move(proposal, event, actor=actor, at=at, changes=changes)
    return proposal


def _registered(organisation: Organisation, selection: Selection, on: date) -> Finding:
    met = organisation.standing == Standing.REGISTERED and bool(organisation.uscc)
    seen = f"{organisation.get_standing_display()}，{organisation.uscc or '没有统一社会信用代码'}"
    return {"says": "依法登记", "met": met, "seen": seen}


def _present(organisation: Organisation, selection: Selection, on: date) -> Finding:
    left = organisation.left_on
    return {"says": "在册", "met": left is None, "seen": "在册" if left is None else f"{left}已退出"}


def _graded(organisation: Organisation, selection: Selection, on: date) -> Finding:
    least = rules_of(selection, on=on).value("grade.least")
    grades = list(Grade.values)
    met = not least or (organisation.grade in grades and grades.index(organisation.grade) <= grades.index(least))
    says = f"评估等级不低于{least}" if least else "评估等级（不作要求）"
    return {"says": says, "met": met, "seen": organisation.grade or "没有参加评估"}


def _no_ban(organisation: Organisation, selection: Selection, on: date) -> Finding:
    ban = standing_bans(on=on).filter(covering(selection.area_code), organisation=organisation).first()
    seen = f"{ban.ends_on:%Y年%-m月%-d日}前禁止申报（{ban.reason}）" if ban else "没有"
    return {"says": "没有禁止申报的记录", "met": ban is None, "seen": seen}


def _no_rectification(organisation: Organisation, selection: Selection, on: date) -> Finding:
    waiting = Rectification.objects.filter(project__carrier=organisation).exclude(state=RectificationState.CLOSED)
    count = waiting.count()
    return {"says": "没有未销号的整改", "met": not count, "seen": f"还有{count}项" if count else "没有"}


def standing_bans(*, on: date) -> Any:
    """Return the bans that hold on a day."""
    return Ban.objects.filter(starts_on__lte=on, ends_on__gte=on, lifted_on=None)


_RULES: dict[str, Callable[[Organisation, Selection, date], Finding]] = {
    "registered": _registered,
    "present": _present,
    "graded": _graded,
    "no_ban": _no_ban,
    "no_open_rectification": _no_rectification,
}
