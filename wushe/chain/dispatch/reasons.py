"""Reasons in plain words: the engine's codes become Chinese sentences with their figures; names come in here alone."""

from collections.abc import Iterable, Mapping
from typing import Any

from .facts import DayFacts

SERVED = {
    "locked": "由人工锁定给{person}，排班时不动。",
    "only_eligible": "当天能做这项服务的只有{person}一人。",
    "only_feasible": "{eligible}人有资格，按其他安排只有{person}排得开。",
    "usual_person": "{person}近期一直上门，老人熟悉。",
    "lowest_cost": "{eligible}人有资格、{feasible}人排得开，安排{person}全天总代价最低。",
}
UNSERVED = {
    "nobody_skilled": "当天在岗的人员里，没有人具备所需的技能。",
    "nobody_allowed": "当天没有可以上门的人：不属于接单机构、类别不符、亲属回避，或时间已过。",
    "no_partner": "这项服务要两人同时上门，凑不齐第二个人。",
    "no_room": "{eligible}人有资格，但在约定时间里都排不开。",
    "not_worth_it": "可以排上，但代价超过了这次服务的紧急程度所能承受的。",
    "not_tried": "排班时间太短，还没有试到，请延长排班时间再试。",
}
USUAL = {
    "may_not": "平时常来的{usual}这次不能来（不在岗、资格不符或需回避）。",
    "no_room": "平时常来的{usual}这个时段排不开。",
    "costlier": "如果仍由常来的{usual}上门，全天总代价要多{usual_margin}分。",
}
REMEDIES = {
    "extend_shift": "让{subject}晚下班{amount}分钟",
    "open_earlier": "和老人商量，最早上门时间提前{amount}分钟",
    "raise_hours": "把{subject}今天的工时上限放宽{amount}分钟",
    "add_skill": "让{person}具备“{subject}”技能",
    "widen_window": "和老人商量，最晚上门时间推后{amount}分钟",
    "allow_person": "允许{subject}上门（现在不属于接单机构，或类别不符）",
    "raise_penalty": "把这次服务的紧急程度调高",
}
FIGURES = {
    "travel": "路程{0}分钟",
    "lateness": "晚到{0}分钟",
    "continuity": "不是熟悉的人{0}分",
    "overtime": "加班{0}分钟",
    "changes": "改动{0}处",
    "unfairness": "忙闲不均{0}分",
}
CLASHES = {
    "lock_outside_window": "{0}锁定的时间不在约定范围内",
    "lock_without_skill": "{0}锁定的人员没有有效技能",
    "lock_not_allowed": "{0}锁定的人员不能上门",
    "lock_unknown_person": "{0}锁定的人员当天不在岗",
    "link_same_person": "{0}需要两个人，却都锁定给了同一人",
    "link_windows": "{0}两个人的时间对不上",
    "locks_overlap": "{0}和{1}锁定给同一人，时间赶不上",
}


def say(reason: Mapping[str, Any], names: Mapping[str, str], *, usual_first: bool = False) -> list[str]:
    """Return why a visit went to this person or to nobody; `names` maps ids such as w7 to names.

    With `usual_first` it begins with why not the one who usually comes, where there is one.
    """
    if not reason:
        return []
    words = {**reason, **{key: names.get(str(reason.get(key)), "某人") for key in ("person", "runner_up", "usual")}}
    table = SERVED if reason.get("person") else UNSERVED
    sentences = [table[reason["code"]].format(**words)] if reason["code"] in table else []
    if figures := _figures(reason.get("figures") or {}):
        sentences.append(f"这样安排：{figures}。")
    if reason.get("runner_up") and reason.get("margin") is not None:
        sentences.append(
            f"第二人选是{words['runner_up']}，全天总代价会多{reason['margin']}分（1分相当于多走1分钟路）。"
        )
    if reason.get("usual") and reason.get("usual_code") in USUAL:
        sentences.insert(0 if usual_first else len(sentences), USUAL[reason["usual_code"]].format(**words))
    if remedies := list(dict.fromkeys(_remedy(one, names) for one in reason.get("remedies") or [])):
        sentences.append(f"要想排上，可以：{'；或'.join(remedies)}。")
    return sentences


def clash_sentences(issues: Iterable[tuple[str, tuple[str, ...]]], facts: DayFacts) -> list[str]:
    """Return what contradicts what, with the visits named by order and number."""
    titles = {f"a{a.pk}": f"订单{a.order_id}第{a.number}次" for a in (*facts.appointments, *facts.elsewhere)}
    return [
        CLASHES.get(code, "{0}的锁定有冲突").format(*[titles.get(one, one) for one in subjects], "")
        for code, subjects in issues
    ]


def _figures(figures: Mapping[str, int]) -> str:
    return "、".join(FIGURES[part].format(amount) for part, amount in figures.items() if amount and part in FIGURES)


def _remedy(remedy: Mapping[str, Any], names: Mapping[str, str]) -> str:
    subject, person = str(remedy["subject"]), str(remedy.get("person") or "")
    words = {**remedy, "subject": names.get(subject, subject), "person": names.get(person, "一位在岗人员")}
    return REMEDIES.get(remedy["kind"], "调整安排").format(**words)
