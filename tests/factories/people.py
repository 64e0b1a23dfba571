"""Residents with valid, invented ID numbers."""

from datetime import date
from itertools import count

from stdnum.cn.ric import calc_check_digit

from tests.factories.places import CENTRE, COMMUNITY, TODAY
from wushe.registers.people.identity import address_index, search_columns
from wushe.registers.people.models import Household, Person, Relation, Sex, Tag, TagKind

_serial = count(1)


def id_number(*, born_on: date, sex: str, serial: int | None = None) -> str:
    """Return an ID number of 广安区 that passes every check."""
    order = (serial or next(_serial)) % 500 * 2 + (sex == Sex.MALE)
    body = f"511602{born_on:%Y%m%d}{order:03d}"
    return body + calc_check_digit(f"{body}0")


def phone(serial: int | None = None) -> str:
    """Return an invented mobile number."""
    return f"1390826{(serial or next(_serial)) % 10000:04d}"


def household(
    *, area_code: str = COMMUNITY, address: str = "", longitude: float = CENTRE[0], latitude: float = CENTRE[1]
) -> Household:
    """Return a household at an invented address."""
    address = address or f"幸福巷{next(_serial)}号"
    return Household.objects.create(
        area_code=area_code, address=address, address_index=address_index(address),
        longitude=longitude, latitude=latitude,
    )  # fmt: skip


def person(
    name: str = "李秀英",
    *,
    sex: str = Sex.FEMALE,
    born_on: date = date(1948, 3, 9),
    area_code: str = COMMUNITY,
    telephone: str | None = None,
    number: str | None = None,
    tags: tuple[str, ...] = (),
    home: Household | None = None,
    **fields: object,
) -> Person:
    """Return a resident with a home, an ID number and a telephone."""
    number = id_number(born_on=born_on, sex=sex) if number is None else number
    telephone = phone() if telephone is None else telephone
    row = Person.objects.create(
        name=name, sex=sex, born_on=born_on, area_code=area_code, id_number=number, phone=telephone,
        household=home or household(area_code=area_code),
        **search_columns(name=name, id_number=number, phone=telephone), **fields,
    )  # fmt: skip
    for code in tags:
        tag(row, code)
    return Person.objects.get(pk=row.pk)


def tag(person: Person, code: str, *, starts_on: date = TODAY) -> Tag:
    """Give a person a category; the reference data must be loaded."""
    return Tag.objects.create(
        person=person, kind=TagKind.objects.get(code=code), starts_on=starts_on, evidence="入户核实"
    )


def relation(person: Person, relative: Person, kind: str = Relation.Kind.CHILD, *, may_act: bool = True) -> Relation:
    """Say that `relative` is the person's child (or …)."""
    return Relation.objects.create(person=person, relative=relative, kind=kind, may_act=may_act)
