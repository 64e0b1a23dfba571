"""Policy numbers in plain words: 240 minutes is 4小时, a share and its cap are 50%，每月最多¥120.00."""

from collections.abc import Mapping
from typing import Any

from wushe.foundation.quantities import show_fen, show_minutes

SUBJECTS = {
    "needs": "需求", "orders": "点单送单接单", "visits": "上门服务", "dispatch": "排班", "travel": "路程",
    "verification": "核验与回访", "settlement": "结算与补贴", "funds": "资金使用", "projects": "项目",
    "time_bank": "时间银行", "volunteers": "志愿者", "care": "养老服务", "meals": "助餐", "wishes": "微心愿",
    "meetings": "联席会议", "complaints": "投诉", "indicators": "指标", "assistance": "救助",
    "adaptation": "适老化改造", "grid": "网格", "emergency": "应急", "privacy": "个人信息保护", "security": "安全",
    "selections": "公益创投和政府购买", "access": "登录", "organisations": "社会组织", "workforce": "社会工作者",
}  # fmt: skip
UNITS = {
    "percent": "%", "days": "天", "working_days": "个工作日", "hours": "小时", "months": "个月", "years": "年", "seconds": "秒",
    "times": "次", "count": "个", "points": "分", "stars": "星", "metres": "米", "km_per_hour": "公里/小时", "people": "人", "meals": "餐",
    "cm_per_second": "厘米/秒", "digits": "位", "characters": "字", "households": "户",
}  # fmt: skip
PARTS = {
    "threshold": "触发线", "weight": "计分", "min_count": "至少次数", "people": "至少人数", "share_percent": "比例（%）",
    "mark": "满分线", "visits": "上门服务", "projects": "承接项目", "resources": "登记资源", "staff": "专职人员",
    "assistant": "助理社会工作师", "professional": "社会工作师", "senior": "高级社会工作师",
    "compare": "限额以下比选", "consult": "竞争性磋商", "tender": "公开招标", "expert": "专家", "public": "大众", "price": "价格",
    "monthly_cap_fen": "每月上限（分）", "failures": "失败次数", "pause_minutes": "暂停分钟",
}  # fmt: skip
WORDS = {
    "month": "每月", "quarter": "每季度", "year": "每年", "signature": "签字", "code": "验证码", "face": "人脸",
    "voice": "语音", "carer": "由护理员确认", "direct_relative": "直系亲属", "platform": "平台", "friend": "亲友",
    "self": "本人", "spouse": "配偶", "hour": "按小时", "item": "按项目定价", "living_alone": "独居", "empty_nest": "空巢",
    "dibao": "低保", "tekun": "特困", "disability_1": "轻度失能", "disability_2": "中度失能", "disability_3": "重度失能",
    "disability_4": "完全失能", "hardship_elder": "困难老人", "care_body": "养老机构", "overseas_travel": "出国出境",
    "official_reception": "公务接待", "official_vehicle": "公务用车", "wages": "工资", "bonus": "奖金",
    "basic_expenditure": "基本支出", "office_building": "楼堂馆所", "profit_making": "营利活动",
    "registered": "依法登记", "present": "在册", "graded": "评估等级", "no_ban": "没有禁止申报",
    "no_open_rectification": "没有未销号的整改",
    "investment": "股权投资", "hiring": "用工和劳务派遣", "public": "公募", "private": "非公募（按净资产分档）",
}  # fmt: skip
_SECOND_UNIT = {"weight": "分", "min_count": "次", "people": "人"}


def subject_of(key: str) -> str:
    """Return the subject of a preset in words, from the first part of its key."""
    stage = key.partition(".")[0]
    return SUBJECTS.get(stage, stage)


def unit_words(unit: str) -> str:
    """Return the unit as one fills it in: 分钟, 分（人民币）, %."""
    special = {
        "minutes": "分钟",
        "minute_of_day": "当日分钟数",
        "fen": "分（人民币）",
        "yes_no": "是或否",
        "list": "每行一项",
    }
    return special.get(unit) or UNITS.get(unit, "")


def plain(value: Any, unit: str) -> str:
    """Return a value as people say it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping):
        return "，".join(_part(name, part, unit) for name, part in value.items())
    if isinstance(value, list):
        return "、".join(plain(one, unit) for one in value)
    if isinstance(value, str):
        return WORDS.get(value, value)
    if unit == "minutes":
        return _minutes(int(value))
    if unit == "minute_of_day":
        return f"{int(value) // 60:02d}:{int(value) % 60:02d}"
    if unit == "fen":
        return show_fen(int(value))
    return f"{value}{UNITS.get(unit, '')}"


def _minutes(value: int) -> str:
    return f"{value // 1440}天" if value and value % 1440 == 0 else show_minutes(value)


def _part(name: str, value: Any, unit: str) -> str:
    title = (PARTS.get(name) or WORDS.get(name, name)).partition("（")[0]
    if isinstance(value, Mapping):
        return f"{title}（{plain(value, unit)}）"
    if name.endswith("_fen"):
        return f"{title}{show_fen(int(value))}"
    if name.endswith("_minutes"):
        return f"{title.removesuffix('分钟')}{show_minutes(int(value))}"
    if name == "share_percent":
        return f"{title}{value}%"
    return f"{title}{value}{_SECOND_UNIT.get(name, '') if name != 'threshold' else UNITS.get(unit, '')}"
