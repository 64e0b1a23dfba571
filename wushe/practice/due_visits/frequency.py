"""How often somebody must be seen: the strictest rule of the place that fits them; the days are presets with a source."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import PresetMissing, preset, preset_row
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import AbilityLevel, Person

_ALONE = frozenset({"living_alone", "empty_nest", "left_behind_elder"})
_ILL = frozenset({"dementia", "heart_disease"})
_DISABLED = frozenset({"disability_2", "disability_3", "disability_4", "disabled_severe"})
_KEY = frozenset({"tekun", "family_planning_special"})

_OLD, _VERY_OLD = "care.elder.age", "care.risk.high_age"
"""The presets that hold from which age a rule speaks."""

GROUNDS = _ALONE | _ILL | _DISABLED | _KEY
"""The categories for which an older person is visited."""


class Facts(NamedTuple):
    """What the rules ask of a person."""

    age: int
    tags: frozenset[str]


class Rule(NamedTuple):
    """One rule: the presets of its days and its age, the risk it means, and any of the categories it is for."""

    days: str
    age: str
    risk: str
    why: str
    tags: frozenset[str]


RULES = (
    Rule("care.visit.living_alone_80", _VERY_OLD, "high", "高龄独居", frozenset({"living_alone"})),
    Rule("care.visit.high", _VERY_OLD, "high", "高龄独居、空巢或留守", _ALONE),
    Rule("care.visit.high", _OLD, "high", "失智或有严重心脏病", _ILL),
    Rule("care.visit.key", _OLD, "key", "老年人失能、重残", _DISABLED),
    Rule("care.visit.key", _OLD, "key", "分散特困、计生特殊家庭", _KEY),
    Rule("care.visit.special_hardship", _OLD, "key", "独居、空巢、留守老人", _ALONE),
)
_BY_RISK = {"high": "care.visit.high", "key": "care.visit.key", "general": "care.visit.general"}


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, how it was found, and where the number comes from."""

    risk: str
    days: int
    why: str
    source: str


RulesInForce = list[tuple[int, frozenset[str], Frequency]]


def facts_of(person: Person, codes: set[str], on: date) -> Facts:
    """Return what the rules ask: ability and living alone count as the categories that they are."""
    tags = set(codes) | ({"living_alone"} if person.lives_alone else set())
    if person.ability_level is not None and person.ability_level >= AbilityLevel.MODERATE:
        tags.add(f"disability_{person.ability_level}")
    return Facts(full_years(person.born_on, on), frozenset(tags))


def rules_at(area_code: str, on: date) -> RulesInForce:
    """Return the rules that a place has: from which age, for which categories, how often."""
    return [
        (preset(rule.age, area_code=area_code, on=on), rule.tags, Frequency(rule.risk, row.value, rule.why, row.source))
        for rule in RULES
        if (row := _row(rule.days, area_code, on))
    ]


def strictest(rules: RulesInForce, facts: Facts) -> Frequency | None:
    """Return the rule with the fewest days that fits; None for whom no visits are prescribed."""
    fitting = (found for age, tags, found in rules if facts.age >= age and facts.tags & tags)
    return min(fitting, key=lambda one: one.days, default=None)


def frequency_of_risk(risk: str, *, area_code: str, on: date) -> Frequency:
    """Return how often somebody is visited whose risk a person has set."""
    row = preset_row(_BY_RISK[risk], area_code=area_code, on=on)
    return Frequency(risk, row.value, "人工确定", row.source)


def _row(key: str, area_code: str, on: date) -> Preset | None:
    try:
        return preset_row(key, area_code=area_code, on=on)
    except PresetMissing:
        return None  # a rule of other places alone
