"""What the desk has taught: how often each stretch of words stood in needs for which the desk chose each service.

A fitting is nothing but counts, so that anybody can recount it and a single choice can be told from the rest. A
stretch that only one need held is left out: what is kept says nothing of one person.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .reading import reading, stretches

_LENGTHS = (1, 2, 3)
_SHRINKAGE = 2.0
_WEIGHT = 0.4
_LEAST_NEEDS = 2


@dataclass(frozen=True, slots=True)
class Lesson:
    """Counts of the desk's choices."""

    examples: int
    services: Mapping[str, int]
    stretches: Mapping[str, Mapping[str, int]]

    def scores(self, found: set[str]) -> dict[str, float]:
        """Return for each service how much oftener the desk chose it where these stretches stood; {} without any."""
        totals: dict[str, float] = {}
        for stretch in found:
            chosen = self.stretches.get(stretch)
            if not chosen:
                continue
            uses = sum(chosen.values())
            for code, count in chosen.items():
                usual = self.services[code] / self.examples
                odds = (count + _SHRINKAGE * usual) / (uses * usual + _SHRINKAGE * usual)
                totals[code] = totals.get(code, 0.0) + math.log(odds) * count / (count + _SHRINKAGE)
        return {code: _WEIGHT * total for code, total in totals.items()}

    def as_data(self) -> dict[str, Any]:
        """Return the counts as they are stored."""
        return {"examples": self.examples, "services": self.services, "stretches": self.stretches}


NOTHING_LEARNT = Lesson(0, {}, {})


def lesson_of(data: Mapping[str, Any]) -> Lesson:
    """Return stored counts."""
    return Lesson(data["examples"], data["services"], data["stretches"])


def learn(examples: Iterable[tuple[str, str]]) -> Lesson:
    """Count the desk's choices: pairs of a resident's words and the code of the service chosen."""
    services: Counter[str] = Counter()
    found: dict[str, Counter[str]] = {}
    for words, code in examples:
        services[code] += 1
        for stretch in set(stretches(reading(words), _LENGTHS)):
            found.setdefault(stretch, Counter())[code] += 1
    kept = {stretch: dict(counts) for stretch, counts in found.items() if counts.total() >= _LEAST_NEEDS}
    return Lesson(services.total(), dict(services), kept)
