"""Find people: by characters of the name, initials, the tail of a telephone or the whole ID number."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.scope import obtain, visible, within

from .finding import matching
from .models import Consent, Person, Relation, Tag, TagKind


def find_people(*, actor: Actor, text: str) -> QuerySet[Person]:
    """Return the living residents of the actor's scope that a text names; nothing for an empty text.

    Four digits are the tail of a telephone, more are a whole one, 18 characters an ID number, letters are initials,
    and everything else is part of a name. Raises NotAllowed without `registers:view`.
    """
    actor.require("registers:view")
    condition = matching(text)
    people = visible(Person.objects.all(), actor).filter(died_on=None, moved_out_on=None)
    return people.none() if condition is None else people.filter(condition).order_by("name", "id")


def register_of_people(
    *, actor: Actor, text: str = "", tag_code: str = "", area_code: str = "", on: date | None = None
) -> QuerySet[Person]:
    """Return the register within the actor's scope, newest first, narrowed by text, tag and area.

    Raises NotAllowed without `registers:view`.
    """
    actor.require("registers:view")
    people = visible(Person.objects.all(), actor).filter(died_on=None, moved_out_on=None)
    if text.strip():
        people = people.filter(matching(text) or Q())
    if tag_code:
        people = people.filter(tags__kind__code=tag_code, tags__ends_on=None)
    if area_code:
        people = people.filter(within(area_code))
    return people.order_by("-id")


def register_in_scope(*, actor: Actor) -> QuerySet[Person]:
    """Return all residents of the actor's scope, also those who have died or left; raise NotAllowed."""
    actor.require("registers:view")
    return visible(Person.objects.all(), actor)


def with_standing_tags(people: QuerySet[Person], *, sensitive: bool = False) -> QuerySet[Person]:
    """Return the people with `standing_tags`, a list; sensitive categories only where they are asked for."""
    tags = Tag.objects.filter(ends_on=None).select_related("kind").order_by("kind_id")
    if not sensitive:
        tags = tags.filter(kind__sensitive=False)
    return people.prefetch_related(Prefetch("tags", queryset=tags, to_attr="standing_tags"))


def person_of(*, actor: Actor, person_id: int) -> Person:
    """Return one person of the actor's scope; raise NotFound otherwise."""
    return obtain(Person.objects.select_related("household"), actor, pk=person_id)


def tag_kinds(*, sensitive: bool = False) -> QuerySet[TagKind]:
    """Return the categories of people that may be offered as a filter."""
    kinds = TagKind.objects.order_by("id")
    return kinds if sensitive else kinds.filter(sensitive=False)


def standing_codes(*, person: Person, on: date) -> set[str]:
    """Return the codes of the categories that a person has on a day."""
    tags = person.tags.filter(Q(ends_on=None) | Q(ends_on__gt=on), starts_on__lte=on)
    return set(tags.values_list("kind__code", flat=True))


def tags_of(*, person: Person, sensitive: bool) -> QuerySet[Tag]:
    """Return all tags of a person, standing ones first."""
    tags = person.tags.select_related("kind").order_by("ends_on", "-starts_on")
    return tags if sensitive else tags.filter(kind__sensitive=False)


def relations_of(*, person: Person) -> QuerySet[Relation]:
    """Return the relatives of a person, those who may act first."""
    return person.relations.select_related("relative").order_by("-may_act", "id")


def bonds_of(*, person: Person) -> list[tuple[int, str, str]]:
    """Return who is on record beside a person: their number, their name, and what they are to the person."""
    return [(bond.relative_id, bond.relative.name, bond.get_kind_display()) for bond in relations_of(person=person)]


def consents_of(*, person: Person) -> QuerySet[Consent]:
    """Return the consents of a person, newest first."""
    return person.consents.select_related("given_by").order_by("-given_at")


def own_people(*, actor: Actor) -> list[Person]:
    """Return the resident behind the actor and those for whom they may act, oneself first; [] for other roles."""
    if actor.role_code != "resident" or actor.holder_id is None:
        return []
    people = visible(Person.objects.all(), actor).filter(died_on=None).distinct()
    return sorted(people, key=lambda person: (person.pk != actor.holder_id, person.pk))


def own_person(*, actor: Actor, person_id: int) -> Person:
    """Return one of the people for whom a resident may act; raise NotFound otherwise."""
    for person in own_people(actor=actor):
        if person.pk == person_id:
            return person
    raise NotFound


def names_of(*, person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of people already seen within scope."""
    return dict(Person.objects.filter(pk__in=set(person_ids)).values_list("pk", "name"))


def relatives_of(*, person: Person) -> list[tuple[Person, str, bool]]:
    """Return for whom this person is on record as a relative: who it is, what this person is to them, may act or not."""
    bonds = person.relative_of.filter(person__merged_into=None).select_related("person").order_by("id")
    return [(bond.person, bond.get_kind_display(), bond.may_act) for bond in bonds]


def history_of_person(*, person: Person, merged_ids: Iterable[int] = (), most: int = 50) -> list[JournalEntry]:
    """Return what was last done to a person and to the records merged into theirs, newest first."""
    about = JournalEntry.objects.filter(subject_kind="person", subject_id__in=[person.pk, *merged_ids])
    return list(about.order_by("-at", "-id")[:most])
