"""Read resources: the list 资源清单 with what is left, and everything that could answer a need."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from wushe.chain.needs.models import Need
from wushe.chain.projects.models import BudgetLine, Project
from wushe.chain.projects.selectors import lines_with_money, projects_for
from wushe.foundation.actor import Actor
from wushe.foundation.roles import Reach
from wushe.foundation.scope import covering, visible, within
from wushe.registers.organisations.models import Organisation
from wushe.registers.organisations.selectors import takers_at

from .fitting import usable
from .models import Linkage, Resource


@dataclass(frozen=True, slots=True)
class LinkChoices:
    """What could answer a need: organisations that take orders here, projects, money, resources."""

    organisations: list[Organisation]
    projects: list[Project]
    lines: list[BudgetLine]
    resources: list[Resource]


def find_resources(
    *, actor: Actor, on: date, kind: str = "", text: str = "", area_code: str = "", only_left: bool = False
) -> QuerySet[Resource]:
    """Return the resource list within the actor's scope, narrowed; raise NotAllowed without `resources:view`."""
    actor.require("resources:view")
    resources = _narrowed(actor, text, area_code, on, only_left=only_left)
    if kind:
        resources = resources.filter(kind=kind)
    return resources.select_related("owner").order_by("-id")


def link_choices(*, need: Need, on: date) -> LinkChoices:
    """Return what could answer this need. The caller has seen the need within scope."""
    resources = Resource.objects.filter(usable(on), covering(need.area_code), left__gt=0)
    return LinkChoices(
        organisations=takers_at(area_code=need.area_code, on=on),
        projects=list(projects_for(area_code=need.area_code)),
        lines=list(lines_with_money(area_code=need.area_code)),
        resources=list(resources.select_related("owner").order_by("kind", "title")),
    )


def standing_linkage(*, need: Need) -> Linkage | None:
    """Return the linkage in force of a need that the caller has seen within scope."""
    rows = need.linkages.filter(ended_at=None)
    return rows.select_related("organisation", "project", "budget_line__account", "resource__owner").first()


def past_linkages(*, need: Need) -> QuerySet[Linkage]:
    """Return the linkages of a need that have ended, newest first."""
    return need.linkages.exclude(ended_at=None).select_related("organisation").order_by("-id")


def _narrowed(actor: Actor, text: str, area_code: str, on: date, *, only_left: bool) -> QuerySet[Resource]:
    resources = seen_resources(actor)
    if text.strip():
        resources = resources.filter(Q(title__contains=text.strip()) | Q(owner__name__contains=text.strip()))
    if area_code:
        resources = resources.filter(within(area_code))
    return resources.filter(usable(on), left__gt=0) if only_left else resources


def seen_resources(actor: Actor) -> QuerySet[Resource]:
    """Return the resources of the actor's scope, and for a role of an area those above it, which it may use too."""
    if actor.reach is Reach.AREA and actor.area_code:
        return Resource.objects.filter(within(actor.area_code) | covering(actor.area_code))
    return visible(Resource.objects.all(), actor)


def resources_of(*, actor: Actor, owner_id: int | None = None, donor_id: int | None = None) -> QuerySet[Resource]:
    """Return what an owner offers, or a donor gave, on the list within the actor's scope, newest first."""
    actor.require("resources:view")
    rows = seen_resources(actor).filter(withdrawn_on=None).select_related("owner").order_by("-id")
    return rows.filter(owner_id=owner_id) if owner_id is not None else rows.filter(donor_id=donor_id or 0)


def resources_at(*, actor: Actor, area_code: str, on: date) -> QuerySet[Resource]:
    """Return what member units have declared in a place and can be used on a day, by owner."""
    actor.require("resources:view")
    rows = seen_resources(actor).filter(usable(on), within(area_code), left__gt=0)
    return rows.select_related("owner").order_by("owner__initials", "kind", "title")


def uses_of(*, resource: Resource) -> QuerySet[Linkage]:
    """Return the linkages that took from a resource the caller has seen within scope, newest first."""
    return resource.linkage_set.select_related("need__item").order_by("-id")
