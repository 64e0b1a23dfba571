"""Which pairs are allowed at all: skills, place, time slots, language and use rules."""

from __future__ import annotations

import numpy as np

from .problem import NOT_STATED, UNLIMITED, Flags, Ints, Masks, MatchProblem

CODES = ("skill", "too_far", "slot", "language", "category", "community")
NO_DISTANCE = -1


def distances(problem: MatchProblem, needs: Ints, providers: Ints) -> Ints:
    """Return whole metres between each pair, `NO_DISTANCE` where a place is not stated.

    Parameters
    ----------
    needs, providers
        Indices, same shape.
    """
    delta = (problem.need_place[needs] - problem.provider_place[providers]).astype(np.float64)
    metres = np.sqrt(delta[..., 0] ** 2 + delta[..., 1] ** 2).astype(np.int64)
    placed = problem.need_placed[needs] & problem.provider_placed[providers]
    return np.where(placed, metres, NO_DISTANCE)


def _shares(wanted: Masks, offered: Masks, rows: Ints, columns: Ints) -> Flags:
    """Tell where two masks share a bit or one side of `wanted` asks for nothing."""
    asked = np.zeros(rows.shape, dtype=np.bool_)
    shared = np.zeros(rows.shape, dtype=np.bool_)
    for word in range(wanted.shape[1]):
        left = wanted[rows, word]
        asked |= left != 0
        shared |= (left & offered[columns, word]) != 0
    return ~asked | shared


def _slots_meet(problem: MatchProblem, needs: Ints, providers: Ints) -> Flags:
    """Tell where times overlap; a side without times fits any time."""
    meets = _shares(problem.need_slots, problem.provider_slots, needs, providers)
    return meets | ~problem.provider_slots.any(axis=1)[providers]


def _allowed(numbers: Ints, rule: Masks, providers: Ints) -> Flags:
    """Tell where the bit numbered `numbers` is set in the provider's use rule."""
    known = numbers != NOT_STATED
    bit = np.where(known, numbers, 0)
    words = rule[providers, np.minimum(bit // 64, rule.shape[1] - 1)]
    allowed = (words >> (bit % 64).astype(np.uint64)) & np.uint64(1) == 1
    free = (rule == ~np.uint64(0)).all(axis=1)[providers]
    return (allowed & known) | free


def tests(problem: MatchProblem, lines: Ints, providers: Ints) -> dict[str, Flags]:
    """Return, for each code of `CODES`, where the pairs pass that test.

    Parameters
    ----------
    lines, providers
        Indices, same shape.
    """
    needs = problem.line_need[lines]
    holds = np.ones(lines.shape, dtype=np.bool_)
    for word in range(problem.line_requires.shape[1]):
        asked = problem.line_requires[lines, word]
        holds &= (asked & problem.provider_holds[providers, word]) == asked
    return {
        "skill": holds,
        "too_far": within_reach(problem, distances(problem, needs, providers), providers),
        "slot": _slots_meet(problem, needs, providers),
        "language": _shares(problem.need_languages, problem.provider_languages, needs, providers),
        "category": _allowed(problem.need_category[needs], problem.provider_categories, providers),
        "community": _allowed(
            problem.need_community[needs], problem.provider_communities, providers
        ),
    }


def within_reach(problem: MatchProblem, metres: Ints, providers: Ints) -> Flags:
    """Tell where the distance respects the provider's reach and the radius of the rules."""
    reach = problem.provider_reach[providers]
    fits = (reach == UNLIMITED) | (metres <= reach)
    if problem.rules.radius is not None:
        fits &= metres <= problem.rules.radius
    return fits


def eligible(problem: MatchProblem, lines: Ints, providers: Ints) -> Flags:
    """Tell where a pair passes every test."""
    passed = np.ones(lines.shape, dtype=np.bool_)
    for flags in tests(problem, lines, providers).values():
        passed &= flags
    return passed


def why_not(problem: MatchProblem, line: int, provider: int) -> list[str]:
    """Return the codes of the tests that one pair fails."""
    pair = np.array([line]), np.array([provider])
    return [code for code, flags in tests(problem, *pair).items() if not flags[0]]
