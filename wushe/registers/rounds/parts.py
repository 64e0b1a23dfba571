"""Parts: the rows of a round at rest. A thousand rows are one compressed and sealed block; outcomes stand beside it."""

import json
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from wushe.foundation.protected import open_bytes, seal_bytes

from .intake.trail import Step
from .models import ImportRound, PartKind, RoundPart
from .sheets.description import Row

ROWS = 1000
BLOCK = 1 << 20
_KIND = "round"


def keep_file(round_: ImportRound, blocks: Iterable[bytes]) -> None:
    """Keep an uploaded file until it has been read."""
    for number, block in enumerate(_in_blocks(blocks)):
        RoundPart.objects.create(
            round=round_, kind=PartKind.FILE, number=number, content=seal_bytes(zlib.compress(block, 1), kind=_KIND)
        )


def kept_file(round_id: int) -> Iterator[bytes]:
    """Yield the file, block by block."""
    files = RoundPart.objects.filter(round_id=round_id, kind=PartKind.FILE).order_by("number")
    for number in list(files.values_list("number", flat=True)):
        yield zlib.decompress(open_bytes(bytes(files.get(number=number).content), kind=_KIND))


def forget_file(round_id: int) -> None:
    """Delete the file: its rows are kept by now."""
    RoundPart.objects.filter(round_id=round_id, kind=PartKind.FILE).delete()


def forget_rows(round_id: int) -> None:
    """Delete the rows that were kept."""
    RoundPart.objects.filter(round_id=round_id, kind=PartKind.ROWS).delete()


def keep_trail(round_id: int, number: int, steps: Iterable[Step]) -> None:
    """Keep what was written together with the part of this number."""
    if kept := [step.packed() for step in steps]:
        RoundPart.objects.create(round_id=round_id, kind=PartKind.TRAIL, number=number, content=_sealed(kept))


def last_trail(round_id: int) -> tuple[RoundPart, list[Step]] | None:
    """Return what was written last and is not taken back, with the part that holds it."""
    part = RoundPart.objects.filter(round_id=round_id, kind=PartKind.TRAIL).order_by("-number").first()
    return None if part is None else (part, [Step.unpacked(one) for one in _opened(part)])


def has_trail(round_id: int) -> bool:
    """Say whether something written can be taken back."""
    return RoundPart.objects.filter(round_id=round_id, kind=PartKind.TRAIL).exists()


def forget_all(round_id: int) -> None:
    """Delete everything that was kept."""
    RoundPart.objects.filter(round_id=round_id).delete()


def keep_rows(round_id: int, number: int, rows: list[Row]) -> None:
    """Keep some rows with what was found out about them."""
    RoundPart.objects.create(
        round_id=round_id, kind=PartKind.ROWS, number=number, content=packed(rows), outcomes=outcomes(rows)
    )


def keep_again(part: RoundPart, rows: list[Row]) -> None:
    """Keep what was found out since."""
    RoundPart.objects.filter(pk=part.pk).update(content=packed(rows), outcomes=outcomes(rows))


def row_parts(round_id: int, *, first: int = 0, count: int | None = None) -> list[int]:
    """Return the numbers of the parts with rows, from one on."""
    parts = RoundPart.objects.filter(round_id=round_id, kind=PartKind.ROWS, number__gte=first).order_by("number")
    return list(islice(parts.values_list("number", flat=True), count))


def part_of(round_id: int, number: int) -> RoundPart:
    """Return one part with rows."""
    return RoundPart.objects.get(round_id=round_id, kind=PartKind.ROWS, number=number)


def packed(rows: list[Row]) -> bytes:
    """Return rows compressed and sealed."""
    kept = [[row.sheet, row.number, row.cells, row.faults or 0, row.remarks or 0] for row in rows]
    return _sealed(kept)


def _sealed(kept: list[Any]) -> bytes:
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return seal_bytes(zlib.compress(text.encode(), 1), kind=_KIND)


def _opened(part: RoundPart) -> list[Any]:
    kept: list[Any] = json.loads(zlib.decompress(open_bytes(bytes(part.content), kind=_KIND)))
    return kept


def unpacked(part: RoundPart) -> list[Row]:
    """Return the rows of a part."""
    kept = _opened(part)
    letters = part.outcomes or " " * len(kept)
    return [
        Row(sheet, number, cells, faults=faults or {}, remarks=remarks or {}, outcome=letter.lower().strip())
        for (sheet, number, cells, faults, remarks), letter in zip(kept, letters, strict=True)
    ]


def outcomes(rows: list[Row]) -> str:
    """Return one letter for each row, a capital where a remark stands."""
    return "".join((row.outcome or " ").upper() if row.remarks else (row.outcome or " ") for row in rows)


def _in_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        rest += block
        while len(rest) >= BLOCK:
            yield rest[:BLOCK]
            rest = rest[BLOCK:]
    if rest:
        yield rest
