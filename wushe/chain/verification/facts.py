"""Read the facts of one visit that the rules look at, in a fixed number of queries."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q
from django.utils.timezone import localtime

from wushe.chain.visits.models import Evidence, EvidenceKind, Rating, Visit, VisitState
from wushe.chain.visits.selectors import asked_of
from wushe.foundation.presets.selectors import in_force
from wushe.registers.people.models import Person, Relation
from wushe.registers.workforce.models import WorkerSkill

from .rules import CODES, Facts, Place, Stay, Thresholds

_LIMITS = {
    "radius": "visits.geofence.radius", "accuracy": "visits.geofence.accuracy", "early": "visits.sign_in.early",
    "late": "visits.sign_in.late", "skew": "visits.clock.skew", "upload": "visits.upload.late_until",
    "days": "verification.history.days",
}  # fmt: skip
_DONE = (VisitState.ENDED, VisitState.ACCEPTED, VisitState.SETTLED)


class PolicyOfDay:
    """The numbers of verification at one place on one day, read in one query."""

    def __init__(self, *, area_code: str, at: datetime) -> None:
        rows = in_force(on=localtime(at).date()).filter(
            Q(key__startswith="verification.") | Q(key__startswith="visits.")
        )
        here = (row for row in rows if area_code.startswith(row.region))
        self._values = {row.key: row.value for row in sorted(here, key=lambda r: (len(r.region), r.effective_from))}

    def __getitem__(self, key: str) -> Any:
        return self._values[key]

    @property
    def thresholds(self) -> dict[str, Thresholds]:
        """Return threshold and weight of every rule."""
        return {code: self.thresholds_of(code) for code in CODES}

    def thresholds_of(self, code: str) -> Thresholds:
        """Return threshold and weight of one rule."""
        found: Thresholds = self[f"verification.rule.{code}"]
        return found

    @property
    def limits(self) -> dict[str, int]:
        """Return the limits of place and time."""
        return {name: int(self[key]) for name, key in _LIMITS.items()}


def read_facts(*, visit: Visit, policy: PolicyOfDay) -> Facts:
    """Return the facts of an ended visit; the visit comes with its appointment, order, person, item and worker."""
    assert visit.ended_at is not None
    assert visit.minutes is not None
    appointment = visit.appointment
    order, limits = appointment.order, policy.limits
    person = order.person
    since = visit.started_at - timedelta(days=limits["days"])
    quick = _quick_ratings(visit, since, policy.thresholds["f8"]["threshold"])
    return Facts(
        stay=stay_of(visit), day=appointment.day, ordered_minutes=appointment.minutes, actual_minutes=visit.minutes,
        distance=visit.start_distance, accuracy=visit.start_accuracy, died_on=person.died_on,
        moved_out_on=person.moved_out_on, visits_beyond_order=max(0, order.visits_done + 1 - order.visits_ordered),
        related=_related(visit), people_on_phone=_people_on_phone(person),
        other_stays=tuple(stay_of(other) for other in _other_visits(visit)),
        certificate_until=visit.worker.qualification_until, skills_expired=_skills_expired(visit),
        other_providers_same_hour=_other_providers(visit), quick_ratings=quick[0], quick_raters=quick[1], extra=limits,
        reported=visit.report_reason,
        **_clocks(visit), **_worker_history(visit, since), **_pictures(visit), **_orders_after(visit, since),
    )  # fmt: skip


def stay_of(visit: Visit) -> Stay:
    """Return where and when the worker was."""
    assert visit.ended_at is not None
    return Stay(
        start=visit.started_at, end=visit.ended_at,
        start_place=_place(visit.start_longitude, visit.start_latitude),
        end_place=_place(visit.end_longitude, visit.end_latitude),
        slack=max(visit.start_accuracy or 0, visit.end_accuracy or 0),
    )  # fmt: skip


def _place(longitude: float | None, latitude: float | None) -> Place | None:
    return None if longitude is None or latitude is None else (longitude, latitude)


def _clocks(visit: Visit) -> dict[str, Any]:
    """Return how the sign-in stands to the plan, and the device's clock to the server's."""
    start = localtime(visit.started_at)
    planned = visit.appointment.planned_start or 0
    off = (start.date() - visit.appointment.day).days * 1440 + start.hour * 60 + start.minute - planned
    ahead = _minutes(visit.started_at - visit.start_received_at)
    received = [(visit.start_received_at, visit.started_at)]
    if visit.ended_at and visit.end_received_at:
        received.append((visit.end_received_at, visit.ended_at))
    return {
        "minutes_early": max(0, -off), "minutes_late": max(0, off), "clock_off": max(0, ahead),
        "uploaded_after": max(_minutes(got - done) for got, done in received),
    }  # fmt: skip


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _other_visits(visit: Visit) -> list[Visit]:
    day = timedelta(days=1)
    rows = Visit.objects.filter(
        worker_id=visit.worker_id, started_at__gt=visit.started_at - day, started_at__lt=visit.started_at + day
    )
    return list(rows.filter(ended_at__isnull=False).exclude(pk=visit.pk).exclude(state=VisitState.REJECTED))


def _worker_history(visit: Visit, since: datetime) -> dict[str, Any]:
    mine = Visit.objects.filter(worker_id=visit.worker_id, started_at__gte=since, state__in=_DONE)
    counts = mine.aggregate(
        ended_visits=Count("pk", distinct=True),
        exact_visits=Count("pk", filter=Q(minutes=F("appointment__minutes")), distinct=True),
        ratings=Count("rating"),
        ratings_below_full=Count("rating", filter=Q(rating__score__lt=5)),
    )
    return dict(counts)


def _pictures(visit: Visit) -> dict[str, Any]:
    """Return what the evidence tells: what is missing, what was seen before, what the camera contradicts."""
    evidence = list(visit.evidence.all())
    photos = [one for one in evidence if one.kind != EvidenceKind.SIGNATURE]
    seen = Q(digest__in=[one.digest for one in photos]) | Q(
        picture_hash__in=[one.picture_hash for one in photos if one.picture_hash]
    )
    again = Evidence.objects.filter(seen).exclude(visit=visit).exclude(kind=EvidenceKind.SIGNATURE) if photos else []
    known = {value for one in again for value in (one.digest, one.picture_hash) if value}
    cameras = [abs(_minutes(one.camera_at - one.taken_at)) for one in photos if one.camera_at]
    distances = [one.camera_distance for one in photos if one.camera_distance is not None]
    item = visit.appointment.order.item
    asked = asked_of(item.photos, signature=item.signature)
    kinds = {one.kind for one in evidence}
    wanted = [*asked.photos, *([EvidenceKind.SIGNATURE.value] if asked.signature else [])]
    return {
        "evidence_missing": tuple(EvidenceKind(kind).label for kind in wanted if kind not in kinds),
        "pictures_seen_before": sum(1 for one in photos if known & {one.digest, one.picture_hash})
        + len(photos) - len({one.digest for one in photos}),
        "camera_off": max(cameras, default=0), "camera_distance": max(distances, default=None),
    }  # fmt: skip


def _other_providers(visit: Visit) -> int:
    order = visit.appointment.order
    same_time = Visit.objects.filter(
        appointment__order__person_id=order.person_id, started_at__lt=visit.ended_at, ended_at__gt=visit.started_at
    ).exclude(pk=visit.pk)
    others = same_time.exclude(appointment__order__organisation=order.organisation)
    return others.values("appointment__order__organisation_id").distinct().count()


def _quick_ratings(visit: Visit, since: datetime, seconds: int) -> tuple[int, int]:
    rows = Rating.objects.filter(
        visit__worker_id=visit.worker_id, visit__started_at__gte=since, visit__end_received_at__isnull=False,
        rated_at__lt=F("visit__end_received_at") + timedelta(seconds=seconds),
    )  # fmt: skip
    counts = rows.aggregate(all=Count("pk"), people=Count("rated_by", distinct=True))
    return counts["all"], counts["people"]


def _related(visit: Visit) -> bool:
    person, worker = visit.appointment.order.person_id, visit.worker.person_id
    return Relation.objects.filter(
        Q(person_id=person, relative_id=worker) | Q(person_id=worker, relative_id=person)
    ).exists()


def _people_on_phone(person: Person) -> int:
    return Person.objects.filter(phone_index=person.phone_index).count() if person.phone_index else 0


def _orders_after(visit: Visit, since: datetime) -> dict[str, Any]:
    organisation = visit.appointment.order.organisation
    rows = Visit.objects.filter(appointment__order__organisation=organisation, started_at__gte=since)
    counts = rows.aggregate(
        orders_counted=Count("pk"),
        ordered_afterwards=Count("pk", filter=Q(appointment__order__placed_at__gt=F("started_at"))),
    )
    return dict(counts)


def _skills_expired(visit: Visit) -> tuple[str, ...]:
    wanted = visit.appointment.order.item.skills
    rows = WorkerSkill.objects.filter(
        worker_id=visit.worker_id, skill__code__in=wanted, valid_until__lt=visit.appointment.day
    )
    return tuple(rows.values_list("skill__title", flat=True))
