"""The normalisers under whatever people type: what is sound comes through unchanged, what is not never does."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.cn import uscc as social_credit

from wushe.registers.rounds.reading import dates, identity, numbers
from wushe.registers.rounds.reading.cells import Noted, Unreadable, blank, narrow, tidy
from wushe.registers.rounds.reading.headings import Headings, Names, plain
from wushe.registers.rounds.reading.words import parts

few = settings(max_examples=60, deadline=None)
TODAY = date(2026, 9, 14)
days = st.dates(date(1900, 1, 1), TODAY)
cells = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=40), st.dates().map(str),
    st.text("0123456789.-/年月日Xx*＋－０１ ", max_size=24),
)  # fmt: skip
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
READERS = {
    "id_number": identity.id_number, "credit_code": identity.credit_code, "phone": identity.phone, "name": identity.name,
    "day": lambda cell: dates.day(cell, today=TODAY), "count": numbers.count, "longitude": numbers.longitude,
}  # fmt: skip


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    body = f"{draw(st.sampled_from(['110105', '511602', '650102']))}{draw(days):%Y%m%d}{draw(st.integers(1, 999)):03d}"
    return body + str(ric.calc_check_digit(f"{body}0"))


@st.composite
def disguised(draw: st.DrawFn, text: str) -> str:
    """Type a text with blanks, full-width characters and invisible ones."""
    letters = [draw(st.sampled_from([letter, letter.translate(WIDE), letter.lower()])) for letter in text]
    between = st.sampled_from(["", "", "", " ", "\u3000", "\u200b", "-", "\xa0"])
    return draw(st.sampled_from(["", "'", " ", "\ufeff"])) + "".join(letter + draw(between) for letter in letters)


def value(found: object) -> object:
    return found.value if isinstance(found, Noted) else found


@few
@given(st.data(), id_numbers())
def test_an_id_number_survives_its_disguises(data: st.DataObject, number: str) -> None:
    assert value(identity.id_number(data.draw(disguised(number)))) == number
    assert identity.birthday(number) == date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


@few
@given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_found(number: str, place: int, letter: str) -> None:
    wrong = number[:place] + letter + number[place + 1 :]
    if wrong != number:
        with pytest.raises(Unreadable):
            identity.id_number(wrong)


@few
@given(id_numbers())
def test_a_number_of_eighteen_digits_is_never_taken_from_a_float(number: str) -> None:
    with pytest.raises(Unreadable):
        identity.id_number(float(number[:17] + "0"))
    with pytest.raises(Unreadable):
        identity.id_number(f"{float(number[:17] + '0'):.5E}")


@few
@given(id_numbers().filter(lambda n: n[6:8] == "19"))
def test_the_old_fifteen_digits_name_the_same_person(number: str) -> None:
    old = number[:6] + number[8:17]
    for cell in (old, int(old), float(old), f"{float(old):.14E}"):
        assert value(identity.id_number(cell)) == number


@few
@given(st.data(), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_number_survives_its_disguises(data: st.DataObject, phone: str) -> None:
    prefix = data.draw(st.sampled_from(["", "+86", "+86 ", "86", "0086"]))
    groups = data.draw(st.sampled_from([phone, f"{phone[:3]} {phone[3:7]} {phone[7:]}", f"{phone[:3]}-{phone[3:]}"]))
    assert value(identity.phone(prefix + groups)) == phone
    assert value(identity.phone(float(phone))) == phone


@few
@given(days, st.sampled_from([
    "{y}-{m}-{d}", "{y}.{m}.{d}", "{y}/{m}/{d}", "{y}年{m}月{d}日", "{y}{m:02d}{d:02d}", "{y} 年 {m} 月 {d} 日",
    "{y}-{m:02d}-{d:02d} 00:00:00",
    "{y}、{m}、{d}", "{y}.{m}.{d}.",
]))  # fmt: skip
def test_a_day_is_the_same_however_it_is_written(day: date, shape: str) -> None:
    assert dates.exact(shape.format(y=day.year, m=day.month, d=day.day), today=TODAY) == day


@few
@given(days)
def test_serial_numbers_are_days(day: date) -> None:
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)
    if serial > 2100:  # a smaller one is a year
        assert dates.exact(serial, today=TODAY) == dates.exact(float(serial), today=TODAY) == day


@few
@given(days)
def test_a_rough_day_agrees_with_the_exact_one(day: date) -> None:
    short = f"{day.year % 100:02d}年{day.month}月"
    for text in (short, f"{day.year}年{day.month}月", f"{day.year}", float(f"{day.year}.{day.month}")):
        assert dates.day(text, today=TODAY).agrees(day), text


@few
@given(st.text(social_credit._alphabet, min_size=17, max_size=17))
def test_a_credit_code_has_the_standard_s_check_character(body: str) -> None:
    code = body + social_credit.calc_check_digit(body)
    assert identity.credit_code(f" {code.lower()} ") == code
    for wrong in set(social_credit._alphabet) - {code[-1]}:
        with pytest.raises(Unreadable):
            identity.credit_code(body + wrong)


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(READERS)), cells)
def test_nothing_breaks_a_reader(name: str, cell: object) -> None:
    """A reader answers or says in words why not; it never fails in another way."""
    with suppress(Unreadable):
        READERS[name](cell)  # type: ignore[arg-type]


@few
@given(st.text(max_size=60))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert narrow(narrow(text).lstrip("'’‘`")) == narrow(text).lstrip("'’‘`")
    assert blank(tidy(text)) == blank(text) or len(text) >= 12
    assert all(part == part.strip() for part in parts(text))


@few
@given(
    st.sampled_from(["姓名", "身份证号", "联系电话"]),
    st.text(" *：:　\n_", max_size=6),
    st.text(" *：:　\n_", max_size=6),
)
def test_decoration_does_not_hide_a_heading(name: str, before: str, after: str) -> None:
    known = Headings([Names("name", ("姓名",)), Names("id", ("身份证号",)), Names("phone", ("联系电话",))])
    found = known.match(before + name + after)
    assert found is not None
    assert found.sure
    assert plain(before + name + after) == name


def test_a_heading_about_somebody_else_means_nothing() -> None:
    known = Headings([Names("name", ("姓名",)), Names("phone", ("联系电话", "电话"))])
    for heading in ("监护人姓名", "紧急联系人电话", "监护人·电话", "户主·姓名", "家属联系电话"):
        assert known.match(heading) is None
    assert known.match("基本信息·姓名") is not None


def test_the_office_s_own_word_counts_first() -> None:
    columns = [Names("name", ("姓名",)), Names("phone", ("联系电话",))]
    assert Headings(columns, {"联系电话": "name"}).match("联系电话").code == "name"  # type: ignore[union-attr]
    assert Headings(columns, {"联系电话": ""}).match("联系电话") is None
