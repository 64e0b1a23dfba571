"""The chain of a need in words for the person it is about: what has happened, where it is now, what will come."""

from typing import Any

from wushe.chain.needs.models import Need, NeedState
from wushe.oversight.selectors.timeline import Timeline

NOW = {
    NeedState.RECORDED: "收到了，社区正在看",
    NeedState.TRIAGED: "社区看过了，正在找人来做",
    NeedState.LINKED: "定了由谁来做，正在安排时间",
    NeedState.IN_SERVICE: "正在安排上门",
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


def now_words(need: Need) -> str:
    """Return where a need stands, in one short sentence."""
    return NOW[NeedState(need.state)]


def plain_steps(chain: Timeline) -> list[dict[str, Any]]:
    """Return the steps for a resident's timeline."""
    first_at: dict[str, Any] = {}
    for step in chain.steps:
        first_at.setdefault(step.stage, step.at)
    status = {mark.code: mark.status for mark in chain.stages}
    met = chain.need.state == NeedState.MET
    steps = [
        {"title": title, "icon": icon, "when": first_at.get(code) if status[code] == "done" else None,
         "phase": {"done": "past", "current": "past" if met else "now", "future": "ahead"}[status[code]]}
        for code, title, icon in _STAGES
    ]  # fmt: skip
    if chain.need.state in (NeedState.CLOSED, NeedState.REFERRED):
        ended = {"title": now_words(chain.need), "icon": "x", "phase": "stopped", "when": chain.steps[-1].at,
                 "why": chain.need.outcome}  # fmt: skip
        return [{**steps[0], "phase": "past", "when": chain.need.recorded_at}, ended]
    return steps
