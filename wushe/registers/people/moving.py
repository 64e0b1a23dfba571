"""Moving: inside the register from one community to another, out of it, and back; alone or with the household."""

from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import area_at

from .households import close_if_empty, household_at, living_in, settle_in
from .identity import address_index
from .models import Household, Person


class HasDied(Conflict):
    """The person is on record as dead."""

    message = "这位居民已登记去世，不能再办理迁移。"


class HasLeft(Conflict):
    """The person is on record as moved out."""

    message = "这位居民已登记迁出，请先办理迁入。"


class HasNotLeft(Conflict):
    """The person never moved out."""

    message = "这位居民没有登记迁出，不需要办理迁入。"


@domain_call("people:edit")
def move_person(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    area_code: str,
    moved_on: date,
    address: str = "",
    with_household: bool = False,
) -> Person:
    """Write that a person, or the whole household, lives in another community or at another address.

    The new community may lie outside the actor's own: the record is handed over to it with all that belongs to it.
    Raises NotFound outside scope, HasDied, HasLeft, and Invalid for an unknown place, a wrong day, or no change.
    """
    person = _present(obtain(Person.objects.select_related("household"), actor, pk=person_id))
    faults = _faults(person, moved_on, area_code, today=timezone.localdate(at))
    if not faults and _stays(person, area_code, address.strip()):
        faults["address"] = "社区和地址都没有变，请填写新的地址。"
    if faults:
        raise Invalid(fields=faults)
    before, moving = person.household, _who(person, with_household=with_household)
    home = household_at(area_code, address.strip()) if address.strip() else _new_home(moving, area_code)
    places = {one.pk: one.area_code for one in moving}
    settle_in(moving, home, area_code=area_code)
    if before is not None and (home is None or before.pk != home.pk):
        close_if_empty(before, on=moved_on)
    for one in moving:
        one.refresh_from_db()
        data = {"from": places[one.pk], "to": area_code, "on": f"{moved_on}"}
        record(kind="person.move", subject=one, actor=actor, at=at, data=data)
    return Person.objects.get(pk=person.pk)


@domain_call("people:edit")
def record_departure(
    *, actor: Actor, at: datetime, person_id: int, left_on: date, with_household: bool = False
) -> Person:
    """Write that a person, or the whole household, has moved to where this register does not reach.

    What is still open in the chain ends by the journal row. Raises NotFound outside scope, HasDied, HasLeft, and
    Invalid for a day in the future or before birth.
    """
    person = _present(obtain(Person.objects.select_related("household"), actor, pk=person_id))
    if faults := _day_faults(person, left_on, "left_on", today=timezone.localdate(at)):
        raise Invalid(fields=faults)
    for one in _who(person, with_household=with_household):
        Person.objects.filter(pk=one.pk).update(moved_out_on=left_on)
        record(kind="person.leave", subject=one, actor=actor, at=at, data={"on": f"{left_on}"})
    close_if_empty(person.household, on=left_on)
    return Person.objects.get(pk=person.pk)


@domain_call("people:edit")
def record_return(
    *, actor: Actor, at: datetime, person_id: int, area_code: str, moved_on: date, address: str = ""
) -> Person:
    """Write that a person who had moved out lives in the register's area again.

    Raises NotFound outside scope, HasDied, HasNotLeft, and Invalid for an unknown place or a wrong day.
    """
    person = obtain(Person, actor, pk=person_id)
    if person.died_on:
        raise HasDied
    if person.moved_out_on is None:
        raise HasNotLeft
    faults = _faults(person, moved_on, area_code, today=timezone.localdate(at))
    if not faults and moved_on < person.moved_out_on:
        faults["moved_on"] = f"迁入日期不能早于迁出日期（{person.moved_out_on}）。"
    if faults:
        raise Invalid(fields=faults)
    Person.objects.filter(pk=person.pk).update(moved_out_on=None)
    settle_in([person], household_at(area_code, address.strip()) if address.strip() else None, area_code=area_code)
    person = Person.objects.get(pk=person.pk)
    record(kind="person.return", subject=person, actor=actor, at=at, data={"to": area_code, "on": f"{moved_on}"})
    return person


def _present(person: Person) -> Person:
    if person.died_on:
        raise HasDied
    if person.moved_out_on:
        raise HasLeft
    return person


def _who(person: Person, *, with_household: bool) -> list[Person]:
    return list(living_in(person.household)) if with_household and person.household else [person]


def _new_home(moving: list[Person], area_code: str) -> Household | None:
    """Return a home without an address for a family that stays together; one person alone needs none."""
    return Household.objects.create(area_code=area_code) if len(moving) > 1 else None


def _stays(person: Person, area_code: str, address: str) -> bool:
    if person.area_code != area_code and person.area_code[: Level.COMMUNITY] != area_code:
        return False
    home = person.household
    return not address or (home is not None and home.address_index == address_index(address))


def _faults(person: Person, day: date, area_code: str, *, today: date) -> dict[str, str]:
    faults = _day_faults(person, day, "moved_on", today=today)
    if len(area_code) < Level.COMMUNITY or area_at(code=area_code, on=today) is None:
        faults["area_code"] = "请选择要迁到的社区（村）。"
    return faults


def _day_faults(person: Person, day: date, field: str, *, today: date) -> dict[str, str]:
    if person.born_on <= day <= today:
        return {}
    return {field: "日期应在出生日期之后，不能晚于今天。"}
