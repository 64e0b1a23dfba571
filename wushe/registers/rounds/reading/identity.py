"""Identities: ID numbers (GB 11643, of 18 or the old 15 digits), social credit codes (GB 32100), telephones, names.

Blanks, hyphens, a small x, +86 and digits kept as a number are normal; a wrong check digit or a birthday that the
calendar does not have is not.
"""

import re
from datetime import date
from operator import mul

from .cells import Cell, LostDigits, Noted, Unreadable, narrow, tidy
from .numbers import digits

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
        "91",
    ]
)
_CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = [pow(3, power, 31) for power in range(17)]
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"(?:0\d{2,3})?\d{7,8}")
_SEVERAL = re.compile(r"[/、,，;；\n]|\s{2,}|(?<=\d{11})\s+")
_PREFIX = re.compile(r"^(?:\+?86|0086)(?=1[3-9]\d{9}$|0\d{9,11}$)")
_PUNCTUATION = re.compile(r"[\s\-‐‑–—()（）.]+")
_ASIDE = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]\s*$")
_BETWEEN_CJK = re.compile(r"(?<=[\u3400-\u9fff\U00020000-\U0003ffff])\s+(?=[\u3400-\u9fff\U00020000-\U0003ffff])")
_DOTS = str.maketrans(dict.fromkeys("•・‧∙⋅●", "·"))


def check_digit(body: str) -> str:
    """Return the check digit of the first seventeen digits of an ID number."""
    return _CHECKS[sum(map(mul, map(int, body), _WEIGHTS)) % 11]


def id_number(cell: Cell) -> str | Noted:
    """Return an ID number of 18 characters; an old one of 15 is brought up to them. Raise Unreadable."""
    text = digits(cell).upper().replace("×", "X").replace("＊", "*")
    if "*" in text:
        raise Unreadable("身份证号被打了星号，请填完整号码。")
    if len(text) == 15 and text.isdigit():
        text = f"{text[:6]}19{text[6:]}"
        _refuse_wrong_birthday(text)
        return Noted(text + check_digit(text), "15位老身份证号，已换成18位登记。")
    if len(text) != 18:
        raise Unreadable(f"身份证号应为18位（老的15位），这里有{len(text)}位。")
    if not (text[:17].isascii() and text[:17].isdigit() and text[17] in "0123456789X"):
        raise Unreadable("身份证号只能有数字，最后一位可以是X。")
    _refuse_wrong_birthday(text)
    right = check_digit(text[:17]) == text[17]
    if not right and text.endswith("000"):
        raise LostDigits(f"…{text[-6:]}")
    if not right:
        raise Unreadable("身份证号有误，最后一位校验不对，请对照证件再核一遍。")
    return Noted(text, "身份证号末尾是000，请对照证件核对是否在Excel里丢了位数。") if text.endswith("000") else text


def birthday(number: str) -> date:
    """Return the birthday in an ID number of 18 characters."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number: str) -> str:
    """Return the sex in an ID number: M or F."""
    return "M" if int(number[16]) % 2 else "F"


def _refuse_wrong_birthday(number: str) -> None:
    if number[:2] not in _PROVINCES:
        raise Unreadable("身份证号开头的地区代码不对，请对照证件核对。")
    try:
        birthday(number)
    except ValueError:
        raise Unreadable(f"身份证号里的出生日期 {number[6:14]} 不存在，请对照证件核对。") from None


def credit_code(cell: Cell) -> str:
    """Return a social credit code of 18 characters whose check character is right; raise Unreadable."""
    text = digits(cell).upper()
    if len(text) != 18:
        raise Unreadable(f"统一社会信用代码应为18位，这里有{len(text)}位。")
    if set(text) - set(_CREDIT):
        raise Unreadable("统一社会信用代码里不会有字母 I、O、S、V、Z，请对照登记证书核对。")
    total = sum(_CREDIT.index(c) * w for c, w in zip(text, _CREDIT_WEIGHTS, strict=False))
    if _CREDIT[(31 - total % 31) % 31] != text[17]:
        raise Unreadable("统一社会信用代码有误，最后一位校验不对，请对照登记证书核对。")
    return text


def phone(cell: Cell) -> str | Noted:
    """Return a telephone number as digits alone; of several the first mobile one. Raise Unreadable."""
    if isinstance(cell, int | float):
        numbers = [digits(cell)]
    else:
        numbers = [one for part in _SEVERAL.split(narrow(cell)) if (one := _plain_phone(part))]
    right = [one for one in numbers if _MOBILE.fullmatch(one)] or [one for one in numbers if _LANDLINE.fullmatch(one)]
    if not right:
        raise Unreadable(_phone_fault(numbers))
    return (
        right[0]
        if len(numbers) == 1
        else Noted(right[0], f"填了{len(numbers)}个电话，只登记尾号{right[0][-4:]}的这一个。")
    )


def _plain_phone(text: str) -> str:
    text = digits(text) if text.strip()[-1:].isdigit() else text
    return _PREFIX.sub("", _PUNCTUATION.sub("", text))


def _phone_fault(numbers: list[str]) -> str:
    if any("*" in one for one in numbers):
        return "电话号码被打了星号，请填完整号码。"
    if len(numbers) == 1 and numbers[0].isdigit() and numbers[0].startswith("1"):
        return f"手机号应为11位，这里有{len(numbers[0])}位。"
    return "电话号码不对：手机为11位，座机请带区号，如 0826-2333333。"


def name(cell: Cell) -> str | Noted:
    """Return a person's name without the blanks that only align it and without what stands in brackets behind it."""
    text = tidy(cell)
    if 2 <= len(text) <= 4 and text.isalpha():
        return text
    text = _BETWEEN_CJK.sub("", text).translate(_DOTS)
    bare = _ASIDE.sub("", text).strip()
    if not 2 <= len(bare) <= 40:
        raise Unreadable("请填写完整姓名（2到40个字）。" if bare else "这里应填姓名。")
    if any(letter.isdigit() for letter in bare) or "*" in bare:
        raise Unreadable("姓名里不应有数字或星号。")
    return bare if bare == text else Noted(bare, f"姓名后面的“{text[len(bare) :].strip()}”没有登记。")
