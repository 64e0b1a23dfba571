"""Protected fields: encrypted in the table, masked on the page, found by an index that tells nothing."""

from datetime import date

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from wushe.foundation.protected import (
    ProtectedField,
    Sealed,
    blind_index,
    mask_address,
    mask_id_number,
    mask_name,
    mask_phone,
)
from wushe.registers.people.models import Person

PHONE, ID_NUMBER = "13912345678", "511602194402110028"


@given(st.text(max_size=60))
def test_what_is_sealed_comes_back(text: str) -> None:
    sealed = Sealed.seal(text, "address")
    assert sealed.reveal() == text
    assert bool(sealed) == bool(text)


def test_the_same_value_never_looks_the_same() -> None:
    assert Sealed.seal(PHONE, "phone").token != Sealed.seal(PHONE, "phone").token


def test_shows_only_its_mask() -> None:
    sealed = Sealed.seal(PHONE, "phone")
    assert str(sealed) == f"{sealed}" == "139****5678"
    assert PHONE not in repr(sealed)


def test_a_token_of_one_kind_does_not_open_as_another() -> None:
    with pytest.raises(InvalidTag):
        Sealed(Sealed.seal(PHONE, "phone").token, "address").reveal()


def test_a_changed_token_does_not_open() -> None:
    token = Sealed.seal(PHONE, "phone").token
    changed = token[:-6] + ("A" if token[-6] != "A" else "B") + token[-5:]
    with pytest.raises(InvalidTag):
        Sealed(changed, "phone").reveal()


def test_masks() -> None:
    assert mask_id_number(ID_NUMBER) == "5116************28"
    assert mask_phone("0826-233") == "082****-233"
    assert mask_phone("12345") == "*****"
    assert mask_name("王桂芳") == "王**"
    assert "路" not in mask_address("翠屏路18号")
    assert [mask_id_number(""), mask_phone(""), mask_name(""), mask_address("")] == [""] * 4


def test_the_index_finds_equal_values_and_tells_nothing_else() -> None:
    assert blind_index(PHONE, purpose="phone") == blind_index(PHONE, purpose="phone")
    assert blind_index(PHONE, purpose="phone") != blind_index(PHONE, purpose="id_number")
    assert blind_index("", purpose="phone") == ""
    assert PHONE not in blind_index(PHONE, purpose="phone")


def test_migrations_know_the_kind() -> None:
    _, _, _, arguments = ProtectedField(kind="phone").deconstruct()
    assert arguments == {"kind": "phone", "default": "", "blank": True}


@pytest.mark.django_db
def test_the_table_holds_no_plain_value() -> None:
    fields = {field.name for field in Person._meta.fields if isinstance(field, ProtectedField)}
    assert fields >= {"id_number", "phone"}
    person = Person(name="王桂芳", born_on=date(1944, 2, 11), area_code="511602001001")
    for name in fields:
        setattr(person, name, PHONE)
    person.save_base(raw=True, force_insert=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM people_person")
        stored = str(cursor.fetchall())
    assert PHONE not in stored
    assert PHONE[-8:] not in stored
    person.refresh_from_db()
    assert {getattr(person, name).reveal() for name in fields} == {PHONE}
    assert PHONE not in str([str(getattr(person, name)) for name in fields])
