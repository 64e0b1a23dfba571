"""Take out of a JPEG all that draws nothing, without touching the picture: what the camera wrote, comments, what hangs on behind.

Only segments that a decoder needs are written out again (ITU-T T.81, annex B), so the picture loses nothing and nobody
waits for it to be drawn anew.
"""

import re
from collections.abc import Iterator

_START, _END = b"\xff\xd8", 0xD9
_JFIF = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
_FRAMES = {0xC0, 0xC1, 0xC2}
"""Baseline, extended and progressive frames by Huffman code; the rarer ones are drawn anew."""
_SCAN = 0xDA
_TABLES = {0xC4, 0xDB, 0xDD}
_DROPPED = {0xFE, *range(0xE0, 0xF0)} - {0xEE}
"""Comments and what applications wrote. Adobe's mark is none of them: it changes how colours are read."""
_MOST_SEGMENTS = 200
# In the coded data 0xFF stands before 0x00 or a restart mark; anything else behind it begins the next segment.
_NEXT = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]", re.DOTALL)


def bare(content: bytes) -> bytes | None:
    """Return the JPEG with nothing in it but what draws it; None for one that cannot be read so."""
    parts, marks = [_START, _JFIF], []
    for mark, segment in _segments(content):
        marks.append(mark)
        if mark == _END:
            break
        if mark in _FRAMES and not _plain(segment):
            return None
        if mark not in _DROPPED:
            parts.append(bytes((0xFF, mark)) + segment)
    frames = [mark for mark in marks if mark in _FRAMES]
    known = _FRAMES | _TABLES | _DROPPED | {_SCAN, _END}
    if marks[-1:] != [_END] or len(frames) != 1 or _SCAN not in marks[marks.index(frames[0]) :] or set(marks) - known:
        return None
    return b"".join([*parts, b"\xff\xd9"])


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield each mark with what stands behind it, a scan with its coded data, until the end mark or the first disorder."""
    at = len(_START)
    if not content.startswith(_START):
        return
    for _ in range(_MOST_SEGMENTS):
        found = _NEXT.match(content, at)
        if found is None:
            return
        mark, at = content[found.end() - 1], found.end()
        if mark == _END:
            yield mark, b""
            return
        end = at + int.from_bytes(content[at : at + 2], "big")
        if mark == _SCAN and (behind := _NEXT.search(content, end)):
            end = behind.start()
        if not at + 2 <= end <= len(content):
            return
        yield mark, content[at:end]
        at = end


def _plain(frame: bytes) -> bool:
    """Say whether a frame's colours are those that JFIF means: grey, or luminance and two differences."""
    count = frame[7] if len(frame) > 7 else 0
    ids = [frame[8 + 3 * n] for n in range(count)] if len(frame) >= 8 + 3 * count else []
    return frame[2:3] == b"\x08" and ids in ([1], [1, 2, 3])
