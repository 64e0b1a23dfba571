"""What a form may ask: the kinds of questions, and the rules that a form must keep before it is published."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .expressions import BadExpression, names_in, parse

Question = dict[str, Any]

KINDS = {
    "text": "文字", "integer": "整数", "decimal": "小数", "date": "日期", "one": "单选", "many": "多选", "photo": "照片",
    "note": "说明（不用填）", "calculate": "自动计算", "group": "一组题", "repeat": "可重复的一组题",
}  # fmt: skip
HOLDERS = {"group", "repeat"}
CHOOSING = {"one", "many"}
ANSWERED = KINDS.keys() - HOLDERS - {"note"}
EXPRESSIONS = {"relevant": "显示条件", "constraint": "填写要求", "calculation": "计算公式"}
MOST_QUESTIONS, MOST_CHOICES, DEEPEST = 300, 200, 4
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,39}")
_CODE = re.compile(r"[^\s'\"]{1,40}")


def walk(questions: Sequence[Question], depth: int = 1) -> Iterator[tuple[Question, int]]:
    """Yield every question in the order of the form with its depth, a group before what it holds."""
    for question in questions:
        yield question, depth
        yield from walk(question.get("children", []), depth + 1)


def tidied(questions: Sequence[Mapping[str, Any]]) -> list[Question]:
    """Return questions with all their parts, the unknown ones left out."""
    return [_tidy(question) for question in questions]


def faults_of(questions: Sequence[Question]) -> list[str]:
    """Return what is wrong with a form, in the order of its questions; [] if it may be published."""
    found: list[str] = []
    known: dict[str, str] = {}
    count = 0
    for question, depth in walk(questions):
        count += 1
        where = f"“{question['label'] or question['name'] or f'第{count}题'}”"
        found += [f"{where}：{fault}" for fault in _own_faults(question, known, depth)]
        known[question["name"]] = question["kind"]
    if not any(question["kind"] in ANSWERED for question, _ in walk(questions)):
        found.append("这张表还没有题目，至少要有一道能填的题。")
    if count > MOST_QUESTIONS:
        found.append(f"题目太多了，一张表最多{MOST_QUESTIONS}题。")
    return found


def _tidy(question: Mapping[str, Any]) -> Question:
    def words(name: str, most: int = 500) -> str:
        return str(question.get(name) or "").strip()[:most]

    kind = words("kind", 12)
    tidy: Question = {
        "name": words("name", 40), "kind": kind, "label": words("label"), "hint": words("hint"),
        "required": bool(question.get("required")), "fills": words("fills", 80),
        "constraint_message": words("constraint_message", 200), **{name: words(name, 501) for name in EXPRESSIONS},
    }  # fmt: skip
    if kind in CHOOSING:
        tidy["choices"] = [
            {
                "code": str(one.get("code") or "").strip()[:41],
                "label": str(one.get("label") or "").strip()[:120],
                "score": one.get("score") or 0,
            }
            for one in question.get("choices") or []
        ]
    if kind in HOLDERS:
        tidy["children"] = tidied(question.get("children") or [])
    return tidy


def _own_faults(question: Question, known: Mapping[str, str], depth: int) -> list[str]:
    found = []
    kind, name = question["kind"], question["name"]
    if kind not in KINDS:
        return [f"题型“{kind}”不支持。"]
    if not _NAME.fullmatch(name):
        found.append("代号只能用字母、数字和下划线，并以字母开头。")
    elif name in known:
        found.append(f"代号“{name}”重复了。")
    if not question["label"] and kind not in {"calculate", "group"}:
        found.append("还没有写题目。")
    if depth > DEEPEST:
        found.append("分组套得太深了。")
    if kind in HOLDERS and not question["children"]:
        found.append("这一组里还没有题目。")
    if kind in CHOOSING:
        found += _choice_faults(question["choices"])
    if kind == "calculate" and not question["calculation"]:
        found.append("还没有写计算公式。")
    return found + _expression_faults(question, known)


def _choice_faults(choices: Sequence[Mapping[str, Any]]) -> list[str]:
    codes = [one["code"] for one in choices]
    if not 1 <= len(codes) <= MOST_CHOICES:
        return ["选项要有1到200个。"]
    if len(set(codes)) < len(codes):
        return ["选项的代号重复了。"]
    if not all(_CODE.fullmatch(code) for code in codes) or not all(one["label"] for one in choices):
        return ["每个选项都要有代号和文字，代号里不能有空格和引号。"]
    if not all(isinstance(one["score"], int) and abs(one["score"]) <= 1000 for one in choices):
        return ["选项的分数要填整数。"]
    return []


def _expression_faults(question: Question, known: Mapping[str, str]) -> list[str]:
    """Return what is wrong with the conditions. They may look back only: one walk then works everything out."""
    found = []
    for part, title in EXPRESSIONS.items():
        if not question[part]:
            continue
        try:
            names = names_in(parse(question[part]))
        except BadExpression as error:
            found.append(f"{title}：{error}")
            continue
        later = sorted(name for name in names if name not in known)
        if later:
            found.append(f"{title}：只能引用前面的题，找不到“{'、'.join(later)}”。")
    return found
