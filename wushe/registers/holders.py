"""For whom or what a role stands: an organisation, a worker, a resident.

They are found by who keeps accounts, who otherwise sees no resident: a choice shows a masked name and the place,
never a protected value.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q, QuerySet

from wushe.foundation.access.models import Grant
from wushe.foundation.access.services import give_grant
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.protected import mask_name
from wushe.foundation.roles import ROLES, Reach
from wushe.foundation.scope import visible
from wushe.registers.areas.selectors import area_at, place_names
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.finding import matching
from wushe.registers.people.models import Person
from wushe.registers.workforce.models import Worker, WorkerKind

_MOST = 20
_WORKERS = {
    "carer": (WorkerKind.PAID_CARER, WorkerKind.SOCIAL_WORKER, WorkerKind.NEIGHBOUR),
    "volunteer": (WorkerKind.VOLUNTEER,),
}


@dataclass(frozen=True, slots=True)
class Holder:
    """One choice: its id, its title, and what tells it from namesakes."""

    pk: int
    title: str
    note: str


def needs_holder(role_code: str) -> bool:
    """Say whether a role stands for an organisation or a person of a register."""
    return role_code in ROLES and ROLES[role_code].reach in (Reach.ORGANISATION, Reach.HOLDER)


def find_holders(*, actor: Actor, role_code: str, text: str) -> list[Holder]:
    """Return at most twenty organisations or people of the actor's area for which the role could stand.

    A resident is found by name, by the tail of the telephone or by the whole ID number. Raises NotAllowed without
    `access:manage`.
    """
    actor.require("access:manage")
    words = text.strip()
    if not words or not needs_holder(role_code):
        return []
    rows = _candidates(actor, role_code)
    if role_code == "organisation_manager":
        return _shown(rows.filter(name__contains=words).order_by("name")[:_MOST])
    people = matching(words)
    if people is None:
        return []
    named = Person.objects.filter(people).values("pk")
    if role_code == "resident":
        return _shown(rows.filter(pk__in=named).order_by("name", "pk")[:_MOST])
    return _shown(rows.filter(Q(person__in=named) | Q(number__iexact=words)).order_by("number")[:_MOST])


def holder_of(*, actor: Actor, role_code: str, holder_id: int) -> Holder | None:
    """Return one choice of the actor's area, None if there is no such."""
    actor.require("access:manage")
    if not needs_holder(role_code):
        return None
    return next(iter(_shown(_candidates(actor, role_code).filter(pk=holder_id))), None)


@domain_call("access:manage")
def give_role(
    *, actor: Actor, at: datetime, user_id: int, role_code: str, area_code: str, valid_from: date, holder_id: int | None
) -> Grant:
    """Give a role at a place, for an organisation or a person of the actor's area where the role stands for one.

    Raises as `give_grant` does, and Invalid beside the field for a place or holder that is not in the actor's area.
    """
    if role_code not in ROLES or role_code == "system":
        raise Invalid(fields={"role_code": "请选择身份。"})
    area = area_at(code=area_code, on=valid_from)
    if area is None or not area_code.startswith(actor.area_code):
        raise Invalid(fields={"area_code": "请选择本辖区内的街道或社区。"})
    holder = holder_of(actor=actor, role_code=role_code, holder_id=holder_id) if holder_id else None
    if holder is None and needs_holder(role_code):
        raise Invalid(fields={"holder": "请查找并选中这个身份所属的机构或对应的人员。"})
    organisation = ROLES[role_code].reach is Reach.ORGANISATION
    return give_grant(
        actor=actor, at=at, user_id=user_id, role_code=role_code, area_code=area_code, valid_from=valid_from,
        organisation_id=holder.pk if holder and organisation else None,
        holder_id=holder.pk if holder and not organisation else None,
        title=holder.title if holder and organisation else area.name,
    )  # fmt: skip


@domain_call("jobs:run")
def place_grants(*, actor: Actor, at: datetime) -> int:
    """Put grants that name an organisation or person, but no place, where that one stands; return how many.

    Without a place such a grant was seen by no administrator but one of the whole country.
    """
    count = 0
    for grant in Grant.objects.filter(area_code="").exclude(organisation_id=None, holder_id=None):
        holders = _REGISTER.get(grant.role_code, Worker).objects.filter(pk=grant.organisation_id or grant.holder_id)
        place = holders.values_list("area_code", flat=True).first()
        count += Grant.objects.filter(pk=grant.pk).update(area_code=place) if place else 0
    return count


_REGISTER: dict[str, Any] = {"organisation_manager": Organisation, "resident": Person}


def _candidates(actor: Actor, role_code: str) -> QuerySet[Any]:
    if role_code == "organisation_manager":
        return visible(Organisation.objects.filter(left_on=None), actor)
    if role_code == "resident":
        return visible(Person.objects.filter(died_on=None, moved_out_on=None), actor)
    workers = Worker.objects.filter(kind__in=_WORKERS[role_code], ends_on=None)
    return visible(workers, actor).select_related("person", "organisation")


def _shown(rows: QuerySet[Any]) -> list[Holder]:
    found = list(rows)
    places = place_names(codes=[row.community_code for row in found])
    return [Holder(row.pk, _title(row), _note(row, places.get(row.community_code, ""))) for row in found]


def _title(row: Model) -> str:
    if isinstance(row, Organisation):
        return row.name
    person = row.person if isinstance(row, Worker) else row
    assert isinstance(person, Person)
    return mask_name(person.name)


def _note(row: Model, place: str) -> str:
    if isinstance(row, Organisation):
        parts = [row.get_kind_display(), place]
    elif isinstance(row, Worker):
        parts = [row.number, row.get_kind_display(), row.organisation.name if row.organisation else place]
    else:
        assert isinstance(row, Person)
        parts = [f"{row.born_on.year}年生", row.get_sex_display(), place]
    return " · ".join(part for part in parts if part)
