"""Needs: one queue for every channel; recorded, triaged, linked, followed to their end."""

from datetime import date, datetime
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.chain.needs import services
from wushe.chain.needs.models import Channel, Need, NeedState, Urgency
from wushe.chain.needs.selectors import NeedFilter, find_needs, likely_duplicates, need_of
from wushe.chain.needs.triage.advice import suggest_items
from wushe.chain.resources.models import Linkage, Society
from wushe.chain.resources.selectors import past_linkages, standing_linkage
from wushe.chain.resources.services import link_need
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import AreaFilter, Body, Code, Count, Day, Id, LongWords, Minute, WithReason, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging, once_each
from wushe.oversight.selectors.timeline import Step, Timeline, need_timeline
from wushe.registers.catalogue.models import Responsibility

router = Resource("需求")


class NeedShown(Schema):
    """One need."""

    id: int
    person_id: int
    person_name: str
    area_code: str
    channel: str
    words: str
    scene: str
    wanted_on: date | None
    wanted_from: int | None
    wanted_until: int | None
    recorded_at: datetime
    state: str
    item_id: int | None
    package_id: int | None
    urgency: str
    responsible_party: str
    duplicate_of_id: int | None
    due_at: datetime | None
    triaged_at: datetime | None
    met_at: datetime | None
    outcome: str

    @staticmethod
    def resolve_person_name(need: Need) -> str:
        """Return the name of whom it concerns."""
        return need.person.name


class LinkageShown(Schema):
    """The answer planned for a need."""

    id: int
    need_id: int
    society: str
    organisation_id: int | None
    project_id: int | None
    budget_line_id: int | None
    resource_id: int | None
    resource_quantity: int
    reason: str
    linked_at: datetime
    ended_at: datetime | None


class SuggestionShown(Schema):
    """A service to which the words point, with the words that spoke for it."""

    item_id: int
    code: str
    name: str
    score: float
    words: list[str]


class DuplicateShown(Schema):
    """An earlier need that this one may repeat."""

    need_id: int
    why: str


class StepShown(Schema):
    """One thing that happened in the chain."""

    at: datetime
    stage: str
    title: str
    who: str
    role: str
    why: str
    subject_kind: str
    subject_id: int


class StageShown(Schema):
    """One stage of the chain."""

    code: str
    title: str
    status: str
    ahead: str


class TimelineShown(Schema):
    """The whole chain of one need."""

    need_id: int
    state: str
    current: str
    next_step: str
    overdue: bool
    stages: list[StageShown]
    steps: list[StepShown]
    order_ids: list[int]


class NeedQuery(Schema):
    """What the queue is narrowed to."""

    state: NeedState | None = None
    channel: Channel | None = None
    urgency: Urgency | None = None
    area_code: AreaFilter = ""
    overdue: bool = False
    text: Words = ""


class NewNeed(Body):
    """A need to be recorded."""

    person_id: Id
    channel: Channel
    words: LongWords
    wanted_on: Day | None = None
    wanted_from: Minute | None = None
    wanted_until: Minute | None = None
    scene: Annotated[Code, Field(max_length=40)] = ""
    relative_id: Id | None = None


class Triage(Body):
    """Which service answers a need, how soon, and who is responsible."""

    item_id: Id
    urgency: Urgency
    responsible_party: Responsibility
    package_id: Id | None = None
    duplicate_of_id: Id | None = None


class Referral(Body):
    """To whom a need is handed over."""

    where: Words


class Link(Body):
    """Which of the five societies answers a need, and with what."""

    society: Society
    organisation_id: Id | None = None
    project_id: Id | None = None
    budget_line_id: Id | None = None
    resource_id: Id | None = None
    resource_quantity: Count = 0
    reason: Words = ""


@router.lists("/needs", "needs:view", item=NeedShown, name="need_list", summary="需求清单")
def needs(request: ApiRequest, where: Query[NeedQuery], paging: Query[Paging]) -> QuerySet[Need]:
    """List the needs that match."""
    given = {name: value or NeedFilter.__dataclass_fields__[name].default for name, value in where.dict().items()}
    found = find_needs(actor=request.actor, at=timezone.now(), where=NeedFilter(**given))
    return once_each(request.actor, found.select_related("person"))


@router.reads("/needs/{need_id}", "needs:view", gives=NeedShown, name="need", summary="一条需求")
def need(request: ApiRequest, need_id: Id) -> Need:
    """Show one need."""
    return need_of(actor=request.actor, need_id=need_id)


@router.reads(
    "/needs/{need_id}/timeline", "needs:view", gives=TimelineShown, name="need_timeline", summary="一条需求的全程"
)
def timeline(request: ApiRequest, need_id: Id) -> dict[str, Any]:
    """Show the whole chain of a need: who, when, why, and what comes next."""
    found: Timeline = need_timeline(actor=request.actor, need_id=need_id, at=timezone.now())
    return {
        "need_id": found.need.pk, "state": found.need.state, "current": found.current, "next_step": found.next_step,
        "overdue": found.overdue, "stages": found.stages, "steps": [_step(one) for one in found.steps],
        "order_ids": [chain.order.pk for chain in found.orders],
    }  # fmt: skip


@router.reads(
    "/needs/{need_id}/suggestions", "needs:triage", gives=list[SuggestionShown], name="need_suggestions",
    summary="可能对应的服务项目",
)  # fmt: skip
def suggestions(request: ApiRequest, need_id: Id) -> list[dict[str, Any]]:
    """Say which services the words of a need point to; a person decides."""
    words = need_of(actor=request.actor, need_id=need_id).words
    return [
        {
            "item_id": one.item.pk,
            "code": one.item.code,
            "name": one.item.name,
            "score": one.score,
            "words": list(one.words),
        }
        for one in suggest_items(words=words, day=timezone.localdate())
    ]


@router.reads(
    "/needs/{need_id}/duplicates", "needs:view", gives=list[DuplicateShown], name="need_duplicates",
    summary="可能重复的需求",
)  # fmt: skip
def duplicates(request: ApiRequest, need_id: Id) -> list[dict[str, Any]]:
    """Say which earlier needs of the same person this one may repeat."""
    found = need_of(actor=request.actor, need_id=need_id)
    return [
        {"need_id": one.need.pk, "why": one.why} for one in likely_duplicates(need=found, at=timezone.now())
    ]  # fmt: skip


@router.reads(
    "/needs/{need_id}/linkages", "resources:view", gives=list[LinkageShown], name="linkage_list",
    summary="一条需求的资源链接",
)  # fmt: skip
def linkages(request: ApiRequest, need_id: Id) -> list[Linkage]:
    """List the linkage in force and those before it."""
    found = need_of(actor=request.actor, need_id=need_id)
    standing = standing_linkage(need=found)
    return [*([standing] if standing else []), *past_linkages(need=found)]


@router.acts(
    "/needs", "needs:record", "needs:record_own", gives=NeedShown, status=201, name="need_record", summary="记录需求"
)
def record(request: ApiRequest, body: NewNeed) -> Need:
    """Record what a person asks for or is found to need."""
    return services.record_need(actor=request.actor, at=timezone.now(), **body.dict())


@router.acts("/needs/{need_id}/triage", "needs:triage", gives=NeedShown, name="need_triage", summary="研判")
def triage(request: ApiRequest, need_id: Id, body: Triage) -> Need:
    """Say which service answers a need, how soon, and which party is responsible."""
    return services.triage_need(actor=request.actor, at=timezone.now(), need_id=need_id, **body.dict())


@router.acts("/needs/{need_id}/refer", "needs:triage", gives=NeedShown, name="need_refer", summary="转介")
def refer(request: ApiRequest, need_id: Id, body: Referral) -> Need:
    """Hand a need over to another body."""
    return services.refer_need(actor=request.actor, at=timezone.now(), need_id=need_id, where=body.where)


@router.acts(
    "/needs/{need_id}/close", "needs:close", "needs:record_own", gives=NeedShown, name="need_close", summary="关闭需求"
)
def close(request: ApiRequest, need_id: Id, body: WithReason) -> Need:
    """Close a need that is not in service."""
    return services.close_need(actor=request.actor, at=timezone.now(), need_id=need_id, reason=body.reason)


@router.acts("/needs/{need_id}/reopen", "needs:close", gives=NeedShown, name="need_reopen", summary="重新受理")
def reopen(request: ApiRequest, need_id: Id, body: WithReason) -> Need:
    """Take a closed or referred need up again."""
    return services.reopen_need(actor=request.actor, at=timezone.now(), need_id=need_id, reason=body.reason)


@router.acts(
    "/needs/{need_id}/link", "resources:link", gives=LinkageShown, status=201, name="need_link", summary="链接资源"
)
def link(request: ApiRequest, need_id: Id, body: Link) -> Linkage:
    """Decide who answers a triaged need and with what."""
    return link_need(actor=request.actor, at=timezone.now(), need_id=need_id, **body.dict())


def _step(step: Step) -> dict[str, Any]:
    return {name: getattr(step, name) for name in StepShown.model_fields}
