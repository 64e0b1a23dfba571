"""Money with strings attached: uses are paid from sources whose rules allow them, to the fen.

Uses of the same category and community are interchangeable for every source, so money flows from
sources to such groups and then to the uses: 20,000 uses and 200 sources stay a small programme.
Value is in thousandths of a point: the points of each use in proportion to what is paid, minus
what the money spent would have been worth kept (`Source.keep`).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .exact import Model, load_model
from .outcome import MatchStop
from .problem import MAX_POINTS, MatchInputError

MAX_FEN = 10**13


@dataclass(frozen=True, slots=True)
class FundUse:
    """Something to be paid: ``amount`` in fen, worth ``points`` when fully paid.

    ``whole`` uses are paid in full or not at all; others in any part.
    """

    id: str
    amount: int
    points: int = 1000
    category: str | None = None
    community: str | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """A fund with ``budget`` fen and its use rules; ``None`` means no rule.

    ``keep`` is what an unspent yuan is worth, in thousandths of a point: give it to money without
    rules, so that earmarked money is spent first.
    """

    id: str
    budget: int
    categories: frozenset[str] | None = None
    communities: frozenset[str] | None = None
    keep: int = 0

    def allows(self, category: str | None, community: str | None) -> bool:
        """Say whether the use rules permit this category and community."""
        return (self.categories is None or category in self.categories) and (
            self.communities is None or community in self.communities
        )


@dataclass(frozen=True, slots=True)
class FundProblem:
    """Uses and sources; raises `MatchInputError` naming every fault."""

    uses: tuple[FundUse, ...]
    sources: tuple[Source, ...]

    def __post_init__(self) -> None:
        faults = [
            *_twice("use", [use.id for use in self.uses]),
            *_twice("source", [source.id for source in self.sources]),
        ]
        for use in self.uses:
            faults += _whole(f"use {use.id!r}: amount", use.amount, 1, MAX_FEN)
            faults += _whole(f"use {use.id!r}: points", use.points, 0, MAX_POINTS)
        for source in self.sources:
            faults += _whole(f"source {source.id!r}: budget", source.budget, 0, MAX_FEN)
            faults += _whole(f"source {source.id!r}: keep", source.keep, 0, MAX_POINTS)
        if faults:
            raise MatchInputError(faults)


@dataclass(frozen=True, slots=True)
class Allocation:
    """Who pays what: (use, source, fen), with value and bound in thousandths of a point.

    ``prices`` gives for each source what one more yuan of it would be worth, in thousandths.
    """

    payments: tuple[tuple[str, str, int], ...]
    value: int
    bound: int
    prices: dict[str, float]
    proof: str = "prices"

    @property
    def gap(self) -> float:
        """Share by which the best possible may exceed this value."""
        return max(0, self.bound - self.value) / max(1, self.bound)


def allocate(problem: FundProblem, *, seed: int = 0, stop: MatchStop | None = None) -> Allocation:
    """Pay uses from sources so that the points bought are the most, within every use rule.

    The amounts are whole fen and exact; the bound is proven by the prices or by branching.
    """
    stop = stop or MatchStop()
    groups = _groups(problem)
    solver, columns = _solve(problem, groups, seed, stop)
    values = np.array(solver.getSolution().col_value)
    duals = np.array(solver.getSolution().row_dual)
    prices = np.maximum(0.0, -duals[: len(problem.sources)]) if len(duals) else np.zeros(0)
    proven = -solver.getInfo().objective_function_value
    wholes = [at for at, use in enumerate(problem.uses) if use.whole]
    paid = values[columns["use"]]
    if wholes and bool((np.abs(paid[wholes] - np.round(paid[wholes])) > 1e-6).any()):
        values, proven = _branch(solver, columns, wholes, stop)
    payments = _to_the_fen(problem, groups, values, columns)
    value = value_of_payments(problem, payments)
    by_prices = bound_by_prices(problem, prices)
    bound = int(np.floor(min(by_prices, proven) + 1e-6 * max(1.0, abs(proven)))) + len(wholes[:1])
    return Allocation(
        payments,
        value,
        max(value, min(bound, int(by_prices) + 1)),
        {s.id: float(p) for s, p in zip(problem.sources, prices, strict=True)},
        "prices" if by_prices <= proven + 1 else "solver",
    )


def _twice(kind: str, ids: Sequence[str]) -> list[str]:
    seen: set[str] = set()
    faults = []
    for name in ids:
        if name in seen:
            faults.append(f"{kind} {name!r} is given twice")
        seen.add(name)
    return faults


def _whole(label: str, value: object, least: int, most: int) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, int):
        return [f"{label} must be a whole number, got {value!r}"]
    return [] if least <= value <= most else [f"{label} is {value}, allowed {least}…{most}"]


Group = tuple[list[int], list[int]]
"""Uses of one category and community, and the sources that may pay them."""


def _groups(problem: FundProblem) -> list[Group]:
    uses: dict[tuple[str | None, str | None], list[int]] = defaultdict(list)
    for at, use in enumerate(problem.uses):
        uses[use.category, use.community].append(at)
    return [
        (members, [s for s, source in enumerate(problem.sources) if source.allows(*kind)])
        for kind, members in uses.items()
    ]


def _solve(
    problem: FundProblem, groups: list[Group], seed: int, stop: MatchStop
) -> tuple[Any, dict[str, Any]]:
    """Write and solve the relaxation: shares of uses, yuan from sources to groups."""
    model = Model()
    budgets = model.add_rows(np.array([s.budget / 100 for s in problem.sources]))
    gains = np.array([use.points * 1000.0 for use in problem.uses])
    use_columns = model.add_columns(gains)
    balance = model.add_rows(np.zeros(len(groups)), equal=True)
    flows = []
    for row, (members, sources) in zip(balance, groups, strict=True):
        yuan = np.array([problem.uses[at].amount / 100 for at in members])
        model.put(np.full(len(members), row), use_columns[members], yuan)
        keep = np.array([-float(problem.sources[s].keep) for s in sources])
        flow = model.add_columns(keep, np.inf)
        model.put(np.full(len(flow), row), flow, -1.0)
        model.put(budgets[sources], flow, 1.0)
        flows.append(flow)
    solver = load_model(model, seed, stop)
    solver.run()
    return solver, {"use": use_columns, "flow": flows}


def _branch(
    solver: Any, columns: dict[str, Any], wholes: list[int], stop: MatchStop
) -> tuple[Any, float]:
    """Decide the all-or-nothing uses."""
    import highspy

    marked = columns["use"][wholes].astype(np.int32)
    kinds = np.full(len(marked), highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(len(marked), marked, kinds)
    solver.setOptionValue("mip_rel_gap", max(stop.gap, 1e-6))
    solver.run()
    info = solver.getInfo()
    values = np.array(solver.getSolution().col_value)
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.zeros_like(values)
    return values, -info.mip_dual_bound


def _to_the_fen(
    problem: FundProblem, groups: list[Group], values: Any, columns: dict[str, Any]
) -> tuple[tuple[str, str, int], ...]:
    """Turn the solver's rounded figures into exact fen that respect every budget."""
    left = [source.budget for source in problem.sources]
    flow: dict[tuple[int, int], int] = {}
    for g, (_, sources) in enumerate(groups):
        for s, amount in zip(sources, values[columns["flow"][g]], strict=True):
            flow[g, s] = min(left[s], max(0, round(float(amount) * 100)))
            left[s] -= flow[g, s]
    payments = []
    for g, (members, sources) in enumerate(groups):
        shares = {at: float(values[columns["use"][at]]) for at in members}
        wanted = _wanted(problem, shares)
        short = sum(wanted.values()) - sum(flow[g, s] for s in sources)
        short -= _pull(groups, flow, left, g, short)
        purse = deque((s, flow[g, s]) for s in sources if flow[g, s])
        for at in sorted(wanted, key=lambda at: (not problem.uses[at].whole, at)):
            amount = min(wanted[at], sum(fen for _, fen in purse))
            if problem.uses[at].whole and amount < wanted[at]:
                continue
            while amount:
                s, fen = purse.popleft()
                used = min(fen, amount)
                amount -= used
                payments.append((problem.uses[at].id, problem.sources[s].id, used))
                if fen > used:
                    purse.appendleft((s, fen - used))
    return tuple(payments)


def _wanted(problem: FundProblem, shares: dict[int, float]) -> dict[int, int]:
    wanted = {}
    for at, share in shares.items():
        use = problem.uses[at]
        fen = use.amount if share > 0.5 else 0
        if not use.whole:
            fen = min(use.amount, max(0, round(share * use.amount)))
        if fen:
            wanted[at] = fen
    return wanted


def _pull(
    groups: list[Group], flow: dict[tuple[int, int], int], left: list[int], group: int, short: int
) -> int:
    """Move up to `short` more fen to a group, through other groups if need be; return how much."""
    moved = 0
    while moved < short:
        path = _path(groups, flow, left, group)
        if path is None:
            break
        amount = min([short - moved, left[path[-1][1]], *(flow[g, s] for g, s in path[1::2])])
        for step, (g, s) in enumerate(path):
            flow[g, s] += amount if step % 2 == 0 else -amount
        left[path[-1][1]] -= amount
        moved += amount
    return moved


def _path(
    groups: list[Group], flow: dict[tuple[int, int], int], left: list[int], group: int
) -> list[tuple[int, int]] | None:
    """Find the shortest chain of sources and groups that ends at a source with money left."""
    came: dict[int, list[tuple[int, int]]] = {group: []}
    seen: set[int] = set()
    queue = deque([group])
    while queue:
        g = queue.popleft()
        for s in groups[g][1]:
            if s in seen:
                continue
            seen.add(s)
            path = [*came[g], (g, s)]
            if left[s] > 0:
                return path
            for other in range(len(groups)):
                if other not in came and flow.get((other, s), 0) > 0:
                    came[other] = [*path, (other, s)]
                    queue.append(other)
    return None


def value_of_payments(problem: FundProblem, payments: Sequence[tuple[str, str, int]]) -> int:
    """Return the value of payments in thousandths of a point, rounded down for each use."""
    paid: dict[str, int] = defaultdict(int)
    spent: dict[str, int] = defaultdict(int)
    for use, source, fen in payments:
        paid[use] += fen
        spent[source] += fen
    bought = sum(u.points * 1000 * paid[u.id] // u.amount for u in problem.uses if u.id in paid)
    kept = sum(-(-s.keep * spent[s.id] // 100) for s in problem.sources if s.id in spent)
    return bought - kept


def bound_by_prices(problem: FundProblem, prices: Any) -> float:
    """Return the bound proven by source prices (thousandths per yuan)."""
    if not len(prices):
        return float(sum(use.points * 1000 for use in problem.uses)) if problem.sources else 0.0
    total = sum(s.budget / 100 * p for s, p in zip(problem.sources, prices, strict=True))
    for members, sources in _groups(problem):
        if not sources:
            continue
        cheapest = min(float(prices[s]) + problem.sources[s].keep for s in sources)
        for at in members:
            use = problem.uses[at]
            total += max(0.0, use.points * 1000.0 - use.amount / 100 * cheapest)
    return float(total)


def check_allocation(problem: FundProblem, allocation: Allocation) -> tuple[str, ...]:
    """Audit payments from nothing: rules, budgets, amounts, value; return the faults found."""
    uses = {use.id: use for use in problem.uses}
    sources = {source.id: source for source in problem.sources}
    paid: dict[str, int] = dict.fromkeys(uses, 0)
    spent: dict[str, int] = dict.fromkeys(sources, 0)
    faults = []
    for name, payer, fen in allocation.payments:
        if name not in uses or payer not in sources or not isinstance(fen, int) or fen <= 0:
            faults.append(f"payment {(name, payer, fen)} is malformed")
            continue
        use, source = uses[name], sources[payer]
        if source.categories is not None and use.category not in source.categories:
            faults.append(f"source {payer!r} may not pay category {use.category!r} ({name!r})")
        if source.communities is not None and use.community not in source.communities:
            faults.append(f"source {payer!r} may not pay community {use.community!r} ({name!r})")
        paid[name] += fen
        spent[payer] += fen
    for name, use in uses.items():
        if paid[name] > use.amount:
            faults.append(f"use {name!r} is paid {paid[name]} of {use.amount}")
        if use.whole and 0 < paid[name] < use.amount:
            faults.append(f"use {name!r} is paid in part: {paid[name]} of {use.amount}")
    for name, source in sources.items():
        if spent[name] > source.budget:
            faults.append(f"source {name!r} spends {spent[name]} of {source.budget}")
    value = sum(use.points * 1000 * paid[name] // use.amount for name, use in uses.items())
    value -= sum((source.keep * spent[name] + 99) // 100 for name, source in sources.items())
    if value != allocation.value:
        faults.append(f"value is {value}, not {allocation.value}")
    if value > allocation.bound:
        faults.append(f"value {value} exceeds the bound {allocation.bound}")
    return tuple(faults)
