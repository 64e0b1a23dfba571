"""Which services a resident's words point to: the words of the catalogue, and the pairs of characters they share.

No learning and no service from outside: each suggestion shows the very words that spoke for it, so that the
person who triages can agree or not. A word that many services share says little and weighs little.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from wushe.registers.catalogue.models import Item

_NOT_WORDS = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")
# How much each kind of evidence counts, tried on the sample sentences of the demonstration (see the test).
_SPOKEN, _INTERRUPTED, _PAIR, _CHARACTER = 1.0, 0.7, 1.0, 0.8
_LEAST_SCORE = 1.0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A service, how strongly the words point to it, and which words these are."""

    item: Item
    score: float
    words: tuple[str, ...]


def suggest(text: str, items: Iterable[Item], *, most: int = 3) -> list[Suggestion]:
    """Return the services that a text points to, the strongest first; [] if no word speaks for any."""
    profiles = [_Profile.of(item) for item in items]
    rarity = _Rarity(profiles)
    said = _NOT_WORDS.sub(" ", text)
    found = [_weigh(profile, said, rarity) for profile in profiles]
    strong = [suggestion for suggestion in found if suggestion.score >= _LEAST_SCORE]
    return sorted(strong, key=lambda s: (-s.score, s.item.code))[:most]


def similarity(one: str, other: str) -> float:
    """Return the share of character pairs that two texts have in common, from 0 to 1."""
    a, b = pairs(_NOT_WORDS.sub(" ", one)), pairs(_NOT_WORDS.sub(" ", other))
    return len(a & b) / len(a | b) if a and b else 0.0


def pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters within each run of a text."""
    return {run[i : i + 2] for run in text.split() for i in range(len(run) - 1)}


@dataclass(frozen=True, slots=True)
class _Profile:
    """What an item is known by: its name and keywords, the pairs of all its texts, the characters of its keywords."""

    item: Item
    keywords: frozenset[str]
    pairs: frozenset[str]
    characters: frozenset[str]

    @classmethod
    def of(cls, item: Item) -> "_Profile":
        keywords = frozenset([item.name, *item.keywords])
        texts = _NOT_WORDS.sub(" ", " ".join([*keywords, item.plain]))
        characters = frozenset("".join(keywords)) - {" "}
        return cls(item, keywords, frozenset(pairs(texts)), characters)


class _Rarity:
    """How much a keyword, a pair or a character says, up to 1: the fewer services have it, the more."""

    def __init__(self, profiles: list[_Profile]) -> None:
        self._services = len(profiles)
        self._uses: Counter[str] = Counter()
        for profile in profiles:
            self._uses.update(profile.keywords | profile.pairs | profile.characters)

    def of(self, piece: str) -> float:
        return math.log(1.1 * self._services / self._uses[piece]) / math.log(1.1 * self._services)


def _weigh(profile: _Profile, said: str, rarity: _Rarity) -> Suggestion:
    spoken = {word for word in profile.keywords if word in said}
    broken = {word for word in profile.keywords - spoken if _interrupted(word, said)}
    shared = (pairs(said) & profile.pairs) - pairs(" ".join(spoken))
    characters = set(said) & profile.characters
    score = (
        _SPOKEN * sum(len(word) * rarity.of(word) for word in spoken)
        + _INTERRUPTED * sum(len(word) * rarity.of(word) for word in broken)
        + _PAIR * sum(rarity.of(pair) for pair in shared)
        + _CHARACTER * sum(rarity.of(character) for character in characters)
    )
    words = sorted(spoken, key=said.index) + sorted(broken)
    rest = _runs(said, shared) or sorted(characters, key=lambda one: (-rarity.of(one), one))
    return Suggestion(profile.item, round(score, 3), tuple(words or rest[:3]))


def _runs(said: str, shared: set[str]) -> list[str]:
    """Return the stretches of a text that its shared pairs cover, as one reads them: 打电 and 电话 are 打电话."""
    covered = [said[i : i + 2] in shared for i in range(len(said))]
    runs, start = [], None
    for i, inside in enumerate([*covered, False]):
        if inside and start is None:
            start = i
        elif not inside and start is not None:
            runs.append(said[start : i + 1])
            start = None
    return list(dict.fromkeys(runs))


def _interrupted(word: str, said: str) -> bool:
    """Say whether the characters of a word stand in order with at most two others between them: 洗脚 in 洗一下脚."""
    return re.search(".{0,2}".join(map(re.escape, word)), said) is not None
