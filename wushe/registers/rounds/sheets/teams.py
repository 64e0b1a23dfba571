"""The spreadsheet of volunteer teams: what they are called, of which kind, where, under whom, and whether they come in an emergency."""

from datetime import date

from wushe.registers.rounds.reading import dates, words

from .description import Column, Row, Sheet
from .residents import PLACE, STREET

KINDS = {
    "社区志愿服务队": "community", "社区": "community", "社区队": "community", "志愿服务队": "community", "志愿队": "community",
    "党员先锋队": "vanguard", "党员": "vanguard", "先锋队": "vanguard", "党员志愿服务队": "vanguard", "党员队": "vanguard",
    "行业服务队": "industry", "行业": "industry", "行业队": "industry", "专业服务队": "industry", "专业队": "industry",
}  # fmt: skip


def teams(on: date) -> Sheet:
    """Return the sheet on a day."""
    columns = (
        Column("name", "队伍名称", words.line(60, least=2), ("名称", "志愿服务队名称", "服务队名称", "志愿服务队", "志愿队伍", "队伍"), required=True),
        Column("kind", "队伍类型", words.Choice(KINDS, "类型"), ("类型", "类别", "队伍类别")),
        Column("place", "所在社区", words.line(80), ("所属社区", "服务社区", *(name for name in PLACE if name != "所在社区"))),
        Column("street", "所属街道", words.line(80), STREET),
        Column("organisation", "主管单位", words.line(80), ("所属单位", "主管组织", "依托单位", "挂靠单位"), hint="社会组织台账里的全称或信用代码"),
        Column("speciality", "专长", words.line(60), ("服务专长", "服务内容", "服务方向", "主要服务")),
        Column("emergency", "应急可调用", words.yes_or_no, ("是否应急", "应急队伍", "是否应急队伍", "应急")),
        Column("founded_on", "成立日期", lambda cell: dates.exact(cell, today=on), ("成立时间", "组建时间", "组建日期")),
    )  # fmt: skip
    ignored = ("序号", "备注", "人数", "队员人数", "队长", "队长姓名", "负责人", "联系电话", "队长电话")
    return Sheet("teams", "志愿队伍", "支队伍", "volunteers:edit", columns, ignored, agree)


def agree(row: Row, on: date) -> None:
    """Refuse a day to come."""
    if row.values.get("founded_on", on) > on:
        row.refuse("founded_on", "日期不能晚于今天。")
