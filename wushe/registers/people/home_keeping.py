"""Keep a household: found one, say who heads it, correct its address, place it in its grid, and give all its members a category."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.areas.models import Level
from wushe.registers.areas.replacing import replace_of_people
from wushe.registers.areas.selectors import area_at, may_place_in
from wushe.registers.desk.changes import amend

from .bonds import TagStands, set_tag
from .households import close_if_empty, household_at, living_in, settle_in
from .identity import address_index
from .models import Household, Person, Tag

_ELSEWHERE = "这里只能改到同一社区的小区、网格或楼栋；换了社区请办理迁移。"
_TAKEN = "这个地址已经有一户，请打开那一户办理“并入另一户”。"


class NobodyThere(Conflict):
    """Nobody lives in the household."""

    message = "这一户现在没有人住，不能办理。"


@domain_call("people:edit")
def found_household(
    *, actor: Actor, at: datetime, person_id: int, area_code: str, address: str, longitude: float | None = None,
    latitude: float | None = None, client_key: str = "",
) -> Household:  # fmt: skip
    """Register a household at an address, headed by a resident who lives there from now on; a client key makes it once.

    Raises NotFound outside the actor's scope, Invalid beside an address that is missing or taken, an area outside the
    resident's community, half a point, or somebody who does not live here any more.
    """
    person = obtain(Person.objects.select_related("household"), actor, pk=person_id)
    words, today = address.strip(), timezone.localdate(at)
    faults = _faults(
        actor,
        community=person.community_code,
        on=today,
        area_code=area_code,
        address=words,
        point=(longitude, latitude),
    )
    if person.died_on or person.moved_out_on:
        faults[""] = "这位居民已登记去世或迁出，不能立户。"
    if faults:
        raise Invalid(fields=faults)

    def effect() -> dict[str, Any]:
        if _others_at(area_code, words) is not None:
            raise Invalid(fields={"address": _TAKEN})
        before = person.household
        home = household_at(area_code, words, longitude=longitude, latitude=latitude)
        home.head, home.area_code, home.longitude, home.latitude = person, area_code, longitude, latitude
        home.save()
        _place([person], home, actor=actor, at=at)
        close_if_empty(before, on=today)
        record(kind="household.found", subject=home, actor=actor, at=at, data={"head": person.pk})
        return {"household": home.pk}

    body = {"person_id": person.pk, "area_code": area_code, "address": address_index(words)}
    answer = once(actor=actor, at=at, key=client_key, call="people.found_household", body=body, effect=effect)
    return Household.objects.get(pk=answer["household"])


@domain_call("people:edit")
def update_household(*, actor: Actor, at: datetime, household_id: int, changes: Mapping[str, Any]) -> Household:
    """Change what is named of a household: head_id, area_code (inside its community), address, longitude, latitude.

    Who lives there goes along into another grid or building. Raises NotFound outside the actor's scope, Invalid beside
    a head who does not live there, an address that is missing or another household's, or an area that will not do.
    """
    home = obtain(Household, actor, pk=household_id)
    old, today, living = home.area_code, timezone.localdate(at), list(living_in(home))
    wanted = dict(changes)
    address = wanted["address"].strip() if "address" in wanted else None
    area_code = wanted.get("area_code", old)
    point = (wanted.get("longitude", home.longitude), wanted.get("latitude", home.latitude))
    faults = _faults(
        actor, community=old[: Level.COMMUNITY], on=today, area_code=area_code, address=address, point=point,
        placed=area_code == old,
    )  # fmt: skip
    if wanted.get("head_id") is not None and wanted["head_id"] not in {person.pk for person in living}:
        faults["head_id"] = "户主要从现在住在这一户的人里选。"
    if address and address_index(address) == home.address_index:
        del wanted["address"]
    elif address:
        if _others_at(old, address, but=home.pk) is not None:
            faults["address"] = _TAKEN
        wanted |= {"address": address, "address_index": address_index(address)}
    if faults:
        raise Invalid(fields=faults)
    if said := amend(home, wanted):
        home.save()
        if home.area_code != old:
            _place(living, home, actor=actor, at=at)
        elif "address" in wanted:
            Person.objects.filter(pk__in=[person.pk for person in living]).update(compared_at=None)
        record(kind="household.update", subject=home, actor=actor, at=at, data=_told(said))
    return Household.objects.get(pk=home.pk)


@domain_call("people:edit")
def tag_household(
    *, actor: Actor, at: datetime, household_id: int, tag_code: str, starts_on: date, evidence: str = ""
) -> list[Tag]:
    """Give everybody who lives in a household a category, as an office decides it for the whole family (低保).

    Who has it already keeps it. Raises NotFound outside the actor's scope, NobodyThere, TagStands if all have it, and
    what set_tag raises.
    """
    home = obtain(Household, actor, pk=household_id)
    living = list(living_in(home))
    if not living:
        raise NobodyThere
    has = set(Tag.objects.filter(person__in=living, kind__code=tag_code, ends_on=None).values_list("person", flat=True))
    given = [
        set_tag(
            actor=actor, at=at, person_id=person.pk, tag_code=tag_code, starts_on=starts_on, evidence=evidence,
            source=Tag.Source.ROLL,
        )
        for person in living
        if person.pk not in has
    ]  # fmt: skip
    if not given:
        raise TagStands("这一户的人都已有这个标签。")
    data = {"tag": tag_code, "members": len(given)}
    record(kind="household.tag", subject=home, actor=actor, at=at, data=data)
    return given


def _told(said: dict[str, Any]) -> dict[str, Any]:
    """Return what the journal says of a change: where exactly a family lives is no more told than its address."""
    changes = said.get("changes", {})
    hidden = sorted({*said.get("fields", ()), *(changes.keys() & {"longitude", "latitude"})})
    plain = {name: pair for name, pair in changes.items() if name not in {"address_index", *hidden}}
    return ({"changes": plain} if plain else {}) | ({"fields": hidden} if hidden else {})


def _place(people: list[Person], home: Household, *, actor: Actor, at: datetime) -> None:
    """Write that these people live in this home; their open work goes along where the area is another one."""
    settle_in(people, home, area_code=home.area_code)
    for person in people:
        if (old := person.area_code) != home.area_code:
            replace_of_people([person.pk], old=old, new=home.area_code)
            person.area_code = home.area_code
            record(kind="person.move", subject=person, actor=actor, at=at, data={"from": old, "to": home.area_code})


def _others_at(area_code: str, address: str, *, but: int | None = None) -> Household | None:
    """Return the household in which somebody lives at this address of the community, other than one."""
    community, index = area_code[: Level.COMMUNITY], address_index(address)
    homes = Household.objects.filter(community_code=community, address_index=index, closed_on=None)
    return homes.exclude(pk=but).order_by("id").first()


def _faults(
    actor: Actor, *, community: str, on: date, area_code: str, address: str | None, point: tuple[float | None, float | None],
    placed: bool = False,
) -> dict[str, str]:  # fmt: skip
    """Return what is wrong with where a household is; `placed` if its area does not change."""
    longitude, latitude = point
    faults = {}
    if address == "":
        faults["address"] = "请填写地址，例如：翠屏路18号2单元301。"
    if not placed:
        if not may_place_in(actor=actor, area_code=area_code, on=on) or area_at(code=area_code, on=on) is None:
            faults["area_code"] = "请选择本辖区内的社区（村）、小区、网格或楼栋。"
        elif area_code[: Level.COMMUNITY] != community:
            faults["area_code"] = _ELSEWHERE
    if (longitude is None) != (latitude is None):
        faults["latitude" if latitude is None else "longitude"] = "经度和纬度要一起填写，或者都不填。"
    elif longitude is not None and latitude is not None and not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        faults["longitude"] = "经度应在-180到180之间，纬度应在-90到90之间。"
    return faults
