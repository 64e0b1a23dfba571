"""Keep the register of organisations: enter, change with history, leave; a credit code is registered once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.desk.changes import amend
from wushe.registers.desk.ending import put_back
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.people.identity import normalise_phone, phone_tail_index

from .checks import compact, faults_of, is_credit_code
from .models import Organisation

__all__ = ["CreditCodeTaken", "is_credit_code", "leave", "register_organisation", "return_organisation",
           "update_organisation"]  # fmt: skip

CHANGEABLE = frozenset({
    "name", "kind", "standing", "area_code", "uscc", "serves", "takes_orders", "grade", "graded_on", "hub",
    "joined_on", "contact_name", "contact_phone", "full_time", "certified", "members", "seats", "agreement_until",
})  # fmt: skip
"""What `update_organisation` may change."""


class CreditCodeTaken(Invalid):
    """Another organisation holds this code."""

    def __init__(self) -> None:
        super().__init__(fields={"uscc": "这个统一社会信用代码已登记在另一家组织名下。"})


class HasLeft(Conflict):
    """The organisation has left the register."""

    message = "这家组织已经退出。"


@domain_call("organisations:edit")
def register_organisation(
    *,
    actor: Actor,
    at: datetime,
    name: str,
    kind: str,
    standing: str,
    area_code: str,
    uscc: str = "",
    serves: Sequence[str] = (),
    takes_orders: bool = False,
    grade: str = "",
    hub: bool = False,
    joined_on: date | None = None,
    client_key: str = "",
    **more: Any,
) -> Organisation:
    """Register an organisation seated in the actor's area; `more` are other fields of CHANGEABLE.

    A registered one needs its credit code; others may lack it. The same client key again gives the one it made.
    Raises Invalid beside each field at fault, CreditCodeTaken.
    """
    organisation = Organisation(joined_on=joined_on or timezone.localdate(at))
    given = {"name": name, "kind": kind, "standing": standing, "area_code": area_code, "uscc": uscc, "grade": grade,
             "hub": hub, "serves": list(serves), "takes_orders": takes_orders, **more}  # fmt: skip
    _set(organisation, given, actor=actor, at=at)

    def effect() -> dict[str, Any]:
        _refuse_taken_code(organisation)
        organisation.save(force_insert=True)
        record(kind="organisation.register", subject=organisation, actor=actor, at=at, data={"kind": kind})
        return {"organisation": organisation.pk}

    body = {"name": organisation.name, "uscc": organisation.uscc, "area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="organisations.register", body=body, effect=effect)
    return Organisation.objects.get(pk=answer["organisation"])


@domain_call("organisations:edit")
def update_organisation(
    *, actor: Actor, at: datetime, organisation_id: int, changes: Mapping[str, Any]
) -> Organisation:
    """Change what is named of an organisation; the journal tells what was and what is.

    Raises NotFound outside the actor's scope, HasLeft, and what register_organisation raises.
    """
    organisation = obtain(Organisation, actor, pk=organisation_id)
    if organisation.left_on and organisation.left_on <= timezone.localdate(at):
        raise HasLeft
    said = _set(organisation, changes, actor=actor, at=at)
    if said:
        _refuse_taken_code(organisation)
        organisation.save()
        record(kind="organisation.update", subject=organisation, actor=actor, at=at, data=said)
    return organisation


@domain_call("organisations:edit")
def leave(*, actor: Actor, at: datetime, organisation_id: int, left_on: date) -> Organisation:
    """Record that an organisation leaves on a day; it takes no more orders. Raises NotFound, Invalid."""
    organisation = obtain(Organisation, actor, pk=organisation_id)
    if organisation.joined_on and left_on < organisation.joined_on:
        raise Invalid(fields={"left_on": "退出日期不能早于入驻日期。"})
    organisation.left_on, organisation.takes_orders = left_on, False
    organisation.save(update_fields=["left_on", "takes_orders"])
    record(kind="organisation.leave", subject=organisation, actor=actor, at=at, data={"day": str(left_on)})
    return organisation


@domain_call("organisations:edit")
def return_organisation(*, actor: Actor, at: datetime, organisation_id: int) -> Organisation:
    """Take back that an organisation left; it says itself when it takes orders again. Raises NotFound, Conflict."""
    organisation = obtain(Organisation, actor, pk=organisation_id)
    put_back(organisation, "left_on", kind="organisation.return", standing="这家组织没有退出。", actor=actor, at=at)
    return organisation


def _set(organisation: Organisation, given: Mapping[str, Any], *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Put the values on the organisation and return what differs; raise Invalid with all faults."""
    if unknown := given.keys() - CHANGEABLE:
        raise TypeError(f"not of an organisation: {sorted(unknown)}")
    values = {name: value.strip() if isinstance(value, str) else value for name, value in given.items()}
    if "uscc" in values:
        values["uscc"] = compact(values["uscc"])
    telephone = normalise_phone(values.pop("contact_phone", "") or "")
    today, placed = timezone.localdate(at), bool(values.keys() & {"area_code", "serves"})
    said = amend(organisation, values)
    faults = faults_of(organisation, actor=actor, telephone=telephone, today=today, placed=placed)
    # What was taken over from an earlier register is not held against a change of something else.
    if faults := {name: words for name, words in faults.items() if not organisation.pk or _concerned(name, given)}:
        raise Invalid(fields=faults)
    if telephone:
        organisation.contact_phone, organisation.phone_tail_index = telephone, phone_tail_index(telephone)
        said["fields"] = sorted({*said.get("fields", []), "contact_phone"})
    organisation.initials = initials_of_title(organisation.name)
    return said


def _concerned(name: str, given: Mapping[str, Any]) -> bool:
    """Say whether a fault of this field comes from what was given now."""
    causes = {"uscc": {"uscc", "standing"}, "certified": {"certified", "full_time"}}
    return bool(given.keys() & causes.get(name, {name}))


def _refuse_taken_code(organisation: Organisation) -> None:
    """Raise CreditCodeTaken; asked when an organisation is written, not when the same form is sent again."""
    others = Organisation.objects.exclude(pk=organisation.pk).filter(uscc=organisation.uscc)
    if organisation.uscc and others.exists():
        raise CreditCodeTaken
