"""What is let in as a file, and what would harm the machine: bombs, far corners, macros, passwords, other things."""

import io
import tracemalloc
import zipfile

import pytest

from tests.registers.rounds.ugly import NUMBER, one
from wushe.registers.rounds.reading import books
from wushe.registers.rounds.reading.books import UnreadableFile, open_book

ROWS = [["姓名", "身份证号"], ["王桂芳", NUMBER]]


def lines(content: bytes) -> list[list[object]]:
    book = open_book(lambda: [content[i : i + 7000] for i in range(0, len(content), 7000)], size=len(content))
    return [list(line) for leaf in book.leaves() for line in leaf.lines]


def packed(changes: dict[str, bytes], content: bytes | None = None) -> bytes:
    """Return the workbook with other parts in the place of its own, or beside them."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content or one(*ROWS))) as source,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name not in changes:
                target.writestr(name, source.read(name))
        for name, part in changes.items():
            target.writestr(name, part)
    return buffer.getvalue()


def far_corner() -> bytes:
    sheet = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return packed({"xl/worksheets/sheet1.xml": sheet % cells})


def bomb() -> bytes:
    return packed({"xl/media/image1.bin": b"\0" * (books.MOST_UNPACKED + 1)})


def lying_bomb() -> bytes:
    """Claim in the directory that a large part is small."""
    content = bytearray(packed({"xl/worksheets/sheet1.xml": b" " * 3_000_000}))
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = 0
        while (place := content.find(signature, place)) >= 0:
            name = content[place + (46 if offset == 24 else 30) :][:40]
            if name.startswith(b"xl/worksheets/sheet1.xml"):
                content[place + offset : place + offset + 4] = (1000).to_bytes(4, "little")
            place += 4
    return bytes(content)


def damaged() -> bytes:
    """Overwrite the middle of a packed part, as a broken copy does."""
    content = bytearray(one(*ROWS))
    place = content.find(b"xl/worksheets/sheet1.xml") + 40
    content[place : place + 60] = b"\xff" * 60
    return bytes(content)


def strangely_packed() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_LZMA) as target:
        target.writestr("xl/workbook.xml", b"<workbook/>")
    return buffer.getvalue()


REFUSED = {
    "nothing": (b"", "空的"),
    "blanks": (b"  \n ", "空的"),
    "a web page": (b"<html><table><tr><td>1", "网页格式"),
    "a PDF": (b"%PDF-1.7 ....", "不是表格文件"),
    "a picture": (b"\x89PNG\r\n\x1a\n....", "不是表格文件"),
    "a document": (packed({"word/document.xml": b"<w/>"}).replace(b"xl/workbook.xml", b"xl/workbook.xxx"), "不是Excel"),
    "macros": (packed({"xl/vbaProject.bin": b"x"}), "带有宏"),
    "binary workbook": (packed({"xl/workbook.bin": b"x"}), "xlsb"),
    "a password": (books._OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "an old file with macros": (books._OLE + b"\0" * 600 + "_VBA_PROJECT_CUR".encode("utf-16-le"), "带有宏"),
    "a broken old file": (books._OLE + b"\0" * 2000, "损坏"),
    "half a file": (one(*ROWS)[:-200], "损坏"),
    "damaged inside": (damaged(), "损坏"),
    "a strange packing": (strangely_packed(), "内部结构"),
    "a far corner": (far_corner(), "离数据很远"),
    "a lying bomb": (lying_bomb(), "损坏"),
    "no text": (b"\x81\x00\xff\xfe\x00\x81" * 50, "编码"),
    "another JSON": (b'[{"a": 1}, 5]', "JSON"),
    "a deep JSON": (b'[{"a": ' + b"[" * 100_000, "JSON"),
    "half a JSON": (b'[{"a": 1}, {"b"', "JSON"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_words(name: str) -> None:
    content, word = REFUSED[name]
    with pytest.raises(UnreadableFile, match=word):
        lines(content)


def test_a_bomb_is_not_unpacked() -> None:
    content = bomb()
    assert len(content) < 1 << 20
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="解压后超过300MB"):
        lines(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 << 20


def test_the_size_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_PACKED", 1000)
    monkeypatch.setattr(books, "MOST_STREAMED", 10)
    monkeypatch.setattr(books, "MOST_ROWS", 3)
    for content in (one(*ROWS), b"a,b\n" * 9):
        with pytest.raises(UnreadableFile, match="最大"):
            lines(content)
    monkeypatch.setattr(books, "MOST_STREAMED", 1000)
    with pytest.raises(UnreadableFile, match="最多3行"):
        lines(b"a,b\n" * 9)


def test_what_is_let_in() -> None:
    assert lines(one(*ROWS)) == ROWS
    assert lines('姓名,备注\n王桂芳,"一行\n两行"\n'.encode("gbk")) == [["姓名", "备注"], ["王桂芳", "一行\n两行"]]
    assert lines('\ufeff[{"code": "51", "name": "四川省"}, {"code": "5116", "name": "广安市", "x": [1]}]'.encode()) == [
        ["code", "name"], ["51", "四川省"], ["5116", "广安市"],
    ]  # fmt: skip


def test_json_says_more_than_a_spreadsheet_can() -> None:
    """Long numbers keep all their digits; half of a letter goes."""
    content = b'[{"a": 511602195003050021, "b\\ud800": "\\ud800x", "c": 1.5, "d": true}, {"a": ' + b"9" * 5000 + b"}]"
    assert lines(content) == [
        ["a", "b", "c", "d"], ["511602195003050021", "x", 1.5, True], ["9" * 5000, None, None, None],
    ]  # fmt: skip


def test_an_unpaired_quotation_mark_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import csv

    before = csv.field_size_limit(200)
    try:
        with pytest.raises(UnreadableFile, match="引号"):
            lines(b'a,b\n1,"2\n' + b"3,4\n" * 100)
    finally:
        csv.field_size_limit(before)
