"""Banks' lists as they come: other headings, one column or two, signs, titles above and totals below; never half a file."""

from io import BytesIO

import pytest
import xlsxwriter

from tests.factories.payments import bank_list
from tests.factories.places import TODAY
from wushe.foundation.errors import Invalid
from wushe.lines.payments.bank_lists import read_bank_list, same_rows

DAY = f"{TODAY:%Y-%m-%d}"


def read(*rows, head=("交易日期", "借方发生额", "贷方发生额", "对方户名")):
    return read_bank_list(bank_list(*rows, head=head), today=TODAY)


def test_two_columns():
    found = read((DAY, "1,234.50", "", "甲机构"), (f"{TODAY:%Y%m%d}", "", "¥7.00", "乙单位"))
    assert [(one.day, one.fen, one.party) for one in found] == [(TODAY, -123450, "甲机构"), (TODAY, 700, "乙单位")]


@pytest.mark.parametrize(
    ("side", "fen"), [("借", -500), ("贷", 500), ("支出", -500), ("收入", 500), ("D", -500), ("C", 500), ("转入", 500)]
)
def test_one_column_with_its_side(side, fen):
    (one,) = read((DAY, "5.00", side), head=("记账日期", "交易金额", "借贷标志"))
    assert one.fen == fen


def test_one_signed_column():
    assert [one.fen for one in read((DAY, "-5.00", "甲"), (DAY, "6", "乙"), head=("日期", "金额", "对方名称"))] == [
        -500,
        600,
    ]


def test_a_workbook_with_a_title_and_a_total():
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet("明细")
    for number, row in enumerate([
        ["建设银行账户明细"], ["账号：5100"], ["交易时间", "支出金额", "收入金额", "对方账户名称", "对方账号", "附言"],
        [DAY, 5580.0, None, "康乐居家养老服务中心", "6222020200112233445", "WS1"], ["合计", 5580.0, 0],
    ]):  # fmt: skip
        sheet.write_row(number, 0, row)
    book.close()
    (one,) = read_bank_list(buffer.getvalue(), today=TODAY)
    assert (one.fen, one.account, one.words, one.row) == (-558000, "6222020200112233445", "WS1", 4)


@pytest.mark.parametrize(
    ("rows", "head", "words"),
    [
        ([(DAY, "五块", "", "甲")], None, "第2行：“五块”不是金额"),
        ([(DAY, "", "", "甲")], None, "没有金额"),
        ([("2099-01-01", "5", "", "甲")], None, "交易日期不对"),
        ([(DAY, "5.001", "", "甲")], None, "不是金额"),
        ([(DAY, "5", "转")], ("记账日期", "交易金额", "借贷标志"), "看不出是收还是付"),
        ([("甲", "乙")], ("姓名", "电话"), "没有找到表头"),
    ],
)
def test_what_cannot_be_read_is_refused_whole(rows, head, words):
    good = (DAY, "1.00", "", "甲")
    with pytest.raises(Invalid) as refused:
        read(*rows, good) if head is None else read(*rows, head=head)
    assert words in refused.value.fields["file"]


def test_an_empty_file_and_a_picture_are_refused():
    for content in (b"", b"\x89PNG\r\n\x1a\n" + b"0" * 50, b"\x00" * 100):
        with pytest.raises(Invalid):
            read_bank_list(content, today=TODAY)


def test_rows_that_read_the_same_are_told_apart():
    found = read((DAY, "1.00", "", "甲"), (DAY, "1.00", "", "甲"), (DAY, "2.00", "", "甲"))
    assert same_rows(found) == [1, 2, 1]
