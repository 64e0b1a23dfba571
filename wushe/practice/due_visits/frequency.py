"""How often somebody must be seen: the strictest rule of the place that fits them; the days are presets with a source."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import PresetMissing, preset_row
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import AbilityLevel, Person

_ALONE = frozenset({"living_alone", "empty_nest", "left_behind_elder"})
_ILL = frozenset({"dementia", "heart_disease"})
_DISABLED = frozenset({"disability_2", "disability_3", "disability_4", "disabled_severe"})
_KEY = frozenset({"tekun", "family_planning_special"})
_OLD, _VERY_OLD = 60, 80

GROUNDS = _ALONE | _ILL | _DISABLED | _KEY
"""The categories for which an older person is visited."""


class Facts(NamedTuple):
    """What the rules ask of a person."""

    age: int
    tags: frozenset[str]


class Rule(NamedTuple):
    """One rule: the preset that holds its days, the risk it means, and whom it fits."""

    preset: str
    risk: str
    why: str
    fits: Callable[[Facts], bool]


RULES = (
    Rule(
        "care.visit.living_alone_80", "high", "80岁以上独居", lambda f: f.age >= _VERY_OLD and "living_alone" in f.tags
    ),
    Rule("care.visit.high", "high", "80岁以上独居、空巢或留守", lambda f: f.age >= _VERY_OLD and bool(f.tags & _ALONE)),
    Rule("care.visit.high", "high", "失智或有严重心脏病", lambda f: f.age >= _OLD and bool(f.tags & _ILL)),
    Rule("care.visit.key", "key", "60岁以上失能、重残", lambda f: f.age >= _OLD and bool(f.tags & _DISABLED)),
    Rule("care.visit.key", "key", "分散特困、计生特殊家庭", lambda f: f.age >= _OLD and bool(f.tags & _KEY)),
    Rule(
        "care.visit.special_hardship", "key", "独居、空巢、留守老人", lambda f: f.age >= _OLD and bool(f.tags & _ALONE)
    ),
)
_BY_RISK = {"high": "care.visit.high", "key": "care.visit.key", "general": "care.visit.general"}


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, how it was found, and where the number comes from."""

    risk: str
    days: int
    why: str
    source: str


RulesInForce = list[tuple[Rule, Frequency]]


def facts_of(person: Person, codes: set[str], on: date) -> Facts:
    """Return what the rules ask: ability and living alone count as the categories that they are."""
    tags = set(codes) | ({"living_alone"} if person.lives_alone else set())
    if person.ability_level is not None and person.ability_level >= AbilityLevel.MODERATE:
        tags.add(f"disability_{person.ability_level}")
    return Facts(full_years(person.born_on, on), frozenset(tags))


def rules_at(area_code: str, on: date) -> RulesInForce:
    """Return the rules that a place has, each with its days."""
    rows = ((rule, _row(rule.preset, area_code, on)) for rule in RULES)
    return [(rule, Frequency(rule.risk, row.value, rule.why, row.source)) for rule, row in rows if row]


def strictest(rules: RulesInForce, facts: Facts) -> Frequency | None:
    """Return the rule with the fewest days that fits; None for whom no visits are prescribed."""
    return min((found for rule, found in rules if rule.fits(facts)), key=lambda one: one.days, default=None)


def frequency_of_risk(risk: str, *, area_code: str, on: date) -> Frequency:
    """Return how often somebody is visited whose risk a person has set."""
    row = preset_row(_BY_RISK[risk], area_code=area_code, on=on)
    return Frequency(risk, row.value, "人工确定", row.source)


def _row(key: str, area_code: str, on: date) -> Preset | None:
    try:
        return preset_row(key, area_code=area_code, on=on)
    except PresetMissing:
        return None  # a rule of other places alone
