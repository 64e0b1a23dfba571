"""Read projects: the register with counts, one with its needs and money, and the budget lines with what is left."""

from dataclasses import dataclass, replace

from django.db.models import Count, Prefetch, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.scope import obtain, visible, within

from .models import BudgetLine, Project, ProjectState


@dataclass(frozen=True, slots=True)
class ProjectFilter:
    """What the list of projects is narrowed to; an empty value leaves that side open."""

    state: str = ""
    area_code: str = ""
    text: str = ""


def find_projects(*, actor: Actor, where: ProjectFilter = ProjectFilter()) -> QuerySet[Project]:
    """Return the actor's projects that match, newest first, each with its lines and the count of its needs."""
    actor.require("projects:view")
    lines = Prefetch("budget_lines", BudgetLine.objects.select_related("account").order_by("id"))
    projects = _narrowed(actor, where).select_related("carrier").prefetch_related(lines)
    return projects.annotate(needs_count=Count("needs")).order_by("-id")


def project_counts(*, actor: Actor, where: ProjectFilter = ProjectFilter()) -> dict[str, int]:
    """Return capped counts by state under the other filters, in one query."""
    actor.require("projects:view")
    projects = _narrowed(actor, replace(where, state=""))
    parts = {state: projects.filter(state=state) for state in ProjectState.values}
    return capped_counts({**parts, "all": projects})


def project_of(*, actor: Actor, project_id: int) -> Project:
    """Return one project with its lines; raise NotAllowed without `projects:view`, NotFound out of scope."""
    actor.require("projects:view")
    lines = Prefetch("budget_lines", BudgetLine.objects.select_related("account").order_by("id"))
    return obtain(Project.objects.select_related("carrier").prefetch_related(lines), actor, pk=project_id)


def needs_of(*, actor: Actor, project: Project) -> list[Project.needs.through]:  # type: ignore[name-defined]
    """Return the needs that a project answers and that the actor may see, newest first."""
    actor.require("needs:view")
    return list(visible(project.needs.select_related("person", "item"), actor).order_by("-id"))


def projects_for(*, area_code: str) -> QuerySet[Project]:
    """Return the approved and running projects that cover a place, for linking a need of it."""
    covering = [area_code[:length] for length in (6, 9, 12) if length <= len(area_code)]
    states = [ProjectState.APPROVED, ProjectState.RUNNING]
    return Project.objects.filter(area_code__in=covering, state__in=states).select_related("carrier").order_by("title")


def lines_with_money(*, area_code: str) -> QuerySet[BudgetLine]:
    """Return the budget lines of running projects that cover a place and have money left, the fullest first."""
    covering = projects_for(area_code=area_code).filter(state=ProjectState.RUNNING)
    lines = BudgetLine.objects.filter(project__in=covering, account__balance__gt=0)
    return lines.select_related("project", "account").order_by("-account__balance", "id")


def _narrowed(actor: Actor, where: ProjectFilter) -> QuerySet[Project]:
    projects = visible(Project.objects.all(), actor)
    if where.state:
        projects = projects.filter(state=where.state)
    if where.area_code:
        projects = projects.filter(within(where.area_code))
    return projects.filter(title__contains=where.text.strip()) if where.text.strip() else projects
