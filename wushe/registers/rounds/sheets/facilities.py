"""The spreadsheet of facilities: what there is, of which type, where, run by whom, how many it holds, when it opens."""

from datetime import date

from wushe.registers.rounds.reading import dates, numbers, words
from wushe.registers.rounds.reading.cells import Cell

from .description import Column, Row, Sheet
from .residents import STREET
from .workers import weekdays

_KINDS = {
    "调度中心": "dispatch_centre", "社会工作指导中心": "district_centre", "街道社工站": "street_station", "乡镇社工站": "street_station",
    "社工站": "street_station", "社区社工室": "community_station", "村社工室": "community_station", "社工室": "community_station",
    "敬老院": "nursing_home", "养老机构": "nursing_home", "养老驿站": "care_station", "养老服务站": "care_station", "日照中心": "day_care",
    "老年食堂": "meal_point", "社区食堂": "meal_point", "长者食堂": "meal_point", "党群服务中心": "service_complex",
}  # fmt: skip
_STARS = {
    spelling: number
    for number, han in enumerate("未一二三四五")
    for spelling in (
        (f"{han}星", f"{han}星级", f"{number}星", f"{number}星级", str(number)) if number else ("未评", "未评星", "0")
    )
}
Names = tuple[tuple[str, str], ...]


def facilities(on: date, kinds: Names = (), functions: Names = ()) -> Sheet:
    """Return the sheet on a day; `kinds` and `functions` are what the register knows, title and code."""
    known = dict(kinds)
    spoken = {name: code for name, code in _KINDS.items() if code in known.values()} | known

    def day(cell: Cell) -> date:
        return dates.exact(cell, today=on)

    columns = (
        Column("name", "设施名称", words.line(80, least=2), ("名称", "场所名称", "机构名称", "站点名称", "服务设施名称", "阵地名称"), required=True),
        Column("kind", "设施类型", words.Choice(spoken, "类型"), ("类型", "类别", "设施类别", "场所类型", "站点类型"), required=True),
        Column("place", "所在社区", words.line(80), ("社区", "所属社区", "村社区", "社区名称", "所在区划", "区划代码", "所在村社区")),
        Column("street", "所在街道", words.line(80), ("所属街道", *STREET)),
        Column("operator", "运营机构", words.line(80), ("运营单位", "运营方", "管理单位", "承接机构", "运营主体"), hint="机构全称或统一社会信用代码"),
        Column("functions", "功能", words.Several(words.Choice(dict(functions), "功能")), ("服务功能", "主要功能", "功能设置", "服务内容")),
        Column("capacity", "容量", numbers.count, ("床位数", "床位", "座位数", "可容纳人数", "容纳人数", "规模", "接待能力", "床位数量")),
        Column("opening", "开放时间", words.line(80), ("营业时间", "服务时间", "开门时间")),
        Column("weekdays", "开放日", weekdays, ("开放时间（周）", "每周开放日", "营业日"), hint="如 周一至周五"),
        Column("star", "星级", words.Choice(_STARS, "星级"), ("星级评定", "评定星级", "等级"), hint="一星到五星"),
        Column("address", "地址", words.line(120), ("详细地址", "设施地址", "所在地址")),
        Column("phone", "服务电话", words.line(20), ("电话", "联系电话", "咨询电话")),
        Column("longitude", "经度", numbers.longitude, ("lng", "lon", "longitude")),
        Column("latitude", "纬度", numbers.latitude, ("lat", "latitude")),
        Column("opened_on", "启用日期", day, ("启用时间", "建成时间", "运营时间", "成立时间", "开业时间", "投入使用时间")),
        Column("closed_on", "停用日期", day, ("关停时间", "停用时间", "关闭日期")),
    )  # fmt: skip
    ignored = ("序号", "备注", "面积", "建筑面积", "联系人", "负责人")
    return Sheet("facilities", "服务设施", "处设施", "facilities:edit", columns, ignored, agree)


def agree(row: Row, on: date) -> None:
    """Refuse a closing before the opening, and half of a position."""
    values = row.values
    if "opened_on" in values and "closed_on" in values and values["closed_on"] < values["opened_on"]:
        row.refuse("closed_on", "停用日期不能早于启用日期。")
    if ("longitude" in values) != ("latitude" in values):
        row.refuse("latitude" if "longitude" in values else "longitude", "经度和纬度要一起填。")
