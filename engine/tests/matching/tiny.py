"""Random tiny matching problems and the best answer found by trying everything."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from itertools import product

from wushe_engine.matching import Ban, MatchProblem, Need, Pin, Provider, Role, Rules, Tie


@dataclass
class Tiny:
    needs: list[Need]
    providers: list[Provider]
    ties: list[Tie] = field(default_factory=list)
    bans: list[Ban] = field(default_factory=list)
    pins: list[Pin] = field(default_factory=list)
    rules: Rules = field(default_factory=Rules)

    def problem(self) -> MatchProblem:
        return MatchProblem.of(
            self.needs,
            self.providers,
            ties=self.ties,
            bans=self.bans,
            pins=self.pins,
            rules=self.rules,
        )


def some(rng: random.Random, names: str, chance: float) -> frozenset[str]:
    return frozenset(name for name in names.split() if rng.random() < chance)


def random_tiny(seed: int, *, plain: bool = False) -> Tiny:
    """Build a problem small enough to enumerate; `plain` leaves out teams and stock."""
    rng = random.Random(seed)
    needs = []
    for i in range(rng.randint(1, 3)):
        roles = tuple(
            Role(
                name,
                count=1 if plain or rng.random() < 0.7 else 2,
                points=rng.choice([40, 100, 300]),
                skills=some(rng, "cook lift", 0.2),
                amount=0 if plain else rng.choice([0, 30, 60]),
            )
            for name in (("helper",) if plain or rng.random() < 0.6 else ("helper", "driver"))
        )
        needs.append(
            Need(
                f"n{i}",
                roles,
                place=(rng.randint(0, 3000), 0) if rng.random() < 0.8 else None,
                slots=some(rng, "mon tue", 0.5),
                languages=some(rng, "yue", 0.2),
                category=rng.choice([None, "meal", "wish"]),
                community=rng.choice([None, "east", "west"]),
                whole=rng.random() < 0.7,
            )
        )
    providers = [
        Provider(
            f"p{j}",
            roles=frozenset(["helper"]) | some(rng, "driver", 0.5),
            place=(rng.randint(0, 3000), 0) if rng.random() < 0.8 else None,
            reach=rng.choice([None, 1500]),
            skills=some(rng, "cook lift", 0.8),
            languages=some(rng, "yue", 0.6),
            slots=some(rng, "mon tue", 0.6),
            places=rng.choice([0, 1, 1, 2, 3]),
            stock=None if plain else rng.choice([None, 50, 60, 90]),
            cost=rng.choice([0, 0, 20]),
            categories=rng.choice([None, None, frozenset(["meal"])]),
            communities=rng.choice([None, None, frozenset(["east"])]),
        )
        for j in range(rng.randint(1, 3))
    ]
    pairs = [(n.id, p.id) for n in needs for p in providers]
    return Tiny(
        needs,
        providers,
        ties=[Tie(n, p, rng.choice([-50, 30, 80])) for n, p in pairs if rng.random() < 0.2],
        bans=[Ban(n, p) for n, p in pairs if rng.random() < 0.1],
        rules=Rules(
            points_per_km=rng.choice([0, 20, 50]),
            radius=rng.choice([None, 2000]),
            load_points=rng.choice([0, 0, 40]),
            balance_points=0 if plain else rng.choice([0, 0, 60]),
            one_at_a_time=rng.random() < 0.5,
        ),
    )


def options(tiny: Tiny, need: Need, role: Role) -> list[tuple[str, str | None, int]]:
    """List (provider, slot, points) allowed for one place of a role."""
    found = []
    for p in tiny.providers:
        if role.name not in p.roles or not role.skills <= p.skills:
            continue
        metres = 0
        if need.place and p.place:
            metres = int(math.hypot(need.place[0] - p.place[0], need.place[1] - p.place[1]))
            if metres > min(p.reach or 10**9, tiny.rules.radius or 10**9):
                continue
        if need.languages and not need.languages & p.languages:
            continue
        if p.categories is not None and need.category not in p.categories:
            continue
        if p.communities is not None and need.community not in p.communities:
            continue
        if any((b.need, b.provider) == (need.id, p.id) for b in tiny.bans):
            continue
        common = (need.slots or p.slots) & p.slots
        if p.slots and not common:
            continue
        tie = sum(t.points for t in tiny.ties if (t.need, t.provider) == (need.id, p.id))
        points = role.points - metres * tiny.rules.points_per_km // 1000 + tie - p.cost
        timed = tiny.rules.one_at_a_time and p.slots
        found += [(p.id, slot, points) for slot in (sorted(common) if timed else [None])]
    return found


def best_value(tiny: Tiny) -> int:
    """Try every choice of providers and slots for every place."""
    places = [(n, r, u) for n in tiny.needs for r in n.roles for u in range(r.count)]
    choices = [[None, *options(tiny, n, r)] for n, r, _ in places]
    best = 0
    for chosen in product(*choices):
        picked = [(n, r, c) for (n, r, _), c in zip(places, chosen, strict=True) if c]
        if _allowed(tiny, picked):
            best = max(best, _points(tiny, picked))
    return best


def _allowed(tiny, picked) -> bool:
    seen, load, spent, used, times = set(), {}, {}, set(), {}
    filled = {}
    for need, role, (who, slot, _) in picked:
        if (need.id, who) in seen or (slot and (who, slot) in used):
            return False
        seen.add((need.id, who))
        if slot:
            used.add((who, slot))
            times.setdefault(need.id, set()).add(slot)
        load[who] = load.get(who, 0) + 1
        spent[who] = spent.get(who, 0) + role.amount
        filled[need.id] = filled.get(need.id, 0) + 1
    for p in tiny.providers:
        if load.get(p.id, 0) > p.places or (p.stock is not None and spent.get(p.id, 0) > p.stock):
            return False
    for n in tiny.needs:
        if n.whole and filled.get(n.id, 0) not in (0, sum(r.count for r in n.roles)):
            return False
        if n.whole and len(times.get(n.id, ())) > 1:
            return False
    return True


def _points(tiny, picked) -> int:
    total = sum(points for _, _, (_, _, points) in picked)
    for p in tiny.providers:
        load = sum(1 for _, _, (who, _, _) in picked if who == p.id)
        total -= sum(k * tiny.rules.load_points // p.places for k in range(load))
    for community in {n.community for n in tiny.needs} - {None}:
        wanted = sum(r.count for n in tiny.needs if n.community == community for r in n.roles)
        done = sum(1 for n, _, _ in picked if n.community == community)
        total += sum(tiny.rules.balance_points * (wanted - k) // wanted for k in range(1, done + 1))
    return total
