"""Reading the bank's list: whatever the bank calls its columns, each row becomes a day, a signed sum and a party."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from wushe.foundation.errors import Invalid
from wushe.registers.rounds.reading.books import UnreadableFile, open_book
from wushe.registers.rounds.reading.cells import Cell, Unreadable, blank, narrow, tidy
from wushe.registers.rounds.reading.dates import exact
from wushe.registers.rounds.reading.headings import Headings, Names
from wushe.registers.rounds.reading.numbers import digits
from wushe.registers.rounds.reading.tables import Table, table_of

MOST_BYTES = 10 << 20
MOST_ROWS = 2000
_MOST_FEN = 10_000_000_000_00
_FAULTS_SHOWN = 5
_SIGNS = re.compile(r"[¥￥,\s元]")
_SUM = re.compile(r"[+-]?\d{1,13}(?:\.\d{1,2}0*)?")
_OUT, _IN = re.compile(r"借|支|付|出|^D"), re.compile(r"贷|收|入|^C")
_COLUMNS = (
    Names("day", ("交易日期", "记账日期", "入账日期", "交易时间", "日期", "发生日期", "交易日", "记账日")),
    Names("out", ("借方发生额", "借方金额", "支出", "支出金额", "付款金额", "转出金额", "借方", "付出金额")),
    Names("into", ("贷方发生额", "贷方金额", "收入", "收入金额", "收款金额", "转入金额", "贷方", "存入金额")),
    Names("sum", ("金额", "交易金额", "发生额", "交易发生额", "发生金额")),
    Names("side", ("借贷标志", "借贷", "收支", "收支标志", "方向", "收付标志", "借贷方向", "交易方向")),
    Names("party", ("对方户名", "对方名称", "对方单位", "对方账户名称", "收款人名称", "交易对手", "对手户名", "收付款人名称")),
    Names("account", ("对方账号", "对方账户", "收款人账号", "对手账号", "收付款人账号", "对方卡号")),
    Names("serial", ("流水号", "交易流水号", "交易流水", "日志号", "凭证号", "回单编号", "交易编号")),
    Names("words", ("摘要", "附言", "用途", "备注", "交易摘要", "附加信息", "摘要用途")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """One row of the list; `fen` is below zero for money out."""

    row: int
    day: date
    fen: int
    party: str
    account: str
    serial: str
    words: str


def read_bank_list(content: bytes, *, today: date) -> list[Found]:
    """Return the rows of a bank's list in CSV, XLSX or XLS; raise Invalid with the rows that cannot be read."""
    if len(content) > MOST_BYTES:
        raise _refused(f"文件最大{MOST_BYTES >> 20}MB，请按日期分成几份。")
    try:
        table = _table(content)
        rows = _rows(table, today)
    except UnreadableFile as fault:
        raise _refused(fault.message) from None
    if not rows:
        raise _refused("表里没有交易。")
    return rows


def _table(content: bytes) -> Table:
    known = Headings(_COLUMNS)
    for leaf in open_book(lambda: [content], size=len(content)).leaves():
        table = table_of(leaf.name, leaf.lines, known, leaf.merges)
        if table is not None:
            meant = {match.code for match in table.matches if match}
            if "day" in meant and meant & {"out", "into", "sum"}:
                return table
    raise _refused("没有找到表头：要有“交易日期”，以及“借方、贷方”或“金额”这样的列名。")


def _rows(table: Table, today: date) -> list[Found]:
    places = {match.code: place for place, match in enumerate(table.matches) if match}
    found, faults = [], []
    for number, cells in table.rows:
        if len(found) + len(faults) >= MOST_ROWS:
            raise _refused(f"一份最多{MOST_ROWS}笔，请按日期分成几份。")
        try:
            found.append(_row(number, {code: cells[place] for code, place in places.items()}, today))
        except Unreadable as fault:
            faults.append(f"第{number}行：{fault.message}")
    if faults:
        more = f"等{len(faults)}行" if len(faults) > _FAULTS_SHOWN else ""
        raise _refused("；".join(faults[:_FAULTS_SHOWN]) + more + "。整份没有导入，请改好再传。")
    return found


def _row(number: int, cells: dict[str, Cell], today: date) -> Found:
    day = exact(cells["day"], today=today)
    if not day.year >= 2000 or day > today:
        raise Unreadable("交易日期不对")
    fen = _signed(cells)
    if not fen:
        raise Unreadable("没有金额")
    account = cells.get("account")
    return Found(
        number, day, fen, _text(cells.get("party"), 80), "" if blank(account) else digits(account)[:30],
        _text(cells.get("serial"), 60), _text(cells.get("words"), 200),
    )  # fmt: skip


def _signed(cells: dict[str, Cell]) -> int:
    """Return the sum of a row, below zero for money out, from two columns or from one with its side."""
    if "out" in cells or "into" in cells:
        fen = _fen(cells.get("into")) - _fen(cells.get("out"))
        if fen or "sum" not in cells:
            return fen
    fen, side = _fen(cells.get("sum")), narrow(cells.get("side") or "").upper()
    if not side:
        return fen
    if bool(_OUT.search(side)) == bool(_IN.search(side)):
        raise Unreadable(f"“{side[:10]}”看不出是收还是付")
    return -fen if _OUT.search(side) else fen


def _fen(cell: Cell) -> int:
    if blank(cell):
        return 0
    text = f"{cell:.2f}" if isinstance(cell, float) else _SIGNS.sub("", narrow(cell))
    if not _SUM.fullmatch(text):
        raise Unreadable(f"“{text[:20]}”不是金额")
    fen = int(Decimal(text) * 100)
    if abs(fen) > _MOST_FEN:
        raise Unreadable("金额太大")
    return fen


def _text(cell: Cell, most: int) -> str:
    return "" if blank(cell) else tidy(cell)[:most]


def _refused(words: str) -> Invalid:
    return Invalid(fields={"file": words})


def same_rows(rows: Sequence[Found]) -> list[int]:
    """Return for each row the how manieth of its like it is: a bank's list may hold two that read the same."""
    seen: dict[tuple[object, ...], int] = {}
    numbers = []
    for one in rows:
        key = (one.day, one.fen, one.party, one.account, one.serial, one.words)
        seen[key] = seen.get(key, 0) + 1
        numbers.append(seen[key])
    return numbers
