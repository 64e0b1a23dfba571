"""Outcome: people are measured before and after; the result is counted only from those measured twice (F125)."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.people.models import Person

from .models import OutcomeMeasure, OutcomeReading, Project, ProjectState
from .services import ProjectEnded

WIDEST = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a measure says: of so many measured twice, the means in tenths, and how many are better or worse off."""

    measure: OutcomeMeasure
    begun: int
    paired: int
    before_tenths: int
    after_tenths: int
    better: int
    same: int
    worse: int


@domain_call("projects:design")
def add_measure(
    *, actor: Actor, at: datetime, project_id: int, title: str, lowest: int, highest: int, more_is_better: bool
) -> OutcomeMeasure:
    """Say how the outcome of a project is measured; raise NotFound, ProjectEnded, Invalid."""
    project = obtain(Project, actor, pk=project_id)
    if project.state == ProjectState.CLOSED:
        raise ProjectEnded
    faults = {}
    if not 2 <= len(title.strip()) <= 60:
        faults["title"] = "请写明量什么（2到60个字）。"
    elif project.measures.filter(title=title.strip()).exists():
        faults["title"] = "这个项目已经有同名的量表。"
    if not (-WIDEST <= lowest < highest <= WIDEST):
        faults["highest"] = f"最高分应大于最低分，都在{WIDEST}以内。"
    if faults:
        raise Invalid(fields=faults)
    measure = OutcomeMeasure.objects.create(
        project=project, title=title.strip(), lowest=lowest, highest=highest, more_is_better=more_is_better
    )
    record(kind="project.measure", subject=project, actor=actor, at=at, data={"measure": measure.pk})
    return measure


@domain_call("projects:design")
def read_outcome(
    *, actor: Actor, at: datetime, measure_id: int, person_id: int, value: int, on: date | None = None
) -> OutcomeReading:
    """Keep what a person scored: the first time is before, the second after; neither is changed later.

    Raises NotFound, Invalid for a score outside the scale or a second day before the first, Conflict for a third time.
    """
    measure = obtain(OutcomeMeasure, actor, pk=measure_id)
    person = obtain(Person, actor, pk=person_id)
    day = on or timezone.localdate(at)
    if not measure.lowest <= value <= measure.highest:
        raise Invalid(fields={"value": f"分数应在{measure.lowest}到{measure.highest}之间。"})
    if day > timezone.localdate(at):
        raise Invalid(fields={"on": "测量日期不能在今天以后。"})
    known = OutcomeReading.objects.select_for_update().filter(measure=measure, person=person).first()
    reading = _second(known, value, day) if known else _first(measure, person, value, day)
    data = {"measure": measure.pk, "moment": "after" if known else "before"}
    record(kind="project.outcome", subject=measure.project, actor=actor, at=at, data=data)
    return reading


def outcomes_of(project: Project) -> list[Outcome]:
    """Return what each measure of a project says so far."""
    measures = project.measures.prefetch_related("readings").order_by("pk")
    return [_outcome(measure) for measure in measures]


def _outcome(measure: OutcomeMeasure) -> Outcome:
    readings = list(measure.readings.all())
    pairs = [(one.before, one.after) for one in readings if one.after is not None]
    gains = [(after - before) * (1 if measure.more_is_better else -1) for before, after in pairs]
    return Outcome(
        measure, len(readings), len(pairs), _tenths([b for b, _ in pairs]), _tenths([a for _, a in pairs]),
        sum(gain > 0 for gain in gains), sum(gain == 0 for gain in gains), sum(gain < 0 for gain in gains),
    )  # fmt: skip


def _tenths(values: list[int]) -> int:
    return round(Fraction(sum(values) * 10, len(values))) if values else 0


def _first(measure: OutcomeMeasure, person: Person, value: int, day: date) -> OutcomeReading:
    try:
        with transaction.atomic():
            return OutcomeReading.objects.create(measure=measure, person=person, before=value, before_on=day)
    except IntegrityError as error:
        raise Conflict from error


def _second(known: OutcomeReading, value: int, day: date) -> OutcomeReading:
    if known.after is not None:
        raise Conflict("这位居民服务前、服务后都已经量过，不能再改。")
    if day < known.before_on:
        raise Invalid(fields={"on": "服务后的日期不能早于服务前的。"})
    known.after, known.after_on = value, day
    known.save(update_fields=["after", "after_on"])
    return known
