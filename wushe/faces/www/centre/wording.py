"""Plans in the dispatcher's words: what each figure is called, which way is better, and two plans in one sentence."""

from typing import Any

from wushe.chain.dispatch.models import Emphasis, Plan
from wushe.chain.dispatch.proposals import Comparison

TITLES = {
    "left_out": ("排不上的服务", "次", -1), "lateness": ("晚到合计", "分钟", -1), "late": ("晚到的服务", "次", -1),
    "usual_kept": ("由熟悉的人上门", "次", 1), "rhythm_kept": ("人和时间都照上次", "次", 1), "travel": ("路上时间", "分钟", -1),
    "overtime": ("加班", "分钟", -1), "changes": ("改动已通知的安排", "处", -1), "workers": ("出动人员", "人", 0),
    "longest": ("最忙一人工作", "分钟", -1),
}  # fmt: skip
EMPHASES = {one.value: one.label for one in Emphasis}
_PEOPLE = {
    "assigned": "{0}位老人多得到服务", "dropped": "{0}位老人的服务没有人做", "reassigned": "{0}位老人换人上门",
    "moved": "{0}位老人改时间",
}  # fmt: skip


def figures_of(row: Plan) -> list[dict[str, Any]]:
    """Return the figures of a plan as tiles."""
    summary = row.summary
    figures = [
        {"title": "排上", "figure": summary.get("served", 0), "unit": f"/ {summary.get('visits', 0)} 次", "tone": ""}
    ]
    notes = {
        "usual_kept": f"共 {summary.get('usual', 0)} 次有熟悉的人",
        "rhythm_kept": f"共 {summary.get('rhythm', 0)} 次是定期服务",
    }
    for part in ("left_out", "late", "usual_kept", "rhythm_kept", "travel", "overtime", "changes", "workers"):
        title, unit, sign = TITLES[part]
        value = summary.get(part, 0)
        bad = value and part in {"left_out", "late", "overtime"}
        if sign and not value and part in {"late", "overtime", "changes"}:
            continue  # nothing to tell
        if part == "rhythm_kept" and not summary.get("rhythm"):
            continue
        figures.append(
            {"title": title, "figure": value, "unit": unit, "tone": "wait" if bad else "", "note": notes.get(part, "")}
        )
    return figures


def compared(found: Comparison) -> list[dict[str, Any]]:
    """Return each amount of two plans with the verdict on the second."""
    amounts = []
    for part, first, second in found.amounts:
        title, unit, sign = TITLES[part]
        better = (second - first) * sign
        verdict = "same" if first == second or not sign else ("better" if better > 0 else "worse")
        step = f"{'多' if second > first else '少'}{abs(second - first)}{unit}"
        amounts.append({
            "title": title, "unit": unit, "first": first, "second": second, "verdict": verdict, "part": part,
            "step": step if first != second else "一样",
        })  # fmt: skip
    return amounts


def comparison_in_words(found: Comparison, amounts: list[dict[str, Any]]) -> list[str]:
    """Return what taking the second plan means: what is gained, what it costs, and whom it touches."""
    sides = {
        verdict: "、".join(f"{row['title']}{row['step']}" for row in amounts if row["verdict"] == verdict)
        for verdict in ("better", "worse")
    }
    affected = found.affected
    people = "，".join(words.format(affected[kind]) for kind, words in _PEOPLE.items() if affected[kind])
    if affected["strangers"]:
        people += f"（其中{affected['strangers']}位换成近期没去过的人）"
    sentences = []
    if sides["better"]:
        sentences.append(f"好处：{sides['better']}。")
    if sides["worse"]:
        sentences.append(f"代价：{sides['worse']}。")
    sentences.append(f"影响：{people}。" if people else "两个方案的人员和时间完全一样。")
    return sentences
