"""The chain of a need in words for the person it is about: what has happened, where it is now, what will come."""

from typing import Any

from wushe.chain.needs.models import Need, NeedState
from wushe.oversight.selectors.timeline import Timeline

NOW = {
    NeedState.RECORDED: "收到了，社区正在看",
    NeedState.TRIAGED: "社区看过了，正在找人来做",
    NeedState.LINKED: "定了由谁来做，正在安排时间",
    NeedState.IN_SERVICE: "正在服务",
    NeedState.MET: "办好了",
    NeedState.REFERRED: "已转给别的部门办",
    NeedState.CLOSED: "已经结束",
}
_STAGES = [
    ("need", "收到您的话", "message"),
    ("triage", "社区看过了", "list-check"),
    ("link", "定了由谁来做", "users-group"),
    ("order", "通知了服务机构", "send"),
    ("dispatch", "定了上门的人", "user-check"),
    ("visit", "上门服务", "home-heart"),
    ("check", "办好了", "circle-check"),
]


SERVED = {
    "order": "正在等服务机构接单",
    "dispatch": "正在安排上门的人",
    "visit": "已经安排人上门",
    "check": "服务过了，正在核对",
    "settlement": "服务过了，正在结算",
}


def now_words(need: Need, *, stage: str = "") -> str:
    """Return where a need stands, in one short sentence; of one in service the stage of its chain says more."""
    if need.state == NeedState.IN_SERVICE and stage in SERVED:
        return SERVED[stage]
    return NOW[NeedState(need.state)]


def plain_steps(chain: Timeline) -> list[dict[str, Any]]:
    """Return the steps for a resident's timeline."""
    if chain.need.state in (NeedState.CLOSED, NeedState.REFERRED):
        return [
            {"title": _STAGES[0][1], "icon": "message", "phase": "past", "when": chain.need.recorded_at},
            {"title": now_words(chain.need), "icon": "x", "phase": "stopped", "why": chain.need.outcome,
             "when": chain.steps[-1].at if chain.steps else None},
        ]  # fmt: skip
    first_at = _first_at(chain)
    status = {mark.code: mark.status for mark in chain.stages}
    met = chain.need.state == NeedState.MET
    return [
        {
            "title": title,
            "icon": icon,
            "when": first_at.get(code),
            "phase": "past" if met or status[code] == "done" else _PHASES.get(status[code], "ahead"),
        }
        for code, title, icon in _STAGES
    ]


_PHASES = {"current": "now", "future": "ahead", "stopped": "stopped"}


def _first_at(chain: Timeline) -> dict[str, Any]:
    """Return when each stage was first reached, as far as it was."""
    first: dict[str, Any] = {}
    for step in chain.steps:
        first.setdefault(step.stage, step.at)
    visits = [line.visit for one in chain.orders for line in one.visits if line.visit]
    if visits:
        first["visit"] = min(visit.started_at for visit in visits)
    if chain.need.met_at:
        first["check"] = chain.need.met_at
    return first
