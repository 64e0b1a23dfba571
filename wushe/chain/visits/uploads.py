"""What a phone sends, by appointment: the phone may have been offline and does not know the number of the visit.

Each record is one call. Records may arrive twice or out of order; a photo that arrives before its sign-in is told
to wait, and the phone keeps it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wushe.chain.dispatch.models import Appointment
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.scope import visible

from .models import Visit
from .services import NotSignedIn, add_evidence, sign_in, sign_out


@dataclass(frozen=True, slots=True)
class PhoneRecord:
    """One thing done at a door, as the phone wrote it down."""

    kind: str
    appointment_id: int
    client_id: UUID
    device_at: datetime
    longitude: float | None = None
    latitude: float | None = None
    accuracy: int | None = None
    note: str = ""
    evidence_kind: str = ""
    content: bytes = b""


def take_record(*, actor: Actor, at: datetime, record: PhoneRecord) -> Visit:
    """Take one record of a phone and return the visit it belongs to.

    Raises what sign_in, add_evidence and sign_out raise, NotSignedIn if the sign-in has not arrived yet, and
    Invalid for an unknown kind of record.
    """
    if record.kind == "sign_in":
        return sign_in(
            actor=actor, at=at, appointment_id=record.appointment_id, client_id=record.client_id,
            device_at=record.device_at, longitude=record.longitude, latitude=record.latitude, accuracy=record.accuracy,
        )  # fmt: skip
    visit = _visit_of(actor, record.appointment_id)
    if record.kind == "sign_out":
        return sign_out(
            actor=actor, at=at, visit_id=visit.pk, client_id=record.client_id, device_at=record.device_at,
            note=record.note, longitude=record.longitude, latitude=record.latitude, accuracy=record.accuracy,
        )  # fmt: skip
    if record.kind == "evidence":
        add_evidence(
            actor=actor, at=at, visit_id=visit.pk, client_id=record.client_id, kind=record.evidence_kind,
            content=record.content, taken_at=record.device_at,
        )  # fmt: skip
        return visit
    raise Invalid(fields={"kind": "没有这种记录。"})


def _visit_of(actor: Actor, appointment_id: int) -> Visit:
    """Return the worker's visit of an appointment; raise NotSignedIn, or NotFound for another's appointment."""
    visit = visible(Visit.objects.all(), actor).filter(appointment_id=appointment_id).first()
    if visit is not None:
        return visit
    if visible(Appointment.objects.all(), actor).filter(pk=appointment_id).exists():
        raise NotSignedIn
    raise NotFound
