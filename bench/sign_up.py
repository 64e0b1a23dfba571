"""Five hundred after twenty places at once: exactly twenty have one, the others wait in one order without a gap.

    python -m bench.sign_up --db sqlite|postgres [--people 500] [--places 20] [--threads 16]

The unsafe way (count, compare, insert) runs beside it on a shift of its own: its overbooking shows that the race has teeth.
"""

import argparse
import json
import os
import threading
import time
from collections.abc import Callable

from bench import ground


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--db", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--places", type=int, default=20)
    parser.add_argument("--threads", type=int, default=16)
    options = parser.parse_args()
    with ground.database(options.db):
        print(json.dumps(_measure(options), indent=1))


def _measure(options: argparse.Namespace) -> dict[str, object]:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from tests.factories.cast import world
    from tests.factories.places import NOON
    from tests.factories.volunteering import helper, shift
    from wushe.foundation.journal.services import breaks
    from wushe.lines.volunteering.models import SignUp
    from wushe.lines.volunteering.signing_up import sign_up

    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic():
        world()
        row, other = shift(capacity=options.places), shift(title="对照", capacity=options.places, start=900, end=960)
        people = [helper(f"志愿者{number:03d}") for number in range(options.people)]

    def by_counting(volunteer_id: int) -> None:
        held = SignUp.objects.filter(shift=other, state="taken").count()
        state = "taken" if held < options.places else "queued"
        SignUp.objects.create(shift=other, volunteer_id=volunteer_id, state=state, signed_at=NOON)

    begun = time.perf_counter()
    faults = _race([lambda a=actor: sign_up(actor=a, at=NOON, shift_id=row.pk) for _, actor in people], options.threads)  # type: ignore[misc]
    took = time.perf_counter() - begun
    begun = time.perf_counter()
    _race([lambda pk=one.pk: by_counting(pk) for one, _ in people], options.threads)  # type: ignore[misc]
    plain = time.perf_counter() - begun
    row.refresh_from_db()
    found = list(row.sign_ups.order_by("turn").values_list("turn", "state"))
    right = ["taken"] * options.places + ["queued"] * (options.people - options.places)
    return {
        "database": options.db, "people": options.people, "places": options.places, "faults": len(faults),
        "taken": sum(state == "taken" for _, state in found), "counter": row.taken,
        "ordered": found == list(zip(range(1, options.people + 1), right, strict=True)),
        "journal_whole": breaks() == [], "seconds": round(took, 2), "seconds_by_counting": round(plain, 2),
        "taken_by_counting": SignUp.objects.filter(shift=other, state="taken").count(),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _race(work: list[Callable[[], object]], threads: int) -> list[Exception]:
    """Carry out all work in threads that begin together; return what went wrong."""
    from django.db import connection

    gate, faults = threading.Barrier(threads), []  # type: ignore[var-annotated]

    def run(part: list[Callable[[], object]]) -> None:
        gate.wait()
        for act in part:
            try:
                act()
            except Exception as error:
                faults.append(error)
        connection.close()

    running = [threading.Thread(target=run, args=(work[n::threads],)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return faults


if __name__ == "__main__":
    main()
