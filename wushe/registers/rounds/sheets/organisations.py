"""The spreadsheet of organisations: the five kinds of carriers, their codes, grades and the places they serve."""

from datetime import date

from wushe.registers.rounds.reading import dates, identity, numbers, words

from .description import Column, Row, Sheet
from .residents import STREET

KINDS = {
    "社会组织": "social_organisation", "社会团体": "social_organisation", "民办非企业单位": "social_organisation", "民非": "social_organisation",
    "社会服务机构": "social_organisation", "社工机构": "social_organisation", "社团": "social_organisation", "社区社会组织": "community_group",
    "慈善组织": "charity", "基金会": "charity", "慈善会": "charity", "社会企业": "social_enterprise", "企业": "social_enterprise", "社工站": "station",
    "社会工作服务站": "station", "驻区单位": "member_unit", "成员单位": "member_unit", "共建单位": "member_unit", "机关事业单位": "member_unit",
}  # fmt: skip
STANDINGS = {
    "登记": "registered", "已登记": "registered", "注册登记": "registered", "注册": "registered", "备案": "filed", "已备案": "filed",
    "培育中": "cultivated", "培育": "cultivated", "孵化": "cultivated", "孵化中": "cultivated", "已动员": "mobilised", "动员": "mobilised",
}  # fmt: skip
GRADES = {
    spelling: grade
    for number, han in enumerate("一二三四五", start=1)
    for grade in [f"{number}A"]
    for spelling in (grade, "A" * number, f"{han}A", f"{number}A级", "A" * number + "级", f"{han}A级")
}


def organisations(on: date, services: tuple[tuple[str, str], ...] = ()) -> Sheet:
    """Return the sheet on a day; `services` are the kinds of service an organisation may carry, code and title."""
    kinds = {name: code for code, title in services for name in (title, code)}
    columns = (
        Column("name", "组织名称", words.line(80, least=2), (
            "名称", "机构名称", "单位名称", "社会组织名称", "团体名称", "全称", "机构全称", "企业名称",
        ), required=True),
        Column("uscc", "统一社会信用代码", identity.credit_code, ("信用代码", "社会信用代码", "统一信用代码", "统一社会信用代码证号", "机构代码"), hint="18位，按文本填写"),
        Column("kind", "组织类型", words.Choice(KINDS, "类型"), ("类型", "类别", "组织类别", "机构类型", "机构性质", "单位性质", "性质")),
        Column("standing", "登记情况", words.Choice(STANDINGS, "登记情况"), ("登记状态", "登记备案情况", "登记备案", "状态")),
        Column("place", "所在区划", words.line(80), ("所在社区", "注册社区", "所属社区", "社区", "所在地", "区划代码", "所在街道社区"), hint="街道或社区的名称、代码"),
        Column("street", "所属街道", words.line(80), STREET),
        Column("serves", "服务区划", words.parts, ("服务范围", "服务区域", "服务街道", "服务社区", "服务地域"), hint="用顿号隔开"),
        Column("services", "可承接的服务", words.Several(words.Choice(kinds, "服务类别")), ("服务类别", "服务内容", "业务范围", "服务项目", "可承接服务类别")),
        Column("grade", "评估等级", words.Choice(GRADES, "等级"), ("等级", "社会组织评估等级", "评级"), hint="如 4A"),
        Column("hub", "枢纽型", words.yes_or_no, ("是否枢纽型", "枢纽型组织")),
        Column("takes_orders", "可接单", words.yes_or_no, ("是否接单", "是否可接单", "接单")),
        Column("joined_on", "入驻日期", lambda cell: dates.exact(cell, today=on), ("入驻时间", "成立日期", "成立时间", "注册日期", "登记日期", "登记时间", "备案时间")),
        Column("graded_on", "评估日期", lambda cell: dates.exact(cell, today=on), ("评估时间", "评级时间", "评级日期")),
        Column("full_time", "专职人数", numbers.count, ("专职人员数", "专职工作人员", "专职")),
        Column("certified", "持证社工人数", numbers.count, ("持证社工", "持证人数", "其中持证社工")),
        Column("members", "成员人数", numbers.count, ("成员数", "会员人数", "队员人数", "人数")),
        Column("seats", "入驻工位", numbers.count, ("工位", "工位数")),
        Column("agreement_until", "入驻协议到期", lambda cell: dates.exact(cell, today=on), ("协议到期", "协议到期日", "协议有效期至")),
        Column("contact_name", "联系人", words.line(40), ("负责人", "联系人姓名", "负责人姓名")),
        Column("contact_phone", "联系电话", identity.phone, ("负责人电话", "联系人电话", "电话", "手机", "联系方式"), protected="phone"),
        Column("longitude", "经度", numbers.longitude, ("lng", "lon", "longitude")),
        Column("latitude", "纬度", numbers.latitude, ("lat", "latitude")),
    )  # fmt: skip
    ignored = ("序号", "备注", "法定代表人", "地址", "办公地址", "详细地址", "注册资金", "业务主管单位")
    return Sheet("organisations", "社会组织", "家组织", "organisations:edit", columns, ignored, agree)


def agree(row: Row, on: date) -> None:
    """Refuse a day to come, and half of a position."""
    values = row.values
    for name in ("joined_on", "graded_on"):
        if name in values and values[name] > on:
            row.refuse(name, "日期不能晚于今天。")
    if ("longitude" in values) != ("latitude" in values):
        row.refuse("latitude" if "longitude" in values else "longitude", "经度和纬度要一起填。")
