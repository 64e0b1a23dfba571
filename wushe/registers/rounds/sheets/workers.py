"""The spreadsheet of workers: who performs visits, for whom, from when to when in the day, with which certificate."""

import re
from datetime import date

from wushe.registers.rounds.reading import dates, numbers, words
from wushe.registers.rounds.reading.cells import Cell, Unreadable, narrow, tidy

from .description import Column, Row, Sheet
from .people import IGNORED, NAME, agree, person_columns
from .residents import ADDRESS, PLACE, STREET
from .volunteers import number

KINDS = {
    "护理员": "paid_carer", "养老护理员": "paid_carer", "家政服务员": "paid_carer", "上门服务员": "paid_carer", "社会工作者": "social_worker",
    "社工": "social_worker", "专职社工": "social_worker", "志愿者": "volunteer", "邻里互助员": "neighbour", "邻里": "neighbour", "互助员": "neighbour",
}  # fmt: skip
LEVELS = {
    "助理社会工作师": "assistant", "助理社工师": "assistant", "初级": "assistant", "社会工作师": "professional", "社工师": "professional",
    "中级": "professional", "高级社会工作师": "senior", "高级社工师": "senior", "高级": "senior",
}  # fmt: skip
TRAVEL = {
    "步行": "walk",
    "走路": "walk",
    "电动车": "ebike",
    "电瓶车": "ebike",
    "自行车": "ebike",
    "摩托车": "ebike",
    "汽车": "car",
    "开车": "car",
    "小汽车": "car",
}
_CLOCK = re.compile(r"(\d{1,2})(?:[:：点时](\d{1,2})?分?)?")
_DAYS = str.maketrans("一二三四五六日天", "12345677")


def workers(on: date, skills: tuple[tuple[str, str], ...] = ()) -> Sheet:
    """Return the sheet on a day; `skills` are the skills of the catalogue, code and title."""

    def day(cell: Cell) -> date:
        return dates.exact(cell, today=on)

    columns = (
        Column("number", "工号", number, ("员工编号", "人员编号", "编号", "工作证号", "员工号"), required=True),
        *person_columns(names=("员工姓名", "护理员姓名", "服务人员姓名", *NAME), on=on),
        Column("kind", "人员类别", words.Choice(KINDS, "类别"), ("类别", "岗位", "工种", "人员类型", "岗位类别", "岗位名称", "职务")),
        Column("organisation", "所属机构", words.line(80), ("机构", "单位", "服务机构", "所属单位", "用工单位", "所在机构", "机构名称", "工作单位"), hint="机构全称或统一社会信用代码"),
        Column("place", "工作社区", words.line(80), PLACE),
        Column("street", "所属街道", words.line(80), STREET),
        Column("address", "详细地址", words.line(200), ADDRESS, protected="address"),
        Column("travel_mode", "出行方式", words.Choice(TRAVEL, "出行方式"), ("交通工具", "交通方式")),
        Column("hours", "上下班时间", shift, ("工作时间", "班次", "服务时间", "上班时间"), hint="如 8:00-18:00"),
        Column("weekdays", "工作日", weekdays, ("每周工作日", "排班日", "工作周"), hint="如 周一至周五"),
        Column("qualification", "资格证书", words.line(40), ("证书", "职业资格", "资格证", "证书名称", "职业资格证书", "社工证", "持证情况")),
        Column("qualification_until", "证书有效期", day, ("证书有效期至", "有效期至", "证书到期日", "资格证有效期")),
        Column("level", "资格级别", words.Choice(LEVELS, "级别"), ("社工师级别", "职业水平等级", "社工职业水平", "证书级别", "资格等级")),
        Column("certificate_number", "证书管理号", number, ("证书编号", "管理号", "证书号", "登记证号")),
        Column("registered_on", "证书登记日期", day, ("登记时间", "登记日期", "社工登记日期")),
        Column("skills", "技能", words.Several(words.Choice({t: c for c, t in skills}, "技能")), ("服务技能", "技能特长", "掌握技能")),
        Column("supervisor", "督导", words.line(40), ("督导老师", "督导人", "督导员", "督导者", "督导社工", "专业督导"), hint="社会工作者台账里的姓名或工号"),
        Column("starts_on", "到岗日期", day, ("入职日期", "入职时间", "到岗时间", "上岗日期", "参加工作时间")),
        Column("ends_on", "离岗日期", day, ("离职日期", "离职时间", "离岗时间")),
        Column("longitude", "经度", numbers.longitude, ("出发经度", "lng", "lon")),
        Column("latitude", "纬度", numbers.latitude, ("出发纬度", "lat")),
    )  # fmt: skip
    return Sheet("workers", "服务人员", "位服务人员", "workforce:register", columns, IGNORED, agree_worker)


def agree_worker(row: Row, on: date) -> None:
    """Check who the worker is, and that the days follow one another."""
    agree(row, on)
    starts, ends = row.values.get("starts_on"), row.values.get("ends_on")
    if starts and ends and ends < starts:
        row.refuse("ends_on", "离岗日期不能早于到岗日期。")
    if ("longitude" in row.values) != ("latitude" in row.values):
        row.refuse("latitude" if "longitude" in row.values else "longitude", "经度和纬度要一起填。")
    if "level" in row.values and row.values.get("kind", "social_worker") != "social_worker":
        row.refuse("level", "只有社会工作者登记资格级别。")
    if "supervisor" in row.values and row.values.get("kind", "social_worker") != "social_worker":
        row.refuse("supervisor", "只有社会工作者登记督导。")
    if row.values.get("registered_on", on) > on:
        row.refuse("registered_on", "登记日期不能晚于今天。")


def shift(cell: Cell) -> tuple[int, int]:
    """Return the minutes of the day between which somebody works: 8:00-18:00, 8点到18点, 8:30至17:30."""
    parts = [part for part in re.split(r"[-－—–~～至到]+", narrow(cell).replace(" ", "")) if part]
    minutes = [_minutes(part) for part in parts]
    if len(minutes) != 2 or not minutes[0] < minutes[1]:
        raise Unreadable("请写成 8:00-18:00 的样子。")
    return minutes[0], minutes[1]


def _minutes(text: str) -> int:
    later = 720 if text.startswith(("下午", "晚上", "pm", "PM")) else 0
    match = _CLOCK.fullmatch(re.sub(r"^(上午|下午|晚上|早上|早|晚|am|pm)", "", text, flags=re.IGNORECASE))
    if match is None:
        raise Unreadable("请写成 8:00-18:00 的样子。")
    hours, rest = int(match.group(1)), int(match.group(2) or 0)
    found = hours * 60 + rest + (later if hours < 12 else 0)
    if hours > 24 or rest > 59 or found > 1440:
        raise Unreadable("没有这样的时间，请写成 8:00-18:00 的样子。")
    return found


def weekdays(cell: Cell) -> str:
    """Return the weekdays as figures, Monday first: 周一至周五 → 12345."""
    text = re.sub(r"[周星期每、，,\s]+", "", tidy(cell).translate(_DAYS))
    if text in ("天", "全7", "7", "全天") and "天" in tidy(cell):
        return "1234567"
    if match := re.fullmatch(r"([1-7])[至到\-~—－]+([1-7])", text):
        first, last = int(match.group(1)), int(match.group(2))
        if first <= last:
            return "".join(str(number) for number in range(first, last + 1))
    if text and set(text) <= set("1234567"):
        return "".join(sorted(set(text)))
    raise Unreadable("请写成 周一至周五 或 1、3、5 的样子。")
