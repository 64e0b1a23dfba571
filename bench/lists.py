"""What a list page costs at 10,000 and at 1,000,000 orders: CPU time, queries, and the ratio of the two.

    python -m bench.lists --db sqlite|postgres [--rows 10000,1000000]

Pages are asked for as the web server asks for them, signed in, in one process; the CPU time is that of the process
(for PostgreSQL without the server's own). The least of five rounds is printed: other work only adds.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from bench import ground

PAGES = {
    "centre, all orders": ("dispatcher", "/centre/orders/"),
    "centre, waiting orders": ("dispatcher", "/centre/orders/?state=sent"),
    "organisation, own orders": ("organisation_manager", "/organisation/orders/"),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--rows", default="10000,1000000")
    options = parser.parse_args()
    with ground.database(options.db):
        print(json.dumps(_measure([int(rows) for rows in options.rows.split(",")]), indent=1, ensure_ascii=False))


def _measure(sizes: list[int]) -> dict[str, Any]:
    import django

    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.db import connection

    from bench import world
    from tests.factories import places

    elders, takers = world.lay_ground()
    world.add_orders(elders, takers, 1000)
    sessions = {
        "dispatcher": world.signed_in("dispatcher", area_code=places.DISTRICT),
        "organisation_manager": world.signed_in("organisation_manager", organisation=takers[0]),
    }
    ask = _asker(get_wsgi_application())
    result: dict[str, Any] = {name: {} for name in PAGES}
    for size in sizes:
        world.grow_orders(size, takers)
        for name, (role, path) in PAGES.items():
            asked: list[tuple[str, Any]] = []

            def counted(
                execute: Callable[..., Any], sql: str, params: Any, *rest: Any, asked: list[tuple[str, Any]] = asked
            ) -> Any:
                asked.append((sql, params))
                return execute(sql, params, *rest)

            with connection.execute_wrapper(counted):
                ask(path, sessions[role])
            result[name][size] = {
                "cpu_ms": _cpu(lambda path=path, role=role: ask(path, sessions[role])),  # type: ignore[misc]
                "queries": len(asked),
                "scans_and_sorts": [line for sql, params in asked for line in _costly_steps(sql, params)],
            }
    for figures in result.values():
        figures["ratio"] = round(figures[sizes[-1]]["cpu_ms"] / figures[sizes[0]]["cpu_ms"], 2)
    connection.close()
    return result


def _costly_steps(sql: str, params: Any) -> list[str]:
    """Return the steps of a query's plan that read the whole table of orders, or sort."""
    from django.db import connection

    if "orders_order" not in sql:
        return []
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if sqlite else ''}{sql}", params)
        steps = [str(row[-1]).strip() for row in cursor.fetchall()]
    costly = ("TEMP B-TREE", "Seq Scan on orders_order", "Sort Key")
    return [s for s in steps if any(c in s for c in costly) or (s.startswith("SCAN orders_order") and "INDEX" not in s)]


def _cpu(work: Callable[[], None], *, times: int = 20) -> float:
    best = float("inf")
    for _ in range(5):
        begun = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - begun) / times)
    return round(1000 * best, 2)


def _asker(application: Callable[..., Any]) -> Callable[[str, str], None]:
    def ask(address: str, session: str) -> None:
        path, _, query = address.partition("?")
        environment = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query, "SERVER_NAME": "localhost", "SERVER_PORT": "80",
            "HTTP_HOST": "localhost", "HTTP_COOKIE": f"sessionid={session}", "REMOTE_ADDR": "127.0.0.1", "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True,
            "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        answers: list[str] = []
        response = application(environment, lambda status, *_: answers.append(status))
        b"".join(response)
        response.close()
        assert answers == ["200 OK"], (address, answers)

    return ask


if __name__ == "__main__":
    main()
