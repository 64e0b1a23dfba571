"""What a journal row says in words: the title of its kind, and the kinds of things it can be about."""

from functools import cache
from typing import Any

from wushe.foundation.workflow import Workflow, all_workflows

# Acts that are no move of a workflow, and first acts, by which a thing begins.
_ACTS = {
    "need.record": "登记需求",
    "project.design": "设计项目",
    "project.needs": "并入需求",
    "project.carrier": "确定承接机构",
    "project.fund": "拨入预算",
    "resource.offer": "登记资源",
    "linkage.link": "链接资源",
    "linkage.end": "终止链接",
    "order.place": "点单",
    "offer.refuse": "机构婉拒",
    "plan.propose": "提出排班方案",
    "appointment.open": "开出上门安排",
    "appointment.plan": "排入方案",
    "appointment.lock": "锁定安排",
    "appointment.unlock": "解除锁定",
    "visit.start": "签到",
    "visit.evidence": "上传凭证",
    "visit.rate": "服务评价",
    "check.open": "进入核验",
    "call_back.draw": "抽中回访",
    "settlement.open": "生成结算单",
    "settlement.block": "结算受阻",
    "ledger.open": "开立账户",
    "ledger.post": "记账",
    "ledger.reverse": "冲正记账",
    "person.register": "登记居民",
    "person.update": "修改居民资料",
    "person.reveal": "查看隐私信息",
    "person.tag": "认定人员类别",
    "person.untag": "终止人员类别",
    "person.relate": "登记亲属关系",
    "person.consent": "居民同意",
    "person.withdraw": "居民撤回同意",
    "worker.absent": "登记请假",
    "worker.back": "撤销请假",
    "organisation.register": "登记组织",
    "organisation.leave": "组织退出",
    "volunteer.register": "注册志愿者",
    "edition.load": "载入服务目录",
    "edition.publish": "发布服务目录",
    "edition.draft": "起草服务目录",
    "item.change": "修改服务项目",
    "item.add": "新增服务项目",
    "item.drop": "删去服务项目",
    "preset.set": "设定政策数值",
    "account.open": "开通账号",
    "account.close": "停用账号",
    "account.reopen": "恢复账号",
    "account.password": "重设密码",
    "grant.give": "授予身份",
    "grant.end": "终止身份",
    "list.export": "导出表格",
    "journal.verify": "核对日志链",
}

THINGS = {
    "need": "需求", "project": "项目", "budgetline": "预算科目", "resource": "资源", "linkage": "链接", "order": "订单",
    "offer": "送单", "plan": "排班方案", "appointment": "上门安排", "visit": "上门", "check": "核验", "callback": "回访",
    "settlement": "结算单", "account": "账户", "entry": "分录", "person": "居民", "worker": "服务人员", "volunteer": "志愿者",
    "post": "岗位", "organisation": "组织", "facility": "设施", "edition": "服务目录", "item": "服务项目", "package": "套餐",
    "preset": "政策数值", "user": "账号", "grant": "身份", "list": "表格", "lane": "日志链",
}  # fmt: skip
_GROUPS = {
    "need": "需求", "project": "项目", "resource": "资源", "linkage": "链接", "order": "订单", "offer": "送单", "plan": "排班方案",
    "appointment": "上门安排", "visit": "上门", "check": "核验", "call_back": "回访", "settlement": "结算", "ledger": "账本",
    "person": "居民", "worker": "服务人员", "organisation": "组织", "volunteer": "志愿者", "edition": "服务目录", "item": "服务项目",
    "preset": "政策数值", "account": "账号", "grant": "身份", "list": "导出", "journal": "日志",
}  # fmt: skip


def title_of(kind: str, data: dict[str, Any] | None = None) -> str:
    """Return the Chinese title of a journal kind: that of its workflow's edge, or that of a plain act."""
    name, _, event = kind.partition(".")
    workflow = Workflow.registry.get(name)
    edges = [edge for edge in workflow.edges if edge.event == event] if workflow else []
    came_from = (data or {}).get("from")
    chosen = next((edge for edge in edges if edge.source == came_from), edges[0] if edges else None)
    return chosen.title if chosen else _ACTS.get(kind, kind)


def thing_of(subject_kind: str) -> str:
    """Return the Chinese word for the kind of thing that a journal row is about."""
    return THINGS.get(subject_kind, subject_kind)


@cache
def kinds_by_group() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return every kind of act with its title, grouped by what it is about, for a filter."""
    kinds = {f"{w.name}.{event}": title_of(f"{w.name}.{event}") for w in all_workflows() for event in w.events} | _ACTS
    groups: dict[str, list[tuple[str, str]]] = {}
    for kind in sorted(kinds):
        groups.setdefault(_GROUPS.get(kind.partition(".")[0], "其他"), []).append((kind, kinds[kind]))
    return sorted(groups.items())
