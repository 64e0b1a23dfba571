"""What the catalogue and the wordbook know of each service, and how strongly a text speaks for it.

Two kinds of evidence are added. Expressions: every character of the text that an expression of the service covers
counts, the more the fewer services share the expression. Stretches of one to three characters: how much oftener they
stand in the texts of this service than in all.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from re import Pattern

from wushe.registers.catalogue.models import Item

from .reading import Span, joined, reading, spoken_with_gaps, stretches
from .wordbook import expressions

# Tried on the development sentences (see bench/triage): what an interrupted expression, one of a single character, and
# the stretches count beside an expression that is spoken as it stands.
_INTERRUPTED, _SINGLE, _STRETCHES = 0.6, 0.4, 0.2
_LENGTHS = (1, 2, 3)
_WEIGHT = {1: 0.5, 2: 1.0, 3: 1.0}
_SMOOTHING, _LEAST = 15.0, -0.7
_LONGEST_INTERRUPTED = 5
_EDITIONS_KEPT = 8


@dataclass(frozen=True, slots=True)
class Evidence:
    """How strongly a text speaks for one service, and which positions of it speak."""

    score: float
    spans: tuple[Span, ...]


class Knowledge:
    """All that is known of the services of one edition, prepared for many texts."""

    def __init__(self, services: Sequence[tuple[str, str, str, tuple[str, ...]]]) -> None:
        """Take code, name, explanation and keywords of each service."""
        spoken = {
            code: list(dict.fromkeys([name, *words, *expressions().get(code, ())])) for code, name, _, words in services
        }
        uses = Counter(word for words in spoken.values() for word in words)
        self.codes = list(spoken)
        self._words = {
            code: [(word, self._rarity(uses[word]), _pattern(word)) for word in words] for code, words in spoken.items()
        }
        self._counts: dict[str, Counter[str]] = {code: Counter() for code in spoken}
        for code, _, plain, _ in services:
            for text in (*spoken[code], plain):
                self._counts[code].update(set(stretches(reading(text), _LENGTHS)))
        self._all: Counter[str] = Counter()
        for counts in self._counts.values():
            self._all.update(counts)
        self._sizes = {code: sum(counts.values()) for code, counts in self._counts.items()}
        self._size = sum(self._sizes.values())

    def of(self, code: str, text: str, found: set[str]) -> Evidence | None:
        """Return what a reading with these stretches says for one service; None if it says nothing."""
        cover = self._cover(code, text)
        shared = self._shared(code, text)
        if not any(cover) and not any(shared):
            return None
        spans = joined(weight > 0 for weight in cover) or joined(shared)
        return Evidence(sum(cover) + _STRETCHES * self._likelihood(code, found), tuple(spans))

    def _rarity(self, uses: int) -> float:
        most = 1.1 * len(self.codes)
        return math.log(most / uses) / math.log(most) if most > uses else 0.0

    def _cover(self, code: str, text: str) -> list[float]:
        """Return for each position the weight of the strongest expression that covers it."""
        cover = [0.0] * len(text)
        for word, rarity, pattern in self._words[code]:
            weight = rarity if len(word) > 1 else rarity * _SINGLE
            start = text.find(word)
            if start < 0 and pattern and (match := pattern.search(text)):
                _raise(cover, [p for p in range(*match.span()) if text[p] in word], weight * _INTERRUPTED)
            while start >= 0:
                _raise(cover, range(start, start + len(word)), weight)
                start = text.find(word, start + 1)
        return cover

    def _shared(self, code: str, text: str) -> list[bool]:
        """Say for each position whether it lies in a pair of characters that the service's texts hold."""
        known = self._counts[code]
        marks = [False] * len(text)
        for start in range(len(text) - 1):
            if text[start : start + 2] in known:
                marks[start] = marks[start + 1] = True
        return marks

    def _likelihood(self, code: str, found: set[str]) -> float:
        counts, size, total = self._counts[code], self._sizes[code], 0.0
        for stretch in found:
            everywhere = self._all.get(stretch)
            if everywhere:
                usual = everywhere / self._size
                here = (counts.get(stretch, 0) + _SMOOTHING * usual) / (size + _SMOOTHING)
                total += max(_LEAST, math.log(here / usual)) * _WEIGHT[len(stretch)]
        return total


def knowledge_of(items: Iterable[Item]) -> Knowledge:
    """Return what is known of these services; prepared once for each wording of the catalogue."""
    return _prepared(tuple((item.code, item.name, item.plain, tuple(item.keywords)) for item in items))


@lru_cache(maxsize=_EDITIONS_KEPT)
def _prepared(services: tuple[tuple[str, str, str, tuple[str, ...]], ...]) -> Knowledge:
    return Knowledge(services)


def _pattern(word: str) -> Pattern[str] | None:
    return spoken_with_gaps(word) if 1 < len(word) <= _LONGEST_INTERRUPTED else None


def _raise(cover: list[float], positions: Iterable[int], weight: float) -> None:
    for position in positions:
        cover[position] = max(cover[position], weight)
