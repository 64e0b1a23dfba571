"""Which pairs are allowed at all: skills, place, time slots, language and use rules."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numba import njit

from .problem import UNLIMITED, Flags, Ints, Masks, MatchProblem

CODES = ("skill", "too_far", "slot", "language", "category", "community")
NO_DISTANCE = -1
_SKILL, _TOO_FAR, _SLOT, _LANGUAGE, _CATEGORY, _COMMUNITY = (1 << bit for bit in range(6))


class Facts(NamedTuple):
    """The arrays that decide whether a pair is allowed; see `MatchProblem`."""

    line_need: Ints
    line_requires: Masks
    need_place: Ints
    need_placed: Flags
    need_slots: Masks
    need_languages: Masks
    need_category: Ints
    need_community: Ints
    provider_place: Ints
    provider_placed: Flags
    provider_reach: Ints
    provider_holds: Masks
    provider_slots: Masks
    provider_languages: Masks
    provider_categories: Masks
    provider_communities: Masks
    radius: int


def facts_of(problem: MatchProblem) -> Facts:
    """Collect the facts of a problem."""
    radius = UNLIMITED if problem.rules.radius is None else problem.rules.radius
    arrays = {name: getattr(problem, name) for name in Facts._fields if name != "radius"}
    return Facts(**arrays, radius=radius)


@njit(cache=True)  # type: ignore[untyped-decorator]
def metres_between(facts: Any, need: int, provider: int) -> int:
    """Return whole metres, `NO_DISTANCE` where a place is not stated."""
    if not (facts.need_placed[need] and facts.provider_placed[provider]):
        return NO_DISTANCE
    east = float(facts.need_place[need, 0] - facts.provider_place[provider, 0])
    north = float(facts.need_place[need, 1] - facts.provider_place[provider, 1])
    return int(np.sqrt(east * east + north * north))


@njit(cache=True)  # type: ignore[untyped-decorator]
def _meet(wanted: Any, offered: Any) -> tuple[bool, bool, bool]:
    """Tell whether two masks share a bit, and whether each has any."""
    shared = asked = given = False
    for word in range(len(wanted)):
        shared |= (wanted[word] & offered[word]) != 0
        asked |= wanted[word] != 0
        given |= offered[word] != 0
    return shared, asked, given


@njit(cache=True)  # type: ignore[untyped-decorator]
def _permits(rule: Any, number: int) -> bool:
    """Tell whether a use rule has the bit; a rule with all bits set permits everything."""
    if number >= 0 and (rule[number // 64] >> np.uint64(number % 64)) & np.uint64(1) == 1:
        return True
    for word in rule:
        if word != ~np.uint64(0):
            return False
    return True


@njit(cache=True)  # type: ignore[untyped-decorator]
def failing(facts: Any, line: int, provider: int, metres: int) -> int:
    """Return the tests that a pair fails, as bits in the order of `CODES`; 0 when allowed."""
    need = facts.line_need[line]
    failed = 0
    for word in range(facts.line_requires.shape[1]):
        asked = facts.line_requires[line, word]
        if asked & facts.provider_holds[provider, word] != asked:
            failed |= _SKILL
    reach = facts.provider_reach[provider]
    if (reach >= 0 and metres > reach) or (facts.radius >= 0 and metres > facts.radius):
        failed |= _TOO_FAR
    shared, asked, given = _meet(facts.need_slots[need], facts.provider_slots[provider])
    if asked and given and not shared:
        failed |= _SLOT
    shared, asked, given = _meet(facts.need_languages[need], facts.provider_languages[provider])
    if asked and not shared:
        failed |= _LANGUAGE
    if not _permits(facts.provider_categories[provider], facts.need_category[need]):
        failed |= _CATEGORY
    if not _permits(facts.provider_communities[provider], facts.need_community[need]):
        failed |= _COMMUNITY
    return failed


@njit(cache=True)  # type: ignore[untyped-decorator]
def _judge(facts: Any, lines: Any, providers: Any, metres: Any, failed: Any) -> None:
    for at in range(len(lines)):
        metres[at] = metres_between(facts, facts.line_need[lines[at]], providers[at])
        failed[at] = failing(facts, lines[at], providers[at], metres[at])


def judge(problem: MatchProblem, lines: Ints, providers: Ints) -> tuple[Ints, Ints]:
    """Return metres and failed tests (bits in the order of `CODES`) of pairs.

    Parameters
    ----------
    lines, providers
        Indices, shape ``(k,)`` both.
    """
    metres = np.empty(len(lines), dtype=np.int64)
    failed = np.empty(len(lines), dtype=np.int64)
    _judge(facts_of(problem), lines, providers, metres, failed)
    return metres, failed


def names_of(failed: int) -> list[str]:
    """Return the codes of failed tests."""
    return [code for bit, code in enumerate(CODES) if failed >> bit & 1]


def why_not(problem: MatchProblem, line: int, provider: int) -> list[str]:
    """Return the codes of the tests that one pair fails."""
    _, failed = judge(problem, np.array([line]), np.array([provider]))
    return names_of(int(failed[0]))
