"""Find somebody by what is at hand: two characters of the name, its initials, the tail of a telephone, the ID number.

Every way runs on an index: a part of a name is the beginning of the name, or of the name from its second or third
character on; names that are longer (买买提江·阿不都拉) are looked through whole, and are few.
"""

import re

from django.db import connection
from django.db.models import Q

from .identity import TAIL, id_number_index, normalise_id_number, normalise_phone, phone_index, phone_tail_index
from .models import Person

_ID_NUMBER = re.compile(r"\d{17}[\dXx]")
_LAST_CHARACTER = 0x10FFFF


def matching(text: str) -> Q | None:
    """Return the condition for people that a text names, None if it names nobody."""
    words = "".join(text.split())
    if not words:
        return None
    if _ID_NUMBER.fullmatch(words):
        return Q(id_number_index=id_number_index(normalise_id_number(words)))
    digits = normalise_phone(words)
    if digits.isdigit():
        return (
            Q(phone_tail_index=phone_tail_index(digits)) if len(digits) == TAIL else Q(phone_index=phone_index(digits))
        )
    if words.isascii():
        return beginning("initials", words.lower())
    return beginning("name", words) if len(words) == 1 else Q(pk__in=_with_part(words))


def beginning(column: str, text: str) -> Q:
    """Return the condition that a column begins with a text, in the form for which the database uses an index."""
    if connection.vendor == "postgresql" or ord(text[-1]) >= _LAST_CHARACTER:
        return Q(**{f"{column}__startswith": text})
    # SQLite compares by code point, and looks up no LIKE in an index that tells capitals from small letters.
    return Q(**{f"{column}__gte": text, f"{column}__lt": text[:-1] + chr(ord(text[-1]) + 1)})


def _with_part(words: str) -> object:
    """Return the ids of the people whose name has these characters one after the other."""
    people = Person.objects.order_by().values("pk")
    places = [people.filter(beginning(column, words)) for column in ("name", "name_second", "name_third")]
    return places[0].union(*places[1:], people.filter(name_is_long=True, name__contains=words), all=True)
