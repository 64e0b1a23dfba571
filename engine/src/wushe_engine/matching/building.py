"""From records to arrays: names become bits, unknown names become faults with their id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .problem import (
    MAX_AMOUNT,
    NOT_STATED,
    UNLIMITED,
    Flags,
    Ints,
    Masks,
    MatchInputError,
    MatchProblem,
)
from .records import Ban, Need, Pin, Provider, Rules, Tie, Vocabulary


def build(
    needs: Sequence[Need],
    providers: Sequence[Provider],
    ties: Sequence[Tie],
    bans: Sequence[Ban],
    pins: Sequence[Pin],
    rules: Rules,
) -> MatchProblem:
    """Build the arrays of `MatchProblem` from records; raise `MatchInputError` with all faults."""
    faults = _record_faults(needs, providers, ties)
    if faults:
        raise MatchInputError(faults)
    words = _vocabulary(needs, providers)
    need_index = {need.id: i for i, need in enumerate(needs)}
    provider_index = {provider.id: i for i, provider in enumerate(providers)}
    tie_pairs = _pairs("tie", ties, need_index, provider_index, faults)
    ban_pairs = _pairs("ban", bans, need_index, provider_index, faults)
    pin_pairs = _pin_pairs(pins, needs, need_index, provider_index, faults)
    if faults:
        raise MatchInputError(faults)
    return MatchProblem(
        **_need_arrays(needs, words),
        **_line_arrays(needs, words),
        **_provider_arrays(providers, words),
        ties=tie_pairs,
        tie_points=_ints(tie.points for tie in ties),
        bans=ban_pairs,
        pins=pin_pairs,
        rules=rules,
        vocabulary=words,
    )


def _record_faults(
    needs: Sequence[Need], providers: Sequence[Provider], ties: Sequence[Tie]
) -> list[str]:
    """Find what numpy would refuse or silently change: text, fractions, NaN, huge numbers."""
    faults: list[str] = []
    for need in needs:
        owner = f"need {need.id!r}"
        faults += [] if need.roles else [f"{owner}: at least one role is needed"]
        names = [role.name for role in need.roles]
        if len(set(names)) < len(names):
            faults.append(f"{owner}: a role name is given twice; use count")
        for role in need.roles:
            for name in ("count", "points", "amount"):
                faults += _number(owner, f"role {role.name!r} {name}", getattr(role, name))
        faults += _place_faults(owner, need.place)
    for provider in providers:
        owner = f"provider {provider.id!r}"
        for name in ("places", "cost"):
            faults += _number(owner, name, getattr(provider, name))
        for name in ("stock", "reach"):
            value = getattr(provider, name)
            found = [] if value is None else _number(owner, name, value)
            if value is not None and not found and value < 0:
                found = [f"{owner}: {name} is {value}, allowed 0…"]
            faults += found
        faults += _place_faults(owner, provider.place)
    for tie in ties:
        faults += _number(f"tie of {tie.need!r} and {tie.provider!r}", "points", tie.points)
    return faults


def _number(owner: str, name: str, value: object) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        return [f"{owner}: {name} must be a whole number, got {value!r}"]
    if abs(int(value)) > MAX_AMOUNT:
        return [f"{owner}: {name} is out of range, got {value!r}"]
    return []


def _place_faults(owner: str, place: tuple[int, int] | None) -> list[str]:
    if place is None:
        return []
    if len(place) != 2:
        return [f"{owner}: place must be metres east and north, got {place!r}"]
    return [fault for value in place for fault in _number(owner, "place", value)]


def _vocabulary(needs: Sequence[Need], providers: Sequence[Provider]) -> Vocabulary:
    def names(*groups: Iterable[str | None]) -> tuple[str, ...]:
        return tuple(sorted({name for group in groups for name in group if name is not None}))

    return Vocabulary(
        skills=names(
            *(role.skills for need in needs for role in need.roles), *(p.skills for p in providers)
        ),
        languages=names(*(n.languages for n in needs), *(p.languages for p in providers)),
        slots=names(*(n.slots for n in needs), *(p.slots for p in providers)),
        categories=names((n.category for n in needs), *(p.categories or () for p in providers)),
        communities=names((n.community for n in needs), *(p.communities or () for p in providers)),
        roles=names(
            *((role.name for role in need.roles) for need in needs), *(p.roles for p in providers)
        ),
    )


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)


def _flags(values: Iterable[bool]) -> Flags:
    return np.fromiter(values, dtype=np.bool_)


def masks(rows: Sequence[Iterable[int]], bits: int) -> Masks:
    """Pack lists of bit numbers into words of 64 bits; shape ``(len(rows), words)``."""
    packed = np.zeros((len(rows), max(1, -(-bits // 64))), dtype=np.uint64)
    for row, numbers in enumerate(rows):
        for bit in numbers:
            packed[row, bit // 64] |= np.uint64(1 << (bit % 64))
    return packed


def _places(items: Sequence[Need] | Sequence[Provider]) -> Ints:
    return np.array([item.place or (0, 0) for item in items], dtype=np.int64).reshape(-1, 2)


def _index(names: tuple[str, ...]) -> dict[str, int]:
    return {name: i for i, name in enumerate(names)}


def _named(rows: Iterable[Iterable[str]], names: tuple[str, ...]) -> Masks:
    index = _index(names)
    return masks([[index[name] for name in row] for row in rows], len(names))


def _need_arrays(needs: Sequence[Need], words: Vocabulary) -> dict[str, Any]:
    category, community = _index(words.categories), _index(words.communities)
    return {
        "need_ids": tuple(need.id for need in needs),
        "need_place": _places(needs),
        "need_placed": _flags(need.place is not None for need in needs),
        "need_slots": _named((need.slots for need in needs), words.slots),
        "need_languages": _named((need.languages for need in needs), words.languages),
        "need_category": _ints(
            NOT_STATED if n.category is None else category[n.category] for n in needs
        ),
        "need_community": _ints(
            NOT_STATED if n.community is None else community[n.community] for n in needs
        ),
        "need_whole": _flags(need.whole for need in needs),
    }


def _line_arrays(needs: Sequence[Need], words: Vocabulary) -> dict[str, Any]:
    lines = [(i, role) for i, need in enumerate(needs) for role in need.roles]
    role_bit, skill_bit = _index(words.roles), _index(words.skills)
    bits = [
        [role_bit[role.name], *(len(role_bit) + skill_bit[skill] for skill in role.skills)]
        for _, role in lines
    ]
    return {
        "line_need": _ints(i for i, _ in lines),
        "line_role": _ints(role_bit[role.name] for _, role in lines),
        "line_requires": masks(bits, len(role_bit) + len(skill_bit)),
        "line_count": _ints(role.count for _, role in lines),
        "line_points": _ints(role.points for _, role in lines),
        "line_amount": _ints(role.amount for _, role in lines),
    }


def _provider_arrays(providers: Sequence[Provider], words: Vocabulary) -> dict[str, Any]:
    role_bit, skill_bit = _index(words.roles), _index(words.skills)
    holds = [
        [*(role_bit[name] for name in p.roles), *(len(role_bit) + skill_bit[s] for s in p.skills)]
        for p in providers
    ]
    return {
        "provider_ids": tuple(p.id for p in providers),
        "provider_place": _places(providers),
        "provider_placed": _flags(p.place is not None for p in providers),
        "provider_reach": _ints(UNLIMITED if p.reach is None else p.reach for p in providers),
        "provider_holds": masks(holds, len(role_bit) + len(skill_bit)),
        "provider_languages": _named((p.languages for p in providers), words.languages),
        "provider_slots": _named((p.slots for p in providers), words.slots),
        "provider_places": _ints(p.places for p in providers),
        "provider_stock": _ints(UNLIMITED if p.stock is None else p.stock for p in providers),
        "provider_cost": _ints(p.cost for p in providers),
        "provider_categories": _use_rules([p.categories for p in providers], words.categories),
        "provider_communities": _use_rules([p.communities for p in providers], words.communities),
    }


def _use_rules(rows: Sequence[frozenset[str] | None], names: tuple[str, ...]) -> Masks:
    packed = _named((row or () for row in rows), names)
    free = np.fromiter((row is None for row in rows), dtype=np.bool_, count=len(rows))
    packed[free] = ~np.uint64(0)
    return packed


def _pairs(
    kind: str,
    items: Sequence[Tie | Ban],
    needs: dict[str, int],
    providers: dict[str, int],
    faults: list[str],
) -> Ints:
    pairs = np.zeros((len(items), 2), dtype=np.int64)
    for row, item in enumerate(items):
        if item.need not in needs:
            faults.append(f"{kind}: need {item.need!r} is unknown")
        elif item.provider not in providers:
            faults.append(f"{kind}: provider {item.provider!r} is unknown")
        else:
            pairs[row] = needs[item.need], providers[item.provider]
    return pairs


def _pin_pairs(
    pins: Sequence[Pin],
    needs: Sequence[Need],
    need_index: dict[str, int],
    provider_index: dict[str, int],
    faults: list[str],
) -> Ints:
    first = np.cumsum([0, *(len(need.roles) for need in needs)])
    pairs = np.zeros((len(pins), 2), dtype=np.int64)
    for row, pin in enumerate(pins):
        need = need_index.get(pin.need)
        if need is None:
            faults.append(f"pin: need {pin.need!r} is unknown")
            continue
        names = [role.name for role in needs[need].roles]
        if pin.role not in names:
            faults.append(f"pin: need {pin.need!r} has no role {pin.role!r}")
        elif pin.provider not in provider_index:
            faults.append(f"pin: provider {pin.provider!r} is unknown")
        else:
            pairs[row] = first[need] + names.index(pin.role), provider_index[pin.provider]
    return pairs
