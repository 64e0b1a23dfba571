"""Visits: sign-in, evidence and sign-out, each once however often a phone sends it, and the word of who was served.

A place that does not fit, a wrong clock or a late upload is written down and looked at by the checks; it never
stops a carer at a door. What does not belong to the worker or to the day is refused.
"""

from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.timezone import localdate

from wushe.chain.dispatch.models import Appointment
from wushe.chain.dispatch.services import keep_appointment
from wushe.chain.dispatch.travel import metres_between
from wushe.chain.dispatch.workflow import APPOINTMENT
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.people.models import Person

from .models import Evidence, EvidenceKind, Rating, Visit, VisitState
from .pictures import Picture, prepared
from .workflow import VISIT

MOST_EVIDENCE = 20
LONGEST_NOTE = 300
_OPEN_TO_EVIDENCE = (VisitState.STARTED, VisitState.ENDED, VisitState.REJECTED)


class NotThisDay(Conflict):
    """The appointment is of another day than the one on which the worker signs in."""

    message = "这次服务不是今天的安排，不能签到。请查看日程，或联系调度员。"


class NotPlanned(Conflict):
    """The appointment is no longer in the worker's plan."""

    message = "这次服务的安排已经变化（取消、改派或过期），请刷新日程，或联系调度员。"


class AlreadySignedIn(Conflict):
    """Another sign-in of this appointment was first, from another device or another tap."""

    message = "这次服务已经签到过，不用再签。"


class NotSignedIn(Conflict):
    """The sign-in has not arrived yet; what follows it waits."""

    message = "签到记录还没有上传成功，请先上传签到。"


class EvidenceClosed(Conflict):
    """The visit has been checked; nothing more is added to it."""

    message = "这次服务已经审核完毕，不再接收新的照片。"


class AlreadyRated(Conflict):
    """A visit is rated once."""

    message = "您已经评价过这次服务，谢谢。"


@domain_call("visits:perform")
def sign_in(
    *,
    actor: Actor,
    at: datetime,
    appointment_id: int,
    client_id: UUID,
    device_at: datetime,
    longitude: float | None = None,
    latitude: float | None = None,
    accuracy: int | None = None,
) -> Visit:
    """Begin the visit of an appointment of the worker's own; the same client id again returns the same visit.

    Raises NotFound for another's appointment, NotThisDay, NotPlanned, AlreadySignedIn, Invalid for a place outside
    the world, and KeyReused if the client id stands for another sign-in.
    """
    place = _place(longitude, latitude, accuracy)
    body = {"appointment": appointment_id, "device_at": device_at, "place": place}

    def effect() -> dict[str, int]:
        appointment = obtain(_appointments(), actor, pk=appointment_id)
        _check_may_begin(appointment, device_at=device_at, at=at)
        keep_appointment(actor=actor, at=at, appointment_id=appointment.pk)
        assert appointment.worker_id is not None
        visit = Visit(
            appointment=appointment, worker_id=appointment.worker_id, area_code=appointment.area_code,
            started_at=device_at, start_received_at=at, start_longitude=longitude, start_latitude=latitude,
            start_accuracy=accuracy, start_distance=_from_home(appointment.order.person, longitude, latitude),
        )  # fmt: skip
        VISIT.start(visit, event="start", actor=actor, at=at, data={"appointment": appointment.pk})
        return {"visit": visit.pk}

    answer = once(actor=actor, at=at, key=str(client_id), call="visits.sign_in", body=body, effect=effect)
    return Visit.objects.get(pk=answer["visit"])


@domain_call("visits:perform")
def sign_out(
    *,
    actor: Actor,
    at: datetime,
    visit_id: int,
    client_id: UUID,
    device_at: datetime,
    longitude: float | None = None,
    latitude: float | None = None,
    accuracy: int | None = None,
    note: str = "",
) -> Visit:
    """End a visit; the minutes are counted by the device's own clock. The same client id again changes nothing.

    Raises NotFound for another's visit, MoveNotAllowed if it has ended already, Invalid for a note that is too
    long, and KeyReused if the client id stands for another sign-out.
    """
    note = note.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(fields={"note": f"服务情况最多{LONGEST_NOTE}字，请写得短一些。"})
    place = _place(longitude, latitude, accuracy)
    body = {"visit": visit_id, "device_at": device_at, "place": place, "note": note}

    def effect() -> dict[str, int]:
        visit = obtain(Visit, actor, pk=visit_id)
        minutes = max(0, int((device_at - visit.started_at).total_seconds() // 60))
        changes = {
            "ended_at": device_at, "end_received_at": at, "end_longitude": longitude, "end_latitude": latitude,
            "end_accuracy": accuracy, "minutes": minutes, "note": note,
        }  # fmt: skip
        VISIT.move(visit, "end", actor=actor, at=at, changes=changes, data={"minutes": minutes})
        return {"visit": visit.pk}

    once(actor=actor, at=at, key=str(client_id), call="visits.sign_out", body=body, effect=effect)
    return Visit.objects.get(pk=visit_id)


def add_evidence(
    *, actor: Actor, at: datetime, visit_id: int, client_id: UUID, kind: str, content: bytes, taken_at: datetime
) -> Evidence:
    """Keep a live photo or a signature; the same client id again returns the same evidence.

    Raises NotFound for another's visit, PictureRefused for anything but an honest picture, Invalid for an unknown
    kind, too many pictures or a photo of a private service, EvidenceClosed after the check, and KeyReused.
    """
    actor.require("visits:perform")
    obtain(Visit, actor, pk=visit_id)
    if kind not in EvidenceKind.values:
        raise Invalid(fields={"kind": "没有这种凭证。"})
    # Drawn anew before the transaction: no writer waits for the decoding of a picture.
    return _keep_evidence(
        actor=actor, at=at, visit_id=visit_id, client_id=client_id, kind=kind, picture=prepared(content),
        sent=sha256(content).hexdigest(), taken_at=taken_at,
    )  # fmt: skip


@domain_call("visits:perform")
def _keep_evidence(
    *, actor: Actor, at: datetime, visit_id: int, client_id: UUID, kind: str, picture: Picture, sent: str,
    taken_at: datetime,
) -> Evidence:  # fmt: skip
    body = {"visit": visit_id, "kind": kind, "sent": sent, "taken_at": taken_at}

    def effect() -> dict[str, int]:
        visit = obtain(Visit.objects.select_related("appointment__order__item"), actor, pk=visit_id)
        _check_may_add(visit, kind)
        person = visit.appointment.order.person
        evidence = Evidence(
            visit=visit, client_id=client_id, kind=kind, digest=picture.digest, size=len(picture.content),
            picture_hash="" if kind == EvidenceKind.SIGNATURE else picture.picture_hash,
            taken_at=taken_at, received_at=at, camera_at=picture.camera_at,
            camera_distance=_from_home(person, *(picture.camera_place or (None, None))),
        )  # fmt: skip
        _store(evidence, picture.content)
        record(
            kind="visit.evidence", subject=visit, actor=actor, at=at,
            data={"evidence": evidence.pk, "kind": kind, "digest": picture.digest},
        )  # fmt: skip
        return {"evidence": evidence.pk}

    answer = once(actor=actor, at=at, key=str(client_id), call="visits.add_evidence", body=body, effect=effect)
    return Evidence.objects.get(pk=answer["evidence"])


@domain_call("visits:rate")
def rate_visit(*, actor: Actor, at: datetime, visit_id: int, score: int, comment: str = "") -> Rating:
    """Say how a visit was, once, by the person served or a relative who may act.

    Raises NotFound for a visit to somebody else, MoveNotAllowed before its end, Invalid for a score outside 1–5 or
    a comment that is too long, and AlreadyRated.
    """
    if score not in range(1, 6):
        raise Invalid(fields={"score": "请选择1到5颗星。"})
    if len(comment := comment.strip()) > 200:
        raise Invalid(fields={"comment": "意见最多200字，请写得短一些。"})
    visit = obtain(Visit, actor, pk=visit_id)
    if visit.state == VisitState.STARTED:
        raise Conflict("服务还没有结束，结束后再来评价。")
    try:
        with transaction.atomic():
            rating = Rating.objects.create(
                visit=visit, score=score, comment=comment, rated_at=at, rated_by=actor.user_id
            )
    except IntegrityError as error:
        raise AlreadyRated from error
    record(kind="visit.rate", subject=visit, actor=actor, at=at, data={"score": score})
    return rating


def _appointments() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("order__person__household")


def _check_may_begin(appointment: Appointment, *, device_at: datetime, at: datetime) -> None:
    """Raise unless the appointment is planned and of this day by the device's clock or by the server's."""
    if Visit.objects.filter(appointment=appointment).exists():
        raise AlreadySignedIn
    if appointment.day not in (localdate(device_at), localdate(at)):
        raise NotThisDay
    # One that was noted as missed is kept after all if the phone could send its sign-in only later.
    if appointment.worker_id is None or not APPOINTMENT.allows(appointment.state, "keep"):
        raise NotPlanned


def _check_may_add(visit: Visit, kind: str) -> None:
    if visit.state not in _OPEN_TO_EVIDENCE:
        raise EvidenceClosed
    if kind == EvidenceKind.SERVICE and not visit.appointment.order.item.photos:
        raise Invalid(fields={"kind": "这项服务不拍服务过程，请保护服务对象的隐私。"})
    if visit.evidence.count() >= MOST_EVIDENCE:
        raise Invalid(f"一次服务最多保存{MOST_EVIDENCE}张照片。")


def _store(evidence: Evidence, content: bytes) -> None:
    """Keep the file and its row; a row that is refused leaves no file behind."""
    evidence.file.save(f"{evidence.client_id}.jpg", ContentFile(content), save=False)
    try:
        evidence.save(force_insert=True)
    except Exception:
        # Whatever refused the row, its file is not kept.
        with suppress(OSError):
            evidence.file.delete(save=False)
        raise


def _place(longitude: float | None, latitude: float | None, accuracy: int | None) -> list[float | int | None]:
    """Return the place as given; raise Invalid outside the world."""
    if longitude is not None and latitude is not None and not (abs(longitude) <= 180 and abs(latitude) <= 90):
        raise Invalid("定位数据有误，请重新定位。")
    if accuracy is not None and accuracy < 0:
        raise Invalid("定位数据有误，请重新定位。")
    return [longitude, latitude, accuracy]


def _from_home(person: Person, longitude: float | None, latitude: float | None) -> int | None:
    """Return how many metres a place is from the person's home; None if either is unknown."""
    home = person.household
    if longitude is None or latitude is None or home is None or home.longitude is None or home.latitude is None:
        return None
    return metres_between((longitude, latitude), (home.longitude, home.latitude))
