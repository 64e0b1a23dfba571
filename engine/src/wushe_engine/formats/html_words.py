"""What a dispatcher reads on the plan page: reasons and remedies as Chinese sentences."""

from __future__ import annotations

from collections.abc import Callable

from wushe_engine.dispatch import Reason, Remedy

Name = Callable[[str], str]

KINDS = {
    "paid_carer": "护理员",
    "social_worker": "社工",
    "volunteer": "志愿者",
    "neighbour": "邻里",
}
MEASURES = (
    ("unserved", "未安排（分）"),
    ("lateness", "迟到合计"),
    ("travel", "路上时间"),
    ("overtime", "加班"),
    ("continuity", "换人（分）"),
    ("unfairness", "忙闲不均"),
    ("changes", "改动次数"),
)
_CODES = {
    "locked": "已由人工指定。",
    "only_eligible": "只有这一位符合条件。",
    "only_feasible": "符合条件的有 {eligible} 位，只有这一位排得开。",
    "usual_person": "平时就是这一位上门。",
    "lowest_cost": "在 {feasible} 位排得开的人里，总体最合适。",
    "nobody_skilled": "没有人具备所需技能。",
    "nobody_allowed": "没有人被允许上门。",
    "no_partner": "需要两人同做，找不到可以搭档的人。",
    "no_room": "符合条件的有 {eligible} 位，但都排不开。",
    "not_worth_it": "排得下，但会让其他安排更差，得不偿失。",
    "not_tried": "时间到了，还没有试到这一单。",
}
_USUAL = {
    "may_not": "平时上门的{usual}今天不符合条件。",
    "no_room": "平时上门的{usual}今天排不开。",
    "costlier": "如仍由平时的{usual}上门，总体要多 {margin} 分。",
}
_REMEDIES = {
    "extend_shift": "{subject}多工作 {amount} {unit}，就能安排。",
    "raise_hours": "{subject}的工时上限放宽 {amount} {unit}，就能安排。",
    "add_skill": "有人补上“{subject}”这项技能，就能安排。",
    "widen_window": "上门时间放宽 {amount} {unit}，就能安排。",
    "open_earlier": "最早上门时间提前 {amount} {unit}，就能安排。",
    "allow_person": "允许{subject}上门，就能安排。",
    "raise_penalty": "把这一单的重要程度提高 {amount} 分，就会安排。",
}
UNITS = {"minute": "分钟", "second": "秒"}


def why(reason: Reason, name: Name, unit: str) -> list[str]:
    """Say in sentences why a visit went to this person, or to nobody, and what would help."""
    known = {"eligible": reason.eligible, "feasible": reason.feasible}
    said = [_CODES.get(reason.code, f"原因代码：{reason.code}。").format(**known)]
    if reason.runner_up is not None and reason.margin is not None:
        said.append(f"其次是{name(reason.runner_up)}，换人总体要多 {reason.margin} 分。")
    if reason.usual is not None and reason.usual_code in _USUAL:
        text = _USUAL[reason.usual_code]
        said.append(text.format(usual=name(reason.usual), margin=reason.usual_margin))
    return said + [remedy(each, name, unit) for each in reason.remedies]


def remedy(each: Remedy, name: Name, unit: str) -> str:
    """Say what would make an unserved visit possible."""
    text = _REMEDIES.get(each.kind, "可考虑：" + each.kind + "（{subject}，{amount}）。")
    return text.format(subject=name(each.subject), amount=each.amount, unit=UNITS.get(unit, unit))
