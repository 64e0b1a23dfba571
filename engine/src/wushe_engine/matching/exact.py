"""Exact matching: a linear programme first, branching only where a team or a cap forces it.

HiGHS solves the standard form; its dual values become the prices behind the reasons.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from .market import Market, balance_gains, community_units, load_costs
from .outcome import TICKS, MatchStop, Prices
from .problem import NOT_STATED, UNLIMITED, Ints

Numbers = npt.NDArray[np.int64] | npt.NDArray[np.float64]
_WHOLE = 1e-6


@dataclass(slots=True)
class Model:
    """Rows and columns of a maximisation, collected before they go to HiGHS."""

    gain: list[Any] = field(default_factory=list)
    upper: list[Any] = field(default_factory=list)
    lower_row: list[Any] = field(default_factory=list)
    upper_row: list[Any] = field(default_factory=list)
    at_row: list[Any] = field(default_factory=list)
    at_column: list[Any] = field(default_factory=list)
    factor: list[Any] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add_columns(self, gain: Numbers, upper: float = 1.0) -> Ints:
        """Add columns within ``0…upper``; return their numbers."""
        numbers = np.arange(self.columns, self.columns + len(gain))
        self.gain.append(np.asarray(gain, dtype=np.float64))
        self.upper.append(np.full(len(gain), upper))
        self.columns += len(gain)
        return numbers

    def add_rows(self, upper: Numbers, *, equal: bool = False) -> Ints:
        """Add rows ``… ≤ upper`` (or equal to it); return their numbers."""
        numbers = np.arange(self.rows, self.rows + len(upper))
        high = np.asarray(upper, dtype=np.float64)
        self.upper_row.append(high)
        self.lower_row.append(high if equal else np.full(len(high), -np.inf))
        self.rows += len(upper)
        return numbers

    def put(self, rows: Ints, columns: Ints, factor: Numbers | float) -> None:
        """Set coefficients."""
        self.at_row.append(rows)
        self.at_column.append(columns)
        self.factor.append(np.broadcast_to(np.asarray(factor, dtype=np.float64), rows.shape))


@dataclass(frozen=True, slots=True, eq=False)
class ExactResult:
    """Chosen pairs of the market, prices, the proven bound and what proved it."""

    chosen: Ints
    prices: Prices
    bound: int | None
    nodes: int


def solve_exactly(market: Market, *, seed: int, stop: MatchStop) -> ExactResult:
    """Solve the market; stop at the wanted gap or at the time limit with the best found."""
    model, rows = _model(market)
    solver = load_model(model, seed, stop)
    solver.run()
    values = np.array(solver.getSolution().col_value)
    duals = np.array(solver.getSolution().row_dual)
    prices = _prices(market, rows, duals)
    pairs = values[: len(market.pair)]
    if len(duals) and bool((np.abs(values - np.round(values)) < _WHOLE).all()):
        relaxed = _floor(-solver.getInfo().objective_function_value)
        return ExactResult(np.flatnonzero(pairs > 0.5), prices, relaxed, 0)
    return _branch(solver, model, market, prices, stop)


def _branch(
    solver: Any, model: Model, market: Market, prices: Prices, stop: MatchStop
) -> ExactResult:
    import highspy

    kinds = np.full(model.columns, highspy.HighsVarType.kInteger)
    solver.changeColsIntegrality(model.columns, np.arange(model.columns, dtype=np.int32), kinds)
    solver.setOptionValue("mip_rel_gap", stop.gap)
    solver.setOptionValue("mip_abs_gap", 0.99)  # values are whole points
    solver.run()
    info = solver.getInfo()
    values = np.array(solver.getSolution().col_value)[: len(market.pair)]
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.zeros(len(market.pair))
    proven = _floor(-info.mip_dual_bound)
    return ExactResult(np.flatnonzero(values > 0.5), prices, proven, int(info.mip_node_count))


def _floor(bound: float) -> int | None:
    """Return the whole points below a bound, forgiving the rounding of the solver."""
    if not np.isfinite(bound):
        return None
    return int(np.floor(bound + _WHOLE * max(1.0, abs(bound))))


def load_model(model: Model, seed: int, stop: MatchStop) -> Any:
    """Hand the model to HiGHS, quiet, on one thread so that a seed decides the result."""
    import highspy
    from scipy.sparse import coo_matrix

    matrix = coo_matrix(
        (_flat(model.factor), (_flat(model.at_row), _flat(model.at_column))),
        shape=(model.rows, model.columns),
    ).tocsr()
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = model.columns, model.rows
    lp.col_cost_ = -_flat(model.gain)
    lp.col_lower_, lp.col_upper_ = np.zeros(model.columns), _flat(model.upper)
    lp.row_lower_, lp.row_upper_ = _flat(model.lower_row), _flat(model.upper_row)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    for name, value in (
        ("output_flag", False),
        ("threads", 1),
        ("random_seed", seed % 2**31),
        ("time_limit", np.inf if stop.seconds is None else float(stop.seconds)),
    ):
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    return solver


def _flat(parts: list[Any]) -> Any:
    return np.concatenate(parts) if parts else np.zeros(0)


def _model(market: Market) -> tuple[Model, dict[str, Ints]]:
    """Write the market as rows and columns; the first columns are the pairs."""
    model = Model()
    pairs = model.add_columns(market.score)
    rows = {"place": _provider_rows(model, market, pairs)}
    whole = _line_rows(model, market, pairs)
    rows["stock"] = _stock_rows(model, market, pairs)
    rows["slot"] = _slot_rows(model, market, pairs)
    _once_rows(model, market, pairs)
    _together_rows(model, market, pairs, whole)
    rows["community"] = _community_rows(model, market, pairs)
    return model, rows


def _provider_rows(model: Model, market: Market, pairs: Ints) -> Ints:
    problem = market.problem
    fair = problem.rules.load_points > 0
    rows = model.add_rows(np.where(fair, 0, market.room), equal=fair)
    model.put(rows[market.provider], pairs, 1)
    if fair:
        offered = np.bincount(market.provider, minlength=problem.providers)
        for each in np.flatnonzero(offered):
            first = int(market.taken[each])
            last = first + min(int(market.room[each]), int(offered[each]))
            levels = model.add_columns(-load_costs(problem, int(each), first, last))
            model.put(np.full(len(levels), rows[each]), levels, -1)
    return rows


def _line_rows(model: Model, market: Market, pairs: Ints) -> Ints:
    """Limit each line; tie the lines of an all-or-nothing need to one yes or no."""
    need = market.problem.line_need
    whole = market.whole[need]
    part = np.flatnonzero(~whole)
    of_line = np.zeros(market.problem.lines, dtype=np.int64)
    of_line[part] = model.add_rows(market.want[part])
    teams = np.flatnonzero(market.whole)
    yes = np.zeros(market.problem.needs, dtype=np.int64)
    yes[teams] = model.add_columns(np.zeros(len(teams), dtype=np.int64))
    tied = np.flatnonzero(whole)
    of_line[tied] = model.add_rows(np.zeros(len(tied), dtype=np.int64), equal=True)
    model.put(of_line[market.line], pairs, 1)
    model.put(of_line[tied], yes[need[tied]], -market.want[tied])
    return yes


def _stock_rows(model: Model, market: Market, pairs: Ints) -> Ints:
    rows = np.full(market.problem.providers, -1, dtype=np.int64)
    limited = np.flatnonzero(market.stock != UNLIMITED)
    rows[limited] = model.add_rows(market.stock[limited])
    mine = np.flatnonzero(rows[market.provider] >= 0)
    amount = market.problem.line_amount[market.line[mine]]
    model.put(rows[market.provider[mine]], pairs[mine], amount)
    return rows


def _slot_rows(model: Model, market: Market, pairs: Ints) -> Ints:
    """Let each slot of a provider be used once; return provider, slot and row of each."""
    timed = np.flatnonzero(market.slot >= 0)
    width = max(1, int(market.slot.max(initial=0)) + 1)
    key, which = np.unique(market.provider[timed] * width + market.slot[timed], return_inverse=True)
    rows = model.add_rows(np.ones(len(key), dtype=np.int64))
    model.put(rows[which], pairs[timed], 1)
    return np.stack([key // width, key % width, rows], axis=1)


def _once_rows(model: Model, market: Market, pairs: Ints) -> None:
    """Let a provider serve a need once, whatever the role or the slot."""
    width = max(1, market.problem.providers)
    key = market.problem.line_need[market.line] * width + market.provider
    _, which, count = np.unique(key, return_inverse=True, return_counts=True)
    many = np.flatnonzero(count > 1)
    row_of = np.full(len(count), -1, dtype=np.int64)
    row_of[many] = model.add_rows(np.ones(len(many), dtype=np.int64))
    mine = np.flatnonzero(row_of[which] >= 0)
    model.put(row_of[which[mine]], pairs[mine], 1)


def _together_rows(model: Model, market: Market, pairs: Ints, yes: Ints) -> None:
    """Let a team come at one and the same time."""
    need = market.problem.line_need[market.line]
    timed = np.flatnonzero((market.slot >= 0) & market.whole[need])
    if not len(timed):
        return
    width = int(market.slot.max()) + 1
    key, which = np.unique(need[timed] * width + market.slot[timed], return_inverse=True)
    at = model.add_columns(np.zeros(len(key), dtype=np.int64))
    teams, team = np.unique(key // width, return_inverse=True)
    one = model.add_rows(np.zeros(len(teams), dtype=np.int64))
    model.put(one[team], at, 1)
    model.put(one, yes[teams], -1)
    part = market.line[timed] * width + market.slot[timed]
    parts, first, of_part = np.unique(part, return_index=True, return_inverse=True)
    limit = model.add_rows(np.zeros(len(parts), dtype=np.int64))
    model.put(limit[of_part], pairs[timed], 1)
    model.put(limit, at[which[first]], -market.want[parts // width])


def _community_rows(model: Model, market: Market, pairs: Ints) -> Ints:
    problem = market.problem
    names = len(problem.vocabulary.communities)
    if not problem.rules.balance_points:
        return np.full(names, -1, dtype=np.int64)
    rows = model.add_rows(np.zeros(names, dtype=np.int64), equal=True)
    community = problem.need_community[problem.line_need[market.line]]
    stated = np.flatnonzero(community != NOT_STATED)
    model.put(rows[community[stated]], pairs[stated], 1)
    of_pin = problem.need_community[problem.line_need[problem.pins[:, 0]]]
    done = np.bincount(of_pin[of_pin != NOT_STATED], minlength=names)
    for each, wanted in enumerate(community_units(problem)):
        levels = model.add_columns(balance_gains(problem, int(wanted))[int(done[each]) :])
        model.put(np.full(len(levels), rows[each]), levels, -1)
    return rows


def _prices(market: Market, rows: dict[str, Ints], duals: Any) -> Prices:
    """Turn dual values of the minimisation into prices in ticks."""
    if not len(duals):
        duals = np.zeros(1)

    def ticks(at: Ints, sign: int) -> Ints:
        found = np.where(at >= 0, duals[np.where(at >= 0, at, 0)], 0.0)
        return np.asarray(np.rint(sign * found * TICKS), dtype=np.int64)

    place = ticks(rows["place"], -1)
    if not market.problem.rules.load_points:
        place = np.maximum(place, 0)
    slot = rows["slot"].copy()
    slot[:, 2] = np.maximum(ticks(rows["slot"][:, 2], -1), 0)
    return Prices(
        place=place,
        stock=np.maximum(ticks(rows["stock"], -1), 0),
        slot=slot[slot[:, 2] > 0],
        community=ticks(rows["community"], 1),
    )
