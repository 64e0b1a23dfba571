"""All that triage has to say of one need, put before the person who decides; nothing here changes anything."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.db.models import Q
from django.utils import timezone

from wushe.chain.needs.models import Need
from wushe.foundation.scope import STREET, within
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import in_force
from wushe.registers.catalogue.eligibility import Applicant
from wushe.registers.catalogue.selectors import items_on
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import standing_codes

from .entitlements import Entitlement, entitlements
from .places import PlaceHeard, place_heard
from .ranking import Suggestion, suggest
from .teaching import lesson_in_force
from .urgency import UrgencyReading, read_urgency


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the resident's words: plain, speaking for a service, or telling of danger."""

    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Advice:
    """What the words of a need suggest."""

    suggestions: list[Suggestion]
    urgency: UrgencyReading
    place: PlaceHeard | None
    entitlements: list[Entitlement]
    passages: list[Passage]


def suggest_items(*, words: str, day: date, most: int = 3) -> list[Suggestion]:
    """Return the services of the edition in force that the words point to, with the words that spoke."""
    return suggest(words, items_on(day=day), most=most, lesson=lesson_in_force()[1])


def advice_for(*, need: Need, at: datetime) -> Advice:
    """Return what the words of a need suggest. The caller has seen the need within scope."""
    day = timezone.localdate(at)
    suggestions = suggest_items(words=need.words, day=day)
    urgency = read_urgency(need.words)
    return Advice(
        suggestions=suggestions,
        urgency=urgency,
        place=heard_place(words=need.words, near=need.area_code, day=day),
        entitlements=entitlements_of(
            person=need.person, area_code=need.area_code, day=day, services=[one.item.code for one in suggestions]
        ),
        passages=_passages(need.words, suggestions, urgency),
    )


def entitlements_of(*, person: Person, area_code: str, day: date, services: list[str]) -> list[Entitlement]:
    """Return the policies for which a person seems to qualify, those about these services first."""
    tags = standing_codes(person=person, on=day)
    applicant = Applicant(born_on=person.born_on, ability_level=person.ability_level, tags=tags)
    return entitlements(applicant, area_code=area_code, on=day, services=services)


def heard_place(*, words: str, near: str, day: date) -> PlaceHeard | None:
    """Return the place that the words name, among the communities and estates of the street in which one is."""
    inside = in_force(on=day).filter(within(near[:STREET]), Q(level__gte=Level.COMMUNITY))
    return place_heard(words, inside)


def _passages(words: str, suggestions: list[Suggestion], urgency: UrgencyReading) -> list[Passage]:
    """Return the words in pieces; what tells of danger goes before what speaks for a service."""
    kinds = [""] * len(words)
    for suggestion in suggestions[:1]:
        for start, end in suggestion.spans:
            kinds[start:end] = ["service"] * (end - start)
    for alarm in urgency.alarms:
        start, end = alarm.span
        kinds[start:end] = [alarm.level] * (end - start)
    cuts = [0, *(i for i in range(1, len(words)) if kinds[i] != kinds[i - 1]), len(words)]
    return [Passage(words[a:b], kinds[a]) for a, b in pairwise(cuts) if a < b]
