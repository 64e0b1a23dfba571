"""Read projects: the register with counts, one with its needs and money, and the budget lines with what is left."""

from dataclasses import dataclass, replace

from django.db.models import Count, Prefetch, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.errors import NotFound
from wushe.foundation.roles import Reach
from wushe.foundation.scope import covering, visible, within

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
    project = _seen(actor).select_related("carrier").prefetch_related(lines).filter(pk=project_id).first()
    if project is None:
        raise NotFound
    return project


def needs_of(*, actor: Actor, project: Project) -> list[Project.needs.through]:  # type: ignore[name-defined]
    """Return the needs that a project answers and that the actor may see, newest first."""
    actor.require("needs:view")
    return list(visible(project.needs.select_related("person", "item"), actor).order_by("-id"))


def projects_for(*, area_code: str) -> QuerySet[Project]:
    """Return the approved and running projects that cover a place, for linking a need of it."""
    states = [ProjectState.APPROVED, ProjectState.RUNNING]
    there = Project.objects.filter(covering(area_code), state__in=states)
    return there.select_related("carrier").order_by("title")


def lines_with_money(*, area_code: str) -> QuerySet[BudgetLine]:
    """Return the budget lines of running projects that cover a place and have money left, the fullest first."""
    running = projects_for(area_code=area_code).filter(state=ProjectState.RUNNING)
    lines = BudgetLine.objects.filter(project__in=running, account__balance__gt=0)
    return lines.select_related("project", "account").order_by("-account__balance", "id")


def _narrowed(actor: Actor, where: ProjectFilter) -> QuerySet[Project]:
    projects = _seen(actor)
    if where.state:
        projects = projects.filter(state=where.state)
    if where.area_code:
        projects = projects.filter(within(where.area_code))
    return projects.filter(title__contains=where.text.strip()) if where.text.strip() else projects


def _seen(actor: Actor) -> QuerySet[Project]:
    """Return the projects of the actor's scope, and for a role of an area those above it, which serve it too."""
    if actor.reach is Reach.AREA and actor.area_code:
        return Project.objects.filter(within(actor.area_code) | covering(actor.area_code))
    return visible(Project.objects.all(), actor)


def projects_carried_by(*, actor: Actor, organisation_id: int) -> QuerySet[Project]:
    """Return the projects that an organisation carries within the actor's scope, newest first."""
    actor.require("projects:view")
    return visible(Project.objects.filter(carrier_id=organisation_id), actor).order_by("-id")
