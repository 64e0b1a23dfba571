"""Units and people register with a community; it confirms, declines or ends. Entered by the desk, or by themselves."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import COMMUNITY, covers, obtain
from wushe.lines.volunteering.own import own_volunteer
from wushe.registers.areas.selectors import area_at
from wushe.registers.desk.changes import amend
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.identity import is_phone, normalise_phone
from wushe.registers.people.models import Person
from wushe.registers.people.services import person_in_scope

from .models import OPEN, CheckIn, CheckInKind, Standing
from .workflow import CHECK_IN

RIGHT = "check_in:edit"
MOST_HEADS = 100_000
DISTRICT_DIGITS = 6
CHANGEABLE = {
    CheckInKind.UNIT: frozenset({"branch", "headcount", "contact_name", "contact_phone", "offers", "organisation_id"}),
    CheckInKind.MEMBER: frozenset({"standing", "unit_id", "offers"}),
}


class CheckedIn(Conflict):
    """The unit or the person is registered with this community already, or waits for its answer."""

    message = "已经在这个社区报到，或者正等社区确认。"


@domain_call(RIGHT)
def check_in_unit(
    *, actor: Actor, at: datetime, area_code: str, name: str, client_key: str = "", **more: Any
) -> CheckIn:
    """Enter a unit that registers with a community of the actor's area; `more` are fields of CHANGEABLE.

    Raises Invalid beside each field at fault, NotFound for an organisation out of scope, CheckedIn.
    """
    if more.get("organisation_id"):
        obtain(Organisation.objects.filter(left_on=None), actor, pk=more["organisation_id"])
    here = covers(actor, area_code) and _is_community(area_code, at)
    return _enter_unit(actor, at, area_code=area_code if here else "", name=name, client_key=client_key, more=more)


@domain_call("check_in:ask_unit")
def check_in_own_unit(*, actor: Actor, at: datetime, area_code: str, client_key: str = "", **more: Any) -> CheckIn:
    """Let an organisation register itself with a community of its district; raises Invalid, CheckedIn."""
    unit = Organisation.objects.filter(pk=actor.organisation_id or 0, left_on=None).first()
    if unit is None:
        raise NotFound
    near = area_code.startswith(unit.area_code[:DISTRICT_DIGITS]) and _is_community(area_code, at)
    more["organisation_id"] = unit.pk
    return _enter_unit(actor, at, area_code=area_code if near else "", name=unit.name, client_key=client_key, more=more)


@domain_call(RIGHT)
def check_in_member(
    *, actor: Actor, at: datetime, person_id: int, standing: str, unit_id: int | None = None, offers: str = "",
    client_key: str = "",
) -> CheckIn:  # fmt: skip
    """Enter somebody who registers with the community where they live.

    Raises NotFound for a person out of scope, Invalid beside each field at fault, CheckedIn.
    """
    person = person_in_scope(actor=actor, person_id=person_id)
    return _enter_member(actor, at, person, standing=standing, unit_id=unit_id, offers=offers, client_key=client_key)


@domain_call("check_in:ask_own")
def check_in_oneself(
    *, actor: Actor, at: datetime, standing: str, unit_id: int | None = None, offers: str = "", client_key: str = ""
) -> CheckIn:
    """Let a volunteer register with the community where they live; raises NoVolunteer, Invalid, CheckedIn."""
    person = own_volunteer(actor).person
    return _enter_member(actor, at, person, standing=standing, unit_id=unit_id, offers=offers, client_key=client_key)


@domain_call(RIGHT)
def update_check_in(*, actor: Actor, at: datetime, check_in_id: int, changes: Mapping[str, Any]) -> CheckIn:
    """Change what is known of a registration that is not over; raises NotFound, Invalid, Conflict."""
    row = obtain(CheckIn, actor, pk=check_in_id)
    if row.state not in OPEN:
        raise Conflict("已经结束的报到不能再改。")
    if unknown := changes.keys() - CHANGEABLE[CheckInKind(row.kind)]:
        raise TypeError(f"not of a check-in: {sorted(unknown)}")
    if changes.get("organisation_id"):
        obtain(Organisation.objects.filter(left_on=None), actor, pk=changes["organisation_id"])
    said = amend(row, _trimmed(changes))
    _check(row, on=timezone.localdate(at))
    if said:
        row.save()
        record(kind="check_in.amend", subject=row, actor=actor, at=at, data=said)
    return row


@domain_call(RIGHT)
def confirm_check_in(*, actor: Actor, at: datetime, check_in_id: int) -> CheckIn:
    """Receive a unit or a person: from today on it counts. Raises NotFound, MoveNotAllowed."""
    row = obtain(CheckIn, actor, pk=check_in_id)
    received = {"confirmed_on": timezone.localdate(at), "confirmed_by": actor.user_id, "owner_name": actor.name[:40]}
    CHECK_IN.move(row, "confirm", actor=actor, at=at, changes=received)
    return row


@domain_call(RIGHT)
def decline_check_in(*, actor: Actor, at: datetime, check_in_id: int, reason: str) -> CheckIn:
    """Not receive a unit or a person, and say why; raises NotFound, Invalid without a reason, MoveNotAllowed."""
    return _close(actor, at, check_in_id, event="decline", reason=reason)


@domain_call(RIGHT)
def end_check_in(*, actor: Actor, at: datetime, check_in_id: int, reason: str) -> CheckIn:
    """End a registration today; what it has done stays counted. Raises NotFound, Invalid, MoveNotAllowed."""
    return _close(actor, at, check_in_id, event="end", reason=reason, more={"ended_on": timezone.localdate(at)})


def _close(
    actor: Actor, at: datetime, pk: int, *, event: str, reason: str, more: Mapping[str, Any] = {}
) -> CheckIn:  # fmt: skip
    row, words = obtain(CheckIn, actor, pk=pk), reason.strip()
    if not words or len(words) > 200:
        raise Invalid(fields={"reason": "请写明原因，200字以内。"})
    CHECK_IN.move(row, event, actor=actor, at=at, changes={"outcome": words, **more}, data={"reason": words})
    return row


def _enter_unit(
    actor: Actor, at: datetime, *, area_code: str, name: str, client_key: str, more: Mapping[str, Any]
) -> CheckIn:
    if unknown := more.keys() - CHANGEABLE[CheckInKind.UNIT]:
        raise TypeError(f"not of a unit: {sorted(unknown)}")
    row = CheckIn(
        kind=CheckInKind.UNIT, area_code=area_code, name=name.strip(), initials=initials_of_title(name.strip())
    )
    amend(row, _trimmed(more))
    _check(row, on=timezone.localdate(at))
    same = {"kind": CheckInKind.UNIT, "name": row.name}
    return _start(row, same, {"name": row.name, "area_code": area_code}, client_key, actor=actor, at=at)


def _enter_member(
    actor: Actor, at: datetime, person: Person, *, standing: str, unit_id: int | None, offers: str, client_key: str
) -> CheckIn:
    row = CheckIn(
        kind=CheckInKind.MEMBER, area_code=person.area_code[:COMMUNITY], person=person, standing=standing, unit_id=unit_id,
        offers=offers.strip(), demonstration=person.demonstration,
    )  # fmt: skip
    _check(row, on=timezone.localdate(at))
    same = {"kind": CheckInKind.MEMBER, "person": person}
    return _start(row, same, {"person": person.pk}, client_key, actor=actor, at=at)


def _start(
    row: CheckIn, same: dict[str, Any], body: dict[str, Any], client_key: str, *, actor: Actor, at: datetime
) -> CheckIn:
    def effect() -> dict[str, Any]:
        if CheckIn.objects.filter(area_code=row.area_code, state__in=OPEN, **same).exists():
            raise CheckedIn
        row.asked_at, row.asked_by = at, actor.user_id
        CHECK_IN.start(row, event="ask", actor=actor, at=at, data={"kind": row.kind})
        return {"check_in": row.pk}

    answer = once(actor=actor, at=at, key=client_key, call="check_in.ask", body=body, effect=effect)
    return CheckIn.objects.get(pk=answer["check_in"])


def _trimmed(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values without spaces around them, a telephone as it is kept."""
    trimmed = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
    if trimmed.get("contact_phone"):
        trimmed["contact_phone"] = normalise_phone(trimmed["contact_phone"])
    return trimmed


def _check(row: CheckIn, *, on: date) -> None:
    number = row.contact_phone if isinstance(row.contact_phone, str) else ""
    district = row.area_code[:DISTRICT_DIGITS]
    units = CheckIn.objects.filter(kind=CheckInKind.UNIT, state__in=OPEN, district_code=district)
    rules = {
        "area_code": (len(row.area_code) == COMMUNITY, "请选择要报到的社区（村）。"),
        "offers": (len(row.offers) <= 200, "能做什么请写在200字以内。"),
    }
    if row.kind == CheckInKind.UNIT:
        rules |= {
            "name": (2 <= len(row.name) <= 60, "请填写单位或党组织的名称（2到60个字）。"),
            "branch": (len(row.branch) <= 60, "党支部名称请写在60字以内。"),
            "headcount": (0 <= row.headcount <= MOST_HEADS, "请填写人数。"),
            "contact_name": (len(row.contact_name) <= 40, "联系人请写在40字以内。"),
            "contact_phone": (not number or is_phone(number), "电话号码不对，请写手机或带区号的座机。"),
        }
    else:
        rules |= {
            "standing": (row.standing in Standing.values, "请选择党员还是职工。"),
            "unit_id": (row.unit_id is None or units.filter(pk=row.unit_id).exists(), "请从已报到的单位里选择。"),
        }
    if faults := {field: words for field, (right, words) in rules.items() if not right}:
        raise Invalid(fields=faults)


def _is_community(area_code: str, at: datetime) -> bool:
    return len(area_code) == COMMUNITY and area_at(code=area_code, on=timezone.localdate(at)) is not None
