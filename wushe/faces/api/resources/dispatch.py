"""Dispatch: the appointments of a day, the plans that the engine proposes and a person confirms."""

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.chain.dispatch import handwork, proposals, selectors, services
from wushe.chain.dispatch.models import Appointment, AppointmentState, Plan, PlanSearch
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import LARGEST, AreaCode, AreaFilter, Body, Day, Id, Minute, Words
from wushe.faces.api.operations import Resource
from wushe.registers.workforce.models import WorkerKind

router = Resource("调度")


class AppointmentShown(Schema):
    """One coming visit of an order."""

    id: int
    order_id: int
    number: int
    seat: int
    pair_id: int | None
    area_code: str
    day: date
    window_start: int
    window_end: int
    minutes: int
    state: str
    worker_id: int | None
    planned_start: int | None
    locked: bool
    item_name: str
    person_name: str

    @staticmethod
    def resolve_item_name(appointment: Appointment) -> str:
        """Return the name of the service."""
        return appointment.order.item.name

    @staticmethod
    def resolve_person_name(appointment: Appointment) -> str:
        """Return the name of whom it concerns."""
        return appointment.order.person.name


class AppointmentWhy(AppointmentShown):
    """One coming visit with why it went to this person or to nobody."""

    why: list[str]


class PlanShown(Schema):
    """A proposal of the engine for one area and day."""

    id: int
    area_code: str
    day: date
    kind: str
    state: str
    summary: dict[str, Any]
    seed: int
    engine_version: str
    proposed_at: datetime
    confirmed_at: datetime | None
    base_id: int | None


class ChangeShown(Schema):
    """One visit for which a plan says something else than stood before."""

    appointment_id: int
    kind: str
    worker_before: int | None
    worker_after: int | None
    start_before: int | None
    start_after: int | None
    reasons: list[str]


class SearchShown(Schema):
    """A search in the background; once it has found something, `plan_id` names it."""

    id: int
    area_code: str
    day: date
    stage: str
    percent: int
    left_out: int | None
    refusal: str
    plan_id: int | None
    asked_at: datetime


class AlternativeShown(Schema):
    """Somebody else who could come."""

    worker_id: int
    start: int
    lateness: int
    extra_travel: int
    known_visits: int
    minutes_today: int
    visits_today: int
    current: bool


class RuleShown(Schema):
    """One rule that a change would break."""

    code: str
    text: str
    hard: bool
    never: bool


class Preview(Schema):
    """What would follow from a change."""

    appointment_id: int
    worker_id: int
    start: int
    rules: list[RuleShown]
    affected: list[int]
    amounts: dict[str, int]


class DayQuery(Schema):
    """Which day, and what it is narrowed to."""

    day: Day | None = None
    area_code: AreaFilter = ""
    organisation_id: Id | None = None
    kind: WorkerKind | None = None
    state: AppointmentState | None = None


class PlanQuery(Schema):
    """The plans of which area and day."""

    area_code: AreaCode
    day: Day


class NewSearch(Body):
    """A day to be planned."""

    area_code: AreaCode
    day: Day
    seconds: Annotated[int, Field(ge=1, le=120)] = 8
    seed: Annotated[int, Field(ge=0, le=LARGEST)] = 1


class Change(Body):
    """Another worker or time for a visit."""

    worker_id: Id
    planned_start: Minute | None = None
    reason: Words = ""
    lock: bool = False


class PreviewQuery(Schema):
    """Another worker or time that is thought of."""

    worker_id: Id
    planned_start: Minute | None = None


class Lock(Body):
    """Whether a planned visit stays as it is in every later plan."""

    locked: bool


class NewDay(Body):
    """Another day for a missed visit."""

    day: Day


@router.reads(
    "/appointments", "dispatch:view", gives=list[AppointmentShown], name="appointment_list", summary="一天的上门安排"
)
def appointments(request: ApiRequest, where: Query[DayQuery]) -> list[Appointment]:
    """List the visits of a day, in the order of the clock."""
    asked = selectors.DayFilter(
        area_code=where.area_code, organisation_id=where.organisation_id, kind=where.kind or "", state=where.state or ""
    )
    day = where.day or timezone.localdate()
    return selectors.read_sheet(actor=request.actor, at=timezone.now(), day=day, where=asked).appointments


@router.reads(
    "/appointments/{appointment_id}", "dispatch:view", gives=AppointmentWhy, name="appointment", summary="一次上门安排"
)
def appointment(request: ApiRequest, appointment_id: Id) -> Appointment:
    """Show one coming visit with the reasons of its plan."""
    found = selectors.open_appointment(actor=request.actor, appointment_id=appointment_id)
    found.why = selectors.why(actor=request.actor, appointment_id=appointment_id)  # type: ignore[attr-defined]
    return found


@router.reads(
    "/appointments/{appointment_id}/alternatives", "dispatch:change", gives=list[AlternativeShown],
    name="appointment_alternatives", summary="还有谁能去",
)  # fmt: skip
def alternatives(request: ApiRequest, appointment_id: Id) -> list[dict[str, Any]]:
    """Say who else could come and when."""
    found = handwork.find_alternatives(actor=request.actor, at=timezone.now(), appointment_id=appointment_id)
    names = [name for name in AlternativeShown.model_fields if name != "worker_id"]
    return [{"worker_id": one.worker.pk} | {name: getattr(one, name) for name in names} for one in found]


@router.reads(
    "/appointments/{appointment_id}/preview", "dispatch:change", gives=Preview, name="appointment_preview",
    summary="改派会怎样",
)  # fmt: skip
def preview(request: ApiRequest, appointment_id: Id, where: Query[PreviewQuery]) -> dict[str, Any]:
    """Say what would follow if another worker came, or at another time; nothing is changed."""
    found = handwork.preview_change(
        actor=request.actor, at=timezone.now(), appointment_id=appointment_id, worker_id=where.worker_id,
        planned_start=where.planned_start,
    )  # fmt: skip
    return {
        "appointment_id": found.appointment.pk, "worker_id": found.worker.pk, "start": found.start,
        "rules": [{name: getattr(rule, name) for name in RuleShown.model_fields} for rule in found.rules],
        "affected": [one.pk for one in found.affected], "amounts": found.amounts,
    }  # fmt: skip


@router.acts(
    "/appointments/{appointment_id}/change", "dispatch:change", gives=AppointmentShown, name="appointment_change",
    summary="改派",
)  # fmt: skip
def change(request: ApiRequest, appointment_id: Id, body: Change) -> Appointment:
    """Give a visit another worker or time by hand."""
    handwork.change_appointment(
        actor=request.actor, at=timezone.now(), appointment_id=appointment_id, **body.dict()
    )  # fmt: skip
    return selectors.open_appointment(actor=request.actor, appointment_id=appointment_id)


@router.acts(
    "/appointments/{appointment_id}/lock", "dispatch:change", gives=AppointmentShown, name="appointment_lock",
    summary="锁定或放开",
)  # fmt: skip
def lock(request: ApiRequest, appointment_id: Id, body: Lock) -> Appointment:
    """Keep a planned visit as it is in every later plan, or free it again."""
    handwork.lock_appointment(
        actor=request.actor, at=timezone.now(), appointment_id=appointment_id, locked=body.locked
    )  # fmt: skip
    return selectors.open_appointment(actor=request.actor, appointment_id=appointment_id)


@router.acts(
    "/appointments/{appointment_id}/reschedule", "dispatch:change", gives=AppointmentShown,
    name="appointment_reschedule", summary="未上门的改期",
)  # fmt: skip
def reschedule(request: ApiRequest, appointment_id: Id, body: NewDay) -> Appointment:
    """Give a missed visit another day."""
    handwork.reschedule_appointment(
        actor=request.actor, at=timezone.now(), appointment_id=appointment_id, day=body.day
    )  # fmt: skip
    return selectors.open_appointment(actor=request.actor, appointment_id=appointment_id)


@router.reads("/plans", "dispatch:view", gives=list[PlanShown], name="plan_list", summary="排班方案")
def plans(request: ApiRequest, where: Query[PlanQuery]) -> list[Plan]:
    """List the proposals and plans in force for an area and day."""
    return selectors.find_plans(actor=request.actor, area_code=where.area_code, day=where.day)


@router.reads("/plans/{plan_id}", "dispatch:view", gives=PlanShown, name="plan", summary="一个排班方案")
def plan(request: ApiRequest, plan_id: Id) -> Plan:
    """Show one plan."""
    return selectors.open_plan(actor=request.actor, plan_id=plan_id)


@router.reads(
    "/plans/{plan_id}/changes", "dispatch:view", gives=list[ChangeShown], name="plan_changes", summary="方案改动了什么"
)
def changes(request: ApiRequest, plan_id: Id) -> list[dict[str, Any]]:
    """List each visit for which the plan says something else than stood when it was made."""
    found = selectors.open_plan(actor=request.actor, plan_id=plan_id)
    return [
        {
            "appointment_id": one.appointment.pk, "kind": one.kind, "start_before": one.start_before,
            "worker_before": one.worker_before.pk if one.worker_before else None, "start_after": one.start_after,
            "worker_after": one.worker_after.pk if one.worker_after else None, "reasons": one.reasons,
        }
        for one in proposals.changes_of(actor=request.actor, plan=found)
    ]  # fmt: skip


@router.acts("/searches", "dispatch:propose", gives=SearchShown, status=202, name="search_ask", summary="请系统排班")
def ask(request: ApiRequest, body: NewSearch) -> PlanSearch:
    """Ask for a plan in the background; ask for the search again to see how far it is."""
    return services.ask_search(actor=request.actor, at=timezone.now(), **body.dict())


@router.reads("/searches/{search_id}", "dispatch:view", gives=SearchShown, name="search", summary="排班进度")
def search(request: ApiRequest, search_id: Id) -> PlanSearch:
    """Say how far a search is, and which plan it found."""
    return selectors.open_search(actor=request.actor, search_id=search_id)


@router.acts("/plans/{plan_id}/confirm", "dispatch:confirm", gives=PlanShown, name="plan_confirm", summary="确认方案")
def confirm(request: ApiRequest, plan_id: Id) -> Plan:
    """Publish a proposed plan."""
    return services.confirm_plan(actor=request.actor, at=timezone.now(), plan_id=plan_id)


@router.acts("/plans/{plan_id}/discard", "dispatch:confirm", gives=PlanShown, name="plan_discard", summary="放弃方案")
def discard(request: ApiRequest, plan_id: Id) -> Plan:
    """Put a proposal away."""
    return services.discard_plan(actor=request.actor, at=timezone.now(), plan_id=plan_id)
