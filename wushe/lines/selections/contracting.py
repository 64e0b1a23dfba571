"""From the result to the project: it is written up, signed within its days, made public, filed, and perhaps added to."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils import timezone

from wushe.chain.projects.grants import agree_grant
from wushe.chain.projects.models import Grant, Project
from wushe.chain.projects.services import add_budget_line, approve_project, design_project, start_project
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.quantities import show_fen
from wushe.foundation.scope import obtain

from .announcing import RIGHT
from .models import Addition, Contract, Proposal
from .rules import rules_of
from .states import ProposalState
from .workflow import PROPOSAL

NUMBER_FAULT = "请填写合同编号（4到40个字），不能和别的合同相同。"


class TooMuch(Conflict):
    """What is added to a contract stays within the law's share of it."""


@domain_call(RIGHT)
def write_up(*, actor: Actor, at: datetime, proposal_id: int) -> Project:
    """Make a project of what won, approved and with its carrier, so that it can be held against the standard.

    Raises NotFound, Conflict for a proposal that did not win or has its project already.
    """
    proposal = _won(actor, proposal_id)
    if proposal.project_id:
        raise Conflict("已经立项，请到项目页面核对项目标准。")
    selection = proposal.selection
    project = design_project(
        actor=actor, at=at, title=proposal.title, area_code=proposal.area_code, purpose=proposal.purpose,
        logic=proposal.logic, indicators=proposal.indicators, carrier_id=proposal.organisation_id,
        starts_on=selection.starts_on, ends_on=selection.ends_on,
    )  # fmt: skip
    approve_project(actor=actor, at=at, project_id=project.pk)
    Proposal.objects.filter(pk=proposal.pk).update(project=project)
    record(kind="proposal.write_up", subject=proposal, actor=actor, at=at, data={"project": project.pk})
    return project


@domain_call(RIGHT)
def sign_contract(
    *, actor: Actor, at: datetime, proposal_id: int, number: str, carries_itself: bool, late_reason: str = ""
) -> Contract:
    """Sign with who won: the project starts, its money is promised in the tranches of the place.

    Raises NotFound, Conflict before the project is written up or while the standard's design clauses are not met, Invalid
    for the number, for subcontracting, and for a day beyond the count without a reason.
    """
    proposal, today = _won(actor, proposal_id), timezone.localdate(at)
    selection, number = proposal.selection, number.strip()
    if proposal.project is None:
        raise Conflict("请先立项，再签合同。")
    decided = selection.decided_on or today
    due_on = rules_of(selection, on=decided).contract_due
    faults = {}
    if not 4 <= len(number) <= 40 or Contract.objects.filter(number=number).exists():
        faults["number"] = NUMBER_FAULT
    if not carries_itself:
        faults["carries_itself"] = "承接机构要自己履行，不得转包。"
    if today > due_on and not late_reason.strip():
        faults["late_reason"] = f"应在{due_on:%Y年%-m月%-d日}前签订，已经逾期，请写明原因。"
    if faults:
        raise Invalid(fields=faults)
    start_project(actor=actor, at=at, project_id=proposal.project_id)
    grant = _promised(actor, at, proposal, proposal.sum_fen, title=f"合同{number}"[:60])
    rules = rules_of(selection, on=today)
    contract = _registered(
        proposal=proposal, number=number, amount_fen=proposal.sum_fen, due_on=due_on, signed_on=today,
        signed_by=actor.user_id, late_reason=late_reason.strip()[:200] if today > due_on else "", grant=grant,
        publish_due_on=rules.after(int(rules.value("contract.publish_days"))),
        file_due_on=rules.after(int(rules.value("contract.file_days"))),
        kept_until=_years_on(selection.ends_on, int(rules.value("contract.keep_years"))),
    )  # fmt: skip
    data = {"contract": contract.pk, "fen": contract.amount_fen, "grant": grant.pk}
    PROPOSAL.move(proposal, "contract", actor=actor, at=at, data=data)
    return contract


def _registered(**values: Any) -> Contract:
    try:
        with transaction.atomic():
            return Contract.objects.create(**values)
    except IntegrityError as error:  # somebody registered the number, or this contract, a moment earlier
        raise Invalid(fields={"number": NUMBER_FAULT}) from error


@domain_call(RIGHT)
def note_published(*, actor: Actor, at: datetime, contract_id: int) -> Contract:
    """Write down that a contract was made public; from now on it stands on the public page. Raises NotFound, Conflict."""
    return _noted(actor, at, contract_id, "published_on", "contract.publish")


@domain_call(RIGHT)
def note_filed(*, actor: Actor, at: datetime, contract_id: int) -> Contract:
    """Write down that a copy was filed with the finance department; raises NotFound, Conflict."""
    return _noted(actor, at, contract_id, "filed_on", "contract.file")


@domain_call(RIGHT)
def add_to_contract(*, actor: Actor, at: datetime, contract_id: int, amount_fen: int, reason: str) -> Addition:
    """Buy more of the same under the same terms; all additions together stay within the preset's percent of the contract.

    Raises NotFound, TooMuch, Invalid, Conflict if the project does not run.
    """
    contract = obtain(Contract.objects.select_for_update().select_related("proposal__selection"), actor, pk=contract_id)
    today = timezone.localdate(at)
    faults = {}
    if not 4 <= len(reason.strip()) <= 200:
        faults["reason"] = "请写明追加什么、为什么（4到200个字）。"
    if amount_fen <= 0:
        faults["amount_fen"] = "金额应大于零，请以元为单位填写。"
    if faults:
        raise Invalid(fields=faults)
    left = addable_fen(contract, on=today)
    if amount_fen > left:
        raise TooMuch(
            f"追加合计不能超过原合同的{_share(contract, today)}%，还能追加{show_fen(left)}（政府采购法第四十九条）。"
        )
    number = contract.additions.count() + 1
    grant = _promised(
        actor, at, contract.proposal, amount_fen, title=f"合同{contract.number}追加{number}"[:60], shares=(100,)
    )
    addition = Addition.objects.create(
        contract=contract, reason=reason.strip(), amount_fen=amount_fen, agreed_on=today, agreed_by=actor.user_id, grant=grant
    )  # fmt: skip
    data = {"contract": contract.pk, "fen": amount_fen, "grant": grant.pk}
    record(kind="contract.add", subject=contract.proposal, actor=actor, at=at, data=data)
    return addition


def addable_fen(contract: Contract, *, on: date) -> int:
    """Return how much may still be added to a contract."""
    added = contract.additions.aggregate(total=Sum("amount_fen"))["total"] or 0
    return contract.amount_fen * _share(contract, on) // 100 - int(added)


def _share(contract: Contract, on: date) -> int:
    return int(preset("projects.addition.max", area_code=contract.proposal.selection.area_code, on=on))


def _promised(
    actor: Actor, at: datetime, proposal: Proposal, fen: int, *, title: str, shares: tuple[int, ...] = ()
) -> Grant:
    assert proposal.project_id
    source = proposal.selection.source_class
    line = add_budget_line(
        actor=actor, at=at, project_id=proposal.project_id, title=title, source_class=source, amount_fen=fen
    )  # fmt: skip
    return agree_grant(
        actor=actor, at=at, project_id=proposal.project_id, line_id=line.pk, title=title, amount_fen=fen, shares=shares
    )  # fmt: skip


def _won(actor: Actor, proposal_id: int) -> Proposal:
    rows = Proposal.objects.select_related("selection", "project").select_for_update(of=("self",))
    proposal = obtain(rows, actor, pk=proposal_id)
    if proposal.state != ProposalState.WON:
        raise Conflict("只有已经确定入选、还没有签约的项目才能办理。")
    return proposal


def _noted(actor: Actor, at: datetime, contract_id: int, name: str, kind: str) -> Contract:
    contract = obtain(Contract.objects.select_related("proposal"), actor, pk=contract_id)
    today = timezone.localdate(at)
    if not Contract.objects.filter(pk=contract.pk, **{name: None}).update(**{name: today}):
        raise Conflict("已经登记过了。")
    setattr(contract, name, today)
    record(kind=kind, subject=contract.proposal, actor=actor, at=at, data={"contract": contract.pk})
    return contract


def _years_on(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28) + timedelta(days=1)
