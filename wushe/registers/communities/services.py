"""Keep communities, the seats of their councils and their backbone roles, and who sits in them.

One person may hold several roles, each once; a seat without an open term is a vacancy.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.scope import covers, obtain, within
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import area_at
from wushe.registers.desk.changes import amend
from wushe.registers.desk.ending import end_on, put_back
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

from .models import Community, Seat, SeatKind, Term

CHANGEABLE = frozenset({"residents", "households", "phone", "office", "council_since"})
SEAT_CHANGEABLE = frozenset({"kind", "title", "area_code", "since"})
MOST_PEOPLE = 1_000_000


class SeatTaken(Conflict):
    """Somebody sits there."""

    message = "这个岗位已经有人，请先办理离任。"


class SeatVacant(Conflict):
    """Nobody sits there."""

    message = "这个岗位现在没有人。"


class SeatClosed(Conflict):
    """The seat is no more."""

    message = "这个岗位已经撤销。"


@domain_call("communities:edit")
def enter_community(*, actor: Actor, at: datetime, area_code: str, client_key: str = "", **more: Any) -> Community:
    """Enter a community of the actor's area, under the name of its area; `more` are fields of CHANGEABLE.

    Raises Invalid for a place that is no community or is entered already, and beside each field at fault.
    """
    today = timezone.localdate(at)
    area = area_at(code=area_code, on=today) if len(area_code) == Level.COMMUNITY else None
    if area is None or not covers(actor, area_code):
        raise Invalid(fields={"area_code": "请选择本辖区内的社区（村）。"})
    community = Community(area_code=area_code, name=area.name, urban=area.urban, initials=initials_of_title(area.name))

    def effect() -> dict[str, Any]:
        if Community.objects.filter(area_code=area_code).exists():
            raise Invalid(fields={"area_code": "这个社区已经在台账里。"})
        _set(community, more, today)
        community.save(force_insert=True)
        record(kind="community.enter", subject=community, actor=actor, at=at)
        return {"community": community.pk}

    body = {"area_code": area_code}
    answer = once(actor=actor, at=at, key=client_key, call="communities.enter", body=body, effect=effect)
    return Community.objects.get(pk=answer["community"])


@domain_call("communities:edit")
def update_community(*, actor: Actor, at: datetime, community_id: int, changes: Mapping[str, Any]) -> Community:
    """Change what is named of a community; raise NotFound out of scope, Invalid beside each field at fault."""
    community = obtain(Community, actor, pk=community_id)
    if said := _set(community, changes, timezone.localdate(at)):
        community.save()
        record(kind="community.update", subject=community, actor=actor, at=at, data=said)
    return community


@domain_call("communities:edit")
def set_up_seat(
    *, actor: Actor, at: datetime, kind: str, area_code: str, title: str = "", since: date | None = None,
    client_key: str = "",
) -> Seat:  # fmt: skip
    """Set up a seat of the council or a backbone role at a place of the actor's area; raise Invalid."""
    seat = Seat()
    label = str(SeatKind(kind).label) if kind in SeatKind.values else ""
    given = {
        "kind": kind,
        "area_code": area_code,
        "title": title.strip() or label,
        "since": since or timezone.localdate(at),
    }
    _set_seat(seat, given, actor=actor, today=timezone.localdate(at))

    def effect() -> dict[str, Any]:
        _refuse_second_secretary(seat)
        seat.save(force_insert=True)
        record(kind="seat.set_up", subject=seat, actor=actor, at=at, data={"kind": kind})
        return {"seat": seat.pk}

    body = {"kind": kind, "area_code": area_code, "title": seat.title}
    answer = once(actor=actor, at=at, key=client_key, call="communities.set_up_seat", body=body, effect=effect)
    return Seat.objects.get(pk=answer["seat"])


@domain_call("communities:edit")
def update_seat(*, actor: Actor, at: datetime, seat_id: int, changes: Mapping[str, Any]) -> Seat:
    """Change what is named of a seat; raise NotFound out of scope, SeatClosed, Invalid."""
    seat = _standing(actor, seat_id)
    if said := _set_seat(seat, changes, actor=actor, today=timezone.localdate(at)):
        _refuse_second_secretary(seat)
        seat.save()
        record(kind="seat.update", subject=seat, actor=actor, at=at, data=said)
    return seat


@domain_call("communities:edit")
def close_seat(*, actor: Actor, at: datetime, seat_id: int, closed_on: date) -> Seat:
    """Do away with a vacant seat on a day; raise NotFound out of scope, SeatClosed, SeatTaken, Invalid."""
    seat = _standing(actor, seat_id)
    if seat.terms.filter(ends_on=None).exists():
        raise SeatTaken
    early = "撤销日期不能早于设立日期。"
    end_on(seat, "closed_on", closed_on, kind="seat.close", since=seat.since, early=early, actor=actor, at=at)
    return seat


@domain_call("communities:edit")
def reopen_seat(*, actor: Actor, at: datetime, seat_id: int) -> Seat:
    """Take back that a seat was done away with; raise NotFound out of scope, Conflict if it was not."""
    seat = obtain(Seat, actor, pk=seat_id)
    put_back(seat, "closed_on", kind="seat.reopen", standing="这个岗位没有撤销。", actor=actor, at=at)
    return seat


@domain_call("communities:edit")
def take_seat(
    *, actor: Actor, at: datetime, seat_id: int, person_id: int, starts_on: date, unit_id: int | None = None
) -> Term:
    """Put a person into a vacant seat; who sits for a unit on the council names it.

    Raises NotFound out of scope, SeatClosed, SeatTaken, Invalid beside each field at fault.
    """
    # The seat is held, so that of two who fill it one is told that it is taken.
    seat = _standing(actor, seat_id, hold=True)
    person = obtain(Person.objects.filter(died_on=None), actor, pk=person_id)
    unit = obtain(Organisation.objects.filter(left_on=None), actor, pk=unit_id) if unit_id else None
    if seat.terms.filter(ends_on=None).exists():
        raise SeatTaken
    faults = {}
    if not seat.since <= starts_on <= timezone.localdate(at):
        faults["starts_on"] = "到任日期应在岗位设立之后、今天之前。"
    if unit is None and seat.kind in {SeatKind.PART_TIME, SeatKind.UNIT_LIAISON}:
        faults["unit_id"] = "请选择他（她）代表的驻区单位。"
    if person.terms.filter(ends_on=None, seat__kind=seat.kind, seat__area_code=seat.area_code).exists():
        faults["person_id"] = "这个人在这里已经担任同样的角色。"
    if faults:
        raise Invalid(fields=faults)
    term = Term.objects.create(seat=seat, person=person, unit=unit, starts_on=starts_on)
    data = {"person": person_id, "unit": unit_id, "day": str(starts_on)}
    record(kind="seat.take", subject=seat, actor=actor, at=at, data=data)
    return term


@domain_call("communities:edit")
def vacate_seat(*, actor: Actor, at: datetime, seat_id: int, ends_on: date) -> Term:
    """End the term of who sits in a seat; raise NotFound out of scope, SeatClosed, SeatVacant, Invalid."""
    seat = _standing(actor, seat_id, hold=True)
    term = seat.terms.filter(ends_on=None).first()
    if term is None:
        raise SeatVacant
    if not term.starts_on <= ends_on <= timezone.localdate(at):
        raise Invalid(fields={"ends_on": "离任日期应在到任日期之后、今天之前。"})
    term.ends_on = ends_on
    term.save(update_fields=["ends_on"])
    data = {"person": term.person_id, "term": term.pk, "day": str(ends_on)}
    record(kind="seat.vacate", subject=seat, actor=actor, at=at, data=data)
    return term


@domain_call("communities:edit")
def restore_term(*, actor: Actor, at: datetime, seat_id: int, term_id: int) -> Term:
    """Take back that somebody left a seat, if it is still vacant; raise NotFound, SeatClosed, SeatTaken."""
    seat = _standing(actor, seat_id, hold=True)
    if seat.terms.filter(ends_on=None).exists():
        raise SeatTaken
    term = obtain_term(seat, term_id)
    term.ends_on = None
    term.save(update_fields=["ends_on"])
    record(kind="seat.restore", subject=seat, actor=actor, at=at, data={"person": term.person_id, "term": term.pk})
    return term


def obtain_term(seat: Seat, term_id: int) -> Term:
    """Return a term of a seat; raise SeatVacant if it has none of this number."""
    term = seat.terms.filter(pk=term_id).first()
    if term is None:
        raise SeatVacant
    return term


def _standing(actor: Actor, seat_id: int, *, hold: bool = False) -> Seat:
    seat = obtain(Seat.objects.select_for_update() if hold else Seat.objects.all(), actor, pk=seat_id)
    if seat.closed_on:
        raise SeatClosed
    return seat


def _set(community: Community, given: Mapping[str, Any], today: date) -> dict[str, Any]:
    if unknown := given.keys() - CHANGEABLE:
        raise TypeError(f"not of a community: {sorted(unknown)}")
    said = amend(community, {name: value.strip() if isinstance(value, str) else value for name, value in given.items()})
    phone = community.phone.replace("-", "")
    checks = {
        "residents": (0 <= community.residents <= MOST_PEOPLE, "请填写0以上的人数。"),
        "households": (
            0 <= community.households <= (community.residents or MOST_PEOPLE), "户数不能多于人数。"
        ),
        "phone": (not phone or (phone.isascii() and phone.isdigit() and 5 <= len(phone) <= 12), "电话只写数字，座机带区号。"),
        "office": (len(community.office) <= 120, "地址请写在120字以内。"),
        "council_since": (not community.council_since or community.council_since <= today, "成立日期不能晚于今天。"),
    }  # fmt: skip
    if faults := {field: words for field, (right, words) in checks.items() if not right and field in given}:
        raise Invalid(fields=faults)
    return said


def _set_seat(seat: Seat, given: Mapping[str, Any], *, actor: Actor, today: date) -> dict[str, Any]:
    if unknown := given.keys() - SEAT_CHANGEABLE:
        raise TypeError(f"not of a seat: {sorted(unknown)}")
    said = amend(seat, {name: value.strip() if isinstance(value, str) else value for name, value in given.items()})
    inside = covers(actor, seat.area_code) and len(seat.area_code) >= Level.COMMUNITY
    known = inside and area_at(code=seat.area_code, on=today) is not None
    checks = {
        "kind": (seat.kind in SeatKind.values, "请选择角色。"),
        "title": (1 <= len(seat.title) <= 60, "请填写名称（60字以内）。"),
        "area_code": ("area_code" not in given or known, "请选择本辖区内的社区（村）、网格或楼栋。"),
        "since": (seat.since <= today, "设立日期不能晚于今天。"),
    }
    faults = {field: words for field, (right, words) in checks.items() if not right}
    if faults:
        raise Invalid(fields=faults)
    seat.initials = initials_of_title(seat.title)
    return said


def _refuse_second_secretary(seat: Seat) -> None:
    """Raise Invalid for a second secretary of one community; asked when a seat is written, not when it is sent again."""
    same = Seat.objects.filter(within(seat.area_code[: Level.COMMUNITY]), kind=SeatKind.SECRETARY, closed_on=None)
    if seat.kind == SeatKind.SECRETARY and same.exclude(pk=seat.pk).exists():
        raise Invalid(fields={"kind": "每个社区只设一位大党委书记。"})
