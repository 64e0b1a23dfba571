"""The spreadsheet of residents: who somebody is, where they live, with whom, and what they are known as."""

from datetime import date

from wushe.registers.rounds.reading import dates, identity, words
from wushe.registers.rounds.reading.cells import Cell

from .description import Column, Sheet
from .people import IGNORED, agree, person_columns

PLACE = (
    "社区",
    "村社区",
    "村",
    "所在社区",
    "居委会",
    "村居",
    "社区名称",
    "所属村社区",
    "社区村",
    "社区居委会",
    "村居委会",
    "所属居委会",
    "居住社区",
    "区划代码",
    "社区代码",
)
STREET = (
    "街道",
    "乡镇",
    "镇街",
    "街镇",
    "所在街道",
    "街道乡镇",
    "乡镇街道",
    "镇",
    "所属乡镇",
    "街道名称",
    "乡镇街道名称",
)
ADDRESS = (
    "地址",
    "家庭住址",
    "家庭地址",
    "住址",
    "现住址",
    "居住地址",
    "详细住址",
    "现居住地",
    "现居住地址",
    "常住地址",
    "居住地",
    "家庭详细地址",
    "实际居住地",
)
_ABILITY = {
    "能力完好": 0, "完好": 0, "自理": 0, "完全自理": 0, "能自理": 0, "轻度失能": 1, "轻度": 1, "中度失能": 2, "中度": 2, "半失能": 2, "半自理": 2,
    "重度失能": 3, "重度": 3, "完全失能": 4, "完全": 4, "失能": 4, "不能自理": 4, "0级": 0, "1级": 1, "2级": 2, "3级": 3, "4级": 4, "0": 0, "1": 1, "2": 2, "3": 3, "4": 4,
}  # fmt: skip
_KIN = {
    "户主": "head", "本人": "head", "本人户主": "head", "配偶": "spouse", "妻": "spouse", "妻子": "spouse", "夫": "spouse", "丈夫": "spouse", "老伴": "spouse",
    "爱人": "spouse", "子": "child", "女": "child", "儿子": "child", "女儿": "child", "长子": "child", "长女": "child", "次子": "child", "次女": "child",
    "三子": "child", "三女": "child", "独生子": "child", "独生女": "child", "子女": "child", "养子": "child", "养女": "child",
    "父": "parent", "母": "parent", "父亲": "parent", "母亲": "parent", "父母": "parent", "孙子": "other", "孙女": "other", "外孙": "other", "外孙女": "other",
    "孙": "other", "儿媳": "other", "媳": "other", "媳妇": "other", "女婿": "other", "婿": "other", "兄": "other", "弟": "other", "姐": "other", "妹": "other",
    "兄弟": "other", "姐妹": "other", "兄弟姐妹": "other", "岳父": "other", "岳母": "other", "公公": "other", "婆婆": "other", "祖父": "other",
    "祖母": "other", "外祖父": "other", "外祖母": "other", "其他": "other", "其他亲属": "other", "亲属": "other", "非亲属": "other",
}  # fmt: skip

_SPOKEN = {
    "低保": "dibao", "低保户": "dibao", "低保对象": "dibao", "低保边缘户": "dibao_edge", "特困": "tekun", "五保": "tekun", "五保户": "tekun", "特困供养": "tekun",
    "高龄": "age_80", "高龄老人": "age_80", "独居老人": "living_alone", "空巢老人": "empty_nest", "留守": "left_behind_elder", "失独": "family_planning_special",
    "失独家庭": "family_planning_special", "退伍军人": "veteran", "优抚": "preferential", "重残": "disabled_severe", "中共党员": "party_member",
}  # fmt: skip
"""What offices call a category whose official title is longer."""


def residents(on: date, tags: tuple[tuple[str, str], ...] = ()) -> Sheet:
    """Return the sheet on a day; `tags` are the categories of people, code and title, each a column of its own."""
    titles = {title: code for code, title in tags}
    titles |= {name: code for name, code in _SPOKEN.items() if code in set(titles.values())}
    own = _own(on, titles)
    taken = {name for column in own for name in (column.title, *column.names)}
    each = tuple(
        Column(f"tag:{code}", title, words.yes_or_no, _names(code, title)) for code, title in tags if title not in taken
    )
    ignored = (*IGNORED, "户号", "户主姓名", "监护人姓名", "监护人电话", "照护人姓名", "家庭编号", "户主")
    return Sheet("residents", "居民", "位居民", "people:edit", (*own, *each), ignored, agree)


def _names(code: str, title: str) -> tuple[str, ...]:
    """Return what offices write above the column of one category."""
    spoken = [name for name, meant in _SPOKEN.items() if meant == code]
    return (f"是否{title}", f"{title}人员", *spoken, *(f"是否{name}" for name in spoken))


def _own(on: date, titles: dict[str, str]) -> tuple[Column, ...]:
    """Return the columns that do not depend on the categories; `titles` are the spellings of these."""

    def day(cell: Cell) -> date:
        return dates.exact(cell, today=on)

    return (
        *person_columns(on=on),
        Column("place", "所属社区", words.line(80), PLACE, hint="社区名称或12位代码"),
        Column("street", "所属街道", words.line(80), STREET, hint="同名社区时用来分清"),
        Column("address", "详细地址", words.line(200), ADDRESS, protected="address"),
        Column("tags", "人员类别", words.Several(words.Choice(titles, "类别")), (
            "类别", "标签", "人群类别", "对象类别", "人员标签", "特殊人群类别", "重点人群类别", "老人类别", "困难类别", "特殊类别", "人群标签",
        ), hint="用顿号隔开，如 独居、低保"),
        Column("ability_level", "能力等级", words.Choice(_ABILITY, "能力等级"), ("失能等级", "失能程度", "自理能力", "能力评估等级", "老年人能力等级", "身体状况自理")),
        Column("lives_alone", "独居", words.yes_or_no, ("是否独居", "独居情况", "独居老人")),
        Column("kin", "与户主关系", words.Choice(_KIN, "关系"), ("户主关系", "家庭关系", "与户主的关系", "和户主关系", "与户主关系称谓")),
        Column("head_number", "户主身份证号", identity.id_number, ("户主身份证", "户主身份证号码", "户主证件号"), protected="id_number"),
        Column("guardian_number", "监护人身份证号", identity.id_number, ("监护人身份证", "监护人身份证号码", "监护人证件号码"), protected="id_number"),
        Column("carer_number", "照护人身份证号", identity.id_number, ("照护人身份证", "照料人身份证号", "照护人身份证号码"), protected="id_number"),
        Column("died_on", "去世日期", day, ("死亡日期", "死亡时间", "去世时间")),
        Column("moved_out_on", "迁出日期", day, ("迁出时间", "搬离日期", "搬走日期")),
    )  # fmt: skip
