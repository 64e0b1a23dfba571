"""The kinds of jobs and their schedule, declared beside the code that they run.

`@job("dispatch.propose_day")` names a handler; `@scheduled` says when it is due by itself. An app imports its
handlers in `AppConfig.ready`. A handler takes `at` (the time of the run) and its arguments by keyword.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, TypeVar

Handler = Callable[..., Any]
H = TypeVar("H", bound=Handler)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of job.

    A short job runs inside the transaction that also ends it: its effect happens exactly once. A `long` job first
    prepares without a transaction, its lease being renewed, and returns a call that writes what it has prepared;
    that call runs in the transaction that ends the job.
    """

    name: str
    handler: Handler
    long: bool
    attempts: int
    lease: timedelta

    def pause_after(self, attempt: int) -> timedelta:
        """Return how long to wait before the next attempt: 10 s, doubled each time, at most an hour."""
        return timedelta(seconds=min(10 << (attempt - 1), 3600))


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a kind of job is due by itself: at a time of each day, or at a regular interval."""

    name: str
    daily: time | None = None
    every: timedelta | None = None

    def due_slot(self, now: datetime) -> datetime:
        """Return the last time, not later than now, at which the job was due; now is in local time.

        Of several missed times only the last is made up for.
        """
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        if self.every:
            return midnight + (now - midnight) // self.every * self.every
        assert self.daily is not None
        today = midnight.replace(hour=self.daily.hour, minute=self.daily.minute)
        return today if today <= now else today - timedelta(days=1)


kinds: dict[str, Kind] = {}
schedules: list[Schedule] = []


def job(
    name: str, *, long: bool = False, attempts: int = 8, lease: timedelta = timedelta(minutes=2)
) -> Callable[[H], H]:
    """Register a handler for jobs of this name."""

    def register(handler: H) -> H:
        known = kinds.get(name)
        if known and known.handler is not handler:
            raise ValueError(f"two handlers for the job {name}")
        kinds[name] = Kind(name, handler, long, attempts, lease)
        return handler

    return register


def scheduled(name: str, *, daily: str = "", every: timedelta | None = None) -> Callable[[H], H]:
    """Register a handler due by itself: `daily="02:30"` or `every=timedelta(minutes=5)`, counted from midnight."""
    if bool(daily) == bool(every):
        raise ValueError("a schedule is either daily or at an interval")

    def register(handler: H) -> H:
        if name not in kinds:
            job(name)(handler)
        schedules.append(Schedule(name, daily=time.fromisoformat(daily) if daily else None, every=every))
        return handler

    return register
