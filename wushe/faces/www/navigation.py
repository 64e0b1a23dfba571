"""What each role finds in its navigation: the stages of the chain in their order, then what feeds them, then registers.

A row appears when the actor's role holds its permission and the address `<journey>:<name>` exists: first in the
role's own journey, then in the journey that keeps the page. A new page needs a row here only if it is an entrance.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.urls import NoReverseMatch, resolve, reverse

from wushe.foundation.actor import Actor
from wushe.foundation.roles import ROLES


@dataclass(frozen=True)
class Entrance:
    """One line of a navigation."""

    name: str
    label: str
    icon: str
    permission: str = ""
    journeys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Section:
    """Lines under one heading; a thread is drawn as beads on a string."""

    label: str
    entrances: tuple[Entrance, ...]
    thread: bool = field(default=False)


DESK = (
    Section("", (Entrance("home", "工作台", "layout-dashboard"),)),
    Section(
        "服务链",
        (
            Entrance("needs", "需求", "inbox", "needs:view", ("community",)),
            Entrance("projects", "项目", "clipboard-list", "projects:view", ("community",)),
            Entrance("resources", "资源链接", "coins", "resources:view", ("registers",)),
            Entrance("orders", "订单", "send", "orders:view", ("centre",)),
            Entrance("cancellations", "取消申请", "ban", "orders:cancel", ("community",)),
            Entrance("dispatch", "调度", "route", "dispatch:view", ("centre",)),
            Entrance("visits", "上门服务", "home-heart", "visits:view", ("centre",)),
            Entrance("verification", "核验", "shield-check", "verification:view", ("quality",)),
            Entrance("settlement", "结算", "receipt", "settlement:view", ("accounts", "organisation")),
        ),
        thread=True,
    ),
    Section(
        "发现需求",
        (
            Entrance("hotline", "接诉即办", "phone", "hotline:view", ("hotline",)),
            Entrance("grid_cases", "网格事项", "map-pin", "grid:view", ("registers",)),
            Entrance("campaigns", "敲门行动", "door", "door_knock:view", ("door_knock",)),
            Entrance("lists", "四张清单", "list-check", "door_knock:view", ("door_knock",)),
            Entrance("applications", "代办申请", "users", "needs:record", ("registers",)),
            Entrance("leads", "排困员线索", "message", "scouts:view", ("registers",)),
            Entrance("meetings", "坝坝会", "messages", "judging:view", ("registers",)),
            Entrance("wishes", "微心愿", "gift", "wishes:view", ("registers",)),
        ),
    ),
    Section(
        "探访和结对",
        (
            Entrance("due_visits", "定期探访", "home-heart", "due_visits:view", ("registers",)),
            Entrance("pairs", "结对帮扶", "heart-handshake", "due_visits:view", ("registers",)),
        ),
    ),
    Section(
        "创投和拨款",
        (
            Entrance("selections", "创投和购买", "speakerphone", "selections:view", ("registers",)),
            Entrance("mine", "我的评审", "gavel", "selections:score", ("selections",)),
            Entrance("tranches", "项目拨款", "coins", "projects:view", ("projects",)),
        ),
    ),
    Section(
        "志愿服务",
        (
            Entrance("volunteering", "活动和岗位", "calendar-event", "volunteering:view", ("volunteering",)),
            Entrance("check_in_units", "双报到", "user-check", "check_in:view", ("registers",)),
            Entrance("bulletin", "双报到公报", "chart-line", "check_in:view", ("check_in",)),
            Entrance("unit", "向社区报到", "user-check", "check_in:ask_unit", ("check_in",)),
            Entrance("time_bank", "时间银行", "pig-money", "time_bank:view", ("time_bank",)),
        ),
    ),
    Section(
        "结算付款",
        (
            Entrance("pay_home", "付款总览", "receipt", "payments:view", ("payments",)),
            Entrance("pay_statements", "对账单", "list-check", "payments:view", ("payments",)),
            Entrance("pay_batches", "付款批次", "coins", "bank:view", ("payments",)),
            Entrance("bank_lines", "流水和挂账", "wallet", "bank:view", ("payments",)),
            Entrance("vouchers", "记账凭证", "file-spreadsheet", "ledgers:view", ("payments",)),
        ),
    ),
    Section(
        "慈善资金",
        (
            Entrance("funds", "基金", "gift", "charity:view", ("charity",)),
            Entrance("donations", "捐赠和拨款", "coins", "charity:view", ("charity",)),
            Entrance("expenses", "支出", "cash", "charity:view", ("charity",)),
            Entrance("duties", "公开职责", "calendar-check", "charity:view", ("charity",)),
            Entrance("questions", "账目提问", "messages", "charity:view", ("charity",)),
            Entrance("declarations", "利益申报", "user-check", "charity:declare", ("charity",)),
        ),
    ),
    Section(
        "慈善物资",
        (
            Entrance("goods_home", "物资总览", "package", "goods:view", ("goods",)),
            Entrance("stock", "物资库存", "building-warehouse", "goods:view", ("goods",)),
            Entrance("handouts", "物资发放", "gift", "goods:view", ("goods",)),
            Entrance("counts", "盘点", "clipboard-check", "goods:view", ("goods",)),
            Entrance("write_offs", "报损", "trash", "goods:view", ("goods",)),
            Entrance("recalls", "召回", "alert-triangle", "goods:view", ("goods",)),
        ),
    ),
    Section(
        "未成年人保护",
        (
            Entrance("report_child", "马上报告", "alert-triangle", "children:report", ("children",)),
            Entrance("child_reports", "强制报告", "bell", "children:handle", ("children",)),
            Entrance("child_records", "儿童档案", "lock", "children:keep", ("children",)),
            Entrance("child_records", "儿童档案", "lock", "children:approve", ("children",)),
        ),
    ),
    Section(
        "监督",
        (
            Entrance("breaks", "断点检查", "unlink", "oversight:view", ("district", "community")),
            Entrance("indicators", "指标", "chart-line", "oversight:view", ("district",)),
            Entrance("rates", "月探访率", "calendar-check", "due_visits:view", ("due_visits",)),
            Entrance("scout_rates", "线索确认率", "message", "scouts:view", ("scouts",)),
            Entrance("map", "一张图", "map-2", "oversight:view", ("district",)),
            Entrance("journal", "操作台账", "history", "journal:view", ("district",)),
        ),
    ),
    Section(
        "登记册",
        (
            Entrance("people", "居民", "users", "registers:view", ("community",)),
            Entrance("households", "家庭", "home-heart", "registers:view", ("community",)),
            Entrance("duplicates", "重复记录", "copy", "registers:view", ("duplicates",)),
            Entrance("reviews", "标签复核", "calendar-check", "registers:view", ("community",)),
            Entrance("communities", "社区", "home", "registers:view", ("registers",)),
            Entrance("social_workers", "社会工作者", "certificate", "registers:view", ("registers",)),
            Entrance("organisations", "社会组织", "building-community", "registers:view", ("registers",)),
            Entrance("workers", "服务人员", "id-badge-2", "registers:view", ("centre", "organisation")),
            Entrance("volunteers", "志愿者", "heart-handshake", "registers:view", ("registers",)),
            Entrance("facilities", "服务设施", "building-store", "registers:view", ("registers",)),
            Entrance("rounds", "表格导入", "file-upload", "rounds:import", ("rounds",)),
            Entrance("catalogue", "服务目录", "book", "catalogue:view", ("catalogue",)),
            Entrance("ledgers", "账本", "wallet", "ledgers:view", ("accounts",)),
            Entrance("areas", "区划", "map-pin", "areas:view", ("areas",)),
            Entrance("presets", "政策参数", "adjustments-horizontal", "presets:edit", ("district",)),
            Entrance("users", "账号", "user-check", "access:manage", ("admin",)),
            Entrance("interfaces", "数据接口", "key", "access:manage", ("admin",)),
        ),
    ),
)

PHONE = (
    Entrance("today", "今日", "calendar-check"),
    Entrance("week", "排班", "calendar-event"),
    Entrance("pool", "接单", "inbox"),
    Entrance("service", "志愿", "heart-handshake", "volunteering:join", ("volunteer",)),
    Entrance("hours", "时长", "clock"),
    Entrance("me", "我的", "user"),
)


ROWS_AT_A_LOOK = 18
"""Where a role has more rows, the sections beside the thread stay folded until somebody works in them."""


def desk_sections(*, actor: Actor, path: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the sections of the desk's side navigation that this actor can enter."""
    sections: list[dict[str, Any]] = [
        {"label": section.label, "thread": section.thread, "rows": rows}
        for section in DESK
        if (rows := _open_rows(section.entrances, actor=actor, path=path, counts=counts))
    ]
    rows = [row for section in sections for row in section["rows"]]
    _mark_current(rows, path)
    for section in sections:
        here = any(row["current"] for row in section["rows"])
        section["open"] = here or section["thread"] or not section["label"] or len(rows) <= ROWS_AT_A_LOOK
        section["count"] = sum(row["count"] or 0 for row in section["rows"])
    return sections


def phone_tabs(*, actor: Actor, path: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    """Return the tabs at the foot of the worker's page."""
    rows = _open_rows(PHONE, actor=actor, path=path, counts=counts)
    _mark_current(rows, path)
    return rows


def _open_rows(
    entrances: tuple[Entrance, ...], *, actor: Actor, path: str, counts: dict[str, int]
) -> list[dict[str, Any]]:
    """Return the entrances that exist and that the actor may enter."""
    rows = []
    for entrance in entrances:
        if entrance.permission and not actor.may(entrance.permission):
            continue
        if address := _address(entrance, actor.role_code):
            rows.append(
                {"entrance": entrance, "address": address, "count": counts.get(entrance.name), "current": False}
            )
    return rows


def current_address(*, actor: Actor, path: str) -> str:
    """Return the address of the row in the side navigation to which the path belongs, "" if there is none."""
    return max((one for one in _desk_addresses(actor.role_code) if path.startswith(one)), key=len, default="")


@cache
def _desk_addresses(role_code: str) -> list[str]:
    actor = Actor(user_id=0, name="", role_code=role_code)
    sections = desk_sections(actor=actor, path="", counts={})
    return [row["address"] for section in sections for row in section["rows"]]


@cache
def _address(entrance: Entrance, role_code: str) -> str:
    """Return where an entrance leads this role, or nothing if no journey has built it for roles of its reach."""
    role = ROLES[role_code]
    for journey in (role.journey, *entrance.journeys):
        try:
            address = reverse(f"{journey}:{entrance.name}")
        except NoReverseMatch:
            continue
        if getattr(resolve(address).func, "reach", role.reach) is role.reach:
            return address
    return ""


def _mark_current(rows: list[dict[str, Any]], path: str) -> None:
    """Mark the row whose address is the longest beginning of the path."""
    fitting = [row for row in rows if path.startswith(row["address"])]
    if fitting:
        max(fitting, key=lambda row: len(row["address"]))["current"] = True
