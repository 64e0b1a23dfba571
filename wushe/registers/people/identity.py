"""Identity: how names, ID numbers and telephones are normalised, checked, and found again without being read.

An ID number (GB 11643) carries its holder's birthday and sex and a check digit; all three must agree.
"""

import re
from datetime import date
from functools import lru_cache

from pypinyin import Style, pinyin
from stdnum.cn.ric import calc_check_digit

from wushe.foundation.protected import blind_index

from .models import AbilityLevel, Person, Sex

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})?\d{7,8}")
_SPACES = re.compile(r"[\s\-－—()（）]+")
# Family names that are read otherwise than the same character in a word.
_SURNAMES = dict(zip("单仇解曾查区朴翟覃缪冼隗郇逄员乐", "sqxzzopzqmxwxpyy", strict=True))
TAIL = 4
OLDEST_YEARS = 130


def normalise_id_number(text: str) -> str:
    """Return an ID number without spaces and with a capital X."""
    return _SPACES.sub("", text).upper()


def id_number_faults(number: str, *, born_on: date, sex: str) -> dict[str, str]:
    """Return what is wrong with an ID number, or where it disagrees with the birthday and the sex; {} if nothing."""
    if not re.fullmatch(r"[1-9]\d{16}[\dX]", number):
        fault = "身份证号应为18位，最后一位可以是X。"
    elif calc_check_digit(number) != number[17]:
        fault = "身份证号有误，最后一位校验不对，请对照证件再核一遍。"
    elif number[6:14] != f"{born_on:%Y%m%d}":
        fault = f"身份证号里的出生日期与填写的出生日期（{born_on}）不一致。"
    elif (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE) != sex:
        fault = "身份证号里的性别与填写的性别不一致。"
    else:
        return {}
    return {"id_number": fault}


def plain_faults(person: Person, telephone: str, *, today: date) -> dict[str, str]:
    """Return the faults of the plain fields of a person, by field."""
    earliest = today.replace(year=today.year - OLDEST_YEARS, day=1)
    died, level = person.died_on, person.ability_level
    checks = {
        "name": (2 <= len(person.name) <= 40, "请填写完整姓名（2到40个字）。"),
        "sex": (person.sex in Sex.values, "请选择性别。"),
        "born_on": (earliest <= person.born_on <= today, "出生日期不对，不能晚于今天，也不能早于130年前。"),
        "died_on": (not died or person.born_on <= died <= today, "去世日期应在出生日期之后、今天之前。"),
        "ability_level": (level is None or level in AbilityLevel.values, "没有这个能力等级。"),
        "phone": (not telephone or is_phone(telephone), "电话号码不对：手机为11位，座机请带区号，如 0826-2333333。"),
    }
    return {field: message for field, (right, message) in checks.items() if not right}


def normalise_phone(text: str) -> str:
    """Return a telephone number as digits alone, without the country's prefix."""
    digits = _SPACES.sub("", text).removeprefix("+86")
    return digits[2:] if len(digits) == 13 and digits.startswith("861") else digits


def is_phone(phone: str) -> bool:
    """Say whether normalised digits are a mobile number or a landline."""
    return bool(_MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone))


def full_years(born_on: date, day: date) -> int:
    """Return the full years of age on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def years_before(day: date, years: int) -> date:
    """Return the last day of birth of those who have so many full years on a day."""
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - years, day=28 if leap else day.day)


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """Return the first letters of a name's syllables: 王桂芳 → wgf."""
    letters = "".join(syllable[0] for syllable in pinyin(name, style=Style.FIRST_LETTER)).lower()
    return (_SURNAMES.get(name[:1], letters[:1]) + letters[1:])[:20]


def id_number_index(number: str) -> str:
    """Return the blind index of a normalised ID number."""
    return blind_index(number, purpose="id_number")


def phone_index(phone: str) -> str:
    """Return the blind index of a normalised telephone number."""
    return blind_index(phone, purpose="phone")


def phone_tail_index(phone: str) -> str:
    """Return the blind index of the last four digits of a telephone number."""
    return blind_index(phone[-TAIL:], purpose="phone_tail") if len(phone) >= TAIL else ""


def address_index(address: str) -> str:
    """Return the blind index of an address, blanks aside."""
    return blind_index(re.sub(r"\s+", "", address), purpose="address")


def search_columns(*, name: str, id_number: str, phone: str) -> dict[str, str]:
    """Return the derived columns by which a person is found; for bulk loading as well as for one row."""
    return {
        "initials": initials_of(name),
        "id_number_index": id_number_index(id_number),
        "phone_index": phone_index(phone),
        "phone_tail_index": phone_tail_index(phone),
    }
