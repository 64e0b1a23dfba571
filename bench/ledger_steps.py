"""Seeded random steps over a ledger with lots, in minutes and in fen, and the invariants after them.

    python -m bench.ledger_steps [--steps 10000000] [--real 2000] [--seed 1] [--db sqlite|postgres]

The plain model takes `--steps` steps, in walks of a million; after each walk everything is added up anew: sum zero,
balance = sum of legs, nothing below zero, every unit with its origin, nothing settled twice. Then model and real
services take `--real` steps side by side, in each unit, and must agree at every step.
"""

import argparse
import json
import os
import time

from bench import ground
from bench.ledger_walk import Walk

WALK, ACCOUNTS = 1_000_000, 2_000


def model_walks(steps: int, seed: int) -> dict[str, object]:
    """Walk over the model alone; return what came of it."""
    begun, done = time.perf_counter(), 0
    verdicts: dict[str, int] = {}
    while done < steps:
        walk = Walk(seed, accounts=ACCOUNTS)
        part = min(WALK, steps - done)
        while sum(walk.verdicts.values()) < part:
            walk.go(1000)
        if problems := walk.model.problems():
            raise SystemExit(f"seed {seed}: {problems[:5]}")
        for verdict, count in walk.verdicts.items():
            verdicts[verdict] = verdicts.get(verdict, 0) + count
        done, seed = done + sum(walk.verdicts.values()), seed + 1
    seconds = time.perf_counter() - begun
    return {"steps": done, "seconds": round(seconds, 1), "per_second": round(done / seconds), "verdicts": verdicts}


def real_walk(steps: int, seed: int, unit: str) -> dict[str, object]:
    """Walk over the model and the services side by side."""
    from bench.ledger_services import Services

    begun = time.perf_counter()
    twin = Services(40, unit=unit)
    walk = Walk(seed, accounts=40, twin=twin)
    walk.opening()
    while twin.steps < steps:
        walk.go(1)
    twin.compare_lots(walk.model)
    if problems := [*walk.model.problems(), *twin.problems()]:
        raise SystemExit(f"{unit}: {problems[:5]}")
    return {
        "unit": unit,
        "steps": twin.steps,
        "seconds": round(time.perf_counter() - begun, 1),
        "verdicts": walk.verdicts,
    }


def main() -> None:
    """Walk, and print one line of JSON for the model and one for the services."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--steps", type=int, default=10_000_000)
    reader.add_argument("--real", type=int, default=2_000)
    reader.add_argument("--seed", type=int, default=1)
    reader.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    asked = reader.parse_args()
    if asked.steps:
        told(asked, {"model": model_walks(asked.steps, asked.seed)})
    if asked.real:
        told(asked, real_walks(asked))


def real_walks(asked: argparse.Namespace) -> dict[str, object]:
    """Walk beside the services in each unit."""
    result: dict[str, object] = {}
    with ground.database(asked.db):
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0, interactive=False)
        # One unit after the other: keys are the same in both walks.
        for unit in ("minute", "fen"):
            result[unit] = real_walk(asked.real, asked.seed, unit)
            call_command("flush", verbosity=0, interactive=False) if asked.db == "sqlite" else None
        connection.close()
    return result


def told(asked: argparse.Namespace, result: dict[str, object]) -> None:
    """Print one line of JSON."""
    print(json.dumps({**result, "db": asked.db, "load": round(os.getloadavg()[0], 1)}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main()
