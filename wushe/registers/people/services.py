"""Keep the register of residents: who somebody is, where they live, and that a look at protected values is known."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, TypedDict

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.areas.selectors import may_place_in

from .enums import RevealField, RevealReason
from .households import close_if_empty, household_at
from .identity import (
    address_index,
    id_number_faults,
    id_number_index,
    normalise_id_number,
    normalise_phone,
    plain_faults,
    search_columns,
)
from .models import Household, Person, TagKind


class AlreadyRegistered(Invalid):
    """Another person holds this ID number."""

    message = "这个身份证号已经登记过。"

    def __init__(self) -> None:
        super().__init__(
            fields={"id_number": "这个身份证号已经登记过，请先查找；如不在本辖区，请联系原登记社区办理迁入。"}
        )


class NothingOnRecord(Conflict):
    """Nothing is on record to be shown."""

    message = "这一项没有登记，无可显示。"


class PersonChanges(TypedDict, total=False):
    """What may be changed of a person; what is not named stays."""

    name: str
    sex: str
    born_on: date
    area_code: str
    id_number: str
    phone: str
    address: str
    ability_level: int | None
    lives_alone: bool


@domain_call("people:edit")
def register_person(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    sex: str,
    born_on: date,
    area_code: str,
    id_number: str = "",
    phone: str = "",
    address: str = "",
    longitude: float | None = None,
    latitude: float | None = None,
    household_id: int | None = None,
    client_key: str = "",
) -> Person:
    """Register a resident; the same client key again gives the person it made.

    Raises Invalid beside each field at fault, AlreadyRegistered if the ID number is known, NotFound for a household
    outside the actor's scope.
    """
    person = Person(name=name.strip(), sex=sex, born_on=born_on, area_code=area_code)
    number, telephone = normalise_id_number(id_number), normalise_phone(phone)
    _refuse_faults(actor, at, person, number, telephone)
    person.id_number, person.phone = number, telephone  # sealed by the field on its way in
    _set_search_columns(person, number, telephone)
    if household_id is not None:
        person.household = obtain(Household, actor, pk=household_id)
    elif address.strip():
        person.household = household_at(area_code, address.strip(), longitude=longitude, latitude=latitude)

    def effect() -> dict[str, Any]:
        person.save(force_insert=True)
        record(kind="person.register", subject=person, actor=actor, at=at)
        return {"person": person.pk}

    body = {"name": person.name, "born_on": born_on, "area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="people.register_person", body=body, effect=effect)
    return Person.objects.get(pk=answer["person"])


@domain_call("people:edit")
def update_person(*, actor: Actor, at: datetime, person_id: int, changes: PersonChanges) -> Person:
    """Change what is named of a person; the journal keeps which fields, not their values.

    Raises NotFound outside the actor's scope, and what register_person raises.
    """
    person = obtain(Person.objects.select_related("household"), actor, pk=person_id)
    number = normalise_id_number(changes["id_number"]) if "id_number" in changes else person.id_number.reveal()
    telephone = normalise_phone(changes["phone"]) if "phone" in changes else person.phone.reveal()
    for field, value in changes.items():
        if field not in {"id_number", "phone", "address"}:
            setattr(person, field, value.strip() if isinstance(value, str) else value)
    # What was taken over from an earlier register is not held against a change of something else.
    proof = number if changes.keys() & {"id_number", "born_on", "sex"} else ""
    _refuse_faults(actor, at, person, proof, telephone if "phone" in changes else "")
    if "id_number" in changes:
        person.id_number = number
    if "phone" in changes:
        person.phone = telephone
    _set_search_columns(person, number, telephone)
    before = person.household
    if "address" in changes:
        person.household = _moved_household(person, changes["address"].strip())
    person.compared_at = None
    person.save()
    if before != person.household:
        close_if_empty(before, on=timezone.localdate(at))
    record(kind="person.update", subject=person, actor=actor, at=at, data={"fields": sorted(changes)})
    return Person.objects.get(pk=person.pk)


@domain_call("people:reveal")
def reveal(*, actor: Actor, at: datetime, person_id: int, field: str, reason: str) -> str:
    """Return one protected value in plain text and journal who looked at what and why.

    Raises NotFound outside the actor's scope, Invalid for an unknown field or without a reason, NothingOnRecord if
    nothing is on record.
    """
    if field not in RevealField.values:
        raise Invalid(fields={"field": "没有这一项。"})
    if reason not in RevealReason.values:
        raise Invalid(fields={"reason": "请选择查看原因。"})
    person = obtain(Person.objects.select_related("household"), actor, pk=person_id)
    sealed = (person.household and person.household.address) if field == "address" else getattr(person, field)
    if not sealed:
        raise NothingOnRecord
    record(kind="person.reveal", subject=person, actor=actor, at=at, data={"field": field, "reason": reason})
    return str(sealed.reveal())


@domain_call("jobs:run")
def load_tag_kinds(*, actor: Actor, at: datetime, rows: Iterable[Mapping[str, Any]]) -> int:
    """Add the categories of people that are not yet known; return how many were added."""
    known = set(TagKind.objects.values_list("code", flat=True))
    fresh = [
        TagKind(
            code=row["code"],
            title=row["title"],
            evidence=row["evidence"],
            review_months=row["review_months"] or None,
            sensitive=row["visibility"] == "restricted",
        )
        for row in rows
        if row["code"] not in known
    ]
    TagKind.objects.bulk_create(fresh)
    return len(fresh)


def _refuse_faults(actor: Actor, at: datetime, person: Person, number: str, telephone: str) -> None:
    """Raise Invalid with all faults at once, or AlreadyRegistered."""
    faults = plain_faults(person, telephone, today=timezone.localdate(at))
    if not may_place_in(actor=actor, area_code=person.area_code, on=timezone.localdate(at)):
        faults["area_code"] = "请选择本辖区内的社区（村）。"
    if number and not faults.keys() & {"born_on", "sex"}:
        faults |= id_number_faults(number, born_on=person.born_on, sex=person.sex)
    if faults:
        raise Invalid(fields=faults)
    if number and Person.objects.filter(id_number_index=id_number_index(number)).exclude(pk=person.pk).exists():
        raise AlreadyRegistered


def _set_search_columns(person: Person, number: str, telephone: str) -> None:
    for column, value in search_columns(name=person.name, id_number=number, phone=telephone).items():
        setattr(person, column, value)


def _moved_household(person: Person, address: str) -> Household | None:
    """Return the household of the new address; an address that is struck out leaves the person without one."""
    if not address:
        return None
    before = person.household
    if before and before.address_index == address_index(address) and before.area_code == person.area_code:
        return before
    return household_at(person.area_code, address)


def person_in_scope(*, actor: Actor, person_id: int) -> Person:
    """Return a person of the actor's scope; raise NotFound otherwise. For services of later floors."""
    person = obtain(Person, actor, pk=person_id)
    if person.died_on:
        raise NotFound("这位居民已登记去世，不能再办理。")
    return person
