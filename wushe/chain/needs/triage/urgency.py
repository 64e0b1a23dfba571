"""How soon a need must be answered, read from its words: rules that would rather look once too often than miss danger.

What speaks for urgency is shown with its reason; a person decides, and no model lowers what the rules say.
"""

from dataclasses import dataclass

from wushe.chain.needs.models import Urgency

from .reading import Span, reading
from .wordbook import Sign, urgency_signs


@dataclass(frozen=True, slots=True)
class Alarm:
    """A sign of danger in the words: of which kind, and where it stands."""

    level: str
    why: str
    call: str
    span: Span


@dataclass(frozen=True, slots=True)
class UrgencyReading:
    """The degree that the words speak for, and the signs that spoke."""

    level: str
    alarms: tuple[Alarm, ...]

    @property
    def reasons(self) -> list[str]:
        """Return the kinds of danger that were heard, each once."""
        return list(dict.fromkeys(alarm.why for alarm in self.alarms))

    @property
    def calls(self) -> list[str]:
        """Return the emergency numbers to be called first."""
        return sorted({alarm.call for alarm in self.alarms if alarm.call})


def read_urgency(words: str) -> UrgencyReading:
    """Return how urgent the words sound: the highest degree of which one sign is heard, 一般 or 可缓 without any."""
    signs = urgency_signs()
    text = reading(words)
    for calm in signs.calm:
        text = calm.sub(lambda match: " " * len(match.group()), text)
    found = [*_heard(Urgency.NOW, signs.now, text), *_heard(Urgency.DAY, signs.day, text)]
    if found:
        return UrgencyReading(found[0].level, tuple(found))
    later = any(word in text for word in signs.later)
    return UrgencyReading(Urgency.FORTNIGHT if later else Urgency.WEEK, ())


def _heard(level: str, signs: tuple[Sign, ...], text: str) -> list[Alarm]:
    return [
        Alarm(level, one.why, one.call, match.span())
        for one in signs
        for pattern in one.patterns
        if (match := pattern.search(text))
    ]
