"""The spreadsheet of councils and backbone roles: which seat there is at a place, and who sits in it since when."""

from datetime import date

from wushe.registers.rounds.reading import dates, words
from wushe.registers.rounds.reading.cells import Cell

from .description import Column, Row, Sheet
from .facilities import Names
from .people import IGNORED, NAME, known_columns
from .residents import PLACE, STREET

_SPOKEN = {
    "书记": "secretary", "大党委书记": "secretary", "党委书记": "secretary", "副书记": "deputy", "委员": "member", "兼职委员": "part_time",
    "兼职副书记": "deputy", "党员": "party_member", "党员骨干": "party_member", "社区党员": "party_member", "社区干部": "community_worker",
    "社区专职工作者": "community_worker", "两委成员": "community_worker", "楼栋长": "building_head", "楼长": "building_head", "单元长": "building_head",
    "专职网格员": "grid_worker", "网格长": "grid_worker", "社会工作者": "social_worker", "志愿者": "volunteer", "社区社会组织": "group_member",
    "社会组织骨干": "group_member", "业委会": "owners", "业委会主任": "owners", "业委会委员": "owners", "单位联络员": "unit_liaison", "联络员": "unit_liaison",
}  # fmt: skip


def seats(on: date, kinds: Names = ()) -> Sheet:
    """Return the sheet on a day; `kinds` are the roles, title and code."""

    def day(cell: Cell) -> date:
        return dates.exact(cell, today=on)

    columns = (
        Column("place", "所在社区", words.line(80), tuple(name for name in PLACE if name != "所在社区")),
        Column("street", "所属街道", words.line(80), STREET),
        Column("kind", "角色", words.Choice({**dict(kinds), **_SPOKEN}, "角色"), ("岗位类别", "角色类别", "职务", "骨干类别", "身份", "人员类别"), required=True),
        Column("title", "岗位名称", words.line(60), ("岗位", "名称", "岗位说明", "负责区域"), hint="如 3号楼楼门长；同类岗位有几个时用来分清"),
        Column("since", "设立日期", day, ("设立时间",)),
        *known_columns(names=("担任人", "任职人员", "现任人员", *NAME)),
        Column("unit", "代表单位", words.line(80), ("驻区单位", "所在单位", "工作单位", "单位", "单位名称"), hint="社会组织台账里的全称或信用代码"),
        Column("starts_on", "到任日期", day, ("任职时间", "任职日期", "到任时间", "上任时间", "担任时间")),
        Column("ends_on", "离任日期", day, ("离任时间", "卸任日期", "卸任时间")),
    )  # fmt: skip
    return Sheet("seats", "大党委与骨干", "个岗位", "communities:edit", columns, IGNORED, agree)


def agree(row: Row, on: date) -> None:
    """Refuse days to come and an end before the beginning."""
    values = row.values
    for column in ("since", "starts_on", "ends_on"):
        if values.get(column, on) > on:
            row.refuse(column, "日期不能晚于今天。")
    if "starts_on" in values and values["starts_on"] < values.get("since", values["starts_on"]):
        row.refuse("starts_on", "到任日期不能早于岗位的设立日期。")
    if "ends_on" in values and values["ends_on"] < values.get("starts_on", values["ends_on"]):
        row.refuse("ends_on", "离任日期不能早于到任日期。")
