"""Skip logic, limits and scores: what is hidden counts as not answered, what is wrong is told beside its question."""

from datetime import date
from typing import Any

import pytest

from tests.registers.forms.asking import YES_NO, household_visit, question
from wushe.registers.forms.evaluating import MISSING, Examined, examine
from wushe.registers.forms.expressions import BadExpression, parse
from wushe.registers.forms.questions import faults_of, tidied
from wushe.registers.forms.values import work_out

TODAY = date(2026, 9, 14)
ANSWERS: dict[str, Any] = {
    "a": 3,
    "b": "4.5",
    "t": "是 否",
    "many": ["x", "y"],
    "d": "1944-02-11",
    "empty": "",
    "ages": [7, 9, 81],
}
VECTORS: list[tuple[str, Any]] = [
    ("1 + 2 * 3", 7.0), ("(1 + 2) * 3", 9.0), ("-${a} + 5", 2.0), ("7 mod 4", 3.0), ("1 div 4", 0.25), ("1 div 0", ""),
    ("${a} < ${b}", True), ("${a} = '3'", True), ("${a} != 3", False), ("${empty} = ''", True), ("${empty} < 5", False),
    ("${nobody} > 1", False), ("${nobody} + 1", ""), ("selected(${many}, 'y')", True), ("selected(${many}, 'z')", False),
    ("count-selected(${many})", 2.0), ("${a} > 1 and ${b} > 9", False), ("${a} > 1 or ${nobody} > 9", True),
    ("not(${a} = 3)", False), ("if(${a} > 2, '高', '低')", "高"), ("string-length('三个字')", 3.0), ("round(2.5)", 3),
    ("round(-2.5)", -2), ("int(-2.7)", -2.0), ("coalesce(${empty}, 8)", 8.0), ("min(${ages})", 7.0), ("max(${ages}, 100)", 100.0),
    ("sum(${ages})", 97.0), ("count(${ages})", 3.0), ("today() >= '2026-09-14'", True), ("${d} < today()", True),
    ("years-since(${d})", 82.0), ("'b' < 'a'", False), ("${t} = \"是 否\"", True), ("true() = 1", True), ("number('x')", ""),
    ("1 < 2 = true()", True), ("-(-3)", 3.0), ("${many} = 'x y'", True),
]  # fmt: skip


def result(text: str) -> Any:
    return work_out(parse(text), lambda name: ANSWERS.get(name, ""), today=TODAY)


@pytest.mark.parametrize(("text", "value"), VECTORS)
def test_what_an_expression_gives(text: str, value: Any) -> None:
    found = result(text)
    assert (found, type(found) is bool) == (value, type(value) is bool)


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "(1", "1 2", "${a", "exec('x')", "__import__('os')", "a.b", "regex(., 'x')", "selected(1)", "if(1,2)",
     "(" * 60 + "1" + ")" * 60, "1+" * 300 + "1", "${a} ; 1", "1 = = 2"],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadExpression) as refusal:
        parse(text)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in str(refusal.value))


def fill(**answers: Any) -> Examined:
    return examine(tidied(household_visit()), answers, today=TODAY)


def test_a_hidden_question_counts_as_not_answered() -> None:
    shown = fill(alone="yes", days="3")
    assert (shown.answers["days"], shown.faults, shown.score) == (3, {}, 2)
    hidden = fill(alone="no", days="3")
    assert ("days" in hidden.answers, hidden.faults, hidden.score) == (False, {}, 0)


def test_faults_stand_beside_their_questions() -> None:
    done = fill(days="70", needs=[{"id": "r1", "item": "洗澡"}, {"words": "想理发"}])
    assert done.faults == {"alone": MISSING, "needs[0].words": MISSING}
    assert fill(alone="yes", days="70").faults == {"days": "请填0到60天。"}
    assert fill(alone="yes", days="两天").faults == {"days": "请填数字。"}
    assert fill(alone="maybe").faults == {"alone": "请从选项里选。"}


def test_a_repetition_keeps_its_rows_and_is_summed_from_outside() -> None:
    asked = tidied([
        question("people", "repeat", "家里人", children=[
            question("age", "integer"), question("old", "calculate", calculation="${age} >= 80"),
        ]),
        question("total", "calculate", calculation="sum(${age})"),
        question("care", "one", "需要照护", relevant="${total} > 100", choices=YES_NO),
    ])  # fmt: skip
    assert faults_of(asked) == []
    done = examine(asked, {"people": [{"id": "a", "age": "82"}, {"id": "b", "age": "30"}], "care": "yes"}, today=TODAY)
    assert done.answers == {
        "people": [{"id": "a", "age": 82, "old": True}, {"id": "b", "age": 30, "old": False}], "total": 112.0, "care": "yes",
    }  # fmt: skip
    assert done.score == 2


@pytest.mark.parametrize(
    "hostile",
    [None, "x", 7, [[]], {"alone": {"a": 1}}, {"alone": ["yes"]}, {"needs": "x"}, {"needs": [None, 1, "y"]}, {"days": "9" * 40},
     {"phone": "长" * 5000}, {"needs": [{"words": "x"}] * 80}],
)  # fmt: skip
def test_strange_answers_are_faults_and_never_errors(hostile: Any) -> None:
    done = examine(tidied(household_visit()), hostile if isinstance(hostile, dict) else {}, today=TODAY)
    assert done.faults


def test_a_form_is_checked_before_it_is_published() -> None:
    asked = tidied([
        question("later", relevant="${after} = 1"), question("after", "integer"), question("after", "text"),
        question("9x"), question("c", "one", choices=[]), question("k", "sound"), question("g", "group", children=[]),
        question("e", constraint=". > "),
    ])  # fmt: skip
    assert faults_of(asked) == [
        "“later”：显示条件：只能引用前面的题，找不到“after”。", "“after”：代号“after”重复了。",
        "“9x”：代号只能用字母、数字和下划线，并以字母开头。", "“c”：选项要有1到200个。", "“k”：题型“sound”不支持。",
        "“g”：这一组里还没有题目。", "“e”：填写要求：条件“. >”没有写完。",
    ]  # fmt: skip
    assert faults_of([]) == ["这张表还没有题目，至少要有一道能填的题。"]
