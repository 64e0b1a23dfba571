"""The spreadsheet of hours: which social worker learned what, on which day, how long; or was supervised."""

from datetime import date

from wushe.registers.rounds.reading import dates, identity, numbers, words
from wushe.registers.rounds.reading.cells import Cell, Unreadable

from .description import Column, Row, Sheet
from .people import ID_NUMBER, IGNORED, NAME
from .volunteers import number

MOST_HOURS = 12
_KINDS = {
    "继续教育": "education",
    "培训": "education",
    "教育": "education",
    "接受督导": "supervision",
    "督导": "supervision",
    "受督导": "supervision",
}


def learning(on: date) -> Sheet:
    """Return the sheet on a day."""
    columns = (
        Column("number", "工号", number, ("员工编号", "人员编号", "编号", "社工编号"), hint="工号、证书管理号、身份证号填一个"),
        Column("certificate_number", "证书管理号", number, ("证书编号", "管理号", "证书号", "登记证号")),
        Column("id_number", "身份证号", identity.id_number, ID_NUMBER, protected="id_number"),
        Column("name", "姓名", identity.name, ("学员", "学员姓名", "社工姓名", "参训人员", *NAME)),
        Column("kind", "类别", words.Choice(_KINDS, "类别"), ("类型", "学时类别", "学时类型"), hint="继续教育 / 接受督导；空着是继续教育"),
        Column("title", "内容", words.line(80, least=1), ("培训内容", "课程", "课程名称", "培训名称", "培训项目", "学习内容", "督导内容", "培训班名称"), required=True),
        Column("day", "日期", lambda cell: dates.exact(cell, today=on), ("培训日期", "培训时间", "学习日期", "学习时间", "督导日期", "开始日期"), required=True),
        Column("minutes", "学时（小时）", hours, ("学时", "课时", "培训学时", "小时", "时长", "学时数", "继续教育学时"), required=True),
    )  # fmt: skip
    ignored = tuple(name for name in IGNORED if name not in NAME)
    return Sheet(
        "learning",
        "继续教育与督导",
        "条学时",
        "workforce:register",
        columns,
        (*ignored, "工作单位", "培训单位", "主办单位", "地点"),
        agree,
    )


def hours(cell: Cell) -> int:
    """Return hours of one day in minutes."""
    found = numbers.amount(cell) * 60
    if not 0 < found <= MOST_HOURS * 60:
        raise Unreadable(f"一次请填写不超过{MOST_HOURS}小时；几天的培训按天登记。")
    return int(found)


def agree(row: Row, on: date) -> None:
    """Ask who it was, and refuse a day to come."""
    values = row.values
    if not {"number", "certificate_number", "id_number"} & values.keys():
        row.refuse("number", "请填工号、证书管理号或身份证号。")
    if values.get("day", on) > on:
        row.refuse("day", "日期不能晚于今天。")
