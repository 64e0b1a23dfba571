"""The spreadsheet of donors: who gives, whom to call, what they wish, and whether their name is told."""

from datetime import date

from wushe.registers.rounds.reading import dates, identity, words

from .description import Column, Row, Sheet
from .residents import PLACE, STREET

KINDS = {
    "个人": "person", "自然人": "person", "爱心人士": "person", "居民": "person", "企业": "company", "公司": "company", "商户": "company",
    "社会组织": "organisation", "基金会": "organisation", "慈善组织": "organisation", "机关事业单位": "unit", "机关": "unit", "事业单位": "unit",
    "单位": "unit", "学校": "unit",
}  # fmt: skip


def donors(on: date) -> Sheet:
    """Return the sheet on a day."""
    columns = (
        Column("name", "捐赠人", words.line(80, least=2), ("名称", "姓名", "捐赠人姓名", "捐赠单位", "捐赠方", "捐赠人名称", "爱心单位", "爱心人士"), required=True),
        Column("kind", "捐赠人类型", words.Choice(KINDS, "类型"), ("类型", "类别", "捐赠类型", "单位性质", "性质")),
        Column("organisation", "对应的组织", words.line(80), ("对应组织", "组织名称"), hint="社会组织台账里的全称或信用代码"),
        Column("place", "所在社区", words.line(80), ("所属社区", "所在地", *(name for name in PLACE if name != "所在社区"))),
        Column("street", "所属街道", words.line(80), STREET),
        Column("unnamed", "不公开姓名", words.yes_or_no, ("匿名", "是否匿名", "是否不公开")),
        Column("contact_name", "联系人", words.line(40), ("联系人姓名", "经办联系人")),
        Column("contact_phone", "联系电话", identity.phone, ("电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话"), protected="phone"),
        Column("wishes", "捐赠意愿", words.line(200), ("意愿", "捐赠意向", "捐赠用途", "指定用途")),
        Column("since", "登记日期", lambda cell: dates.exact(cell, today=on), ("登记时间", "首次捐赠日期", "首次捐赠时间")),
    )  # fmt: skip
    return Sheet(
        "donors",
        "捐赠人",
        "位捐赠人",
        "resources:edit",
        columns,
        ("序号", "备注", "地址", "捐赠金额", "捐赠次数"),
        agree,
    )


def agree(row: Row, on: date) -> None:
    """Refuse a day to come, and an organisation behind a person."""
    values = row.values
    if "since" in values and values["since"] > on:
        row.refuse("since", "日期不能晚于今天。")
    if values.get("kind") == "person" and "organisation" in values:
        row.refuse("organisation", "个人捐赠人不对应组织。")
