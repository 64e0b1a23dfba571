"""Identity: how names, ID numbers and telephones are normalised, checked, and found again without being read.

An ID number (GB 11643) carries its holder's birthday and sex and a check digit; all three must agree.
"""

import re
from datetime import date
from functools import lru_cache

from pypinyin import Style, pinyin
from stdnum.cn.ric import calc_check_digit

from wushe.foundation.errors import Invalid
from wushe.foundation.protected import blind_index

from .models import Sex

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(0\d{2,3})?\d{7,8}")
_SPACES = re.compile(r"[\s\-－—()（）]+")
TAIL = 4


def normalise_id_number(text: str) -> str:
    """Return an ID number without spaces and with a capital X."""
    return _SPACES.sub("", text).upper()


def check_id_number(number: str, *, born_on: date, sex: str) -> None:
    """Raise Invalid unless the number is whole and agrees with the birthday and the sex."""
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise Invalid(fields={"id_number": "身份证号应为18位，最后一位可以是X。"})
    if calc_check_digit(number[:17]) != number[17]:
        raise Invalid(fields={"id_number": "身份证号有误，最后一位校验不对，请对照证件再核一遍。"})
    if number[6:14] != f"{born_on:%Y%m%d}":
        raise Invalid(fields={"id_number": f"身份证号里的出生日期与填写的出生日期（{born_on}）不一致。"})
    if (Sex.MALE if int(number[16]) % 2 else Sex.FEMALE) != sex:
        raise Invalid(fields={"id_number": "身份证号里的性别与填写的性别不一致。"})


def normalise_phone(text: str) -> str:
    """Return a telephone number as digits alone, without the country's prefix."""
    digits = _SPACES.sub("", text).removeprefix("+86")
    return digits[2:] if len(digits) == 13 and digits.startswith("861") else digits


def check_phone(phone: str) -> None:
    """Raise Invalid unless it is a mobile number or a landline."""
    if not (_MOBILE.fullmatch(phone) or _LANDLINE.fullmatch(phone)):
        raise Invalid(fields={"phone": "电话号码不对：手机为11位，座机请带区号，如 0826-2333333。"})


@lru_cache(maxsize=4096)
def initials_of(name: str) -> str:
    """Return the first letters of a name's syllables: 王桂芳 → wgf."""
    return "".join(syllable[0] for syllable in pinyin(name, style=Style.FIRST_LETTER)).lower()[:20]


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
