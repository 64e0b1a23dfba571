"""Residents grade: an answer of their community once, a street's year once; only persons and averages are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Avg, Count, QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import COMMUNITY, STREET
from wushe.registers.people.models import Person

from .models import Aspect, Grade, Question, QuestionState

RIGHT = "judging:grade"
LAST_MONTH_FOR_LAST_YEAR = 3
"""Until the end of March the year that is graded is the one before."""


class GradedAlready(Conflict):
    """One voice for each person."""

    message = "您已经评过了，每人只评一次，谢谢您。"


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many persons spoke and what they gave on average; the average is None while they are too few to be shown."""

    persons: int
    average: float | None


def year_to_grade(on: date) -> int:
    """Return the year that residents grade on a day."""
    return on.year - 1 if on.month <= LAST_MONTH_FOR_LAST_YEAR else on.year


@domain_call(RIGHT)
def grade_answer(*, actor: Actor, at: datetime, question_id: int, score: int) -> Grade:
    """Grade a published answer of one's own community; raises NotFound, Invalid, GradedAlready."""
    person = _voice(actor)
    question = answers_to_grade(person=person).filter(pk=question_id).first()
    if question is None:
        raise NotFound
    _check(score, "score")
    [grade] = _cast([Grade(person=person, area_code=person.area_code, question=question, score=score, graded_at=at)])
    # The journal says who spoke and never what they said.
    record(kind="grade.answer", subject=question, actor=actor, at=at)
    return grade


@domain_call(RIGHT)
def grade_year(*, actor: Actor, at: datetime, scores: Mapping[str, int]) -> list[Grade]:
    """Grade one's street's year, aspect by aspect, all at once; what one does not know is left out.

    Raises NotFound, Invalid without any grade, GradedAlready.
    """
    person, year = _voice(actor), year_to_grade(timezone.localdate(at))
    if not scores:
        raise Invalid("请至少给一个方面打分。")
    for aspect, score in scores.items():
        if aspect not in Aspect.values:
            raise Invalid("请从列出的方面里选。")
        _check(score, aspect)
    if graded_year(person=person, year=year):
        raise GradedAlready
    street = person.area_code[:STREET]
    grades = [
        Grade(person=person, area_code=street, year=year, aspect=aspect, score=score, graded_at=at)
        for aspect, score in scores.items()
    ]
    _cast(grades)
    record(kind="grade.year", subject=person, actor=actor, at=at, data={"year": year})
    return grades


def person_of_voice(*, actor: Actor) -> Person:
    """Return the resident who grades; raise NotAllowed, NotFound for who is in no register or no longer here."""
    actor.require(RIGHT)
    return _voice(actor)


def answers_to_grade(*, person: Person) -> "QuerySet[Question]":
    """Return the answers of a person's community that they have not graded, the newest first."""
    answers = Question.objects.filter(community_code=person.area_code[:COMMUNITY], state=QuestionState.ANSWERED)
    return answers.exclude(grades__person=person).order_by("-pk")


def graded_year(*, person: Person, year: int) -> bool:
    """Say whether a person has graded this year."""
    return Grade.objects.filter(person=person, year=year).exists()


def judged_answers(*, questions: list[Question], on: date) -> dict[int, Judgement]:
    """Return what residents gave each of these answers, by its number."""
    sums = (
        Grade.objects.filter(question__in=questions).order_by().values("question", "question__district_code")
        .annotate(persons=Count("person", distinct=True), average=Avg("score"))
    )  # fmt: skip
    return {row["question"]: _shown(row["persons"], row["average"], row["question__district_code"], on) for row in sums}


def judged_years(*, year: int, on: date) -> dict[str, dict[str, Judgement]]:
    """Return of each street what residents gave its year: by aspect, and under "" all together."""
    rows = Grade.objects.filter(year=year).order_by().values("street_code")
    counts = {"persons": Count("person", distinct=True), "average": Avg("score")}
    found: dict[str, dict[str, Judgement]] = {}
    for aspect, sums in (("", rows), ("aspect", rows.values("street_code", "aspect"))):
        for row in sums.annotate(**counts).order_by("street_code"):
            street, name = row["street_code"], row["aspect"] if aspect else ""
            found.setdefault(street, {})[name] = _shown(row["persons"], row["average"], street, on)
    return found


def years_graded() -> list[int]:
    """Return the years that anybody graded, the latest first."""
    return list(Grade.objects.filter(year__isnull=False).order_by("-year").values_list("year", flat=True).distinct())


def _shown(persons: int, average: float, area_code: str, on: date) -> Judgement:
    least = preset("privacy.suppress.below", area_code=area_code, on=on)
    return Judgement(persons, float(average) if persons >= least else None)


def _voice(actor: Actor) -> Person:
    person = Person.objects.filter(pk=actor.holder_id or 0, died_on=None, moved_out_on=None, merged_into=None).first()
    if person is None:
        raise NotFound
    return person


def _check(score: int, field: str) -> None:
    if not 1 <= score <= 5:
        raise Invalid(fields={field: "请选1到5分。"})


def _cast(grades: list[Grade]) -> list[Grade]:
    """Lay the voices; the database itself keeps a second one of the same person out."""
    try:
        with transaction.atomic():
            return Grade.objects.bulk_create(grades)
    except IntegrityError:
        raise GradedAlready from None
