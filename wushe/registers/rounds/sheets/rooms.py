"""The spreadsheet of rooms and beds: which room of which facility, what for, how many beds and how many are taken."""

from datetime import date

from wushe.registers.rounds.reading import numbers, words

from .description import Column, Row, Sheet
from .facilities import Names
from .residents import PLACE, STREET

_USES = {
    "房间": "bedroom", "卧室": "bedroom", "宿舍": "bedroom", "床位": "bedroom", "住房": "bedroom", "日照室": "day_room", "休息室": "day_room",
    "日间休息室": "day_room", "食堂": "canteen", "餐厅": "canteen", "棋牌": "games", "活动室": "games", "放映室": "cinema", "健身": "gym", "康复训练室": "rehabilitation",
    "议事室": "meeting", "培训室": "classroom", "多功能室": "classroom", "其它": "other",
}  # fmt: skip
_CARES = {"自理": "self", "能自理": "self", "半自理": "partial", "半失能": "partial", "介助": "partial", "全护理": "full", "失能": "full", "不能自理": "full",
          "介护": "full", "全护": "full", "不分": ""}  # fmt: skip


def rooms(on: date, uses: Names = ()) -> Sheet:
    """Return the sheet; `uses` are what rooms are for, title and code."""
    columns = (
        Column("facility", "设施名称", words.line(80, least=2), ("设施", "所属设施", "场所名称", "机构名称", "养老机构", "机构"), required=True),
        Column("place", "所在社区", words.line(80), tuple(name for name in PLACE if name != "所在社区"), hint="同名设施时用来分清"),
        Column("street", "所属街道", words.line(80), STREET),
        Column("name", "房间名称", words.line(40, least=1), ("房间", "房间号", "房号", "名称", "功能室", "室名"), required=True),
        Column("use", "用途", words.Choice({**dict(uses), **_USES}, "用途"), ("房间用途", "类型", "类别", "房间类型", "功能")),
        Column("care", "护理等级", words.Choice(_CARES, "护理等级"), ("护理类型", "照护等级", "床位类型")),
        Column("beds", "床位", numbers.count, ("床位数", "床位数量", "核定床位", "床数")),
        Column("taken", "已住", numbers.count, ("已住人数", "入住人数", "在住人数", "已入住", "占用床位", "已用床位")),
        Column("holds", "可容人数", numbers.count, ("容纳人数", "座位数", "可容纳人数", "容量")),
    )  # fmt: skip
    ignored = ("序号", "备注", "面积", "楼层", "空床", "剩余床位", "床位号")
    return Sheet("rooms", "房间与床位", "间房", "facilities:edit", columns, ignored, agree)


def agree(row: Row, on: date) -> None:
    """Refuse more who live there than there are beds; a room with beds is one to sleep in unless it says otherwise."""
    values = row.values
    if "beds" in values and values.get("taken", 0) > values["beds"]:
        row.refuse("taken", "已住人数不能多于床位。")
    if values.get("beds"):
        values.setdefault("use", "bedroom")
