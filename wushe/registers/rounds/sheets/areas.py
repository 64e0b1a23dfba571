"""The spreadsheet of areas: code and name, as division data is published or as a community lists its estates and buildings."""

from datetime import date

from wushe.registers.rounds.reading import dates, words
from wushe.registers.rounds.reading.cells import Cell, Unreadable
from wushe.registers.rounds.reading.numbers import digits, latitude, longitude

from .description import Column, Row, Sheet

LEVELS = {
    "省": 2, "省级": 2, "自治区": 2, "直辖市": 2, "市": 4, "地级": 4, "地市": 4, "区县": 6, "县": 6, "区": 6, "县级": 6, "街道": 9, "乡镇": 9, "镇": 9, "乡": 9,
    "乡级": 9, "街道乡镇": 9, "社区": 12, "村": 12, "社区村": 12, "村级": 12, "小区": 15, "网格": 18, "楼栋": 21, "楼": 21,
}  # fmt: skip
_LENGTHS = (2, 4, 6, 9, 12, 15, 18, 21)
_URBAN = {
    "111": True,
    "112": True,
    "121": True,
    "122": True,
    "123": True,
    "210": False,
    "220": False,
    "城镇": True,
    "城市": True,
    "城区": True,
    "乡村": False,
    "农村": False,
}


def areas(on: date) -> Sheet:
    """Return the sheet on a day."""
    columns = (
        Column("code", "区划代码", code, ("代码", "编码", "code", "行政区划代码", "统计用区划代码", "区划编码"), required=True, hint="2、4、6、9、12位，小区以下每级加3位"),
        Column("name", "名称", words.line(80, least=1), ("区划名称", "name", "地区名称", "全称"), required=True),
        Column("level", "层级", words.Choice(LEVELS, "层级"), ("级别", "区划级别", "level")),
        Column("urban", "城乡类型", words.Choice(_URBAN, "城乡类型"), ("城乡分类代码", "城乡分类", "urban", "城乡")),
        Column("valid_from", "启用日期", lambda cell: dates.exact(cell, today=on), ("启用时间", "生效日期", "设立日期", "valid_from")),
        Column("longitude", "经度", longitude, ("lng", "lon", "longitude")),
        Column("latitude", "纬度", latitude, ("lat", "latitude")),
    )  # fmt: skip
    ignored = (
        "序号",
        "备注",
        "provinceCode",
        "cityCode",
        "areaCode",
        "streetCode",
        "上级代码",
        "上级",
        "上级名称",
        "kind",
    )
    return Sheet("areas", "区划", "个区划", "areas:edit", columns, ignored, agree)


def code(cell: Cell) -> str:
    """Return a code without the zeros that only fill it up: 511602000000 → 511602."""
    text = digits(cell)
    if not (text.isascii() and text.isdigit()):
        raise Unreadable("区划代码只能是数字。")
    if len(text) in (6, 9, 12):
        for shorter, longer in ((9, 12), (6, 9), (4, 6), (2, 4)):
            if len(text) == longer and not text[shorter:].strip("0"):
                text = text[:shorter]
    if len(text) not in _LENGTHS:
        raise Unreadable(
            f"区划代码的位数不对：应为2、4、6、9、12位，小区、网格、楼栋为15、18、21位，这里有{len(text)}位。"
        )
    return text


def agree(row: Row, on: date) -> None:
    """Refuse a level that is not the length of the code."""
    level, found = row.values.pop("level", None), row.values.get("code")
    if level and found and level != len(found):
        row.refuse("level", f"代码“{found}”有{len(found)}位，与填写的层级不一致。")
