"""A file that arrives in pieces over a line that breaks: how far it has come is its length on the disk, and nothing else says so.

Pieces go behind one another, so that what is there is always the beginning of the file, also after a crash. The digest
of the whole is asked for at its end; what does not meet it is thrown away and sent anew.
"""

import fcntl
import os
from contextlib import suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings

from .errors import Conflict, Invalid

MOST_AT_ONCE = 40
_FOLDER = "pieces"


class PiecesMissing(Conflict):
    """The file is not whole yet: its sender asks how far it has come, and goes on from there."""

    message = "照片还没有传完，会接着传。"


def length(*, user_id: int, number: UUID) -> int:
    """Return how many bytes of an account's file have arrived."""
    try:
        return _place(user_id, number).stat().st_size
    except FileNotFoundError:
        return 0


def add_piece(*, user_id: int, number: UUID, offset: int, content: bytes, largest: int) -> int:
    """Put a piece behind those that are there and return how many bytes there are now.

    What is there already is not written again. A piece beyond the end is left out, which the answer shows; one
    beyond `largest` raises Invalid.
    """
    if offset < 0 or offset + len(content) > largest:
        raise Invalid("文件太大，请用较低的清晰度再拍一张。")
    place = _place(user_id, number)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with place.open("ab") as file:
        # Two posts of the same piece may meet: the second finds what the first has written.
        fcntl.flock(file, fcntl.LOCK_EX)
        there = os.fstat(file.fileno()).st_size
        if offset <= there:
            file.write(content[there - offset :])
            file.flush()
        there = os.fstat(file.fileno()).st_size
    _keep_few(place.parent)
    return there


def whole(*, user_id: int, number: UUID, size: int, digest: str) -> bytes:
    """Return the file once all of it is there; raise PiecesMissing before, and for one that has another digest."""
    there = length(user_id=user_id, number=number)
    if there < size or not size:
        raise PiecesMissing
    content = _place(user_id, number).read_bytes()
    if len(content) != size or sha256(content).hexdigest() != digest:
        forget(user_id=user_id, number=number)
        raise PiecesMissing
    return content


def forget(*, user_id: int, number: UUID) -> None:
    """Throw the pieces of a file away: it is kept elsewhere now, or is no use."""
    _place(user_id, number).unlink(missing_ok=True)


def forget_left_behind(*, before: datetime) -> int:
    """Throw away files of which nothing has arrived since a moment; return how many. Their senders begin anew."""
    old = [one for one in _root().glob("*/*") if one.stat().st_mtime < before.timestamp()]
    for one in old:
        one.unlink(missing_ok=True)
    return len(old)


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / _FOLDER


def _place(user_id: int, number: UUID) -> Path:
    return _root() / str(user_id) / str(number)


def _keep_few(folder: Path) -> None:
    """Keep the last files of an account: nobody fills the disk with beginnings."""
    with suppress(FileNotFoundError):
        by_age = sorted(folder.iterdir(), key=lambda one: one.stat().st_mtime, reverse=True)
        for one in by_age[MOST_AT_ONCE:]:
            one.unlink(missing_ok=True)
