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
    "order.ask_cancel": "居民申请取消",
    "order.keep": "说定不取消",
    "offer.refuse": "机构婉拒",
    "plan.propose": "提出排班方案",
    "appointment.open": "开出上门安排",
    "appointment.plan": "排入方案",
    "appointment.lock": "锁定安排",
    "appointment.unlock": "解除锁定",
    "visit.start": "签到",
    "visit.report": "机构补报服务",
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
    "person.review": "复核人员类别",
    "person.unrelate": "删去亲属关系",
    "person.move": "居民迁移",
    "person.leave": "居民迁出",
    "person.return": "居民迁入",
    "person.death": "登记去世",
    "person.alive": "更正去世登记",
    "person.split_off": "分户",
    "person.join": "并户",
    "person.merge": "并入另一条记录",
    "person.merged": "并到另一条记录",
    "person.unmerge": "撤销合并",
    "person.restored": "撤销合并后恢复",
    "household.split": "分户",
    "household.join": "并户",
    "duplicate.open": "发现疑似重复",
    "area.add": "新设区划",
    "area.rename": "区划更名",
    "area.split": "区划拆分",
    "area.merge": "区划合并",
    "area.place": "居民归入新区划",
    "worker.absent": "登记请假",
    "worker.back": "撤销请假",
    "organisation.register": "登记组织",
    "organisation.leave": "组织退出",
    "organisation.update": "修改组织资料",
    "organisation.return": "撤回组织退出",
    "volunteer.update": "修改志愿者资料",
    "volunteer.skill": "登记志愿者技能",
    "volunteer.unskill": "取消志愿者技能",
    "volunteer.leave": "志愿者退出",
    "volunteer.return": "撤回志愿者退出",
    "team.found": "成立志愿队伍",
    "team.update": "修改志愿队伍",
    "team.end": "解散志愿队伍",
    "post.open": "开设志愿岗位",
    "post.update": "修改志愿岗位",
    "post.fill": "志愿者上岗",
    "post.vacate": "志愿者离岗",
    "worker.post": "登记社会工作者",
    "worker.update": "修改社会工作者资料",
    "worker.transfer": "调整用人、工作地或督导",
    "worker.end": "社会工作者离岗",
    "worker.learn": "登记学时",
    "worker.unlearn": "作废学时",
    "facility.open": "启用设施",
    "facility.update": "修改设施资料",
    "facility.close": "停用设施",
    "facility.reopen": "恢复设施",
    "facility.room": "登记房间",
    "facility.room_update": "修改房间",
    "facility.room_close": "停用房间",
    "community.enter": "社区入册",
    "community.update": "修改社区资料",
    "seat.set_up": "设立岗位",
    "seat.update": "修改岗位",
    "seat.close": "撤销岗位",
    "seat.reopen": "恢复岗位",
    "seat.take": "到任",
    "seat.vacate": "离任",
    "seat.restore": "撤回离任",
    "donor.enter": "登记捐赠人",
    "donor.update": "修改捐赠人资料",
    "donor.end": "捐赠人停止",
    "donor.return": "撤回捐赠人停止",
    "resource.update": "修改资源",
    "resource.add": "追加资源",
    "resource.withdraw": "收回资源",
    "resource.relist": "恢复资源",
    "view.save": "保存台账视图",
    "view.drop": "删除台账视图",
    "bulk.apply": "批量办理",
    "bulk.undo": "撤回批量办理",
    "volunteer.register": "注册志愿者",
    "edition.load": "载入服务目录",
    "edition.publish": "发布服务目录",
    "edition.draft": "起草服务目录",
    "item.change": "修改服务项目",
    "item.add": "新增服务项目",
    "item.drop": "删去服务项目",
    "item.restore": "放回服务项目",
    "item.map": "写明服务项目去向",
    "edition.change": "修改目录草稿",
    "preset.set": "设定政策数值",
    "workdays.set": "设定节假日",
    "workdays.clear": "删去节假日",
    "account.open": "开通账号",
    "account.close": "停用账号",
    "account.reopen": "恢复账号",
    "account.password": "重设密码",
    "grant.give": "授予身份",
    "grant.end": "终止身份",
    "token.issue": "开通接口令牌",
    "token.revoke": "停用接口令牌",
    "feed.open": "开通日历订阅",
    "feed.close": "停止日历订阅",
    "webhook.subscribe": "开通事件推送",
    "webhook.stop": "暂停事件推送",
    "webhook.resume": "恢复事件推送",
    "webhook.secret": "更换签名密钥",
    "webhook.end": "删除事件推送",
    "webhook.again": "补推事件",
    "list.export": "导出表格",
    "export.take": "导出表格",
    "journal.verify": "核对日志链",
}

THINGS = {
    "need": "需求", "project": "项目", "budgetline": "预算科目", "resource": "资源", "linkage": "链接", "order": "订单",
    "offer": "送单", "plan": "排班方案", "appointment": "上门安排", "visit": "上门", "check": "核验", "callback": "回访",
    "settlement": "结算单", "account": "账户", "entry": "分录", "person": "居民",
    "household": "家庭", "ticket": "重复记录", "area": "区划", "worker": "服务人员",
    "volunteer": "志愿者", "post": "岗位", "organisation": "组织", "facility": "设施", "edition": "服务目录",
    "item": "服务项目", "package": "套餐", "preset": "政策数值", "specialday": "节假日", "user": "账号", "grant": "身份",
    "token": "令牌", "subscription": "事件推送",
    "list": "表格", "export": "表格",
    "team": "志愿队伍", "seat": "岗位席位", "community": "社区", "donor": "捐赠人", "savedview": "台账视图",
    "bulkchange": "批量办理", "lane": "日志链",
}  # fmt: skip
_GROUPS = {
    "need": "需求", "project": "项目", "resource": "资源", "linkage": "链接", "order": "订单", "offer": "送单", "plan": "排班方案",
    "appointment": "上门安排", "visit": "上门", "check": "核验", "call_back": "回访", "settlement": "结算", "ledger": "账本",
    "person": "居民", "household": "家庭", "duplicate": "重复记录", "area": "区划",
    "worker": "服务人员", "organisation": "组织", "volunteer": "志愿者", "edition": "服务目录", "item": "服务项目",
    "preset": "政策数值", "workdays": "节假日", "account": "账号", "grant": "身份", "token": "令牌",
    "feed": "日历订阅", "webhook": "事件推送", "list": "导出", "export": "导出",
    "team": "志愿者", "post": "志愿者", "facility": "设施", "community": "社区", "seat": "社区", "donor": "资源", "view": "台账",
    "bulk": "台账", "journal": "日志",
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
