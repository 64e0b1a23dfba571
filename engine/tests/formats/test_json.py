"""JSON: exact round trips, schemas, and faults with line and path."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from days import small_day

from wushe_engine.dispatch import Stop, check, solve
from wushe_engine.formats.json_day import read_day, read_plan, write_day, write_plan
from wushe_engine.formats.json_match import (
    MatchInput,
    read_match,
    read_matching,
    write_match,
    write_matching,
)
from wushe_engine.formats.json_schema import schemas
from wushe_engine.formats.json_text import FormatError, line_of
from wushe_engine.matching import (
    Ban,
    Explainer,
    Need,
    Pin,
    Provider,
    Role,
    Rules,
    Tie,
    check_match,
    match,
)

DOCS = Path(__file__).parents[3] / "docs" / "formats"


def matching() -> MatchInput:
    needs = (
        Need(
            "n1", (Role("worker", 1, 500, frozenset({"心理"}), 60), Role("helper", 2, 90)), (0, 0)
        ),
        Need("n2", slots=frozenset({"mon", "tue"}), community="东", category="meal"),
    )
    people = (
        Provider("w", frozenset({"worker"}), (300, 0), 900, frozenset({"心理"}), stock=90),
        Provider("h1", slots=frozenset({"mon"}), communities=frozenset({"东"}), places=2),
        Provider("h2", place=(5, 5)),
        Provider("h3", place=(9, 5)),
    )
    return MatchInput(
        needs,
        people,
        (Tie("n1", "h2", 5),),
        (Ban("n2", "h2"),),
        (Pin("n2", "helper", "h1"),),
        Rules(one_at_a_time=True, balance_points=9),
    )


def valid(text: str, name: str) -> None:
    jsonschema.Draft202012Validator(schemas()[f"{name}.v1.schema.json"]).validate(json.loads(text))


def test_a_day_and_its_plan_come_back_as_they_were():
    day = small_day()
    text = write_day(day)
    valid(text, "day")
    assert read_day(text) == day
    assert write_day(read_day(text)) == text
    plan = solve(day.problem, stop=Stop(iterations=2000), seed=3)
    assert check(day.problem, plan).ok
    text = write_plan(plan)
    valid(text, "plan")
    assert read_plan(text) == plan


def test_a_matching_and_its_match_come_back_as_they_were():
    given = matching()
    text = write_matching(given)
    valid(text, "matching")
    assert read_matching(text) == given
    problem = given.problem()
    found = match(problem)
    reasons = {need: Explainer(problem, found).explain(need) for need in problem.need_ids}
    text = write_match(problem, found, reasons)
    valid(text, "match")
    back = read_match(text, problem)
    assert check_match(problem, back).ok
    assert write_match(problem, back, reasons) == text
    assert back.value == found.value > 0


def test_the_schemas_in_the_documents_are_those_of_the_code():
    for name, schema in schemas().items():
        assert json.loads((DOCS / name).read_text(encoding="utf-8")) == schema, name


def changed(old: str, new: str) -> str:
    text = write_day(small_day())
    assert text.count(old) >= 1
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("old", "new", "path", "said"),
    [
        ('"duration": 45', '"duration": "45"', "visits[0].duration", "a whole number is expected"),
        ('"duration": 45', '"duration": 4.5', "visits[0].duration", "a whole number is expected"),
        ('"duration": 45', '"duration": true', "visits[0].duration", "a whole number is expected"),
        ('"duration": 45', '"durration": 45', "visits[0].durration", "do you mean 'duration'?"),
        ('"duration": 45, ', "", "visits[0]", "field 'duration' is missing"),
        ("[510, 600]", "[510]", "visits[0].window", "2 values are expected, got 1"),
        ('"kind": "volunteer"', '"kind": "robot"', "people[1].kind", "one of 'paid_carer'"),
        ("[10, 0, 13]", "[10, 13]", "travel[0].matrix[1]", "a list of 3 whole numbers"),
        ('"version": 1', '"version": 2', "version", "version 1 is expected"),
        ('"duration": 45', '"duration": -45', "visits[0]", "duration"),
        ('"place": "east", "duration": 45', '"place": "moon", "duration": 45', "visits[0]", "moon"),
    ],
)
def test_a_fault_is_shown_with_its_line_and_path(old, new, path, said):
    text = changed(old, new)
    with pytest.raises(FormatError) as caught:
        read_day(text, file="day.json")
    fault = caught.value.faults[0]
    assert fault.path == path
    assert said in fault.message
    key = new.strip(", ") or '"id": "visit-1"'
    assert fault.line == text[: text.index(key)].count("\n") + 1
    assert str(fault).startswith(f"day.json:{fault.line}: ")


@pytest.mark.parametrize(
    ("text", "said", "line"),
    [
        ("", "not valid JSON", 1),
        ('{\n "format": ', "not valid JSON", 2),
        ('{"format": 1,\n "x": NaN}', "NaN is not a number", 2),
        ('{"a": 1, "a": 2}', "key 'a' is given twice", None),
        ("[]", "must be a JSON object", 1),
        ("[" * 100_000, "nested too deeply", None),
    ],
)
def test_a_file_that_is_no_document_is_refused(text, said, line):
    with pytest.raises(FormatError) as caught:
        read_day(text)
    assert said in str(caught.value)
    assert caught.value.faults[0].line == line


def test_all_faults_are_listed_at_once():
    text = changed('"duration": 45', '"duration": "x"').replace('"duration": 30', '"duration": []')
    with pytest.raises(FormatError) as caught:
        read_day(text)
    assert len(caught.value.faults) == 3


def test_a_fault_of_a_matching_is_shown_where_its_id_stands():
    text = write_matching(matching()).replace('"stock": 90', '"stock": -90')
    with pytest.raises(FormatError) as caught:
        read_matching(text)
    (fault,) = caught.value.faults
    assert (fault.path, "stock is -90" in fault.message) == ("providers[0]", True)
    assert fault.line == text[: text.index('"id": "w"')].count("\n") + 1


def test_travel_by_speed_is_measured_from_places():
    data = json.loads(write_day(small_day()))
    data["travel"] = [
        {"id": "default", "metres_per_unit": 100, "detour_percent": 50},
        {"id": "bike", "metres_per_unit": 300, "detour_percent": 0},
    ]
    travel = read_day(json.dumps(data)).problem.travel
    assert travel[0].matrix.tolist() == [[0, 15, 12], [15, 0, 20], [12, 20, 0]]
    assert travel[1].matrix.tolist() == [[0, 4, 3], [4, 0, 5], [3, 5, 0]]
    del data["places"][0]["at"]
    with pytest.raises(FormatError, match="place 'station' has no 'at'"):
        read_day(json.dumps(data))


def test_lines_are_found_inside_strings_with_brackets():
    text = '{\n "a": "}]{[\\"",\n "b": [1,\n {"c": 2}]\n}'
    assert [line_of(text, path) for path in ((), ("a",), ("b", 1, "c"), ("b", 9))] == [1, 2, 4, 3]
