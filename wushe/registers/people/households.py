"""Households: who lives together. One is split or joined; where nobody lives any more is hidden, not deleted."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.areas.selectors import may_place_in

from .identity import address_index
from .models import Household, Person


@domain_call("people:edit")
def split_household(
    *, actor: Actor, at: datetime, household_id: int, member_ids: Sequence[int], area_code: str, address: str
) -> Household:
    """Let some members of a household live at another address from now on; return their household.

    Raises NotFound outside the actor's scope, Invalid for nobody, for all, for who does not live there, or for an
    address or area that will not do.
    """
    household = obtain(Household, actor, pk=household_id)
    leaving = [person for person in living_in(household) if person.pk in set(member_ids)]
    faults = {}
    if not leaving or len(leaving) != len(set(member_ids)):
        faults["member_ids"] = "请选择要分出去的家人。"
    elif len(leaving) == living_in(household).count():
        faults["member_ids"] = "全家都搬走请用“迁移”；分户至少要留下一位。"
    if not address.strip():
        faults["address"] = "请填写分出去以后的地址。"
    elif household.address_index == address_index(address.strip()) and household.area_code[:12] == area_code[:12]:
        faults["address"] = "地址和原来的一样，不需要分户。"
    if not may_place_in(actor=actor, area_code=area_code, on=timezone.localdate(at)):
        faults["area_code"] = "请选择本辖区内的社区（村）。"
    if faults:
        raise Invalid(fields=faults)
    new = household_at(area_code, address.strip())
    settle_in(leaving, new, area_code=area_code)
    members = [person.pk for person in leaving]
    data = {"into": new.pk, "members": members}
    record(kind="household.split", subject=household, actor=actor, at=at, data=data)
    for person in leaving:
        record(kind="person.split_off", subject=person, actor=actor, at=at, data={"household": household.pk})
    return new


@domain_call("people:edit")
def join_households(*, actor: Actor, at: datetime, household_id: int, other_id: int) -> Household:
    """Let everybody of the other household live in this one; the other is empty from now on.

    Raises NotFound if either lies outside the actor's scope, Invalid for the same one twice or an empty one.
    """
    household, other = (obtain(Household, actor, pk=pk) for pk in (household_id, other_id))
    coming = list(living_in(other))
    if household.pk == other.pk:
        raise Invalid(fields={"other_id": "请选择另外一户。"})
    if not coming:
        raise Invalid(fields={"other_id": "这一户已经没有人，不需要合并。"})
    settle_in(coming, household, area_code=household.area_code)
    close_if_empty(other, on=timezone.localdate(at))
    members = [person.pk for person in coming]
    data = {"from": other.pk, "members": members}
    record(kind="household.join", subject=household, actor=actor, at=at, data=data)
    for person in coming:
        record(kind="person.join", subject=person, actor=actor, at=at, data={"household": household.pk})
    return household


def living_in(household: Household) -> QuerySet[Person]:
    """Return who lives in a household now."""
    return Person.objects.filter(household=household, died_on=None, moved_out_on=None).order_by("born_on", "id")


def household_at(
    area_code: str, address: str, *, longitude: float | None = None, latitude: float | None = None
) -> Household:
    """Return the household of this community at this address, founded if it is new, opened again if it was empty."""
    index = address_index(address)
    known = Household.objects.filter(community_code=area_code[:12], address_index=index).order_by("id").first()
    if known is None:
        return Household.objects.create(
            area_code=area_code, address=address, address_index=index, longitude=longitude, latitude=latitude
        )
    reopen(known)
    return known


def settle_in(people: Sequence[Person], household: Household | None, *, area_code: str) -> None:
    """Write that these people live in this household and area."""
    Person.objects.filter(pk__in=[person.pk for person in people]).update(
        household=household, area_code=area_code, compared_at=None
    )
    if household is not None:
        reopen(household)


def reopen(household: Household) -> None:
    """Show a household again into which somebody has moved."""
    if household.closed_on is not None:
        Household.objects.filter(pk=household.pk).update(closed_on=None)
        household.closed_on = None


def close_if_empty(household: Household | None, *, on: date) -> None:
    """Hide a household in which nobody lives any more."""
    if household is not None and household.closed_on is None and not living_in(household).exists():
        Household.objects.filter(pk=household.pk).update(closed_on=on)
        household.closed_on = on
