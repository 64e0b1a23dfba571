"""Run a door-knock: draw the list, share it out, take what phones send, settle what two phones say differently, close."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from wushe.chain.resources.models import ResourceKind
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain, within
from wushe.registers.forms.models import FormVersion
from wushe.registers.forms.questions import walk
from wushe.registers.forms.selectors import usable_versions
from wushe.registers.people.enums import ConsentPurpose
from wushe.registers.people.models import Household, Person, TagKind

from . import receiving
from .fills import fault_of_fill
from .models import Aim, Campaign, CampaignState, Reason, Report, Target, TargetState
from .routing import Door, share_out
from .selectors import accounts_at
from .workflow import CAMPAIGN

MOST_DOORS = 20_000
DESK = "desk"
_NAMESPACE = UUID("5a8f5b0e-6f0e-4d5a-9a51-5d0c6f2f7a10")


class StillOpen(Conflict):
    """Somebody is neither reached nor given a reason, or two records differ."""

    message = "还有没走到、也没写原因的户，或有两份不同的记录没有确认，暂时不能结束。"


@dataclass(frozen=True, slots=True)
class PhoneReport:
    """What a phone says about a door."""

    client_id: UUID
    device: str
    turn: int
    outcome: str
    device_at: datetime
    sent_at: datetime | None = None
    after: Sequence[str] = ()
    reason: str = ""
    revisit_on: date | None = None
    person_id: int | None = None
    version_id: int | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)


@domain_call("door_knock:manage")
def open_campaign(
    *, actor: Actor, at: datetime, title: str, version_id: int, aim: str, area_code: str, starts_on: date, ends_on: date,
    worker_ids: Sequence[int], tag_codes: Sequence[str] = (),
) -> Campaign:  # fmt: skip
    """Open a campaign: all doors of its list are drawn and shared out at once, so that 100 % has a meaning.

    Raises Invalid beside each field at fault, also for a list that is empty.
    """
    campaign = Campaign(
        title=title.strip()[:60], aim=aim, tag_codes=list(tag_codes) if aim == Aim.PEOPLE else [], area_code=area_code,
        starts_on=starts_on, ends_on=ends_on, made_at=at, made_by=actor.user_id,
    )  # fmt: skip
    campaign.version = _check_campaign(actor, version_id, campaign, tag_codes)
    _refuse_strange_workers(actor, area_code, worker_ids)
    targets = _draw(campaign)
    if not targets:
        raise Invalid(fields={"area_code": "这个范围里没有要走访的人家，请换一个范围或类别。"})
    if len(targets) > MOST_DOORS:
        raise Invalid(fields={"area_code": f"一次行动最多{MOST_DOORS}户，请分社区开展。"})
    CAMPAIGN.start(
        campaign, event="open", actor=actor, at=at, data={"targets": len(targets), "workers": len(worker_ids)}
    )
    Target.objects.bulk_create(_in_turn(targets, list(worker_ids)), batch_size=500)
    return campaign


@domain_call("door_knock:manage")
def share_again(*, actor: Actor, at: datetime, campaign_id: int, worker_ids: Sequence[int]) -> int:
    """Share the doors that are still open among these people; return how many doors. Raises NotFound, Invalid, Conflict."""
    campaign = _running(actor, campaign_id)
    _refuse_strange_workers(actor, campaign.area_code, worker_ids)
    open_doors = campaign.targets.filter(state__in=[TargetState.WAITING, TargetState.AGAIN])
    targets = _in_turn(list(open_doors.select_related("household", "person__household")), list(worker_ids))
    Target.objects.bulk_update(targets, ["worker_id", "turn", "building"], batch_size=500)
    record(
        kind="campaign.share", subject=campaign, actor=actor, at=at,
        data={"targets": len(targets), "workers": sorted(worker_ids)},
    )  # fmt: skip
    return len(targets)


@domain_call("door_knock:visit")
def take_report(*, actor: Actor, at: datetime, target_id: int, report: PhoneReport) -> Target:
    """Take what a phone or the desk says about a door; the same report again changes nothing.

    Raises NotFound out of scope, KeyReused if the number stands for another report, Invalid for answers that do not
    keep the form's rules, and Conflict for a campaign that is over.
    """
    target = obtain(Target.objects.select_related("campaign__version"), actor, pk=target_id)
    if target.campaign.state != CampaignState.RUNNING and not receiving.known(target, report.client_id):
        raise Conflict("这次行动已经结束，不再接收新的记录。请联系社区核对。")
    return receiving.receive(actor=actor, at=at, target=target, report=report)


@domain_call("door_knock:visit")
def settle_conflict(*, actor: Actor, at: datetime, target_id: int, client_id: str) -> Target:
    """Let one of several different reports count; the others stay readable. Raises NotFound, Conflict, Invalid."""
    target = obtain(Target.objects.select_related("campaign__version"), actor, pk=target_id)
    heads = receiving.standing_of(target).heads
    if not target.conflict or len(heads) < 2:
        raise Conflict("这一户没有要确认的两份记录，可能别人已经确认过。")
    if client_id not in heads:
        raise Invalid(fields={"client_id": "请选择其中一份记录。"})
    chosen: Report = target.reports.select_related("version").get(client_id=client_id)
    settled = PhoneReport(
        client_id=uuid5(_NAMESPACE, "+".join([*heads, client_id])), device=DESK, turn=0, outcome=chosen.outcome,
        device_at=at, after=heads, reason=chosen.reason, revisit_on=chosen.revisit_on, person_id=chosen.person_id,
        version_id=chosen.version_id, answers=receiving.answers_of(chosen),
    )  # fmt: skip
    record(kind="target.settle", subject=target, actor=actor, at=at, data={"chosen": client_id, "of": list(heads)})
    return receiving.receive(actor=actor, at=at, target=target, report=settled)


@domain_call("door_knock:manage")
def close_campaign(*, actor: Actor, at: datetime, campaign_id: int) -> Campaign:
    """Close a campaign in which every door is reached or has its reason; raise StillOpen otherwise."""
    campaign = _running(actor, campaign_id)
    left = campaign.targets.filter(state__in=[TargetState.WAITING, TargetState.AGAIN]).count()
    unsettled = campaign.targets.filter(conflict=True).count()
    if left or unsettled:
        raise StillOpen(f"还有{left}户没走到也没写原因，{unsettled}户有两份不同的记录没有确认，暂时不能结束。")
    CAMPAIGN.move(campaign, "close", actor=actor, at=at, changes={"closed_at": at})
    return campaign


@domain_call("door_knock:manage")
def cancel_campaign(*, actor: Actor, at: datetime, campaign_id: int) -> Campaign:
    """Cancel a campaign; what was written down at doors stays."""
    campaign = _running(actor, campaign_id)
    CAMPAIGN.move(campaign, "cancel", actor=actor, at=at, changes={"closed_at": at})
    return campaign


def give_reason(
    *, actor: Actor, at: datetime, target_id: int, reason: str, after: Sequence[str], client_id: UUID
) -> Target:
    """Say at the desk why somebody is not reached in the end; raises what take_report raises."""
    said = PhoneReport(
        client_id=client_id,
        device=DESK,
        turn=0,
        outcome=TargetState.NOT_REACHED,
        device_at=at,
        after=after,
        reason=reason,
    )
    return take_report(actor=actor, at=at, target_id=target_id, report=said)


def _running(actor: Actor, campaign_id: int) -> Campaign:
    campaign = obtain(Campaign, actor, pk=campaign_id)
    if campaign.state != CampaignState.RUNNING:
        raise Conflict("这次行动已经结束。")
    return campaign


def _check_campaign(actor: Actor, version_id: int, plan: Campaign, tag_codes: Sequence[str]) -> FormVersion:
    version = next((one for one in usable_versions(actor=actor) if one.pk == version_id), None)
    faults = {}
    if not plan.title:
        faults["title"] = "请填写行动名称。"
    if version is None:
        faults["version_id"] = "请选择一张正在使用的走访表。"
    elif strange := _strange_fills(version):
        faults["version_id"] = strange
    if plan.aim not in Aim.values:
        faults["aim"] = "请选择走访对象。"
    if plan.aim == Aim.PEOPLE and not tag_codes:
        faults["tag_codes"] = "请选择要逐人走访的类别。"
    if not covers(actor, plan.area_code):
        faults["area_code"] = "请选择本辖区内的地方。"
    if plan.ends_on < plan.starts_on:
        faults["ends_on"] = "截止日期不能早于开始日期。"
    if faults:
        raise Invalid(fields=faults)
    assert version is not None
    return version


def _strange_fills(version: FormVersion) -> str:
    """Return what a form writes its answers into and nobody knows: better before the first door than after the last."""
    known = {
        "tags": set(TagKind.objects.values_list("code", flat=True)), "purposes": set(ConsentPurpose.values),
        "resources": set(ResourceKind.values),
    }  # fmt: skip
    found = (fault_of_fill(question.get("fills", ""), **known) for question, _ in walk(version.questions))
    return next((fault for fault in found if fault), "")


def _refuse_strange_workers(actor: Actor, area_code: str, worker_ids: Sequence[int]) -> None:
    known = {user.pk for user in accounts_at(actor=actor, area_code=area_code)}
    if not worker_ids or not set(worker_ids) <= known:
        raise Invalid(fields={"worker_ids": "请至少选一位能在这里走访的工作人员。"})


def _draw(campaign: Campaign) -> list[Target]:
    """Return a door for each household of the area in which somebody lives, or for each person of the categories."""
    living = Person.objects.filter(within(campaign.area_code), died_on=None, moved_out_on=None)
    if campaign.aim == Aim.HOUSEHOLDS:
        homes = Household.objects.filter(pk__in=living.exclude(household=None).values("household_id"))
        return [_door(campaign, home.area_code, home) for home in homes.order_by("pk")]
    tagged = living.filter(tags__kind__code__in=campaign.tag_codes, tags__ends_on=None).distinct()
    people = tagged.select_related("household").order_by("pk")
    return [_door(campaign, person.area_code, person.household, person) for person in people]


def _door(campaign: Campaign, area_code: str, home: Household | None, person: Person | None = None) -> Target:
    return Target(
        campaign=campaign, area_code=area_code, household=home, person=person,
        longitude=home.longitude if home else None, latitude=home.latitude if home else None,
    )  # fmt: skip


def _in_turn(targets: list[Target], worker_ids: list[int]) -> list[Target]:
    """Give each door its turn and its walker. Addresses are opened here only to be put in order."""
    doors = [
        Door(
            place, target.household.address.reveal() if target.household else "",
            (target.longitude, target.latitude) if target.longitude is not None and target.latitude is not None else None,
            target.area_code,
        )
        for place, target in enumerate(targets)
    ]  # fmt: skip
    for stop in share_out(doors, len(worker_ids)):
        target = targets[stop.key]
        target.worker_id, target.turn, target.building = worker_ids[stop.share], stop.turn, stop.building
    return targets


def reasons() -> list[tuple[str, str]]:
    """Return the reasons for somebody not reached, as a form offers them."""
    return [(str(code), str(words)) for code, words in Reason.choices]
