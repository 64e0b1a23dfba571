"""A resident's words as triage reads them: characters without punctuation, and the short stretches they are made of.

Every position of the reading is a position of the words themselves, so that what spoke for a service can be marked.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

_NOT_A_WORD = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
GAP = "…"
SHORT_GAP, LONG_GAP = 2, 10

Span = tuple[int, int]


def reading(words: str) -> str:
    """Return the words with a space for every character that is neither a Chinese character, a letter nor a digit."""
    return _NOT_A_WORD.sub(" ", words)


def stretches(text: str, lengths: Sequence[int]) -> Iterator[str]:
    """Return every stretch of so many characters within the runs of a reading."""
    for run in text.split():
        for length in lengths:
            for start in range(len(run) - length + 1):
                yield run[start : start + length]


def pairs(text: str) -> set[str]:
    """Return the pairs of neighbouring characters within each run of a reading."""
    return set(stretches(text, (2,)))


def similarity(one: str, other: str) -> float:
    """Return the share of character pairs that two texts have in common, from 0 to 1."""
    a, b = pairs(reading(one)), pairs(reading(other))
    return len(a & b) / len(a | b) if a and b else 0.0


def spoken_with_gaps(word: str) -> re.Pattern[str]:
    """Return a pattern for a word whose characters stand in order with at most two others between: 洗脚 in 洗一下脚."""
    return re.compile(f"[^ ]{{0,{SHORT_GAP}}}".join(map(re.escape, word)))


def sign(words: str) -> re.Pattern[str]:
    """Return a pattern for a sign of danger: its parts in order, `…` standing for up to ten other characters."""
    return re.compile(f".{{0,{LONG_GAP}}}?".join(map(re.escape, words.split(GAP))))


def joined(marks: Iterable[bool]) -> list[Span]:
    """Return the spans of neighbouring marked positions."""
    spans: list[Span] = []
    start = None
    for position, marked in enumerate([*marks, False]):
        if marked and start is None:
            start = position
        elif not marked and start is not None:
            spans.append((start, position))
            start = None
    return spans
