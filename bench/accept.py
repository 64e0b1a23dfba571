"""How many orders are accepted per second: signed in, durable, journalled, over HTTP, by several clients at once.

    python -m bench.accept --db sqlite|postgres [--clients 8] [--orders 6000] [--processes 1] [--threads 8] [--flush-ms 4]

Prints the rate, its latencies and CPU time, and its ratio to the floor of one flush per commit and to the bare
database measured in the same run. With `--flush-ms` every flush, of the floor, the bare database and the server alike,
takes at least so long (SQLite only, see slow_disk.py): what a disk of ordinary speed would show. Afterwards it checks
that every order answered is accepted once and journalled.
"""

import argparse
import json
import os
import threading
import time
from collections.abc import Sequence

from bench import ground, slow_disk


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--orders", type=int, default=6000)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--threads", type=int, default=8)
    parser.add_argument("--flush-ms", type=float, default=0.0)
    options = parser.parse_args()
    if options.flush_ms:
        if options.db != "sqlite":
            parser.error("--flush-ms slows SQLite only")
        slow_disk.begin_again_with(options.flush_ms, module="bench.accept", folder=ground.var())
    with ground.database(options.db) as url:
        print(json.dumps(_measure(options, url), indent=1))


def _measure(options: argparse.Namespace, url: str) -> dict[str, object]:
    import django

    django.setup()
    from bench import world

    elders, takers = world.lay_ground()
    ids = world.add_orders(elders, takers, options.orders)
    sessions = [world.signed_in("organisation_manager", organisation=takers[n % 2]) for n in range(options.clients)]
    warm, cold = world.shares(ids[:200], options.clients), world.shares(ids[200:], options.clients)
    floor = ground.flush_floor()
    bare = (
        ground.bare_commits_sqlite()
        if options.db == "sqlite"
        else ground.bare_commits_postgres(url, clients=options.clients)
    )
    with ground.server(processes=options.processes, threads=options.threads) as server:
        assert not options.flush_ms or server.all_of_it(slow_disk.slows), "the server's flushes are not slowed"
        _take(server.port, sessions, warm)
        server.come_to_rest()
        cpu, begun = server.cpu_seconds(), time.perf_counter()
        took, refused = _take(server.port, sessions, cold)
        elapsed, cpu = time.perf_counter() - begun, server.cpu_seconds() - cpu
    floor = (floor + ground.flush_floor()) / 2
    # Each commit of the bare database flushes once at least; were it faster, the flushes would not be slowed.
    assert floor * 1000 >= options.flush_ms, floor
    assert not options.flush_ms or bare <= 1000 / options.flush_ms, bare
    _verify(len(ids) - refused)
    rate = len(took) / elapsed
    return {
        "database": options.db, "clients": options.clients, "accepted": len(took), "refused": refused,
        "per_second": round(rate), "p50_ms": _ms(took, 0.5), "p95_ms": _ms(took, 0.95), "p99_ms": _ms(took, 0.99),
        "server_cpu_ms": round(1000 * cpu / len(took), 2), "flush_ms": round(1000 * floor, 2),
        "flush_slowed_to_ms": options.flush_ms or None,
        "times_the_one_flush_floor": round(rate * floor, 2), "bare_per_second": round(bare),
        "times_bare": round(rate / bare, 2), "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _ms(values: list[float], share: float) -> float:
    return round(1000 * ground.percentile(values, share), 1)


def _take(port: int, sessions: Sequence[str], shares: Sequence[Sequence[int]]) -> tuple[list[float], int]:
    """Let every client accept its share, one after the other; return the times of the accepted and how many were refused."""
    took: list[float] = []
    refused: list[int] = []

    def work(session: str, share: Sequence[int]) -> None:
        client, mine = ground.Client(port), []
        for order_id in share:
            begun = time.perf_counter()
            status = client.send(_request(session, order_id))
            if status == 302:
                mine.append(time.perf_counter() - begun)
            else:
                refused.append(status)
        took.extend(mine)

    threads = [threading.Thread(target=work, args=pair) for pair in zip(sessions, shares, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if refused:
        print("answers that were not an acceptance:", sorted(set(refused)))
    return took, len(refused)


def _request(session: str, order_id: int) -> bytes:
    token = "a" * 32
    return (
        f"POST /organisation/orders/{order_id}/accept/ HTTP/1.1\r\nHost: localhost\r\nCookie: sessionid={session}; csrftoken={token}\r\n"
        f"X-CSRFToken: {token}\r\nContent-Length: 0\r\n\r\n"
    ).encode()


def _verify(expected: int) -> None:
    """Every answered order is accepted, by one offer, with one journal row; the chains are whole."""
    from wushe.chain.orders.models import Answer, Offer, Order
    from wushe.foundation.journal.models import JournalEntry
    from wushe.foundation.journal.services import breaks

    accepted = Order.objects.filter(state="accepted").count()
    offers = Offer.objects.filter(answer=Answer.ACCEPTED).count()
    rows = JournalEntry.objects.filter(kind="order.accept").count()
    assert accepted == offers == rows == expected, (accepted, offers, rows, expected)
    assert breaks() == []


if __name__ == "__main__":
    main()
