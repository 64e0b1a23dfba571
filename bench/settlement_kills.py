"""Workers that settle are killed with SIGKILL, many times: nothing is lost, doubled or half paid.

    python -m bench.settlement_kills [--kills 500] [--workers 2] [--db sqlite|postgres] [--seed 20261122]

Workers settle four visits a transaction, side by side on one durable database, and stay for a while in the middle of
it, as in the test of the same name. One after the other is killed at a random moment and another takes its place, until
so many were killed; what they left is settled by one that is not killed. After every fifty kills, and at the end, books,
runs and journal are looked at. `in_the_middle` counts kills in a transaction that had written something.
"""

import argparse
import json
import mmap
import os
import random
import signal
import time
from typing import Any

from bench import ground

SETTLED_BETWEEN_KILLS = 8  # at the most; what is laid beforehand must last
LOOK_EVERY = 50


class Workers:
    """Processes forked from this one; each tells by one byte of shared memory how far its transaction is."""

    def __init__(self, count: int) -> None:
        self._stage = mmap.mmap(-1, count)
        self._pids = [self._start(slot) for slot in range(count)]

    def kill_one(self, slot: int) -> bool:
        """Kill a worker, start another in its place, and say whether it was in the middle of its work."""
        middle = self._stop(slot)
        self._pids[slot] = self._start(slot)
        return middle

    def stop(self) -> None:
        """Kill all."""
        for slot in range(len(self._pids)):
            self._stop(slot)

    def _stop(self, slot: int) -> bool:
        os.kill(self._pids[slot], signal.SIGKILL)
        _, status = os.waitpid(self._pids[slot], 0)
        if not os.WIFSIGNALED(status):
            raise SystemExit("a worker had ended by itself")
        return self._stage[slot] > 0

    def _start(self, slot: int) -> int:
        from django.db import connection

        connection.close()
        self._stage[slot] = 0
        parent, pid = os.getpid(), os.fork()
        if not pid:
            try:
                self._work(slot, parent)
            finally:
                os._exit(1)
        return pid

    def _work(self, slot: int, parent: int) -> None:
        from django.utils import timezone

        from tests.chain.settlement.settling_worker import PAUSE
        from wushe.chain.settlement import services
        from wushe.foundation.actor import SYSTEM

        for number, name in enumerate(("post_verdicts", "lay_runs", "keep"), 1):
            setattr(services, name, self._slowly(getattr(services, name), slot, number, PAUSE))
        while os.getppid() == parent:
            settled = services.settle_all(actor=SYSTEM, at=timezone.now(), area_code="", limit=4).settled
            self._stage[slot] = 0
            time.sleep(0 if settled else 0.02)

    def _slowly(self, right: Any, slot: int, number: int, pause: float) -> Any:
        def late(*given: Any, **named: Any) -> Any:
            found = right(*given, **named)
            self._stage[slot] = number
            time.sleep(pause)
            return found

        return late


def look() -> None:
    """Fail if books, runs or journal are not whole, or a settlement lacks its visit's state or the other way round."""
    from wushe.chain.settlement.models import Settlement
    from wushe.chain.settlement.runs import false_runs
    from wushe.chain.visits.models import Visit
    from wushe.foundation.journal.services import breaks
    from wushe.ledgers.selectors import faults

    assert (faults(), false_runs(), breaks()) == ([], [], [])
    settled = Settlement.objects.filter(state="settled", visit__state="settled").count()
    assert settled == Settlement.objects.count() == Visit.objects.filter(state="settled").count()


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """Kill, look and settle the rest; return the figures."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction
    from django.utils import timezone

    from tests.chain.settlement import test_settle_killed as harness
    from wushe.chain.settlement.services import settle_all
    from wushe.chain.visits.models import Visit
    from wushe.foundation.actor import SYSTEM

    call_command("migrate", verbosity=0, interactive=False)
    visits = SETTLED_BETWEEN_KILLS * asked.kills
    with transaction.atomic():
        harness.accepted_visits(visits)
    waiting = Visit.objects.filter(state="accepted")
    dice, middle, begun, slots = random.Random(asked.seed), 0, time.perf_counter(), range(asked.workers)
    workers = Workers(asked.workers)
    for kill in range(1, asked.kills + 1):
        time.sleep(dice.uniform(0.05, 0.35))
        middle += workers.kill_one(dice.choice(slots))
        if kill % LOOK_EVERY == 0 or kill == asked.kills:
            workers.stop()
            look()
            left = waiting.count()
            if not left:
                raise SystemExit("there was nothing left to settle: lay more")
            if kill < asked.kills:
                workers = Workers(asked.workers)
    while settle_all(actor=SYSTEM, at=timezone.now(), area_code="").left:
        pass
    harness.nothing_lost_doubled_or_half_paid(visits)
    connection.close()
    return {
        "db": asked.db, "kills": asked.kills, "in_the_middle": middle, "visits": visits, "settled_under_fire": visits - left,
        "seconds": round(time.perf_counter() - begun, 1), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def main() -> None:
    """Kill, and print one line of JSON."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--kills", type=int, default=500)
    reader.add_argument("--workers", type=int, default=2)
    reader.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    reader.add_argument("--seed", type=int, default=20261122)
    asked = reader.parse_args()
    with ground.database(asked.db):
        print(json.dumps(measure(asked)))


if __name__ == "__main__":
    main()
