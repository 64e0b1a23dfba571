"""Find a row of a register by two characters of its name, by pinyin initials, or by a telephone's last four digits."""

from functools import lru_cache, reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q, QuerySet
from pypinyin import Style, pinyin

from wushe.registers.people.finding import matching
from wushe.registers.people.identity import TAIL, phone_tail_index
from wushe.registers.people.models import Person

LONGEST_INITIALS = 60


@lru_cache(maxsize=4096)
def initials_of_title(title: str) -> str:
    """Return the first letters of a title's syllables: 暖阳养老 → nyyl. Digits and Latin letters stay."""
    letters = "".join(
        part[0][:1] if part[0][:1].isalpha() else part[0] for part in pinyin(title, style=Style.FIRST_LETTER)
    )
    return "".join(letter for letter in letters.lower() if letter.isalnum())[:LONGEST_INITIALS]


def titled(
    text: str, *, name: str = "name", initials: str = "initials", tail: str = "", codes: tuple[str, ...] = ()
) -> Q | None:
    """Return the condition for things with a title that a text names; None if it says nothing.

    Letters are initials, anywhere in the title; four digits are the tail of a telephone; `codes` are met as a whole.
    """
    words = "".join(text.split())
    if not words:
        return None
    found = Q(**{f"{name}__contains": words})
    for code in codes:
        found |= Q(**{f"{code}__iexact": words})
    if words.isascii():
        found |= Q(**{f"{initials}__contains": words.lower()})
        if tail and words.isdigit() and len(words) == TAIL:
            found |= Q(**{tail: phone_tail_index(words)})
    return found


def served_by(text: str, rows: Q | None, *, among: QuerySet[Any], to: str, person: str) -> Q | None:
    """Return `rows`, or the rows to which `among` points through `to` for a person whom a text names."""
    people = held_by(text, person=person)
    if rows is None or people is None:
        return rows
    return rows | Q(pk__in=among.filter(people).values(to))


def held_by(
    text: str, *, person: str = "person", codes: tuple[str, ...] = (), model: type[Model] | None = None
) -> Q | None:
    """Return the condition for rows about a person whom a text names, or whose own number it is.

    With the `model` of the rows each way is looked up in an index of its own; an OR over both reads the whole table.
    """
    people = matching(text)
    if people is None:
        return None
    ways = [Q(**{f"{person}__in": Person.objects.filter(people).values("pk")})]
    words = "".join(text.split())
    if model is None:
        return reduce(or_, [*ways, *(Q(**{f"{code}__iexact": words}) for code in codes)])
    ways += [Q(**{f"{code}__in": {words, words.upper(), words.lower()}}) for code in codes]
    rows = model._base_manager.order_by().values("pk")
    return Q(pk__in=rows.filter(ways[0]).union(*(rows.filter(way) for way in ways[1:]), all=True))
