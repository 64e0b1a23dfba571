"""The committed data files hold together: codes exist, references resolve, totals equal the public figures, shapes nest."""

import csv
import itertools
import json
from collections import Counter
from datetime import date
from functools import cache
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"
DEMO = "demo/guangan"


@cache
def load(name: str) -> dict:
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def divisions() -> dict[str, str]:
    found = {}
    for name in ("china", "511602"):
        with (DATA / "divisions" / f"{name}.csv").open(encoding="utf-8") as handle:
            found |= {row["code"]: row["name"] for row in csv.DictReader(handle)}
    return found


@cache
def codes(name: str, key: str) -> set[str]:
    return {row["code"] for row in load(name)[key]}


def estates() -> dict[str, str]:
    return {f["properties"]["code"]: f["properties"]["community"] for f in load(f"{DEMO}/estates.json")["features"]}


def shapes() -> list[dict]:
    return [f for f in load(f"{DEMO}/geometry.json")["features"] if f["geometry"]["type"] == "Polygon"]


def twice_area(feature: dict) -> int:
    """Exact in integers: coordinates are whole multiples of 0.00001 degree; holes count negative."""
    total = 0
    for ring in feature["geometry"]["coordinates"]:
        points = [(round(x * 1e5), round(y * 1e5)) for x, y in ring]
        total += sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(points))
    return total


def edges(feature: dict) -> Counter:
    return Counter(
        (tuple(a), tuple(b)) for ring in feature["geometry"]["coordinates"] for a, b in itertools.pairwise(ring)
    )


# --- divisions -----------------------------------------------------------------------------------------------------


def test_every_division_has_its_parent():
    known = divisions()
    parent_length = {4: 2, 6: 4, 9: 6, 12: 9}
    orphans = [c for c in known if len(c) > 2 and c[: parent_length[len(c)]] not in known]
    assert orphans == []
    assert Counter(len(c) for c in known)[2] == 34
    assert known["511602"] == "广安区"


def test_the_district_has_25_streets_and_332_communities_and_villages():
    inside = Counter(len(c) for c in divisions() if c.startswith("511602"))
    assert inside == {6: 1, 9: 25, 12: 332}


# --- geometry ------------------------------------------------------------------------------------------------------


def test_each_shape_is_exactly_tiled_by_its_children():
    by_code = {f["properties"]["code"]: f for f in shapes()}
    assert {c for c in by_code if len(c) > 6} == {c for c in divisions() if c.startswith("511602") and len(c) > 6}
    for code, whole in by_code.items():
        parts = [f for f in by_code.values() if f["properties"]["parent"] == code]
        if not parts:
            continue
        assert sum(map(twice_area, parts)) == twice_area(whole), code
        together = sum(map(edges, parts), Counter())
        border = Counter({e: n for e, n in together.items() if not together[e[::-1]]})
        assert border == edges(whole), code


def test_every_shape_is_closed_turns_left_and_says_that_it_is_schematic():
    for f in shapes():
        outer = f["geometry"]["coordinates"][0]
        assert outer[0] == outer[-1]
        assert twice_area(f) > 0, f["properties"]["code"]
        assert f["properties"]["schematic"] is True
        assert f["properties"]["name"] == divisions()[f["properties"]["code"]]


def test_town_communities_are_denser_than_villages():
    area = {f["properties"]["code"]: twice_area(f) for f in shapes()}
    urban = [area[u["code"]] for u in load(f"{DEMO}/district.json")["units"] if u["urban"]]
    villages = [area[f["properties"]["code"]] for f in shapes() if f["properties"]["kind"] == "village"]
    assert sum(urban) / len(urban) < 0.6 * sum(villages) / len(villages)


def test_every_estate_lies_in_its_community():
    rings = {f["properties"]["code"]: f["geometry"]["coordinates"][0] for f in shapes()}
    for f in load(f"{DEMO}/estates.json")["features"]:
        x, y = f["geometry"]["coordinates"]
        inside = False
        ring = rings[f["properties"]["community"]]
        for (x1, y1), (x2, y2) in itertools.pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
        assert inside, f["properties"]["code"]


# --- the demonstration district ------------------------------------------------------------------------------------


def test_unit_sums_equal_the_totals():
    district = load(f"{DEMO}/district.json")
    totals, units = district["totals"], district["units"]
    assert (totals["residents"], totals["paid_staff"]) == (20000, 150)
    assert totals["paid_carers"] + totals["social_workers"] == totals["paid_staff"]
    assert sum(totals["service_users_by_kind"].values()) == totals["service_users"]
    for key in ("residents", "service_users", "volunteers", "projects", "member_units", "party_branches"):
        assert sum(u[key] for u in units) == totals[key], key
    for key in ("party_members", "volunteer_teams", "vanguards", "community_groups", "governance_officers", "pioneers"):
        assert sum(u[key] for u in units) == totals[key], key
    assert sum(u["urban"] for u in units) == 35
    assert {u["code"]: u["name"] for u in units}.items() <= divisions().items()


@pytest.mark.parametrize(
    ("file", "key", "count"),
    [
        ("organisations", "organisations", 41),
        ("organisations", "community_groups", 45),
        ("projects", "projects", 58),
        ("members", "member_units", 305),
        ("members", "party_branches", 247),
        ("members", "teams", 95 + 82),
    ],
)
def test_lists_equal_the_public_figures(file: str, key: str, count: int):
    rows = load(f"{DEMO}/{file}.json")[key]
    assert len(rows) == len({r["code"] for r in rows}) == count
    assert all(r["community"] in divisions() for r in rows)


def test_members_and_staff_add_up():
    members = load(f"{DEMO}/members.json")
    assert sum(b["members"] for b in members["party_branches"]) == 3898
    assert sum(t["kind"] == "vanguard" for t in members["teams"]) == 82
    organisations = load(f"{DEMO}/organisations.json")["organisations"]
    assert sum(o["paid_carers"] for o in organisations) == 110
    assert sum(o["social_workers"] for o in organisations) == 40
    urban = {u["code"] for u in load(f"{DEMO}/district.json")["units"] if u["urban"]}
    assert {c for o in organisations for c in o["settled_communities"]} == urban


def test_facilities_show_the_public_structures():
    rows = load(f"{DEMO}/facilities.json")["facilities"]
    kinds = Counter(r["kind"] for r in rows)
    assert (kinds["dispatch_centre"], kinds["meal_point"]) == (1, 11)
    town = Counter(r["kind"] for r in rows if r["community"].startswith("511602101") and "1+13" in r["after"])
    assert town == {"street_station": 1, "community_station": 13}
    places = estates()
    assert all(places[r["estate"]] == r["community"] for r in rows)


def test_projects_name_things_that_exist():
    known = {
        "community": set(divisions()),
        "social_worker": codes(f"{DEMO}/facilities.json", "facilities"),
        "organisation": codes(f"{DEMO}/organisations.json", "organisations"),
        "volunteer": codes(f"{DEMO}/members.json", "teams"),
        "charity": codes(f"{DEMO}/funds_resources.json", "funds"),
    }
    items = codes("catalogue/edition-2.json", "items")
    scenes = codes("presets/scenes.json", "scenes")
    sources = codes(f"{DEMO}/projects.json", "source_classes")
    categories = codes(f"{DEMO}/projects.json", "line_categories")
    for p in load(f"{DEMO}/projects.json")["projects"]:
        missing = [role for role, code in p["roles"].items() if code is None]
        assert bool(missing) == bool(p["gap"]), p["code"]
        assert all(code in known[role] for role, code in p["roles"].items() if code), p["code"]
        assert set(p["items"]) <= items
        assert p["scene"] in scenes
        assert sum(line["amount_fen"] for line in p["lines"]) == p["budget_fen"]
        assert {line["source"] for line in p["lines"]} <= sources
        assert {line["category"] for line in p["lines"]} <= categories
        assert {i["unit"] for i in p["indicators"]}
        assert p["need"]
        assert p["logic"]


def test_resources_and_funds_have_owners():
    both = load(f"{DEMO}/funds_resources.json")
    units = codes(f"{DEMO}/members.json", "member_units")
    assert all(r["owner"] in units for r in both["resources"])
    assert all(f["host"] in codes(f"{DEMO}/organisations.json", "organisations") for f in both["funds"])
    assert all(f["committee"] >= 5 and f["committee"] % 2 == 1 for f in both["funds"])


def test_distributions_use_known_codes_and_add_up():
    d = load(f"{DEMO}/distributions.json")
    census = d["census_2020"]
    assert sum(b["male"] + b["female"] for b in d["age_pyramid"]) == census["population"]
    for key in (
        "household_sizes",
        "living_of_elders",
        "contact_by",
        "urgency",
        "responsible_party",
        "ratings",
        "demand",
    ):
        assert sum(row["permille"] for row in d[key]) == 1000, key
    assert {t["tag"] for t in d["tags"]} <= codes("presets/person_categories.json", "categories")
    items = codes("catalogue/edition-2.json", "items")
    for group in d["demand"]:
        assert set(group["items"]) <= items
        assert (len(group["weekday"]), len(group["hour"])) == (7, 24)
    skills = codes("presets/skills.json", "skills")
    for key in ("skill_of_carers", "skill_of_social_workers", "skill_of_volunteers"):
        assert {row["skill"] for row in d[key]} <= skills


def test_utterances_cover_the_catalogue():
    rows = load(f"{DEMO}/utterances.json")["utterances"]
    assert len(rows) == len({r["text"] for r in rows}) >= 250
    assert {r["item"] for r in rows} == codes("catalogue/edition-2.json", "items")
    assert not any(ch.isascii() and ch.isdigit() for r in rows for ch in r["text"])


def test_reasons_and_names_are_complete():
    remarks = load(f"{DEMO}/remarks.json")
    shares = Counter()
    for r in remarks["reasons"]:
        shares[r["kind"]] += r["permille"]
    assert set(shares.values()) == {1000}
    assert {c["stars"] for c in remarks["callback_comments"]} == {1, 2, 3, 4, 5}
    names = load(f"{DEMO}/names.json")
    assert [n["decade"] for n in names["given_names"]] == list(range(1930, 2030, 10))
    for row in names["given_names"]:
        assert len(set(row["male"])) == len(row["male"])
        assert len(set(row["female"])) == len(row["female"])


# --- catalogue -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", [1, 2])
def test_items_have_known_categories_and_skills(edition: int):
    book = load(f"catalogue/edition-{edition}.json")
    categories = {c["code"]: c["parent"] for c in book["categories"]}
    skills = codes("presets/skills.json", "skills")
    assert all(parent is None or parent in categories for parent in categories.values())
    home = [c for c, parent in categories.items() if parent == "H"]
    assert (len(home), sum(parent in home for parent in categories.values())) == (5, 18)
    assert len(book["items"]) == len({i["code"] for i in book["items"]})
    for item in book["items"]:
        assert item["category"] in categories, item["code"]
        assert set(item["skills"]) <= skills, item["code"]
        assert isinstance(item["price_fen"], int)
        assert isinstance(item["minutes"], int)
        assert item["who"]
        assert item["keywords"]
        assert item["evidence"]
    bathing = [i for i in book["items"] if i["category"] == "H102"]
    assert bathing
    assert not any(e.startswith("photo") for i in bathing for e in i["evidence"])


def test_the_mapping_tells_every_difference_between_the_editions():
    first, second = ({i["code"]: i for i in load(f"catalogue/edition-{n}.json")["items"]} for n in (1, 2))
    changes = load("catalogue/mapping-1-2.json")["changes"]
    assert {c["old"] for c in changes if c["old"] and c["old"] not in c["new"]} == first.keys() - second.keys()
    assert {c["new"][0] for c in changes if c["change"] == "new"} == second.keys() - first.keys()
    changed = {code for code in first.keys() & second.keys() if first[code] != second[code]}
    assert {c["old"] for c in changes if c["old"] in c["new"]} == changed
    assert all(set(c["new"]) <= second.keys() for c in changes)
    one, two = load("catalogue/edition-1.json"), load("catalogue/edition-2.json")
    assert (date.fromisoformat(two["effective_from"]) - date.fromisoformat(one["effective_to"])).days == 1


def test_packages_name_items_of_their_edition_and_known_tags():
    tags = codes("presets/person_categories.json", "categories")
    seen = set()
    for package in load("catalogue/packages.json")["packages"]:
        seen.add((package["code"], package["version"]))
        assert {line["item"] for line in package["lines"]} <= codes(
            f"catalogue/edition-{package['edition']}.json", "items"
        )
        rule = package["eligibility"]
        assert set(rule["tags_any"] + rule["tags_all"] + rule["tags_none"]) <= tags
        assert all(
            line["quantity"] > 0 and line["period"] in {"week", "month", "quarter", "year"} for line in package["lines"]
        )
    assert len(seen) == len(load("catalogue/packages.json")["packages"])


# --- presets -------------------------------------------------------------------------------------------------------


def test_every_policy_row_is_dated_regional_and_sourced():
    rows = load("presets/policy.json")["presets"]
    known = divisions()
    keys = [(r["key"], r["region"], r["effective_from"]) for r in rows]
    assert len(keys) == len(set(keys))
    for r in rows:
        assert r["region"] == "" or r["region"] in known, r["key"]
        assert r["certainty"] in {"L", "P", "C", "D", "M", "m", "X"}
        assert r["source"]
        assert r["title"]
        assert r["explanation"]
        assert r["unit"]
        assert date.fromisoformat(r["effective_from"])
        assert not isinstance(r["value"], float)
    for key in {r["key"] for r in rows}:
        assert any(r["key"] == key and r["region"] == "" for r in rows) or key in REGIONAL_ONLY, key


# Rules that exist only where they were found; nothing holds elsewhere.
REGIONAL_ONLY = {
    "funds.seed.amount", "funds.duty.mutual_aid", "time_bank.honour.care_home", "care.visit.living_alone_80",
    "complaints.bulletin.satisfaction", "complaints.bulletin.on_time",
}  # fmt: skip


def test_policy_titles_are_the_same_for_one_key():
    by_key: dict[str, set[str]] = {}
    for r in load("presets/policy.json")["presets"]:
        by_key.setdefault(r["key"], set()).add(r["title"])
    assert {key: titles for key, titles in by_key.items() if len(titles) > 1} == {}


def test_holidays_are_dates_in_order():
    days = load("presets/holidays.json")
    dates = [d["date"] for d in days["days"]]
    assert dates == sorted(dates)
    assert len(dates) == len(set(dates))
    assert {date.fromisoformat(d).year for d in dates} == {2026, 2027}
    assert all(date.fromisoformat(d["date"]).weekday() >= 5 for d in days["days"] if d["kind"] == "workday")
    assert days["years"]["2027"]["status"] == "not_published"
