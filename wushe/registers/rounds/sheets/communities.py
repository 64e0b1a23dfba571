"""The spreadsheet of communities: how many live there, where its office is, since when its council sits."""

from datetime import date

from wushe.registers.rounds.reading import dates, identity, numbers, words

from .description import Column, Row, Sheet
from .residents import PLACE, STREET


def communities(on: date) -> Sheet:
    """Return the sheet on a day."""
    columns = (
        Column("place", "社区", words.line(80), ("名称", *(name for name in PLACE if name != "社区")), required=True, hint="社区名称或12位代码"),
        Column("street", "所属街道", words.line(80), STREET),
        Column("residents", "常住人口", numbers.count, ("人口", "人口数", "常住人口数", "总人口", "居民人数")),
        Column("households", "户数", numbers.count, ("总户数", "居民户数", "常住户数")),
        Column("phone", "值班电话", identity.phone, ("电话", "联系电话", "办公电话", "社区电话")),
        Column("office", "办公地址", words.line(120), ("地址", "居委会地址", "办公地点")),
        Column("council_since", "大党委成立日期", lambda cell: dates.exact(cell, today=on), ("大党委成立时间", "党委成立日期")),
    )  # fmt: skip
    return Sheet(
        "communities", "社区", "个社区", "communities:edit", columns, ("序号", "备注", "书记", "主任", "面积"), agree
    )


def agree(row: Row, on: date) -> None:
    """Refuse more households than people, and a council to come."""
    values = row.values
    if values.get("residents") and values.get("households", 0) > values["residents"]:
        row.refuse("households", "户数不能多于常住人口。")
    if "council_since" in values and values["council_since"] > on:
        row.refuse("council_since", "日期不能晚于今天。")
