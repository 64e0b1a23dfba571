"""Read campaigns: how far they are by building and by person, which doors to go to again, and what a phone takes along."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Avg, Count, Q, QuerySet

from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.roles import ROLES, Reach
from wushe.foundation.scope import obtain, visible
from wushe.registers.areas.selectors import place_names

from .models import Campaign, CampaignState, ProposalState, Report, TagProposal, Target, TargetState

OPEN = (TargetState.WAITING, TargetState.AGAIN)


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a part of a campaign is. `settled` are the doors that are reached or have a reason."""

    name: str
    total: int
    reached: int
    not_reached: int
    again: int
    conflicts: int
    place: tuple[float, float] | None = None
    key: str = ""

    @property
    def settled(self) -> int:
        """Return how many doors are dealt with."""
        return self.reached + self.not_reached

    @property
    def left(self) -> int:
        """Return how many doors are still open."""
        return self.total - self.settled


def campaigns_of(*, actor: Actor, text: str = "", state: str = "") -> QuerySet[Campaign]:
    """Return the campaigns of the actor's scope with their counts, newest first; raise NotAllowed."""
    actor.require("door_knock:view")
    found = visible(Campaign.objects.all(), actor)
    if text.strip():
        found = found.filter(title__contains=text.strip())
    if state in CampaignState.values:
        found = found.filter(state=state)
    return found.annotate(
        doors=Count("targets"), reached=Count("targets", Q(targets__state=TargetState.REACHED)),
        settled=Count("targets", Q(targets__state__in=[TargetState.REACHED, TargetState.NOT_REACHED])),
    ).order_by("-id")  # fmt: skip


def campaign_of(*, actor: Actor, campaign_id: int) -> Campaign:
    """Return one campaign of the actor's scope; raise NotAllowed, NotFound."""
    actor.require("door_knock:view")
    return obtain(Campaign.objects.select_related("version__form"), actor, pk=campaign_id)


def whole_progress(*, campaign: Campaign) -> Progress:
    """Return how far a campaign is."""
    return _progress(campaign.targets.aggregate(**_COUNTS), "全部")


def progress_by_building(*, campaign: Campaign) -> list[Progress]:
    """Return how far each building is, those with most to do first."""
    rows = campaign.targets.values("area_code", "building").annotate(
        lng=Avg("longitude"), lat=Avg("latitude"), **_COUNTS
    )
    names = place_names(codes={row["area_code"] for row in rows}, from_level=12)
    found = []
    for row in rows:
        place = (row["lng"], row["lat"]) if row["lng"] is not None else None
        name = row["building"] or f"{names.get(row['area_code'], '')} 未写楼栋".strip()
        found.append(_progress(row, name, place, row["building"]))
    return sorted(found, key=lambda one: (-one.left, one.name))


def progress_by_worker(*, campaign: Campaign) -> list[Progress]:
    """Return how far each person is with their share."""
    rows = list(campaign.targets.values("worker_id").annotate(**_COUNTS).order_by("worker_id"))
    names = dict(
        User.objects.filter(pk__in=[row["worker_id"] for row in rows if row["worker_id"]]).values_list("pk", "name")
    )
    return [
        _progress(row, names.get(row["worker_id"] or 0, "还没分派"), key=str(row["worker_id"] or "")) for row in rows
    ]


def reasons_of(*, campaign: Campaign) -> list[tuple[str, int]]:
    """Return why doors were not reached, and how many of each reason."""
    rows = (
        campaign.targets.filter(state=TargetState.NOT_REACHED)
        .values("reason")
        .annotate(count=Count("id"))
        .order_by("-count")
    )
    words = dict(Target._meta.get_field("reason").flatchoices)
    return [(words[row["reason"]], row["count"]) for row in rows]


def targets_of(
    *, campaign: Campaign, show: str = "", building: str = "", worker_id: int | None = None, on: date
) -> QuerySet[Target]:
    """Return the doors of a campaign in the order of the walk, narrowed to what a list shows."""
    rows = campaign.targets.select_related("household", "person")
    if show in TargetState.values:
        rows = rows.filter(state=show)
    elif show == "conflict":
        rows = rows.filter(conflict=True)
    elif show == "due":
        rows = rows.filter(Q(revisit_on=None) | Q(revisit_on__lte=on), state=TargetState.AGAIN)
    elif show == "leftover":
        rows = rows.exclude(leftovers=[])
    if building:
        rows = rows.filter(building=building)
    return (rows.filter(worker_id=worker_id) if worker_id else rows).order_by("turn", "id")


def target_of(*, actor: Actor, target_id: int) -> Target:
    """Return one door; raise NotAllowed, NotFound."""
    actor.require("door_knock:view")
    return obtain(Target.objects.select_related("campaign__version__form", "household", "person"), actor, pk=target_id)


def target_at(*, actor: Actor, campaign_id: int, target_id: int) -> Target:
    """Return one door of a campaign for somebody who knocks at doors; raise NotAllowed, NotFound."""
    actor.require("door_knock:visit")
    doors = Target.objects.filter(campaign_id=campaign_id).select_related("campaign__version")
    return obtain(doors, actor, pk=target_id)


def reports_of(*, target: Target) -> list[Report]:
    """Return what was sent about a door, the last to arrive first."""
    return list(target.reports.order_by("-id"))


def proposals_of(*, campaign: Campaign) -> QuerySet[TagProposal]:
    """Return the categories that visits speak for and nobody has settled."""
    rows = TagProposal.objects.filter(target__campaign=campaign, state=ProposalState.PROPOSED)
    return rows.select_related("person", "kind", "target").order_by("id")


def accounts_at(*, actor: Actor, area_code: str) -> list[User]:
    """Return who may knock at doors of an area: accounts of it, above it or inside it, as far as the actor's own reaches."""
    roles = [
        role.code for role in ROLES.values() if role.reach is Reach.AREA and "door_knock:visit" in role.permissions
    ]
    grants = Grant.objects.filter(role_code__in=roles, user__is_active=True, valid_until=None).select_related("user")
    near = [
        grant.user for grant in grants.order_by("user_id")
        if grant.area_code.startswith(area_code) or area_code.startswith(grant.area_code)
    ]  # fmt: skip
    return list({user.pk: user for user in near if actor.reach is Reach.AREA}.values())


def own_open_targets(*, actor: Actor) -> QuerySet[Target]:
    """Return the doors that are the actor's to knock at now, in the order of the walk."""
    actor.require("door_knock:visit")
    rows = visible(Target.objects.all(), actor).filter(worker_id=actor.user_id, campaign__state=CampaignState.RUNNING)
    return rows.select_related("campaign__version", "household", "person").order_by("campaign_id", "turn", "id")


def own_campaigns(*, actor: Actor) -> list[Mapping[str, Any]]:
    """Return, for the phone's first page, the actor's campaigns with how many doors are left."""
    rows: Any = own_open_targets(actor=actor).order_by().values("campaign_id", "campaign__title", "campaign__ends_on")
    return list(rows.annotate(doors=Count("id"), left=Count("id", Q(state__in=OPEN))).order_by("campaign__ends_on"))


def report_of(*, target: Target, client_id: str) -> Report:
    """Return one report about a door; raise NotFound."""
    report = target.reports.select_related("version").filter(client_id=client_id).first()
    if report is None:
        raise NotFound
    return report


_COUNTS = {
    "total": Count("id"), "reached": Count("id", Q(state=TargetState.REACHED)),
    "not_reached": Count("id", Q(state=TargetState.NOT_REACHED)), "again": Count("id", Q(state=TargetState.AGAIN)),
    "conflicts": Count("id", Q(conflict=True)),
}  # fmt: skip


def _progress(row: Mapping[str, Any], name: str, place: tuple[float, float] | None = None, key: str = "") -> Progress:
    return Progress(
        name, row["total"], row["reached"], row["not_reached"], row["again"], row["conflicts"], place, key
    )  # fmt: skip
