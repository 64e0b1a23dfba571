"""Visits: what really happened at the door. Each record brings the id that the device made for it."""

from base64 import b64decode
from binascii import Error as NoBase64
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone
from ninja import Query, Schema
from pydantic import Field

from wushe.chain.dispatch.models import Appointment
from wushe.chain.visits import services
from wushe.chain.visits.models import Evidence, EvidenceKind, Rating, Visit, VisitState
from wushe.chain.visits.selectors import find_visits, round_between, round_on
from wushe.faces.api.authentication import ApiRequest
from wushe.faces.api.kinds import Body, Count, Day, Id, Latitude, Longitude, Moment, Words
from wushe.faces.api.operations import Resource
from wushe.faces.api.paging import Paging, once_each
from wushe.faces.api.resources.dispatch import AppointmentShown
from wushe.foundation.errors import Invalid, NotFound

router = Resource("上门服务")

_MOST_CONTENT = 11_000_000


class VisitLine(Schema):
    """A visit as a list shows one."""

    id: int
    appointment_id: int
    order_id: int
    worker_id: int
    area_code: str
    state: str
    started_at: datetime
    start_received_at: datetime
    start_distance: int | None
    ended_at: datetime | None
    end_received_at: datetime | None
    minutes: int | None
    note: str

    @staticmethod
    def resolve_order_id(visit: Visit) -> int:
        """Return the order that the visit belongs to."""
        return visit.appointment.order_id


class EvidenceShown(Schema):
    """A live photo or a signature, without its picture."""

    id: int
    client_id: UUID
    kind: str
    digest: str
    size: int
    taken_at: datetime
    received_at: datetime


class RatingShown(Schema):
    """What the person served thought of a visit."""

    visit_id: int
    score: int
    comment: str
    rated_at: datetime


class VisitShown(VisitLine):
    """A visit with its evidence and rating."""

    evidence: list[EvidenceShown]
    rating: RatingShown | None

    @staticmethod
    def resolve_evidence(visit: Visit) -> list[Evidence]:
        """Return the evidence in the order in which it arrived."""
        return list(visit.evidence.order_by("received_at", "pk"))

    @staticmethod
    def resolve_rating(visit: Visit) -> Rating | None:
        """Return the rating, if there is one."""
        return getattr(visit, "rating", None)


class VisitQuery(Schema):
    """What the list is narrowed to."""

    state: VisitState | None = None
    first: Day | None = None
    last: Day | None = None
    text: Words = ""


class RoundQuery(Schema):
    """The own visits of which days; without them, of today."""

    first: Day | None = None
    last: Day | None = None


class Place(Body):
    """Where and when something was done, as the device wrote it down."""

    client_id: UUID
    device_at: Moment
    longitude: Longitude | None = None
    latitude: Latitude | None = None
    accuracy: Count | None = None


class SignIn(Place):
    """The start of a visit."""

    appointment_id: Id


class SignOut(Place):
    """The end of a visit."""

    note: Annotated[Words, Field(max_length=300)] = ""


class NewEvidence(Body):
    """A picture in base64."""

    client_id: UUID
    kind: EvidenceKind
    taken_at: Moment
    content: Annotated[str, Field(max_length=_MOST_CONTENT, json_schema_extra={"contentEncoding": "base64"})]


class NewRating(Body):
    """How a visit was."""

    score: Annotated[int, Field(ge=1, le=5)]
    comment: Words = ""


@router.lists("/visits", "visits:view", item=VisitLine, name="visit_list", summary="上门服务")
def visits(request: ApiRequest, where: Query[VisitQuery], paging: Query[Paging]) -> QuerySet[Visit]:
    """List the visits that match."""
    states = [where.state] if where.state else []
    found = find_visits(actor=request.actor, states=states, text=where.text, first=where.first, last=where.last)
    return once_each(request.actor, found)


@router.reads("/visits/{visit_id}", "visits:view", gives=VisitShown, name="visit", summary="一次上门")
def visit(request: ApiRequest, visit_id: Id) -> Visit:
    """Show one visit with its evidence."""
    return _visit(request, visit_id)


@router.reads("/rounds", "visits:perform", gives=list[AppointmentShown], name="round_list", summary="本人的上门安排")
def rounds(request: ApiRequest, where: Query[RoundQuery]) -> list[Appointment]:
    """List the own coming visits of today, or from a day to a day."""
    today = timezone.localdate()
    if where.first is None and where.last is None:
        return list(round_on(actor=request.actor, day=today))
    first = where.first or today
    return list(round_between(actor=request.actor, first=first, last=where.last or first))


@router.acts("/visits", "visits:perform", gives=VisitShown, status=201, name="visit_sign_in", summary="签到")
def sign_in(request: ApiRequest, body: SignIn) -> Visit:
    """Begin the visit of an own appointment; the same client id again gives the same visit."""
    began = services.sign_in(actor=request.actor, at=timezone.now(), **body.dict())
    return _visit(request, began.pk)


@router.acts(
    "/visits/{visit_id}/evidence",
    "visits:perform",
    gives=EvidenceShown,
    status=201,
    name="visit_evidence",
    summary="上传凭证",
)
def evidence(request: ApiRequest, visit_id: Id, body: NewEvidence) -> Evidence:
    """Keep a live photo or a signature; the same client id again gives the same evidence."""
    try:
        content = b64decode(body.content.encode("ascii"), validate=True)
    except (NoBase64, ValueError):
        raise Invalid(fields={"content": "图片应以 base64 编码。"}) from None
    return services.add_evidence(
        actor=request.actor, at=timezone.now(), visit_id=visit_id, client_id=body.client_id, kind=body.kind,
        content=content, taken_at=body.taken_at,
    )  # fmt: skip


@router.acts("/visits/{visit_id}/sign-out", "visits:perform", gives=VisitShown, name="visit_sign_out", summary="签退")
def sign_out(request: ApiRequest, visit_id: Id, body: SignOut) -> Visit:
    """End a visit."""
    services.sign_out(actor=request.actor, at=timezone.now(), visit_id=visit_id, **body.dict())
    return _visit(request, visit_id)


@router.acts("/visits/{visit_id}/rate", "visits:rate", gives=RatingShown, status=201, name="visit_rate", summary="评价")
def rate(request: ApiRequest, visit_id: Id, body: NewRating) -> Any:
    """Say how a visit was, once."""
    return services.rate_visit(actor=request.actor, at=timezone.now(), visit_id=visit_id, **body.dict())


def _visit(request: ApiRequest, visit_id: int) -> Visit:
    found = find_visits(actor=request.actor).filter(pk=visit_id).select_related("rating").first()
    if found is None:
        raise NotFound
    return found
