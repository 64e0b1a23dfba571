"""What a matching is made of: needs with roles to fill, and the providers who may fill them.

Units are integers throughout: metres for places, points for worth and cost, and for ``amount``
and ``stock`` whatever the provider gives away (minutes of a person, fen of a fund, pieces of
goods).
"""

from __future__ import annotations

from dataclasses import dataclass, field

NO_NAMES: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Role:
    """One part of a need that somebody has to take.

    Parameters
    ----------
    name
        What kind of provider is asked for, e.g. ``"volunteer"``; matched against `Provider.roles`.
    count
        How many different providers are wanted.
    points
        Worth of each place filled.
    skills
        All of these must be held by the provider.
    amount
        What each provider spends of its stock (minutes, fen, pieces).
    """

    name: str = "helper"
    count: int = 1
    points: int = 1000
    skills: frozenset[str] = NO_NAMES
    amount: int = 0


@dataclass(frozen=True, slots=True)
class Need:
    """A need of a resident or a community, with one or several roles.

    Parameters
    ----------
    place
        Metres east and north of any origin; ``None`` when place does not matter.
    slots
        Times that suit, e.g. ``{"tue-pm"}``; empty when any time suits.
    languages
        The provider must speak one of these; empty when any will do.
    category, community
        Compared with the use rules of the provider (earmarks); ``None`` when not stated.
    whole
        All roles or nothing: a visit that needs two people is not half done by one.
    """

    id: str
    roles: tuple[Role, ...] = (Role(),)
    place: tuple[int, int] | None = None
    slots: frozenset[str] = NO_NAMES
    languages: frozenset[str] = NO_NAMES
    category: str | None = None
    community: str | None = None
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Provider:
    """An organisation, social worker, volunteer, post, fund or stock of goods.

    Parameters
    ----------
    reach
        Furthest distance in metres this provider goes; ``None`` for no limit of its own.
    places
        How many roles it takes at most.
    stock
        Total of `Role.amount` it gives at most; ``None`` for no cap.
    cost
        Points that each use costs.
    categories, communities
        Use rules: when given, only needs of these categories (communities) may be served.
    """

    id: str
    roles: frozenset[str] = frozenset({"helper"})
    place: tuple[int, int] | None = None
    reach: int | None = None
    skills: frozenset[str] = NO_NAMES
    languages: frozenset[str] = NO_NAMES
    slots: frozenset[str] = NO_NAMES
    places: int = 1
    stock: int | None = None
    cost: int = 0
    categories: frozenset[str] | None = None
    communities: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """An existing relationship or a wish; negative points for one that should rather not be."""

    need: str
    provider: str
    points: int


@dataclass(frozen=True, slots=True)
class Ban:
    """A pair that must not be made."""

    need: str
    provider: str


@dataclass(frozen=True, slots=True)
class Pin:
    """A pair that a person has decided; the solver plans around it.

    A need with a pin is no longer all-or-nothing: whoever pinned it has accepted a part.
    """

    need: str
    role: str
    provider: str


@dataclass(frozen=True, slots=True)
class Rules:
    """Weights of the match; every number comes from a preset of the caller.

    Parameters
    ----------
    points_per_km
        Cost of distance.
    radius
        No pair further apart than this (metres); ``None`` for no limit.
    candidates
        Providers looked at for each role, nearest first; those with a tie are always looked at.
    load_points
        Fairness between providers: the k-th place taken of n costs ``load_points * (k - 1) // n``.
    balance_points
        Fairness between communities: the k-th place filled of the n wanted by a community
        earns ``balance_points * (n - k) // n`` on top.
    one_at_a_time
        A provider's slot is used by one need only; otherwise slots only have to overlap.
    """

    points_per_km: int = 20
    radius: int | None = None
    candidates: int = 30
    load_points: int = 0
    balance_points: int = 0
    one_at_a_time: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names behind the bits of the masks, each in its fixed order."""

    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    roles: tuple[str, ...] = field(default=("helper",))
