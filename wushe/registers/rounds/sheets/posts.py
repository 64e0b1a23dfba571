"""The spreadsheet of standing posts for volunteers: what is done where, how many places, on which days, and who holds them."""

from datetime import date

from wushe.registers.rounds.reading import dates, numbers, words
from wushe.registers.rounds.reading.cells import Cell

from .description import Column, Row, Sheet
from .residents import PLACE, STREET
from .workers import shift, weekdays

MOST_PLACES = 1000


def posts(on: date) -> Sheet:
    """Return the sheet on a day."""

    def day(cell: Cell) -> date:
        return dates.exact(cell, today=on)

    columns = (
        Column("title", "岗位名称", words.line(60, least=1), ("岗位", "名称", "志愿岗位", "志愿服务岗位"), required=True),
        Column("place", "所在社区", words.line(80), ("服务社区", *(name for name in PLACE if name != "所在社区"))),
        Column("street", "所属街道", words.line(80), STREET),
        Column("places", "人数", numbers.count, ("岗位人数", "需要人数", "招募人数", "名额", "所需人数")),
        Column("facility", "所在设施", words.line(80), ("设施", "服务地点", "服务场所", "所在站点"), hint="服务设施台账里的名称"),
        Column("weekdays", "值班日", weekdays, ("每周值班日", "服务日", "值班星期"), hint="如 周一至周五"),
        Column("hours", "值班时间", shift, ("服务时间", "班次", "值班时段"), hint="如 9:00-11:00"),
        Column("open_from", "开始日期", day, ("开始时间", "设岗日期", "起始日期")),
        Column("open_until", "结束日期", day, ("结束时间", "截止日期")),
        Column("holders", "在岗志愿者编号", words.parts, ("志愿者编号", "在岗志愿者", "在岗人员编号", "志愿者号"), hint="几位用顿号隔开"),
    )  # fmt: skip
    ignored = ("序号", "备注", "联系人", "联系电话", "岗位职责", "负责人")
    return Sheet("posts", "志愿岗位", "个岗位", "volunteers:edit", columns, ignored, agree)


def agree(row: Row, on: date) -> None:
    """Refuse a post without places, and an end before the beginning."""
    values = row.values
    if not 1 <= values.get("places", 1) <= MOST_PLACES:
        row.refuse("places", f"人数为1到{MOST_PLACES}。")
    if values.get("open_until") and values["open_until"] < values.get("open_from", values["open_until"]):
        row.refuse("open_until", "结束日期不能早于开始日期。")
