"""What an answer is written into: the words of `fills` beside a question, and what a filled form thereby says. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wushe.registers.forms.questions import Question

PERSON = {"phone": "联系电话", "lives_alone": "是否独居", "ability_level": "能力等级（0—4）"}
NEWCOMER = {"name": "姓名", "sex": "性别（F或M）", "born_on": "出生日期"}
PLAIN = {
    "need": "需求（记进需求总表）", "service": "想要的服务（进服务清单）", "problem": "家里或小区的问题（进问题清单）",
    "project": "可以做成项目的事（进项目清单）",
}  # fmt: skip
YES = {"yes", "y", "1", "true", "是", "有", "同意"}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a record says for a register or a list. `path` is stable: a row of a repetition keeps its id."""

    what: str
    path: str
    value: Any
    words: str
    question: str


@dataclass(slots=True)
class Newcomer:
    """Somebody met at the door who is in no register yet."""

    path: str
    values: dict[str, str] = field(default_factory=dict)


def said_by(questions: Sequence[Question], answers: Mapping[str, Any]) -> list[Said]:
    """Return what a filled form says, in the order of its questions."""
    return list(_said(questions, answers, ""))


def newcomers_in(said: Sequence[Said]) -> list[Newcomer]:
    """Return the people that a record tells of, each from one row."""
    rows: dict[str, Newcomer] = {}
    for one in said:
        kind, _, field_name = one.what.partition(":")
        if kind == "newcomer":
            path = one.path.rpartition("/")[0]
            rows.setdefault(path, Newcomer(path)).values[field_name] = str(one.value)
    return list(rows.values())


def is_yes(value: Any) -> bool:
    """Say whether an answer agrees."""
    return str(value).strip().lower() in YES


def fault_of_fill(fills: str, *, tags: set[str], purposes: set[str], resources: set[str]) -> str:
    """Return what is wrong with a `fills`; "" if it is understood."""
    kind, _, code = fills.partition(":")
    known = {"person": set(PERSON), "newcomer": set(NEWCOMER), "tag": tags, "consent": purposes, "resource": resources}
    if not fills or (fills in PLAIN):
        return ""
    return "" if code in known.get(kind, set()) else f"“填到哪里”写的“{fills}”不认识。"


def _said(questions: Sequence[Question], answers: Mapping[str, Any], path: str) -> Iterator[Said]:
    for question in questions:
        name, kind = question["name"], question["kind"]
        if kind == "group":
            yield from _said(question["children"], answers, path)
        elif kind == "repeat":
            for row in answers.get(name, []):
                yield from _said(question["children"], row, f"{path}{name}/{row['id']}/")
        elif question["fills"] and answers.get(name) not in (None, "", []):
            yield from _told(question, answers[name], f"{path}{name}")


def _told(question: Question, value: Any, path: str) -> Iterator[Said]:
    """Yield what one answer says; of several choices each says something of its own."""
    if question["kind"] == "many":
        words = {choice["code"]: choice["label"] for choice in question["choices"]}
        for code in value:
            yield Said(question["fills"], f"{path}={code}", code, words[code], question["label"])
        return
    words = {choice["code"]: choice["label"] for choice in question.get("choices", [])}
    yield Said(question["fills"], path, value, words.get(value, str(value)), question["label"])
