"""How often a token may ask: counted by the minute in this process, so that reading still writes nothing.

Each server process counts for itself: with several of them the bound is so many times larger.
"""

from collections import deque
from threading import Lock

MINUTE = 60.0
_MOST_TOKENS = 10_000


class RateLimit:
    """The requests of the last minute, by token."""

    def __init__(self) -> None:
        self._asked: dict[int, deque[float]] = {}
        self._lock = Lock()

    def wait(self, token_id: int, *, per_minute: int, now: float) -> float:
        """Count a request and return 0, or, without counting it, after how many seconds one may be made again."""
        with self._lock:
            times = self._times(token_id, now)
            if len(times) >= per_minute:
                return max(0.001, times[0] + MINUTE - now)
            times.append(now)
            return 0.0

    def left(self, token_id: int, *, per_minute: int, now: float) -> int:
        """Return how many requests may still be made within the minute."""
        with self._lock:
            return max(0, per_minute - len(self._times(token_id, now)))

    def forget(self) -> None:
        """Forget everything that was counted."""
        with self._lock:
            self._asked.clear()

    def _times(self, token_id: int, now: float) -> deque[float]:
        if token_id not in self._asked and len(self._asked) >= _MOST_TOKENS:
            self._asked = {key: times for key, times in self._asked.items() if times and times[-1] > now - MINUTE}
        times = self._asked.setdefault(token_id, deque())
        while times and times[0] <= now - MINUTE:
            times.popleft()
        return times


REQUESTS = RateLimit()
