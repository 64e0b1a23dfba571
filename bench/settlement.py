"""One settlement run of many verified visits, one verdict each, beside a naive ledger that the mapper writes row by row.

    python -m bench.settlement --db sqlite|postgres [--visits 100000] [--naive 2000] [--batch 10000] [--in-order]

The visits are shared out among 500 orders of 40 people, 200 workers and two organisations. A run is as many calls of
`settle_all` as it takes, each one durable transaction with its journal. The naive ledger does the bookkeeping alone:
two entries with their legs, balances read, added to and saved; no rules, no verdict, no journal, all in one transaction
per visit. Visits that follow each other in the table lie on different days, so that each batch reaches into all of it;
with `--in-order` they lie there as they happen, day after day.
"""

import argparse
import json
import os
import time
from datetime import timedelta
from typing import Any

from bench import ground

ORDERS, WORKERS = 500, 200
FULL_PURSE = 10**12
DAYS = 90


def lay(visits: int, *, in_order: bool = False) -> Any:
    """Lay the ground with so many accepted visits; return the time at which they are settled."""
    from bench import world
    from tests.factories import places, workforce
    from tests.factories import visits as factory
    from wushe.chain.dispatch.models import Appointment
    from wushe.chain.orders.models import Order
    from wushe.chain.visits.models import Visit

    elders, takers = world.lay_ground()
    orders = world.add_orders(elders, takers, ORDERS)
    day, at = places.TODAY, factory.clock(700)
    line = factory.budget_line(Order.objects.get(pk=orders[0]), fen=FULL_PURSE, source="federation")
    Order.objects.update(
        budget_line=line,
        visits_ordered=visits,
        organisation=takers[0],
        price_fen=6000,
        state="accepted",
        accepted_at=at,
    )
    Order.objects.filter(pk__in=orders[::2]).update(organisation=takers[1])
    workers = [workforce.worker(f"护理员{n}", organisation=takers[n % 2], skills=()) for n in range(WORKERS)]
    areas = dict(Order.objects.values_list("pk", "area_code"))
    for start in range(0, visits, world.BATCH):
        numbers = range(start, min(start + world.BATCH, visits))
        appointments = Appointment.objects.bulk_create(
            Appointment(
                order_id=orders[n % ORDERS], number=n // ORDERS + 1, window_start=540,
                day=day - timedelta(days=DAYS - 1 - n * DAYS // visits if in_order else n % DAYS),
                window_end=600, minutes=60, state="kept", worker=workers[n % WORKERS], planned_start=540,
                area_code=areas[orders[n % ORDERS]],
            )
            for n in numbers
        )  # fmt: skip
        Visit.objects.bulk_create(
            Visit(
                appointment=one, worker=one.worker, area_code=one.area_code, state="accepted", started_at=at,
                start_received_at=at, ended_at=at, end_received_at=at, minutes=60,
            )
            for one in appointments
        )  # fmt: skip
    return at


def settle_everything(at: Any, batch: int) -> dict[str, float]:
    """Settle until nothing is left; return seconds of the clock and of the processor, and how many were settled."""
    from wushe.chain.settlement.services import settle_all
    from wushe.foundation.actor import SYSTEM

    wall, cpu, settled = time.perf_counter(), time.process_time(), 0
    while True:
        result = settle_all(actor=SYSTEM, at=at, area_code="", limit=batch)
        settled += result.settled
        if not result.left:
            break
    return {"visits": settled, "seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def naive(visits: int, at: Any) -> dict[str, float]:
    """Book so many visits as one would write it first."""
    from django.db import transaction

    from wushe.ledgers.models import Account, Entry, Leg

    def account(code: str, unit: str) -> Account:
        return Account.objects.create(
            code=code, title=code, unit=unit, kind="outside", area_code="51", may_go_below=True
        )

    purse, payable, source = (
        account(f"naive:{n}", u) for n, u in (("purse", "fen"), ("payable", "fen"), ("hours", "minute"))
    )
    hours = [account(f"naive:worker:{n}", "minute") for n in range(WORKERS)]
    wall, cpu = time.perf_counter(), time.process_time()
    for n in range(visits):
        with transaction.atomic():
            for key, amount, debit, credit in (
                ("money", 6000, purse, payable),
                ("time", 60, source, hours[n % WORKERS]),
            ):
                entry = Entry.objects.create(key=f"naive:{n}:{key}", at=at, memo="服务", actor_id=0)
                for pk, signed in ((debit.pk, -amount), (credit.pk, amount)):
                    held = Account.objects.select_for_update().get(pk=pk)
                    Leg.objects.create(entry=entry, account=held, amount=signed)
                    held.balance += signed
                    held.save()
    return {"visits": visits, "seconds": time.perf_counter() - wall, "cpu": time.process_time() - cpu}


def whole(visits: int) -> None:
    """Fail unless each visit has one settlement with both entries, and the books and the journal are whole."""
    from django.db.models import Count

    from wushe.chain.settlement.models import Settlement
    from wushe.chain.settlement.runs import false_runs
    from wushe.chain.visits.models import Visit
    from wushe.foundation.journal.models import JournalEntry
    from wushe.foundation.journal.services import breaks
    from wushe.ledgers.selectors import faults

    settled = Settlement.objects.filter(state="settled", money_entry__isnull=False, time_entry__isnull=False)
    counted = settled.aggregate(all=Count("pk"), visits=Count("visit", distinct=True))
    assert counted == {"all": visits, "visits": visits}, counted
    assert Visit.objects.filter(state="settled").count() == visits
    told = JournalEntry.objects.filter(kind="settlement.settle", subject_kind="settlementrun")
    assert sum(row.data["count"] for row in told) == visits
    assert false_runs() == []
    assert faults() == []
    assert breaks() == []


def main() -> None:
    """Measure and print one line of JSON."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    reader.add_argument("--visits", type=int, default=100_000)
    reader.add_argument("--naive", type=int, default=2_000)
    reader.add_argument("--batch", type=int, default=10_000)
    reader.add_argument("--in-order", action="store_true")
    asked = reader.parse_args()
    with ground.database(asked.db):
        import django

        django.setup()
        at = lay(asked.visits, in_order=asked.in_order)
        from django.db import connection

        if asked.db == "postgres":
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
        ours = settle_everything(at, asked.batch)
        whole(asked.visits)
        plain = naive(asked.naive, at)
        connection.close()
    rate, anchor = ours["visits"] / ours["seconds"], plain["visits"] / plain["seconds"]
    print(json.dumps({
        "db": asked.db, **{k: round(v, 2) for k, v in ours.items()}, "per_second": round(rate),
        "naive_per_second": round(anchor), "ratio": round(rate / anchor, 1), "load": round(os.getloadavg()[0], 1),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
