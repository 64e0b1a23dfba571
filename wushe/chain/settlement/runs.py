"""Read runs: which settlements one holds, and whether they are still what its digest says."""

from collections.abc import Collection, Iterator

from wushe.ledgers.models import Entry

from .models import Settlement, SettlementRun
from .writing import ROW_OF_RUN, digest_of_rows

RUN = "settlementrun"
_PART = 200


def parts_of_run(*, run_id: int, worker_kinds: Collection[str]) -> Iterator[list[int]]:
    """Return the settlements of a run whose workers are of these kinds, in parts that fit into one transaction each.

    What a run holds never changes, so the parts are the same each time.
    """
    rows = Settlement.objects.filter(run=run_id, visit__worker__kind__in=worker_kinds).order_by("pk")
    ids = list(rows.values_list("pk", flat=True))
    return (ids[start : start + _PART] for start in range(0, len(ids), _PART))


def false_runs() -> list[int]:
    """Return the runs whose settlements are no longer what they were when they were settled; [] if all are whole.

    A reversal changes the state of a settlement, and nothing of what its run says.
    """
    found = []
    for run in SettlementRun.objects.order_by("pk").iterator():
        rows = list(run.settlements.order_by("pk").values_list(*ROW_OF_RUN))
        posted = Entry.objects.filter(pk__in=[entry for row in rows for entry in row[-2:] if entry]).count()
        if len(rows) != run.settled or digest_of_rows(rows) != run.digest or posted != sum(
            entry is not None for row in rows for entry in row[-2:]
        ):  # fmt: skip
            found.append(run.pk)
    return found
