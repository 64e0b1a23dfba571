"""Projects that answer needs, and their budget lines."""

from datetime import date
from typing import Annotated

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.chain.projects import services
from wushe.chain.projects.models import BudgetLine, Project, ProjectState, SourceClass
from wushe.chain.projects.selectors import ProjectFilter, find_projects, project_of
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaCode, AreaFilter, Body, Code, Day, Fen, Id, LongWords, WithReason, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging

router = Resource("项目")


class BudgetLineShown(Schema):
    """Money of one source class for one purpose; `balance_fen` is what is left."""

    id: int
    project_id: int
    title: str
    source_class: str
    amount_fen: int
    balance_fen: int
    account_id: int

    @staticmethod
    def resolve_balance_fen(line: BudgetLine) -> int:
        """Return what is left on the account."""
        return line.account.balance


class ProjectLine(Schema):
    """A project as a list shows one."""

    id: int
    title: str
    scene: str
    area_code: str
    carrier_id: int | None
    state: str
    starts_on: date | None
    ends_on: date | None


class ProjectShown(ProjectLine):
    """A project with its lines."""

    purpose: str
    logic: str
    indicators: list[str]
    budget_lines: list[BudgetLineShown]

    @staticmethod
    def resolve_budget_lines(project: Project) -> list[BudgetLine]:
        """Return the lines."""
        return list(project.budget_lines.select_related("account").order_by("pk"))


class ProjectQuery(Schema):
    """What the list is narrowed to."""

    state: ProjectState | None = None
    area_code: AreaFilter = ""
    text: Words = ""


class NewProject(Body):
    """A project to be designed."""

    title: Words
    area_code: AreaCode
    purpose: LongWords
    scene: Annotated[Code, Field(max_length=40)] = ""
    logic: LongWords = ""
    indicators: list[Words] = []
    carrier_id: Id | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    need_ids: list[Id] = []


class Needs(Body):
    """The needs that a project answers."""

    need_ids: list[Id]


class Carrier(Body):
    """Who carries a project."""

    organisation_id: Id


class NewLine(Body):
    """Money for a project."""

    title: Words
    source_class: SourceClass
    amount_fen: Fen


@router.lists("/projects", "projects:view", item=ProjectLine, name="project_list", summary="项目")
def projects(request: ApiRequest, where: Query[ProjectQuery], paging: Query[Paging]) -> QuerySet[Project]:
    """List the projects that match."""
    asked = ProjectFilter(state=where.state or "", area_code=where.area_code, text=where.text)
    return find_projects(actor=request.actor, where=asked)


@router.reads("/projects/{project_id}", "projects:view", gives=ProjectShown, name="project", summary="一个项目")
def project(request: ApiRequest, project_id: Id) -> Project:
    """Show one project with its budget lines."""
    return project_of(actor=request.actor, project_id=project_id)


@router.reads(
    "/projects/{project_id}/budget-lines",
    "projects:view",
    gives=list[BudgetLineShown],
    name="budget_line_list",
    summary="预算科目",
)
def lines(request: ApiRequest, project_id: Id) -> list[BudgetLine]:
    """List the budget lines of a project with what is left on each."""
    return ProjectShown.resolve_budget_lines(project_of(actor=request.actor, project_id=project_id))


@router.acts("/projects", "projects:design", gives=ProjectShown, status=201, name="project_design", summary="设计项目")
def design(request: ApiRequest, body: NewProject) -> Project:
    """Design a project from the needs that it will answer."""
    return services.design_project(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts(
    "/projects/{project_id}/needs", "projects:design", gives=ProjectShown, name="project_needs", summary="纳入需求"
)
def attach(request: ApiRequest, project_id: Id, body: Needs) -> Project:
    """Say that a project answers these needs too."""
    return services.attach_needs(
        actor=request.actor, at=timezone.now(), project_id=project_id, need_ids=body.need_ids
    )  # fmt: skip


@router.acts(
    "/projects/{project_id}/carrier",
    "projects:design",
    gives=ProjectShown,
    name="project_carrier",
    summary="选定承接组织",
)
def carrier(request: ApiRequest, project_id: Id, body: Carrier) -> Project:
    """Name the organisation that carries a project."""
    return services.choose_carrier(
        actor=request.actor, at=timezone.now(), project_id=project_id, organisation_id=body.organisation_id
    )


@router.acts(
    "/projects/{project_id}/approve", "projects:approve", gives=ProjectShown, name="project_approve", summary="批准项目"
)
def approve(request: ApiRequest, project_id: Id) -> Project:
    """Approve a designed project."""
    return services.approve_project(actor=request.actor, at=timezone.now(), project_id=project_id)


@router.acts(
    "/projects/{project_id}/return", "projects:approve", gives=ProjectShown, name="project_return", summary="退回设计"
)
def give_back(request: ApiRequest, project_id: Id, body: WithReason) -> Project:
    """Send an approved project back to its designers."""
    return services.return_project(
        actor=request.actor, at=timezone.now(), project_id=project_id, reason=body.reason
    )  # fmt: skip


@router.acts(
    "/projects/{project_id}/start", "projects:design", gives=ProjectShown, name="project_start", summary="开始实施"
)
def start(request: ApiRequest, project_id: Id) -> Project:
    """Start an approved project."""
    return services.start_project(actor=request.actor, at=timezone.now(), project_id=project_id)


@router.acts(
    "/projects/{project_id}/close", "projects:approve", gives=ProjectShown, name="project_close", summary="结项"
)
def close(request: ApiRequest, project_id: Id, body: WithReason) -> Project:
    """Close a running project."""
    return services.close_project(actor=request.actor, at=timezone.now(), project_id=project_id, reason=body.reason)


@router.acts(
    "/projects/{project_id}/budget-lines", "projects:design", gives=BudgetLineShown, status=201, name="budget_line_add",
    summary="增加预算科目",
)  # fmt: skip
def fund(request: ApiRequest, project_id: Id, body: NewLine) -> BudgetLine:
    """Add money of one source class to a project."""
    return services.add_budget_line(actor=request.actor, at=timezone.now(), project_id=project_id, **body.dict())
