"""The rights of a role in words, for who gives some of them to a machine."""

from wushe.foundation.roles import ROLES

_STAGES = {
    "needs": "需求", "projects": "项目", "resources": "资源", "orders": "订单", "dispatch": "调度", "visits": "上门服务",
    "verification": "核验", "settlement": "结算", "ledgers": "账本", "people": "居民", "registers": "登记册",
    "catalogue": "服务目录", "organisations": "社会组织", "facilities": "设施", "volunteers": "志愿者",
    "communities": "社区", "workforce": "服务人员", "oversight": "监督", "areas": "区划", "presets": "政策参数",
    "journal": "操作台账", "access": "账号", "rounds": "表格导入", "donors": "捐赠", "duplicates": "重复记录",
}  # fmt: skip
_ACTS = {
    "view": "查看", "edit": "编辑", "record": "登记", "record_own": "自己登记", "triage": "研判", "close": "关闭",
    "reveal": "查看原文", "place": "点单", "send": "送单", "cancel": "取消", "accept": "接单", "refuse": "婉拒",
    "withdraw": "退单", "link": "链接", "design": "设计", "approve": "批准", "propose": "排班", "confirm": "确认",
    "change": "改派", "perform": "上门", "rate": "评价", "decide": "审核", "appeal": "申诉", "call_back": "回访",
    "settle": "结算", "reverse": "冲正", "manage": "管理", "register": "登记", "report": "报告", "import": "导入",
    "merge": "合并",
}  # fmt: skip


def rights_of(role_code: str) -> list[tuple[str, str]]:
    """Return the rights of a role with their words, those to look first."""
    rights = sorted(ROLES[role_code].permissions, key=lambda right: (not right.endswith(":view"), right))
    return [(right, _words(right)) for right in rights]


def _words(right: str) -> str:
    stage, _, act = right.partition(":")
    return f"{_STAGES.get(stage, stage)}·{_ACTS.get(act, act)}"
