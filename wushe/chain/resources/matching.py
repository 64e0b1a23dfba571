"""Needs matched with the five societies and their money: all needs of a place at once, each yes and no with its reason.

The only place where linking meets the engine. The problem carries ids alone; the same facts give the same proposals.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from math import cos, radians
from typing import Any

from django.utils import timezone
from wushe_engine.matching import (
    Explainer,
    MatchProblem,
    MatchReason,
    Provider,
    Role,
    Rules,
    Tie,
    check_match,
    find_candidates,
    match,
)
from wushe_engine.matching import Need as Wanted

from wushe.chain.needs.models import Need, NeedState
from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain, visible, within
from wushe.registers.workforce.models import WorkerKind

from .match_words import in_words
from .models import Society
from .supply import Point, Source, Supply, read_supply

MOST_NEEDS = 200
DEGREE = 111_195
"""Metres in a degree of latitude."""
SERVICE, MONEY = "service", "money"
_ORDER = {"now": 0, "day": 1, "week": 2, "fortnight": 3}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed for one need, or why nothing is; the words name people, the engine's codes do not."""

    need: Need
    source: Source | None
    money: Source | None
    why: list[str] = field(default_factory=list)
    why_money: list[str] = field(default_factory=list)

    @property
    def possible(self) -> bool:
        """Say whether somebody can answer the need."""
        return self.source is not None

    @property
    def linkage(self) -> dict[str, Any]:
        """Return what `link_need` is to be called with."""
        assert self.source is not None
        by = self.source.organisation
        line = self.money.line if self.money else None
        return {
            "society": str(self.source.society), "organisation_id": by.pk if by else None,
            "budget_line_id": line.pk if line else None, "reason": f"匹配建议：{self.why[0]}"[:200] if self.why else "",
        }  # fmt: skip


def propose_links(*, actor: Actor, at: datetime, area_code: str = "") -> list[Proposal]:
    """Match all needs of the actor's area that wait for a linkage; the urgent first, the impossible last.

    Raises NotAllowed without `resources:link`.
    """
    actor.require("resources:link")
    waiting = visible(Need.objects.filter(state=NeedState.TRIAGED, item__isnull=False), actor)
    if area_code:
        waiting = waiting.filter(within(area_code))
    needs = list(waiting.select_related("person", "item").order_by("due_at", "pk")[:MOST_NEEDS])
    found = _matched(needs, on=timezone.localdate(at))
    return sorted(found, key=lambda one: (not one.possible, _ORDER.get(one.need.urgency, 9), one.need.pk))


def propose_link(*, actor: Actor, at: datetime, need_id: int) -> Proposal | None:
    """Match one need by itself; None if no service has been named for it.

    Raises NotAllowed without `resources:link` and NotFound outside the actor's scope.
    """
    actor.require("resources:link")
    need = obtain(Need.objects.select_related("person", "item"), actor, pk=need_id)
    return _matched([need], on=timezone.localdate(at))[0] if need.item is not None else None


def warm_up() -> None:
    """Compile and load what a matching needs, so that no page waits for it."""
    wanted = [Wanted("n1", (Role(SERVICE, skills=frozenset({"a"}), amount=1),), place=(0, 0), community="c")]
    provider = Provider("o1", frozenset({SERVICE}), place=(9, 9), skills=frozenset({"a"}), stock=9)
    problem = MatchProblem.of(wanted, [provider], ties=[Tie("n1", "o1", 1)])
    _reasons(problem, ["n1"])


def _matched(needs: list[Need], *, on: date) -> list[Proposal]:
    if not needs:
        return []
    supply = read_supply(needs=needs, on=on)
    rules = preset("matching.rules", area_code=needs[0].area_code, on=on)
    problem = _problem(supply, rules)
    reasons = _reasons(problem, [f"n{need.pk}" for need in needs])
    sources = {source.key: source for source in supply.sources}
    return [_proposal(need, reasons[f"n{need.pk}"], sources, rules) for need in needs]


def _problem(supply: Supply, rules: dict[str, Any]) -> MatchProblem:
    codes = sorted({need.community_code or need.area_code for need in supply.needs})
    middle = next(iter(supply.places.values()), (0.0, 0.0))
    return MatchProblem.of(
        [_wanted(need, supply, rules, middle) for need in supply.needs],
        [_provider(source, codes, len(supply.needs), rules, middle) for source in supply.sources],
        ties=_ties(supply, rules),
        rules=Rules(
            points_per_km=rules["points_per_km"], candidates=50, load_points=rules["load_points"],
            balance_points=rules["balance_points"],
        ),
    )  # fmt: skip


def _wanted(need: Need, supply: Supply, rules: dict[str, Any], middle: Point) -> Wanted:
    """Return a need as the engine takes it: somebody who does the service, and money where it costs something."""
    assert need.item is not None
    worth = rules["worth"].get(need.urgency, min(rules["worth"].values()))
    roles = [Role(SERVICE, points=worth, skills=frozenset({need.item.code}), amount=need.item.minutes)]
    if need.item.price_fen and WorkerKind.PAID_CARER in (need.item.performers or [WorkerKind.PAID_CARER]):
        category = frozenset({need.item.category})
        roles.append(Role(MONEY, points=worth // 2, skills=category, amount=need.item.price_fen))
    place = supply.places.get(need.community_code or "")
    code = need.community_code or need.area_code
    return Wanted(f"n{need.pk}", tuple(roles), place=_metres(place, middle), community=code, whole=False)


def _provider(source: Source, codes: Iterable[str], wanted: int, rules: dict[str, Any], middle: Point) -> Provider:
    money = source.line is not None
    return Provider(
        source.key,
        frozenset({MONEY if money else SERVICE}),
        place=_metres(source.place, middle),
        skills=source.items,
        places=wanted,
        stock=source.left,
        cost=source.rank * rules["general_money_cost"] if money else 0,
        communities=frozenset(code for code in codes if source.reaches(code)),
    )


def _ties(supply: Supply, rules: dict[str, Any]) -> list[Tie]:
    known = {source.key for source in supply.sources}
    return [
        Tie(f"n{need.pk}", key, rules["tie_points"])
        for need in supply.needs
        for (person, key) in sorted(supply.served)
        if person == need.person_id and key in known
    ]


def _metres(point: Point | None, middle: Point) -> tuple[int, int] | None:
    if point is None:
        return None
    east = (point[0] - middle[0]) * DEGREE * cos(radians(middle[1]))
    return round(east), round((point[1] - middle[1]) * DEGREE)


def _reasons(problem: MatchProblem, names: list[str]) -> dict[str, tuple[MatchReason, ...]]:
    candidates = find_candidates(problem)
    found = match(problem, candidates=candidates)
    report = check_match(problem, found)
    assert report.ok, f"the engine returned a match that its own check refuses: {report}"
    explainer = Explainer(problem, found, candidates)
    return {name: explainer.explain(name) for name in names}


def _proposal(
    need: Need, reasons: Iterable[MatchReason], sources: dict[str, Source], rules: dict[str, Any]
) -> Proposal:
    by_role = {reason.role: reason for reason in reasons}
    who, money = by_role[SERVICE], by_role.get(MONEY)
    source = sources[who.provider] if who.provider else None
    # Volunteers and social workers of the street cost the budget nothing.
    paid = source is None or source.society == Society.ORGANISATION
    fund = sources[money.provider] if money and money.provider and paid and source else None
    return Proposal(
        need, source, fund, in_words(who, need, sources, rules),
        in_words(money, need, sources, rules, money=True) if money and paid else [],
    )  # fmt: skip
