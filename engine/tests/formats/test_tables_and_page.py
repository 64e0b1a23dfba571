"""CSV in and out, and the page of a plan."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from days import AT, small_day

from wushe_engine.dispatch import Break, Change, Person, Reason, Remedy, Stop, Visit, solve
from wushe_engine.formats.csv_day import Speed, read_day_folder, write_plan_csv
from wushe_engine.formats.html_plan import write_plan_html
from wushe_engine.formats.json_text import FormatError

PLACES = "id,east,north\n" + "".join(f"{k},{x},{y}\n" for k, (x, y) in AT.items())
PEOPLE = (
    "id,start,end,shift,skills,rest\nc1,station,station,08:00-17:00,bath|cook:400,11:30-13:00/45\n"
)
VISITS = (
    "\ufeffid,place,duration,window,skills,preferred,locked_person\n"
    "visit-1,east,45,08:30-10:00,bath,c1:20,\n\nvisit-2,north,30,600-,,,c1\n"
)
SPEEDS = {"default": Speed(100, 50)}


def write(folder, **changes):
    for name, text in ({"places": PLACES, "people": PEOPLE, "visits": VISITS} | changes).items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_three_tables_make_a_day(tmp_path):
    day = read_day_folder(write(tmp_path), speeds=SPEEDS)
    assert day.at == AT
    assert day.problem.people == (
        Person(
            "c1",
            "station",
            "station",
            (480, 1020),
            skills={"bath": None, "cook": 400},
            rest=Break(690, 780, 45),
        ),
    )
    assert day.problem.visits == (
        Visit("visit-1", "east", 45, (510, 600), skills=frozenset({"bath"}), preferred={"c1": 20}),
        Visit("visit-2", "north", 30, (600, 10**12), locked_person="c1"),
    )
    assert day.problem.travel[0].matrix.tolist() == [[0, 15, 12], [15, 0, 20], [12, 20, 0]]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"visits": VISITS.replace("45,", "forty,")}, "visits.csv:2: duration a whole number"),
        ({"visits": VISITS.replace("08:30-", "0830")}, "visits.csv:2: window"),
        ({"visits": VISITS.replace("duration", "dauer")}, "visits.csv:1: unknown column 'dauer'"),
        ({"visits": VISITS.replace("600-,,,c1", "600-")}, "visits.csv:4: 7 cells are expected"),
        ({"visits": VISITS.replace("north", "moon")}, "visits.csv:4: "),
        ({"people": PEOPLE.replace(",station,", ",,")}, "people.csv:2: "),
        ({"people": PEOPLE.replace("rest", "travel").replace("11:30-13:00/45", "car")}, "'car'"),
        ({"places": PLACES.replace("1000", "10.5")}, "places.csv:3: east"),
    ],
)
def test_a_fault_is_shown_with_file_line_and_column(tmp_path, changes, said):
    with pytest.raises(FormatError) as caught:
        read_day_folder(write(tmp_path, **changes), speeds=SPEEDS)
    assert said in str(caught.value)


def test_a_missing_table_is_named(tmp_path):
    write(tmp_path)
    (tmp_path / "visits.csv").unlink()
    with pytest.raises(FormatError, match=r"visits\.csv: the file is missing"):
        read_day_folder(tmp_path, speeds=SPEEDS)


def planned():
    day = small_day()
    return day, solve(day.problem, stop=Stop(iterations=2000), seed=1)


def test_the_table_of_a_plan_has_every_visit_and_no_formula():
    day, plan = planned()
    text = write_plan_csv(day.problem, plan)
    assert text.startswith("\ufeffperson,order,visit")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert sorted(row["visit"] for row in rows) == [f"visit-{i}" for i in range(1, 6)]
    assert [row["person"] for row in rows if row["visit"] == "visit-3"] == [""]
    for row in rows:
        given = plan.assignment(row["visit"])
        assert row["start"] == ("" if given is None else str(given.start))
    hostile = replace(plan, unserved=(), routes=(replace(plan.routes[0], person="=1+1"),))
    hostile = replace(
        hostile,
        routes=tuple(
            replace(r, visits=tuple(replace(v, person="=1+1") for v in r.visits))
            for r in hostile.routes
        ),
    )
    assert "\n=1+1" not in write_plan_csv(day.problem, hostile)


class Outside(HTMLParser):
    """Collects what a page would load, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.loads += [f"{tag} {k}" for k, v in attrs if k in ("src", "href", "srcset") and v]


def test_the_page_loads_nothing_and_shows_every_visit():
    day, plan = planned()
    page = write_plan_html(day, plan)
    parser = Outside()
    parser.feed(page)
    assert parser.loads == []
    assert "http:" not in page and "https:" not in page
    assert "url(" not in page
    for visit in day.problem.visits:
        assert f'data-visit="{visit.id}"' in page
    assert "护理员&lt;甲&gt;" in page
    assert "护理员<甲>" not in page
    assert page.count("<svg") == 1
    shown = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    assert "未安排（1 单）" in shown


def test_the_page_tells_reasons_remedies_and_changes():
    day, plan = planned()
    reason = Reason(
        "visit-3",
        "no_room",
        eligible=2,
        remedies=(Remedy("extend_shift", "c1", 25, 3),),
    )
    served = Reason("visit-2", "lowest_cost", "v1", "c1", 12, feasible=2)
    plan = replace(
        plan,
        reasons={"visit-3": reason, "visit-2": served},
        changes=(Change("visit-2", "v1", None, 610, None),),
    )
    page = write_plan_html(day, plan)
    assert "符合条件的有 2 位，但都排不开。" in page
    assert "护理员&lt;甲&gt;多工作 25 分钟，就能安排。" in page
    assert "换人总体要多 12 分。" in page
    assert "与已发布方案的不同（1 处）" in page
    assert "v1 10:10" in page


def test_a_page_without_coordinates_says_so():
    day, plan = planned()
    assert "地点没有坐标" in write_plan_html(replace(day, at={}), plan)
