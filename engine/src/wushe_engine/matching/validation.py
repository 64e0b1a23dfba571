"""What must hold before a matching is attempted: shapes, ranges, and pins that do not clash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .problem import MatchProblem


def faults_of(problem: MatchProblem) -> list[str]:
    """Return one sentence for each fault; empty when the problem is sound."""
    faults = _shape_faults(problem)
    if faults:
        return faults
    return [
        *_twice("need", problem.need_ids),
        *_twice("provider", problem.provider_ids),
        *_range_faults(problem),
        *_pair_faults(problem),
    ] or _pin_faults(problem)


def _shape_faults(problem: MatchProblem) -> list[str]:
    faults = []
    rows = {"need": problem.needs, "line": problem.lines, "provider": problem.providers}
    for name in problem.__slots__:
        value = getattr(problem, name)
        kind = name.split("_")[0]
        if not isinstance(value, np.ndarray) or kind not in rows:
            continue
        if value.dtype.kind == "f":
            faults.append(f"{name}: whole numbers are expected, not {value.dtype}")
        if value.ndim == 0 or value.shape[0] != rows[kind]:
            faults.append(f"{name}: {rows[kind]} rows are expected, got shape {value.shape}")
    for left, right in (
        (problem.line_requires, problem.provider_holds),
        (problem.need_slots, problem.provider_slots),
        (problem.need_languages, problem.provider_languages),
    ):
        if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[1]:
            faults.append(f"masks of different width: {left.shape} and {right.shape}")
    return faults


def _twice(kind: str, ids: tuple[str, ...]) -> list[str]:
    if len(set(ids)) == len(ids):
        return []
    seen: set[str] = set()
    double = sorted({i for i in ids if i in seen or seen.add(i)})  # type: ignore[func-returns-value]
    return [f"{kind} {name!r} is given twice" for name in double]


def _range_faults(problem: MatchProblem) -> list[str]:
    from .problem import MAX_AMOUNT, MAX_METRES, MAX_POINTS

    checks = (
        ("line_count", problem.line_count, 1, 10**6),
        ("line_points", problem.line_points, 0, MAX_POINTS),
        ("line_amount", problem.line_amount, 0, MAX_AMOUNT),
        ("provider_places", problem.provider_places, 0, 10**9),
        ("provider_stock", problem.provider_stock, -1, MAX_AMOUNT),
        ("provider_cost", problem.provider_cost, -MAX_POINTS, MAX_POINTS),
        ("provider_reach", problem.provider_reach, -1, MAX_METRES),
        ("need_place", problem.need_place, -MAX_METRES, MAX_METRES),
        ("provider_place", problem.provider_place, -MAX_METRES, MAX_METRES),
        ("tie_points", problem.tie_points, -MAX_POINTS, MAX_POINTS),
    )
    faults = []
    for name, values, least, most in checks:
        wrong = (values < least) | (values > most)
        if wrong.any():
            row = int(np.argwhere(wrong)[0][0])
            faults.append(
                f"{_owner(problem, name, row)}: {name} is {values[row]}, allowed {least}…{most}"
            )
    if problem.lines and (np.diff(problem.line_need) < 0).any():
        faults.append("line_need must be ascending")
    rules = problem.rules
    for name in ("points_per_km", "load_points", "balance_points"):
        if not 0 <= getattr(rules, name) <= MAX_POINTS:
            faults.append(f"rules: {name} is {getattr(rules, name)}, allowed 0…{MAX_POINTS}")
    if rules.candidates < 1:
        faults.append(f"rules: candidates is {rules.candidates}, allowed 1…")
    if rules.radius is not None and not 0 <= rules.radius <= MAX_METRES:
        faults.append(f"rules: radius is {rules.radius}, allowed 0…{MAX_METRES}")
    return faults


def _owner(problem: MatchProblem, name: str, row: int) -> str:
    if name.startswith("line"):
        return f"need {problem.need_ids[int(problem.line_need[row])]!r}"
    if name.startswith("need"):
        return f"need {problem.need_ids[row]!r}"
    if name.startswith("provider"):
        return f"provider {problem.provider_ids[row]!r}"
    return f"{name} row {row}"


def _pair_faults(problem: MatchProblem) -> list[str]:
    faults = []
    for name, pairs, rows in (
        ("ties", problem.ties, problem.needs),
        ("bans", problem.bans, problem.needs),
        ("pins", problem.pins, problem.lines),
    ):
        if pairs.ndim != 2 or pairs.shape[1] != 2:
            faults.append(f"{name}: shape (…, 2) is expected, got {pairs.shape}")
        elif len(pairs) and (
            pairs.min() < 0 or pairs[:, 0].max() >= rows or pairs[:, 1].max() >= problem.providers
        ):
            faults.append(f"{name}: an index is outside the problem")
    if len(problem.tie_points) != len(problem.ties):
        faults.append("tie_points: one number for each tie is expected")
    if problem.lines and (problem.line_need.min() < 0 or problem.line_need.max() >= problem.needs):
        faults.append("line_need: an index is outside the problem")
    return faults


def _pin_faults(problem: MatchProblem) -> list[str]:
    """Find pins that contradict a rule, a ban, a capacity or each other."""
    from .eligibility import why_not

    faults = []
    banned = {(int(n), int(p)) for n, p in problem.bans}
    used: dict[int, int] = {}
    spent: dict[int, int] = {}
    filled: dict[int, int] = {}
    seen: set[tuple[int, int]] = set()
    for line, provider in ((int(a), int(b)) for a, b in problem.pins):
        need = int(problem.line_need[line])
        label = f"pin of {problem.provider_ids[provider]!r} to need {problem.need_ids[need]!r}"
        if (need, provider) in seen:
            faults.append(f"{label}: the same provider is pinned twice to this need")
        if (need, provider) in banned:
            faults.append(f"{label}: the pair is also banned")
        faults += [f"{label}: {code}" for code in why_not(problem, line, provider)]
        seen.add((need, provider))
        used[provider] = used.get(provider, 0) + 1
        spent[provider] = spent.get(provider, 0) + int(problem.line_amount[line])
        filled[line] = filled.get(line, 0) + 1
    for provider, count in used.items():
        name, stock = problem.provider_ids[provider], int(problem.provider_stock[provider])
        if count > problem.provider_places[provider]:
            faults.append(
                f"provider {name!r}: {count} pins, {problem.provider_places[provider]} places"
            )
        if 0 <= stock < spent[provider]:
            faults.append(f"provider {name!r}: pins spend {spent[provider]} of a stock of {stock}")
    for line, count in filled.items():
        if count > problem.line_count[line]:
            need_id = problem.need_ids[int(problem.line_need[line])]
            faults.append(f"need {need_id!r}: {count} pins for {problem.line_count[line]} places")
    return faults
