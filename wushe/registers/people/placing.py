"""Place residents whose community was split: until somebody says in which part they live, they keep the old code."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain, visible, within
from wushe.registers.areas.models import Area
from wushe.registers.areas.replacing import replace_of_people
from wushe.registers.areas.selectors import area_at, resolve

from .models import Household, Person


def to_be_placed(*, actor: Actor, area: Area) -> QuerySet[Person]:
    """Return the residents who still stand under the code of an area that has ended, by household."""
    actor.require("registers:view")
    people = visible(Person.objects.filter(died_on=None, moved_out_on=None), actor)
    if area.valid_until is None or area_at(code=area.area_code, on=area.valid_until) is not None:
        return people.none()  # the code stands, in one of the parts
    return people.filter(within(area.area_code)).order_by("household_id", "id")


@domain_call("areas:edit")
def place_residents(*, actor: Actor, at: datetime, area_id: int, person_ids: Sequence[int], into_code: str) -> int:
    """Say that these residents of a split community live in one of its parts; their households and open work go along.

    Raises NotFound out of scope, Invalid for nobody, for somebody of elsewhere, or for an area that is no part of it.
    """
    area = obtain(Area, actor, pk=area_id)
    parts = {part.area_code for part in resolve(code=area.area_code, on=timezone.localdate(at), since=area.valid_from)}
    people = list(to_be_placed(actor=actor, area=area).filter(pk__in=person_ids))
    faults = {}
    if not people or len(people) != len(set(person_ids)):
        faults["person_ids"] = "请选择要归入的居民。"
    if into_code not in parts or into_code == area.area_code:
        faults["into_code"] = "请选择拆分后的一个区划。"
    if faults:
        raise Invalid(fields=faults)
    ids = [person.pk for person in people]
    moved = replace_of_people(ids, old=area.area_code, new=into_code)
    homes = [person.household_id for person in people if person.household_id is not None]
    Household.objects.filter(pk__in=homes).update(area_code=into_code)
    Person.objects.filter(pk__in=ids).update(area_code=into_code, compared_at=None)
    for person in people:
        person.area_code = into_code
        record(kind="person.move", subject=person, actor=actor, at=at, data={"from": area.area_code, "to": into_code})
    record(
        kind="area.place", subject=area, actor=actor, at=at,
        data={"into": into_code, "people": len(ids), "moved": moved},
    )  # fmt: skip
    return len(ids)
