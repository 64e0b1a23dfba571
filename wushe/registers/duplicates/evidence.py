"""What speaks for two records being one person, and when it is enough to ask somebody.

Two different valid ID numbers speak against it so strongly that only the same name, birthday and home or telephone
together are still asked about (somebody who is on the household rolls twice). Two records with the same ID number
cannot stand: the register refuses the second.
"""

from dataclasses import dataclass
from datetime import date

from django.db import models

from .models import Grade


class Sign(models.TextChoices):
    """One thing in which two records agree."""

    NAME = "name", "姓名相同"
    INITIALS = "initials", "姓名读音首字母相同"
    BORN = "born", "出生日期相同"
    PHONE = "phone", "电话相同"
    HOUSEHOLD = "household", "同一户"
    COMMUNITY = "community", "同一社区"
    DISTRICT = "district", "同一区县"
    SEX = "sex", "性别相同"


S = Sign
_PERSON = {S.NAME, S.BORN}
_LIKELY = ({*_PERSON, S.PHONE}, {*_PERSON, S.HOUSEHOLD}, {*_PERSON, S.COMMUNITY})
_POSSIBLE = (
    {*_PERSON, S.DISTRICT},
    {S.NAME, S.PHONE},
    {S.NAME, S.HOUSEHOLD},
    {S.INITIALS, S.BORN, S.PHONE},
    {S.INITIALS, S.BORN, S.HOUSEHOLD, S.SEX},
)
_DESPITE_ID_NUMBERS = ({*_PERSON, S.PHONE}, {*_PERSON, S.HOUSEHOLD})
# What says nothing beside something stronger is not shown.
_IMPLIED = {S.INITIALS: S.NAME, S.DISTRICT: S.COMMUNITY, S.COMMUNITY: S.HOUSEHOLD}


@dataclass(frozen=True, slots=True)
class Known:
    """What a record is compared by."""

    pk: int
    area_code: str
    name: str
    initials: str
    sex: str
    born_on: date
    phone_index: str
    id_number_index: str
    household_id: int | None


@dataclass(frozen=True, slots=True)
class Match:
    """The signs of a pair, and how much they say."""

    signs: tuple[str, ...]
    grade: Grade


def match_of(first: Known, second: Known, *, phone_counts: bool) -> Match | None:
    """Return what speaks for one person, None if it is too little; a telephone of many does not count."""
    signs = _signs(first, second, phone_counts=phone_counts)
    numbers = {first.id_number_index, second.id_number_index} - {""}
    if len(numbers) > 1:
        grade = Grade.POSSIBLE if any(rule <= signs for rule in _DESPITE_ID_NUMBERS) else None
    elif any(rule <= signs for rule in _LIKELY):
        grade = Grade.LIKELY
    else:
        grade = Grade.POSSIBLE if any(rule <= signs for rule in _POSSIBLE) else None
    if grade is None:
        return None
    shown = (sign for sign in Sign if sign in signs and sign != S.SEX and _IMPLIED.get(sign) not in signs)
    return Match(tuple(str(sign) for sign in shown), grade)


def _signs(first: Known, second: Known, *, phone_counts: bool) -> set[Sign]:
    agree = {
        S.NAME: first.name == second.name,
        S.INITIALS: first.initials == second.initials != "",
        S.BORN: first.born_on == second.born_on,
        S.PHONE: phone_counts and first.phone_index == second.phone_index != "",
        S.HOUSEHOLD: first.household_id == second.household_id is not None,
        S.COMMUNITY: first.area_code[:12] == second.area_code[:12],
        S.DISTRICT: first.area_code[:6] == second.area_code[:6],
        S.SEX: first.sex == second.sex,
    }
    return {sign for sign, same in agree.items() if same}
