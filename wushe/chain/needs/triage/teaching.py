"""Triage learns from the desk: each decision is kept beside what was offered, and a nightly job counts them anew."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from django.db.models import Count, F, Q
from django.utils import timezone

from wushe.chain.needs.models import Need, TriageChoice, TriageLesson, Urgency
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.scope import visible
from wushe.registers.catalogue.models import Item
from wushe.registers.catalogue.selectors import items_on

from .learning import NOTHING_LEARNT, Lesson, learn, lesson_of
from .ranking import suggest
from .urgency import read_urgency

MOST_EXAMPLES = 20_000
_LESSONS_KEPT = 4
_BY_DEGREE = (Urgency.NOW, Urgency.DAY, Urgency.WEEK, Urgency.FORTNIGHT)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often the desk followed what was offered, over a period."""

    choices: int
    first: int
    among_three: int
    urgency_same: int
    urgency_raised: int


def lesson_in_force() -> tuple[int | None, Lesson]:
    """Return the newest fitting with its number; nothing learnt before the first."""
    newest = TriageLesson.objects.order_by("-pk").values_list("pk", flat=True).first()
    return (newest, _lesson(newest)) if newest else (None, NOTHING_LEARNT)


def note_choice(*, actor: Actor, at: datetime, need: Need, item: Item, urgency: str) -> TriageChoice:
    """Keep what the desk decided beside what the words had suggested. Called by triage, within its transaction."""
    number, lesson = lesson_in_force()
    offered = [one.item.code for one in suggest(need.words, items_on(day=timezone.localdate(at)), lesson=lesson)]
    return TriageChoice.objects.create(
        need=need, item=item, area_code=need.area_code, offered=offered,
        rank=offered.index(item.code) + 1 if item.code in offered else 0,
        urgency_offered=read_urgency(need.words).level, urgency=urgency,
        decided_at=at, decided_by=actor.user_id, lesson_id=number,
    )  # fmt: skip


@domain_call("jobs:run")
def refit_triage(*, actor: Actor, at: datetime) -> TriageLesson | None:
    """Count the desk's choices anew, the last of each need; None if nothing was chosen since the last fitting."""
    choices = TriageChoice.objects.order_by("-pk")
    newest = choices.values_list("pk", flat=True).first()
    known = TriageLesson.objects.order_by("-pk").first()
    if newest is None or (known and known.last_choice == newest):
        return None
    in_force = set(items_on(day=timezone.localdate(at)).values_list("code", flat=True))
    last: dict[int, tuple[str, str]] = {}
    rows = choices.values_list("need_id", "need__words", "item__code")[:MOST_EXAMPLES]
    for need_id, words, code in rows:
        if code in in_force:
            last.setdefault(need_id, (words, code))
    lesson = learn(last.values())
    return TriageLesson.objects.create(
        fitted_at=at, last_choice=newest, examples=lesson.examples, counts=lesson.as_data()
    )


def agreement(*, actor: Actor, at: datetime, days: int) -> Agreement:
    """Return how the actor's desks decided in the last days beside what was offered; needs `needs:view`."""
    actor.require("needs:view")
    choices = visible(TriageChoice.objects.filter(decided_at__gte=at - timedelta(days=days)), actor)
    raised = Q(pk=None)
    for place, degree in enumerate(_BY_DEGREE):
        raised |= Q(urgency=degree, urgency_offered__in=_BY_DEGREE[place + 1 :])
    counts = choices.aggregate(
        choices=Count("pk"), first=Count("pk", filter=Q(rank=1)), among_three=Count("pk", filter=Q(rank__gt=0)),
        urgency_same=Count("pk", filter=Q(urgency=F("urgency_offered"))), urgency_raised=Count("pk", filter=raised),
    )  # fmt: skip
    return Agreement(**counts)


@lru_cache(maxsize=_LESSONS_KEPT)
def _lesson(number: int) -> Lesson:
    return lesson_of(TriageLesson.objects.get(pk=number).counts)
