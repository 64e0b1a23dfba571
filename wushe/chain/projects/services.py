"""Needs that belong together become a project: designed, approved, funded line by line, started, closed."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.chain.needs.models import Need
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain, visible
from wushe.ledgers.models import AccountKind, LedgerUnit
from wushe.ledgers.services import open_account, post
from wushe.registers.areas.selectors import area_at
from wushe.registers.organisations.models import Organisation

from .models import BudgetLine, Project, ProjectState, SourceClass
from .workflow import PROJECT

LARGEST_SUM = 10_000_000_000_00  # fen; a slip of the keyboard, not a policy


class ProjectEnded(Conflict):
    """A closed project is not changed."""

    message = "项目已经结项，不能再改。"


@domain_call("projects:design")
def design_project(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    area_code: str,
    purpose: str,
    scene: str = "",
    logic: str = "",
    indicators: Sequence[str] = (),
    carrier_id: int | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
    need_ids: Sequence[int] = (),
    client_key: str = "",
) -> Project:
    """Design a project for an area inside the actor's own, from the needs that it will answer; once for a client key.

    Raises Invalid beside each field at fault, NotFound for a need outside the actor's scope.
    """
    _check_design(
        actor=actor, at=at, title=title, area_code=area_code, purpose=purpose, starts_on=starts_on, ends_on=ends_on
    )
    project = Project(
        title=title.strip(), area_code=area_code, purpose=purpose.strip(), scene=scene, logic=logic.strip(),
        indicators=[line.strip() for line in indicators if line.strip()], carrier=_carrier(carrier_id),
        starts_on=starts_on, ends_on=ends_on,
    )  # fmt: skip

    def effect() -> dict[str, Any]:
        PROJECT.start(project, event="design", actor=actor, at=at)
        if need_ids:
            attach_needs(actor=actor, at=at, project_id=project.pk, need_ids=need_ids)
        return {"project": project.pk}

    body = {"title": project.title, "area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="projects.design_project", body=body, effect=effect)
    return Project.objects.get(pk=answer["project"])


@domain_call("projects:design")
def attach_needs(*, actor: Actor, at: datetime, project_id: int, need_ids: Sequence[int]) -> Project:
    """Say that a project answers these needs too; raise NotFound if one lies out of scope, ProjectEnded."""
    project = _living(actor, project_id)
    wanted = set(need_ids)
    needs = list(visible(Need.objects.filter(pk__in=wanted), actor))
    if len(needs) != len(wanted):
        raise Invalid(fields={"needs": "有的需求不在您的辖区内，请重新选择。"})
    project.needs.add(*needs)
    record(kind="project.needs", subject=project, actor=actor, at=at, data={"needs": sorted(wanted)})
    return project


@domain_call("projects:design")
def choose_carrier(*, actor: Actor, at: datetime, project_id: int, organisation_id: int) -> Project:
    """Name the organisation that carries a project, before it starts; raise NotFound, Invalid, ProjectEnded."""
    project = _living(actor, project_id)
    if project.state == ProjectState.RUNNING:
        raise Conflict("项目已经启动，承接机构不能再换。")
    project.carrier = _carrier(organisation_id)
    project.save(update_fields=["carrier"])
    record(kind="project.carrier", subject=project, actor=actor, at=at, data={"organisation": organisation_id})
    return project


@domain_call("projects:approve")
def approve_project(*, actor: Actor, at: datetime, project_id: int) -> Project:
    """Approve a designed project; raise NotFound out of scope, MoveNotAllowed."""
    project = obtain(Project, actor, pk=project_id)
    PROJECT.move(project, "approve", actor=actor, at=at)
    return project


@domain_call("projects:approve")
def return_project(*, actor: Actor, at: datetime, project_id: int, reason: str) -> Project:
    """Send an approved project back to its designers; raise NotFound, Invalid without a reason, MoveNotAllowed."""
    project = obtain(Project, actor, pk=project_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明退回修改的原因。"})
    PROJECT.move(project, "return", actor=actor, at=at, data={"reason": reason.strip()})
    return project


@domain_call("projects:design")
def start_project(*, actor: Actor, at: datetime, project_id: int) -> Project:
    """Start an approved project; raise NotFound, Invalid without a carrier, MoveNotAllowed."""
    project = obtain(Project, actor, pk=project_id)
    changes = {} if project.starts_on else {"starts_on": timezone.localdate(at)}
    PROJECT.move(project, "start", actor=actor, at=at, changes=changes)
    return project


@domain_call("projects:approve")
def close_project(*, actor: Actor, at: datetime, project_id: int, reason: str = "") -> Project:
    """Close a running project; what is left on its lines stays in the books. Raises NotFound, MoveNotAllowed."""
    project = obtain(Project, actor, pk=project_id)
    PROJECT.move(
        project, "close", actor=actor, at=at, changes={"ends_on": timezone.localdate(at)}, data={"reason": reason}
    )
    return project


@domain_call("projects:design")
def add_budget_line(
    *, actor: Actor, at: datetime, project_id: int, title: str, source_class: str, amount_fen: int
) -> BudgetLine:
    """Add money of one source class to a project: an account of its own, funded from the source outside.

    Raises NotFound out of scope, Invalid for a title, source or sum at fault or a title used twice, ProjectEnded.
    """
    project = _living(actor, project_id, held=True)  # two lines added at once would take one number
    _check_line(project, title, source_class, amount_fen)
    line = BudgetLine(project=project, title=title.strip(), source_class=source_class, amount_fen=amount_fen)
    number = project.budget_lines.count() + 1
    line.account = open_account(
        actor=actor, at=at, code=f"budget:{project.pk}:{number}", title=f"{project.title}·{line.title}"[:80],
        unit=LedgerUnit.FEN, kind=AccountKind.BUDGET_LINE, area_code=project.area_code,
        organisation_ref=project.carrier_id,
    )  # fmt: skip
    source = open_account(
        actor=actor, at=at, code=f"outside:{source_class}:{project.area_code[:6]}",
        title=SourceClass(source_class).label, unit=LedgerUnit.FEN, kind=AccountKind.OUTSIDE,
        area_code=project.area_code[:6], may_go_below=True,
    )  # fmt: skip
    line.save(force_insert=True)
    post(
        actor=actor, at=at, key=f"budget-line:{line.pk}:fund", memo=f"拨入：{line.title}",
        legs=[(source.pk, -amount_fen), (line.account_id, amount_fen)],
    )  # fmt: skip
    data = {"line": line.pk, "source": source_class, "fen": amount_fen}
    record(kind="project.fund", subject=project, actor=actor, at=at, data=data)
    return line


def _living(actor: Actor, project_id: int, *, held: bool = False) -> Project:
    """Return a project of the actor's scope that has not ended; raise NotFound or ProjectEnded."""
    project = obtain(Project.objects.select_for_update() if held else Project.objects.all(), actor, pk=project_id)
    if project.state == ProjectState.CLOSED:
        raise ProjectEnded
    return project


def _carrier(organisation_id: int | None) -> Organisation | None:
    if organisation_id is None:
        return None
    carrier = Organisation.objects.filter(pk=organisation_id, left_on=None).first()
    if carrier is None:
        raise Invalid(fields={"carrier": "请从登记册里选择承接机构。"})
    return carrier


def _check_design(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    area_code: str,
    purpose: str,
    starts_on: date | None,
    ends_on: date | None,
) -> None:
    faults = {}
    if not 2 <= len(title.strip()) <= 80:
        faults["title"] = "请填写项目名称（2到80个字）。"
    if not purpose.strip():
        faults["purpose"] = "请写明要解决什么需求、达到什么目标。"
    if not area_code.startswith(actor.area_code) or area_at(code=area_code, on=timezone.localdate(at)) is None:
        faults["area_code"] = "请选择本辖区内的街道或社区。"
    if starts_on and ends_on and ends_on < starts_on:
        faults["ends_on"] = "结束日期不能早于开始日期。"
    if faults:
        raise Invalid(fields=faults)


def _check_line(project: Project, title: str, source_class: str, amount_fen: int) -> None:
    faults = {}
    if not title.strip() or len(title.strip()) > 60:
        faults["title"] = "请填写科目名称（60字以内）。"
    elif project.budget_lines.filter(title=title.strip()).exists():
        faults["title"] = "这个项目里已有同名科目。"
    if source_class not in SourceClass.values:
        faults["source_class"] = "请选择资金来源。"
    if not 0 < amount_fen <= LARGEST_SUM:
        faults["amount"] = "金额应大于零，请以元为单位填写。"
    if faults:
        raise Invalid(fields=faults)
