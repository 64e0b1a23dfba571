"""Every rule at its threshold: just below it is silent, at it it speaks."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories.places import DATA
from wushe.chain.dispatch.travel import metres_between
from wushe.chain.verification.rules import CODES, Facts, Stay, findings

T0 = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)
HOME, AWAY = (106.640, 30.470), (106.740, 30.470)  # 9.58 km apart
LIMITS = {"radius": 200, "accuracy": 100, "early": 30, "late": 15, "skew": 10, "upload": 2880, "days": 90}


def thresholds():
    import json

    rows = json.loads((DATA / "presets/policy.json").read_text(encoding="utf-8"))["presets"]
    return {row["key"].rpartition(".")[2]: row["value"] for row in rows if row["key"].startswith("verification.rule.")}


RULES = thresholds()


def stay(start, end, place=HOME, slack=0):
    return Stay(T0 + timedelta(minutes=start), T0 + timedelta(minutes=end), place, place, slack)


CLEAN = Facts(
    stay=stay(0, 60), day=date(2026, 9, 14), ordered_minutes=60, actual_minutes=60, distance=30, accuracy=20,
    extra=LIMITS,
)  # fmt: skip


def found(**changes):
    return [finding.rule for finding in findings(replace(CLEAN, **changes), RULES, metres_between)]


def test_a_clean_visit_raises_no_suspicion():
    assert found() == []


def test_every_rule_has_a_threshold_and_a_weight_among_the_presets():
    assert set(CODES) | {"call"} == set(RULES)
    assert all(rule["weight"] > 0 for rule in RULES.values())


@pytest.mark.parametrize(
    ("rule", "silent", "speaks"),
    [
        ("f1", {"other_stays": (stay(60, 120),)}, {"other_stays": (stay(59, 120),)}),
        ("f2", {"other_stays": (stay(70, 120, AWAY),)}, {"other_stays": (stay(69, 120, AWAY),)}),
        ("f3", {"distance": 200}, {"distance": 201}),
        ("f3", {"accuracy": 100}, {"accuracy": 101}),
        ("f3", {"distance": 0}, {"distance": None}),
        ("f4", {"ended_visits": 20, "exact_visits": 16}, {"ended_visits": 20, "exact_visits": 17}),
        ("f4", {"ended_visits": 19, "exact_visits": 19}, {"ended_visits": 20, "exact_visits": 20}),
        ("f5", {"pictures_seen_before": 0}, {"pictures_seen_before": 1}),
        ("f5", {"camera_off": 10}, {"camera_off": 11}),
        ("f5", {"camera_distance": 200}, {"camera_distance": 201}),
        ("f6", {"died_on": date(2026, 9, 15)}, {"died_on": date(2026, 9, 14)}),
        ("f6", {"moved_out_on": date(2026, 9, 15)}, {"moved_out_on": date(2026, 9, 13)}),
        ("f7", {"visits_beyond_order": 0}, {"visits_beyond_order": 1}),
        ("f7", {"other_providers_same_hour": 0}, {"other_providers_same_hour": 1}),
        ("f8", {"quick_ratings": 4, "quick_raters": 1}, {"quick_ratings": 5, "quick_raters": 3}),
        ("f8", {"quick_ratings": 9, "quick_raters": 4}, {"quick_ratings": 9, "quick_raters": 2}),
        ("f9", {"related": False}, {"related": True}),
        ("f10", {"people_on_phone": 4}, {"people_on_phone": 5}),
        ("f11", {"ratings": 99}, {"ratings": 100}),
        ("f11", {"ratings": 100, "ratings_below_full": 1}, {"ratings": 100}),
        ("f12", {"orders_counted": 10, "ordered_afterwards": 1}, {"orders_counted": 10, "ordered_afterwards": 2}),
        ("f13", {"certificate_until": date(2026, 9, 14)}, {"certificate_until": date(2026, 9, 13)}),
        ("f13", {}, {"skills_expired": ("助浴",)}),
        ("window", {"minutes_early": 30}, {"minutes_early": 31}),
        ("window", {"minutes_late": 15}, {"minutes_late": 16}),
        ("clock", {"clock_off": 10}, {"clock_off": 11}),
        ("clock", {"uploaded_after": 2880}, {"uploaded_after": 2881}),
        ("photos", {}, {"evidence_missing": ("签字",)}),
        ("reported", {}, {"reported": "手机没电"}),
        ("short", {"actual_minutes": 48}, {"actual_minutes": 47}),
    ],
)  # fmt: skip
def test_a_rule_speaks_at_its_threshold(rule, silent, speaks):
    assert rule not in found(**silent)
    assert found(**speaks) == [rule]


def test_the_inaccuracy_of_two_positions_is_given_to_the_worker():
    assert found(other_stays=(stay(69, 120, AWAY, slack=600),)) == []


def test_the_heaviest_finding_comes_first_and_speaks_plainly():
    seen = findings(replace(CLEAN, distance=900, died_on=date(2026, 1, 1)), RULES, metres_between)
    assert [(f.rule, f.weight) for f in seen] == [("f6", 80), ("f3", 20)]
    assert seen[1].as_json() == {"rule": "f3", "weight": 20, "says": "签到位置距住处900米，超过200米"}
