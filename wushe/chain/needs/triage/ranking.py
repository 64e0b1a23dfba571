"""Which services a resident's words point to, the likeliest first, each with the very words that spoke for it.

Works without any model: the catalogue's keywords, the wordbook, and what the desk has chosen before. A person decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from wushe.registers.catalogue.models import Item

from .evidence import knowledge_of
from .learning import NOTHING_LEARNT, Lesson
from .reading import Span, joined, reading, stretches

MOST_WORDS_SHOWN = 4
_LENGTHS = (1, 2, 3)
_LEAST_SCORE = 0.2


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A service, how strongly the words point to it, which words these are, and where they stand."""

    item: Item
    score: float
    words: tuple[str, ...]
    spans: tuple[Span, ...] = ()


def suggest(text: str, items: Iterable[Item], *, most: int = 3, lesson: Lesson = NOTHING_LEARNT) -> list[Suggestion]:
    """Return the services that a text points to, the strongest first; [] if no word speaks for any."""
    offered = list(items)
    knowledge, said = knowledge_of(offered), reading(text)
    found = set(stretches(said, _LENGTHS))
    learnt = lesson.scores(found)
    suggestions = []
    for item in offered:
        evidence = knowledge.of(item.code, said, found)
        score = (evidence.score if evidence else 0.0) + learnt.get(item.code, 0.0)
        if score < _LEAST_SCORE:
            continue
        spans = (evidence.spans if evidence else ()) or _taught(lesson, item.code, said)
        words = tuple(dict.fromkeys(text[start:end] for start, end in spans))
        suggestions.append(Suggestion(item, round(score, 3), words[:MOST_WORDS_SHOWN], spans))
    return sorted(suggestions, key=lambda one: (-one.score, one.item.code))[:most]


def _taught(lesson: Lesson, code: str, said: str) -> tuple[Span, ...]:
    """Return the stretches for which the desk has chosen this service before."""
    marks = [False] * len(said)
    for start in range(len(said) - 1):
        if code in lesson.stretches.get(said[start : start + 2], {}):
            marks[start] = marks[start + 1] = True
    return tuple(joined(marks))
