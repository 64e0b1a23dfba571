"""The form builder's page and the questions of a form: rows one below the other, with a row that ends a group."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from wushe.chain.resources.models import ResourceKind
from wushe.foundation.errors import Invalid
from wushe.practice.door_knock.fills import NEWCOMER, PERSON, PLAIN
from wushe.registers.forms.questions import HOLDERS, KINDS, Question
from wushe.registers.people.enums import ConsentPurpose
from wushe.registers.people.selectors import tag_kinds

END = "end"
KIND_CHOICES = [*KINDS.items(), (END, "（上面那组题到这里结束）")]
MOST_ROWS, BLANK_ROWS = 320, 5
PARTS = (
    "kind",
    "name",
    "label",
    "hint",
    "choices",
    "required",
    "relevant",
    "constraint",
    "constraint_message",
    "fills",
    "place",
)

Row = dict[str, str]


def rows_of(questions: Sequence[Question]) -> list[Row]:
    """Return the questions as rows of the page, numbered by their place."""
    rows = list(_rows(questions))
    for number, row in enumerate(rows, start=1):
        row["place"] = str(number * 10)
    return rows


def rows_sent(given: Mapping[str, str]) -> list[Row]:
    """Return the rows that the page sent, in the order of their places, without those that are empty."""
    found = []
    for number in range(MOST_ROWS):
        if f"kind-{number}" not in given:
            break
        row = {part: given.get(f"{part}-{number}", "").strip() for part in PARTS}
        if row["kind"] and (row["label"] or row["name"] or row["kind"] == END):
            found.append(row)
    return sorted(
        found, key=lambda row: int(row["place"]) if row["place"].isdecimal() and len(row["place"]) < 8 else 10**8
    )


def questions_of(rows: Sequence[Row]) -> list[Question]:
    """Return the questions that rows say; raise Invalid for a group that does not end, or ends before it began."""
    top: list[Question] = []
    holders = [top]
    for number, row in enumerate(rows, start=1):
        if row["kind"] == END:
            if len(holders) == 1:
                raise Invalid(f"第{number}行是一组题的结束，但前面没有开始。")
            holders.pop()
            continue
        question = _question(row, number)
        holders[-1].append(question)
        if row["kind"] in HOLDERS:
            holders.append(question["children"])
    if len(holders) > 1:
        raise Invalid("有一组题没有结束：请在这组题后面加一行“上面那组题到这里结束”。")
    return top


def fill_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """Return where an answer can be written to, in groups."""
    return [
        ("需求和清单", list(PLAIN.items())),
        ("谈话人的资料", [(f"person:{code}", words) for code, words in PERSON.items()]),
        ("新来的人（放在可重复的题里）", [(f"newcomer:{code}", words) for code, words in NEWCOMER.items()]),
        ("能出的力（进资源清单）", [(f"resource:{code}", str(words)) for code, words in ResourceKind.choices]),
        ("同意书", [(f"consent:{code}", str(words)) for code, words in ConsentPurpose.choices]),
        ("标签（要人确认）", [(f"tag:{kind.code}", kind.title) for kind in tag_kinds(sensitive=True)]),
    ]


def _rows(questions: Sequence[Question]) -> Iterator[Row]:
    for question in questions:
        choices = "\n".join(f"{one['code']}={one['label']}={one['score']}" for one in question.get("choices", []))
        parts = {part: str(question.get(part) or "") for part in PARTS}
        yield {
            **parts, "required": "1" if question["required"] else "", "choices": choices,
            "constraint": question["calculation"] or question["constraint"],
        }  # fmt: skip
        if question["kind"] in HOLDERS:
            yield from _rows(question["children"])
            yield {**dict.fromkeys(PARTS, ""), "kind": END}


def _question(row: Row, number: int) -> Question:
    kind = row["kind"]
    question: Question = {**row, "name": row["name"] or f"q{number}", "required": row["required"] == "1"}
    del question["place"]
    question["choices"] = _choices(row["choices"])
    if kind == "calculate":
        question |= {"calculation": row["constraint"], "constraint": ""}
    if kind in HOLDERS:
        question["children"] = []
    return question


def _choices(text: str) -> list[dict[str, Any]]:
    """Read choices, one a line: 是, or yes=是, or yes=是=2."""
    found = []
    for number, line in enumerate((line.strip() for line in text.splitlines() if line.strip()), start=1):
        parts = [part.strip() for part in line.replace("＝", "=").split("=")]
        if len(parts) == 1:
            parts = [f"c{number}", parts[0]]
        score = parts[2] if len(parts) > 2 else "0"
        whole = score.removeprefix("-")
        found.append(
            {
                "code": parts[0],
                "label": parts[1],
                "score": int(score) if whole.isdecimal() and whole.isascii() and len(whole) < 6 else score,
            }
        )
    return found
