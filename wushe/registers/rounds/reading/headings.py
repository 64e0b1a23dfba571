"""Headings: which column of a register a heading means, in the words that offices use.

What the office has said before counts first, then the column's own names, then a name inside a longer heading. A
heading that speaks of somebody else (监护人电话) never means the person's own column.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .cells import Cell, tidy

JOINT = "·"
"""Between the parts of a heading of several rows: 监护人·电话."""
_ASIDE = re.compile(r"[(（\[【<《][^)）\]】>》]*[)）\]】>》]")
_MUST = re.compile(r"[(（\[【<《*＊]*(?:必填|选填|必填项)[)）\]】>》*＊]*")
_NOISE = re.compile(r"[\s*＊:：·.．、，,“”\"'?？!！_\-－—/\\]+")
_OTHERS = (
    "监护人",
    "联系人",
    "家属",
    "亲属",
    "子女",
    "户主",
    "配偶",
    "负责人",
    "法人",
    "法定代表人",
    "父亲",
    "母亲",
    "照护人",
    "代办人",
)
_LONGEST = 30


@dataclass(frozen=True, slots=True)
class Names:
    """A column as headings name it: its title and its other names."""

    code: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading means; `sure` unless it was only a part of the heading that said so."""

    code: str
    sure: bool = True


class Headings:
    """The names of a register's columns, and what this office has called them before."""

    def __init__(self, columns: Iterable[Names], remembered: Mapping[str, str] | None = None) -> None:
        self._remembered = dict(remembered or {})
        self._known = {plain(name): column.code for column in columns for name in column.names}
        self._by_length = sorted((name for name in self._known if len(name) > 1), key=len, reverse=True)

    def match(self, heading: str) -> Match | None:
        """Return what a heading means, None if nothing."""
        whole = plain(heading)
        if not whole or len(whole) > _LONGEST:
            return None
        if whole in self._remembered:
            code = self._remembered[whole]
            return Match(code) if code else None
        parts = heading.split(JOINT)
        tried = [whole, plain(_MUST.sub("", heading)), plain(_ASIDE.sub("", heading))]
        if not _subjects("".join(parts[:-1])):  # 基本信息·姓名 is a name, 监护人·姓名 is not this person's
            tried.append(plain(_ASIDE.sub("", parts[-1])))
        for spelling in tried:
            if spelling in self._known:
                return Match(self._known[spelling])
        return self._within(tried[2])

    def exact(self, heading: str) -> bool:
        """Say whether a heading is a known name as it stands."""
        found = self.match(heading)
        return found is not None and found.sure

    def _within(self, spelling: str) -> Match | None:
        inside = [name for name in self._by_length if name in spelling and _subjects(name) == _subjects(spelling)]
        codes = {self._known[name] for name in inside if len(name) == len(inside[0])}
        return Match(codes.pop(), sure=False) if len(codes) == 1 else None


def plain(heading: str) -> str:
    """Return a heading as it is compared and remembered: no blanks, no punctuation."""
    return _NOISE.sub("", tidy(heading)).replace("(", "").replace(")", "").replace("（", "").replace("）", "").lower()


def settle(found: Sequence[Match | None]) -> list[Match | None]:
    """Let each column of the register be meant once: a sure match before a guess, the first before a later one."""
    best: dict[str, int] = {}
    for place, match in enumerate(found):
        if match and (match.code not in best or (match.sure and not _sure(found[best[match.code]]))):
            best[match.code] = place
    return [match if match and best[match.code] == place else None for place, match in enumerate(found)]


def joined(rows: Sequence[Sequence[Cell]], place: int) -> str:
    """Return the heading of a column whose heading takes several rows, each part once."""
    said = [tidy(row[place]) for row in rows if place < len(row)]
    return JOINT.join(dict.fromkeys(part for part in said if part))


def _sure(match: Match | None) -> bool:
    return match is not None and match.sure


def _subjects(text: str) -> tuple[str, ...]:
    return tuple(word for word in _OTHERS if word in text)
