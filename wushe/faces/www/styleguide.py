"""Sample data of the style guide: every part of a page once, with invented people."""

import datetime as dt
import math
from typing import Any

from django import forms
from django.utils import timezone

from .navigation import DESK, PHONE

CHANNELS = [("visit", "敲门走访"), ("phone", "来电"), ("scout", "排困员上报")]


class SampleForm(forms.Form):
    """A form with one of each kind of field."""

    name = forms.CharField(label="姓名", max_length=20, error_messages={"required": "请填写姓名。"})
    phone = forms.RegexField(
        r"^1\d{10}$", label="手机号", help_text="11 位数字，用来联系上门时间",
        error_messages={"invalid": "手机号应当是 11 位数字，现在只有 9 位。"},
    )  # fmt: skip
    channel = forms.ChoiceField(
        label="来源", choices=CHANNELS, widget=forms.RadioSelect, error_messages={"required": "请选择来源。"}
    )
    street = forms.ChoiceField(
        label="街道", choices=[("", "请选择"), ("1", "浓洄街道"), ("2", "中桥街道")], required=False
    )
    day = forms.DateField(label="希望日期", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    words = forms.CharField(label="需求描述", widget=forms.Textarea, required=False, help_text="用居民自己的话记")
    photo = forms.FileField(label="照片", required=False)
    agreed = forms.BooleanField(label="居民同意登记个人信息", required=False)


def sample() -> dict[str, Any]:
    """Return the context of the style guide."""
    return {
        "form": SampleForm({"name": "王秀兰", "phone": "138123456", "street": "1", "words": "下楼不方便，想有人陪去医院"}),
        "orders": _orders(),
        "steps": _steps(),
        "channels": [("visit", "敲门走访", 128), ("phone", "来电", 46), ("scout", "排困员上报", 17)],
        "trend": [31, 28, 35, 40, 38, 22, 18, 36, 41, 44, 39, 47, 25, 21],
        "line": {
            "kind": "line", "unit": "件", "x": [f"11月{d}日" for d in range(9, 23)],
            "series": [
                {"name": "新增需求", "values": [31, 28, 35, 40, 38, 22, 18, 36, 41, 44, 39, 47, 25, 21]},
                {"name": "办结需求", "values": [24, 30, 29, 37, 41, 26, 15, 30, 38, 45, 42, 40, 31, 24]},
            ],
        },
        "bar": {
            "kind": "bar", "unit": "次", "horizontal": True, "x": ["助餐", "助洁", "助医", "助行", "生活照料"],
            "series": [{"name": "本周", "values": [412, 186, 97, 64, 238]}, {"name": "上周", "values": [398, 201, 88, 71, 225]}],
        },
        "pie": {"kind": "pie", "unit": "次", "x": ["社区", "社会组织", "社工", "志愿者", "慈善资源"],
                "series": [{"name": "承接方", "values": [120, 310, 96, 228, 41]}]},
        "heat": _heat(),
        "map": _map(),
        "board": _board(),
        "tones": [("done", "circle-check", "办好了"), ("going", "player-play", "进行中"), ("wait", "clock", "等人处理"),
                  ("stop", "alert-triangle", "出问题"), ("check", "zoom-check", "核验中"), ("rest", "circle-dot", "还没开始")],
        "sample_sections": _sections(),
        "sample_tabs": [{"entrance": e, "address": f"#{e.name}", "count": 3 if e.name == "pool" else None,
                         "current": e.name == "today"} for e in PHONE],
        "now": timezone.now(),
    }  # fmt: skip


def _sections() -> list[dict[str, Any]]:
    counts = {"needs": 12, "orders": 5, "verification": 28}
    return [
        {"label": s.label, "thread": s.thread, "rows": [
            {"entrance": e, "address": f"#nav-{e.name}", "count": counts.get(e.name), "current": e.name == "orders"}
            for e in s.entrances]}
        for s in DESK
    ]  # fmt: skip


def _orders() -> list[dict[str, Any]]:
    now = timezone.now()
    rows = (
        ("20261122-0031", "李**", "助浴 · 上门", "翠屏社区", "sent", "已送单", 12800, 90, 40),
        ("20261122-0029", "王**", "陪同就医", "北街社区", "accepted", "已接单", 9600, 180, -130),
        ("20261121-0112", "张**", "助餐 · 午餐", "凤凰社区", "expired", "超时未接", 1500, 20, -1500),
        ("20261121-0108", "陈**", "居家保洁", "翠屏社区", "fulfilled", "已完成", 8000, 120, -1610),
    )
    keys = ("number", "person", "item", "place", "state", "state_label", "price", "length", "minutes")
    return [{**dict(zip(keys, row, strict=True)), "due": now + dt.timedelta(minutes=row[-1])} for row in rows]


def _steps() -> list[dict[str, Any]]:
    now = timezone.now()

    def at(hours: int) -> dt.datetime:
        return now - dt.timedelta(hours=hours)

    return [
        {"title": "记录需求", "when": at(75), "who": "社区工作者 周敏", "icon": "inbox", "phase": "past",
         "why": "敲门走访时老人说：下楼不方便，洗澡怕滑倒。", "links": [("看走访记录", "#visit")]},
        {"title": "研判分类", "when": at(73), "who": "社工 林涛", "icon": "list-check", "phase": "past",
         "why": "助洁—助浴；紧急程度：一般；责任方：政府与家庭共担。"},
        {"title": "链接资源", "when": at(52), "who": "社工 林涛", "icon": "coins", "phase": "past",
         "why": "居家养老补贴 96 元，慈善会助浴基金 32 元。", "links": [("看预算", "#budget")]},
        {"title": "送单，等待接单", "when": at(2), "who": "已通知 3 家机构", "icon": "send", "phase": "now",
         "why": "还有 40 分钟；到时没人接，订单退回派单池并提醒调度员。",
         "badge": {"tone": "wait", "icon": "clock", "label": "还有40分钟"}, "links": [("查看订单", "#order")]},
        {"title": "上门服务", "icon": "home-heart", "phase": "ahead", "why": "接单后由调度排进次日计划。"},
        {"title": "核验", "icon": "shield-check", "phase": "ahead", "why": "需要签到、签退和两张照片；由没有参加服务的人核验。"},
        {"title": "结算", "icon": "receipt", "phase": "ahead"},
    ]  # fmt: skip


def _heat() -> dict[str, Any]:
    hours = [f"{h}时" for h in range(8, 18)]
    days = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]
    values = [
        [x, y, round(9 * math.exp(-((x - 2 - y % 3) ** 2) / 6) + (5 - y if y < 5 else 1))]
        for y in range(7)
        for x in range(10)
    ]
    return {"kind": "heatmap", "unit": "单", "x": hours, "y": days, "series": [{"name": "上门数", "values": values}]}


def _map() -> dict[str, Any]:
    names = ("浓洄", "中桥", "北辰", "广福", "万盛", "枣山", "奎阁")
    centres = [
        (106.63, 30.46),
        (106.655, 30.46),
        (106.6425, 30.479),
        (106.6175, 30.479),
        (106.605, 30.46),
        (106.6175, 30.441),
        (106.6425, 30.441),
    ]
    areas = []
    for i, ((lng, lat), name) in enumerate(zip(centres, names, strict=True)):
        ring = [[lng + 0.0143 * math.sin(a * math.pi / 3), lat + 0.0127 * math.cos(a * math.pi / 3)] for a in range(7)]
        areas.append({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]},
                      "properties": {"name": f"{name}街道", "value": (7 + 13 * i * i) % 60, "url": f"#area-{i}"}})  # fmt: skip
    points = [
        {"lng": 106.633, "lat": 30.465, "label": "西溪助餐点", "note": "今日 86 份", "tone": "done", "shape": "square", "url": "#p1"},
        {"lng": 106.650, "lat": 30.455, "label": "陈** 助浴", "note": "09:30 已签到", "tone": "going", "url": "#p2"},
        {"lng": 106.641, "lat": 30.476, "label": "李** 陪同就医", "note": "超时未签到", "tone": "stop", "shape": "diamond", "url": "#p3"},
        {"lng": 106.612, "lat": 30.473, "label": "王** 保洁", "note": "14:00 待出发", "tone": "rest", "url": "#p4"},
    ]  # fmt: skip
    return {
        "areas": areas, "points": points, "unit": "件",
        "routes": [{"line": [[106.633, 30.465], [106.650, 30.455], [106.641, 30.476]], "tone": "going", "label": "刘芳今天的路线"}],
        "legend": [{"tone": "done", "label": "助餐点", "shape": "square"}, {"tone": "going", "label": "服务中"},
                   {"tone": "stop", "label": "超时", "shape": "diamond"}, {"tone": "rest", "label": "待出发"}],
    }  # fmt: skip


BOARD_TONES = {
    "已完成": ("done", "circle-check"),
    "服务中": ("going", "player-play"),
    "待出发": ("rest", "calendar-time"),
    "待派": ("wait", "inbox"),
    "超时未签到": ("stop", "alert-triangle"),
}
# worker, start, minutes, what, where, state
BOARD_VISITS = (
    ("pool", 540, 60, "赵** 助洁", "中桥街道", "待派"),
    ("pool", 570, 90, "钱** 助浴", "两人作业", "待派"),
    ("pool", 840, 60, "孙** 代购", "浓洄街道", "待派"),
    ("11", 500, 60, "周** 助洁", "北辰街道", "已完成"),
    ("11", 585, 90, "吴** 助浴", "翠屏社区", "服务中"),
    ("11", 800, 60, "郑** 康复", "广福街道", "待出发"),
    ("11", 900, 90, "冯** 就医", "人民医院", "待出发"),
    ("12", 520, 60, "褚** 保洁", "万盛街道", "已完成"),
    ("12", 600, 60, "卫** 理发", "枣山街道", "超时未签到"),
    ("12", 810, 90, "蒋** 助浴", "奎阁街道", "待出发"),
    ("14", 640, 60, "沈** 助餐", "凤凰社区", "待出发"),
    ("14", 960, 60, "韩** 探访", "中桥街道", "待出发"),
)


def _board() -> dict[str, Any]:
    rows: list[dict[str, Any]] = [
        {"id": "pool", "name": "待派", "note": "3 单没有人", "pool": True},
        {"id": "11", "name": "刘芳", "note": "4 单 · 5小时", "url": "#w11", "off": [[720, 780]]},
        {"id": "12", "name": "陈志强", "note": "3 单 · 3小时30分", "url": "#w12", "off": [[720, 780]]},
        {"id": "13", "name": "何静", "note": "今天病假", "url": "#w13", "away": True},
        {"id": "14", "name": "杨丽", "note": "2 单 · 2小时", "url": "#w14", "off": [[480, 540]]},
    ]
    for row in rows:
        row["visits"] = [_visit(number, row["id"]) for number, v in enumerate(BOARD_VISITS, 1) if v[0] == row["id"]]
    legend = [{"tone": tone, "icon": icon, "label": label} for label, (tone, icon) in BOARD_TONES.items()]
    return {"start": 420, "end": 1140, "now": 615, "reassign": True, "rows": rows, "legend": legend}


def _visit(number: int, row: str) -> dict[str, Any]:
    _, start, length, title, note, state = BOARD_VISITS[number - 1]
    tone, icon = BOARD_TONES[state]
    return {
        "id": number, "start": start, "end": start + length, "title": title, "note": note, "state": state,
        "tone": tone, "icon": icon, "travel": 0 if row == "pool" else 15, "late": tone == "stop",
        "fixed": state == "服务中", "url": f"#visit-{number}", "reassign_url": f"?visit={number}",
    }  # fmt: skip
