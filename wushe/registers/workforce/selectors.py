"""Read the workforce: who works here, who is there on a day, with which skills."""

from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible, within
from wushe.registers.desk.finding import held_by

from .models import Absence, Learning, Skill, Worker, WorkerKind, WorkerSkill


def workers(*, actor: Actor, on: date) -> QuerySet[Worker]:
    """Return the workers employed on a day within the actor's scope; raise NotAllowed without `registers:view`."""
    actor.require("registers:view")
    return _employed(on).filter(pk__in=visible(Worker.objects.all(), actor).values("pk")).order_by("number")


def workers_on(*, area_code: str, day: date) -> QuerySet[Worker]:
    """Return the workers of an area who are there on a day: employed, a working day of theirs, not absent.

    `valid_skills` lists the skills valid on the day. The caller answers for the scope of the area.
    """
    away = Absence.objects.filter(worker=OuterRef("pk"), withdrawn=False, starts_on__lte=day, ends_on__gte=day)
    return (
        _employed(day).filter(within(area_code), ~Exists(away), weekdays__contains=str(day.isoweekday())).order_by("id")
    )


def _employed(day: date) -> QuerySet[Worker]:
    skills = WorkerSkill.objects.filter(Q(valid_until=None) | Q(valid_until__gte=day)).select_related("skill")
    return (
        Worker.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)
        .select_related("person", "organisation")
        .prefetch_related(Prefetch("skills", queryset=skills, to_attr="valid_skills"))
    )


def absences(*, actor: Actor, since: date) -> QuerySet[Absence]:
    """Return the standing absences that reach this day or later, within the actor's scope."""
    actor.require("registers:view")
    mine = visible(Worker.objects.all(), actor).values("pk")
    rows = Absence.objects.filter(worker__in=mine, withdrawn=False, ends_on__gte=since)
    return rows.select_related("worker__person").order_by("starts_on", "id")


def skill_titles() -> dict[str, str]:
    """Return the titles of all skills by their codes."""
    return dict(Skill.objects.values_list("code", "title"))


def supervisors(*, actor: Actor) -> QuerySet[Worker]:
    """Return the social workers in post within the actor's scope who may supervise others, by number."""
    actor.require("registers:view")
    rows = visible(Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER, ends_on=None), actor)
    return rows.select_related("person").order_by("number")


def social_workers(*, actor: Actor, text: str = "") -> QuerySet[Worker]:
    """Return the social workers in post within the actor's scope, those that a text finds; raise NotAllowed."""
    actor.require("registers:view")
    rows = visible(Worker.objects.filter(kind=WorkerKind.SOCIAL_WORKER, ends_on=None), actor).select_related("person")
    found = held_by(text, codes=("number", "certificate_number")) if text else None
    return rows if not text else rows.none() if found is None else rows.filter(found)


def learning_of(*, worker: Worker) -> QuerySet[Learning]:
    """Return the hours of a worker whom the caller has seen within scope, newest first, those struck out as well."""
    return worker.learning.order_by("-on", "-id")


def supervised_by(*, worker: Worker) -> QuerySet[Worker]:
    """Return whom a worker supervises; the caller has seen the worker within scope."""
    return worker.supervised.filter(ends_on=None).select_related("person").order_by("number")
