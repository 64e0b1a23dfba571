"""Keep social workers: their certificate, a post whose employer, workplace and supervisor may differ, their hours.

街道招聘、社区使用: the employer is an organisation, the workplace an area, the supervisor another social worker.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain, visible
from wushe.registers.areas.selectors import area_at
from wushe.registers.desk.changes import amend
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

from .models import Learning, Qualification, Worker, WorkerKind

CHANGEABLE = frozenset({
    "area_code", "organisation_id", "supervisor_id", "level", "certificate_number", "registered_on",
    "qualification_until", "starts_on",
})  # fmt: skip
MOST_MINUTES_A_DAY = 12 * 60


class AlreadyPosted(Conflict):
    """The person already holds a post as a social worker."""

    message = "这个人已经在社会工作者台账里，不能重复登记。"


class HasLeft(Conflict):
    """The worker has left the post."""

    message = "这位社工已经离岗。"


@domain_call("workforce:register")
def post_social_worker(
    *, actor: Actor, at: datetime, person_id: int, organisation_id: int, area_code: str, starts_on: date, **more: Any
) -> Worker:
    """Enter a social worker: who employs them, where they work, who supervises them, and their certificate.

    `more` are other fields of CHANGEABLE. Raises NotFound out of scope, AlreadyPosted, Invalid beside each field.
    """
    person = obtain(Person.objects.select_related("household"), actor, pk=person_id)
    if person.posts.filter(kind=WorkerKind.SOCIAL_WORKER, ends_on=None).exists():
        raise AlreadyPosted
    employer = obtain(Organisation.objects.filter(left_on=None), actor, pk=organisation_id)
    longitude, latitude = _base(employer, person, area_code, timezone.localdate(at))
    worker = Worker(
        person=person, kind=WorkerKind.SOCIAL_WORKER, base_longitude=longitude, base_latitude=latitude,
        number=f"S{area_code[:6]}{person.pk:08d}",
    )  # fmt: skip
    if Worker.objects.filter(number=worker.number).exists():
        worker.number = f"{worker.number}-{person.posts.count()}"
    given = {"organisation_id": organisation_id, "area_code": area_code, "starts_on": starts_on, **more}
    _set(worker, given, actor=actor, at=at)
    worker.save(force_insert=True)
    record(kind="worker.post", subject=worker, actor=actor, at=at, data={"organisation": organisation_id})
    return worker


@domain_call("workforce:register")
def update_social_worker(*, actor: Actor, at: datetime, worker_id: int, changes: Mapping[str, Any]) -> Worker:
    """Change a certificate, or transfer a social worker to another employer, workplace or supervisor.

    Raises NotFound out of scope, HasLeft, Invalid beside each field at fault.
    """
    worker = obtain(_social(), actor, pk=worker_id)
    if worker.ends_on:
        raise HasLeft
    if said := _set(worker, changes, actor=actor, at=at):
        worker.save()
        moved = said.get("changes", {}).keys() & {"area_code", "organisation_id", "supervisor_id"}
        record(kind="worker.transfer" if moved else "worker.update", subject=worker, actor=actor, at=at, data=said)
    return worker


@domain_call("workforce:register")
def end_social_worker(*, actor: Actor, at: datetime, worker_id: int, ends_on: date) -> Worker:
    """End a post on a day; those supervised are left to be given another. Raises NotFound, HasLeft, Invalid."""
    worker = obtain(_social(), actor, pk=worker_id)
    if worker.ends_on:
        raise HasLeft
    if ends_on < worker.starts_on:
        raise Invalid(fields={"ends_on": "离岗日期不能早于到岗日期。"})
    worker.ends_on = ends_on
    worker.save(update_fields=["ends_on"])
    record(kind="worker.end", subject=worker, actor=actor, at=at, data={"day": str(ends_on)})
    return worker


@domain_call("workforce:register")
def add_learning(
    *, actor: Actor, at: datetime, worker_id: int, kind: str, title: str, on: date, minutes: int
) -> Learning:
    """Record hours of continuing education or supervision; raise NotFound out of scope, Invalid beside each field."""
    worker = obtain(_social(), actor, pk=worker_id)
    checks = {
        "kind": (kind in Learning.Kind.values, "请选择类别。"),
        "title": (1 <= len(title.strip()) <= 80, "请填写内容（80字以内）。"),
        "on": (
            worker.starts_on.replace(month=1, day=1) <= on <= timezone.localdate(at),
            "日期应在到岗当年以后、今天以前。",
        ),
        "minutes": (0 < minutes <= MOST_MINUTES_A_DAY, "一次请填写不超过12小时；几天的培训按天登记。"),
    }
    if faults := {field: words for field, (right, words) in checks.items() if not right}:
        raise Invalid(fields=faults)
    if worker.learning.filter(kind=kind, title=title.strip(), on=on, struck_at=None).exists():
        raise Invalid(fields={"title": "这一天的这项内容已经登记过。"})
    row = Learning.objects.create(worker=worker, kind=kind, title=title.strip(), on=on, minutes=minutes)
    data = {"learning": row.pk, "kind": kind, "minutes": minutes, "day": str(on)}
    record(kind="worker.learn", subject=worker, actor=actor, at=at, data=data)
    return row


@domain_call("workforce:register")
def strike_learning(*, actor: Actor, at: datetime, learning_id: int) -> Learning:
    """Strike out a wrong record of hours; raise NotFound out of scope or if it is struck out already."""
    mine = visible(Worker.objects.all(), actor).values("pk")
    row = Learning.objects.select_related("worker").filter(pk=learning_id, worker__in=mine, struck_at=None).first()
    if row is None:
        raise NotFound
    row.struck_at = at
    row.save(update_fields=["struck_at"])
    record(kind="worker.unlearn", subject=row.worker, actor=actor, at=at, data={"learning": row.pk})
    return row


def _social() -> QuerySet[Worker]:
    return Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER).select_related("person", "organisation")


def _base(employer: Organisation, person: Person, area_code: str, today: date) -> tuple[float, float]:
    """Return where the day starts: at the employer's, else at the middle of the workplace, else at home."""
    for spot in (employer, area_at(code=area_code, on=today), person.household):
        if spot is not None and spot.longitude is not None and spot.latitude is not None:
            return spot.longitude, spot.latitude
    raise Invalid(fields={"organisation_id": "这家单位和工作地都没有登记位置，请先在组织台账里补上。"})


def _set(worker: Worker, given: Mapping[str, Any], *, actor: Actor, at: datetime) -> dict[str, Any]:
    if unknown := given.keys() - CHANGEABLE:
        raise TypeError(f"not of a social worker: {sorted(unknown)}")
    if given.get("organisation_id"):
        obtain(Organisation.objects.filter(left_on=None), actor, pk=given["organisation_id"])
    said = amend(worker, {name: value.strip() if isinstance(value, str) else value for name, value in given.items()})
    if faults := _faults(worker, given, actor, timezone.localdate(at)):
        raise Invalid(fields=faults)
    if "level" in given:
        worker.qualification = str(Qualification(worker.level).label) if worker.level else ""
    return said


def _faults(worker: Worker, given: Mapping[str, Any], actor: Actor, today: date) -> dict[str, str]:
    until, since = worker.qualification_until, worker.registered_on
    placed = covers(actor, worker.area_code) or actor.organisation_id == worker.organisation_id
    checks = {
        "organisation_id": (worker.organisation_id is not None, "请选择用人单位。"),
        "area_code": (
            "area_code" not in given or (placed and bool(area_at(code=worker.area_code, on=today))),
            "请选择本辖区内的工作地。",
        ),
        "supervisor_id": (_may_supervise(worker, given, actor), "督导须是另一位在岗的社会工作者，不能互为督导。"),
        "level": (not worker.level or worker.level in Qualification.values, "请选择资格级别。"),
        "certificate_number": (bool(worker.certificate_number) or not worker.level, "持证的请填写证书管理号。"),
        "registered_on": (not since or since <= today, "登记日期不能晚于今天。"),
        "qualification_until": (not (until and since) or until > since, "登记有效期应晚于登记日期。"),
    }
    related = {
        "certificate_number": {"certificate_number", "level"},
        "qualification_until": {"qualification_until", "registered_on"},
    }
    return {
        name: words
        for name, (right, words) in checks.items()
        if not right and (worker.pk is None or given.keys() & related.get(name, {name}))
    }


def _may_supervise(worker: Worker, given: Mapping[str, Any], actor: Actor) -> bool:
    """Say whether the supervisor is another social worker in post who is not supervised by this one."""
    if not given.get("supervisor_id"):
        return True
    others = visible(Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER, ends_on=None), actor)
    chosen = others.filter(pk=given["supervisor_id"]).first()
    return chosen is not None and chosen.pk != worker.pk and (worker.pk is None or chosen.supervisor_id != worker.pk)
