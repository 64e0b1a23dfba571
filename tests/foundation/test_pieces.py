"""A file in pieces: whatever is lost, sent twice or met by another post, what is kept is the file or nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import pytest
from django.conf import settings

from wushe.foundation.errors import Invalid
from wushe.foundation.pieces import (
    MOST_AT_ONCE,
    PiecesMissing,
    add_piece,
    forget_left_behind,
    length,
    whole,
)

LARGEST = 4000
FILE = Random(5).randbytes(3000)
DIGEST = sha256(FILE).hexdigest()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path


def add(number: UUID, offset: int, content: bytes, user_id: int = 1) -> int:
    return add_piece(user_id=user_id, number=number, offset=offset, content=content, largest=LARGEST)


def read(number: UUID, *, user_id: int = 1, digest: str = DIGEST) -> bytes:
    return whole(user_id=user_id, number=number, size=len(FILE), digest=digest)


def test_a_line_that_breaks_at_will() -> None:
    random, number = Random(6), uuid4()
    while (there := length(user_id=1, number=number)) < len(FILE):
        with pytest.raises(PiecesMissing):
            read(number)
        end = there + random.randint(1, 400)
        # Lost on the way, sent twice, begun too early or too late: the answer always says where to go on.
        for offset in random.choices([there, there, max(0, there - 150), there + 10], k=random.randint(0, 3)):
            now = add(number, offset, FILE[offset:end])
            assert there <= now <= end
    assert read(number) == FILE
    assert length(user_id=2, number=number) == 0
    with pytest.raises(PiecesMissing):
        read(number, user_id=2)


def test_posts_that_meet() -> None:
    number = uuid4()
    for start in range(0, 3000, 500):
        with ThreadPoolExecutor(8) as pool:
            ends = list(pool.map(lambda _, start=start: add(number, start, FILE[start : start + 500]), range(8)))
        assert ends == [start + 500] * 8
    assert read(number) == FILE


def test_what_is_refused_or_thrown_away(folder: Path) -> None:
    number = uuid4()
    for offset, content in ((-1, b"x"), (LARGEST, b"x"), (0, b"x" * (LARGEST + 1))):
        with pytest.raises(Invalid):
            add(number, offset, content)
    assert length(user_id=1, number=number) == 0
    add(number, 0, FILE)
    with pytest.raises(PiecesMissing):
        read(number, digest="0" * 64)
    assert length(user_id=1, number=number) == 0
    for _ in range(MOST_AT_ONCE + 5):
        add(uuid4(), 0, b"x")
    assert len(list((folder / "pieces" / "1").iterdir())) == MOST_AT_ONCE
    assert forget_left_behind(before=datetime.now(UTC) - timedelta(days=1)) == 0
    assert forget_left_behind(before=datetime.now(UTC) + timedelta(seconds=5)) == MOST_AT_ONCE
