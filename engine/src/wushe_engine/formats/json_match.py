"""Needs and providers to be matched, and the match, as versioned JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from wushe_engine.matching import (
    Ban,
    Match,
    MatchInputError,
    MatchProblem,
    MatchReason,
    Need,
    Pin,
    Prices,
    Provider,
    Rules,
    Tie,
)

from .json_day import VERSION, dump, envelope, located, path_of_id
from .json_records import Faults, from_json, read_fields, to_json
from .json_text import FormatError, FormatFault, Path, line_of, written

MATCHING_FORMAT = "wushe-engine/matching"
MATCH_FORMAT = "wushe-engine/match"


@dataclass(frozen=True, slots=True)
class MatchInput:
    """Records of a matching, as they stand in a file."""

    needs: tuple[Need, ...]
    providers: tuple[Provider, ...]
    ties: tuple[Tie, ...] = ()
    bans: tuple[Ban, ...] = ()
    pins: tuple[Pin, ...] = ()
    rules: Rules = field(default_factory=Rules)

    def problem(self) -> MatchProblem:
        """Build the problem; raise `MatchInputError` with every fault."""
        return MatchProblem.of(
            self.needs,
            self.providers,
            ties=self.ties,
            bans=self.bans,
            pins=self.pins,
            rules=self.rules,
        )


def write_matching(given: MatchInput) -> str:
    """Return the JSON text of needs and providers; `read_matching` gives the same back."""
    return dump({"format": MATCHING_FORMAT, "version": VERSION, **to_json(given)})


def read_matching(text: str, *, file: str = "") -> MatchInput:
    """Read needs and providers from JSON, and make sure that they can be matched.

    Raises
    ------
    FormatError
        With every fault, its line and its path.
    """
    data = envelope(text, MATCHING_FORMAT, file)
    faults: Faults = []
    rest = {key: value for key, value in data.items() if key not in ("format", "version")}
    given = from_json(MatchInput, rest, (), faults)
    if given is None:
        raise located(text, faults, file)
    try:
        given.problem()
    except MatchInputError as error:
        raise FormatError(
            [_with_line(text, data, sentence, file) for sentence in error.faults]
        ) from None
    return given


def _with_line(text: str, data: dict[str, Any], sentence: str, file: str) -> FormatFault:
    """Find the first id that a sentence names, and its line."""
    names = re.findall(r"'([^']+)'", sentence)
    path: Path = next((p for p in (path_of_id(data, name) for name in names) if p), ())
    return FormatFault(sentence, line_of(text, path) if path else None, written(path), file)


@dataclass(frozen=True, slots=True)
class _Pair:
    need: str
    role: str
    provider: str
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class _PriceList:
    place: Mapping[str, int]
    stock: Mapping[str, int]
    slot: Mapping[str, Mapping[str, int]]
    community: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class MatchFile:
    """A match as it stands in the file: by ids, with prices in ticks where they are not zero."""

    pairs: tuple[_Pair, ...]
    value: int
    bound: int
    proof: str
    prices: _PriceList
    seed: int
    solver: str
    figures: Mapping[str, float]


def write_match(
    problem: MatchProblem,
    match: Match,
    reasons: Mapping[str, tuple[MatchReason, ...]] | None = None,
) -> str:
    """Return the JSON text of a match by ids, with the prices that prove its bound."""
    slots, roles = problem.vocabulary.slots, problem.vocabulary.roles
    pairs = tuple(
        _Pair(
            problem.need_ids[int(problem.line_need[line])],
            roles[int(problem.line_role[line])],
            problem.provider_ids[provider],
            slots[slot] if slot >= 0 else None,
        )
        for line, provider, slot in zip(
            match.line.tolist(), match.provider.tolist(), match.slot.tolist(), strict=True
        )
    )
    file = MatchFile(
        pairs,
        match.value,
        match.bound,
        match.proof,
        _price_list(problem, match.prices),
        match.seed,
        match.solver,
        match.figures,
    )
    data = {"format": MATCH_FORMAT, "version": VERSION, **to_json(file)}
    if reasons is not None:
        data["reasons"] = [to_json(each) for found in reasons.values() for each in found]
    return dump(data)


def _price_list(problem: MatchProblem, prices: Prices) -> _PriceList:
    by_slot: dict[str, dict[str, int]] = {}
    for provider, slot, ticks in prices.slot.tolist():
        name = problem.vocabulary.slots[slot]
        by_slot.setdefault(problem.provider_ids[provider], {})[name] = ticks
    return _PriceList(
        _named(problem.provider_ids, prices.place),
        _named(problem.provider_ids, prices.stock),
        by_slot,
        _named(problem.vocabulary.communities, prices.community),
    )


def _named(names: tuple[str, ...], ticks: Any) -> dict[str, int]:
    return {name: int(x) for name, x in zip(names, ticks.tolist(), strict=True) if x}


def read_match(text: str, problem: MatchProblem, *, file: str = "") -> Match:
    """Read a match of a problem from JSON.

    Raises
    ------
    FormatError
        For faults of the file, and for ids that the problem does not know.
    """
    data = envelope(text, MATCH_FORMAT, file)
    faults: Faults = []
    known = ("format", "version", "reasons")
    rest = {key: value for key, value in data.items() if key not in known}
    values = read_fields(MatchFile, rest, (), faults)
    if faults:
        raise located(text, faults, file)
    found = MatchFile(**values)
    rows = _rows(problem, found, faults)
    prices = _prices(problem, found.prices, faults)
    if faults:
        raise located(text, faults, file)
    line, provider, slot = (np.array(column, dtype=np.int64) for column in rows)
    return Match(
        line,
        provider,
        slot,
        found.value,
        found.bound,
        found.proof,
        prices,
        found.seed,
        found.solver,
        dict(found.figures),
    )


def _rows(
    problem: MatchProblem, found: MatchFile, faults: Faults
) -> tuple[list[int], list[int], list[int]]:
    roles = problem.vocabulary.roles
    lines = {
        (problem.need_ids[need], roles[role]): line
        for line, (need, role) in enumerate(
            zip(problem.line_need.tolist(), problem.line_role.tolist(), strict=True)
        )
    }
    providers = {name: at for at, name in enumerate(problem.provider_ids)}
    slots: dict[str | None, int] = {name: at for at, name in enumerate(problem.vocabulary.slots)}
    slots[None] = -1
    rows: tuple[list[int], list[int], list[int]] = ([], [], [])
    for at, pair in enumerate(found.pairs):
        path: Path = ("pairs", at)
        if (pair.need, pair.role) not in lines:
            faults.append((path, f"need {pair.need!r} with role {pair.role!r} is unknown"))
        elif pair.provider not in providers:
            faults.append(((*path, "provider"), f"provider {pair.provider!r} is unknown"))
        elif pair.slot not in slots:
            faults.append(((*path, "slot"), f"slot {pair.slot!r} is unknown"))
        else:
            rows[0].append(lines[pair.need, pair.role])
            rows[1].append(providers[pair.provider])
            rows[2].append(slots[pair.slot])
    return rows


def _prices(problem: MatchProblem, listed: _PriceList, faults: Faults) -> Prices:
    def array(name: str, names: tuple[str, ...], given: Mapping[str, int]) -> Any:
        unknown = sorted(set(given) - set(names))
        if unknown:
            faults.append((("prices", name, unknown[0]), f"{unknown[0]!r} is unknown"))
        return np.array([given.get(each, 0) for each in names], dtype=np.int64)

    providers = {name: at for at, name in enumerate(problem.provider_ids)}
    slots = {name: at for at, name in enumerate(problem.vocabulary.slots)}
    rows = []
    for name, priced in listed.slot.items():
        for slot, ticks in priced.items():
            if name not in providers or slot not in slots:
                faults.append((("prices", "slot", name), f"{name!r} or {slot!r} is unknown"))
            else:
                rows.append((providers[name], slots[slot], ticks))
    return Prices(
        place=array("place", problem.provider_ids, listed.place),
        stock=array("stock", problem.provider_ids, listed.stock),
        slot=np.array(rows, dtype=np.int64).reshape(-1, 3),
        community=array("community", problem.vocabulary.communities, listed.community),
    )
