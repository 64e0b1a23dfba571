"""The ranking: averages of the jurors, weighed by preset, and what the money reaches. Pure; points are in hundredths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Offer:
    """One proposal as the ranking sees it: whole points of each juror that did not recuse, and the sum it asks for."""

    pk: int
    fen: int
    expert: tuple[int, ...]
    public: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where an offer came, by which points, and whether the money reaches it."""

    pk: int
    fen: int
    expert: int
    public: int | None
    price: int | None
    points: int
    rank: int = 0
    chosen: bool = False


def ranked(
    offers: Sequence[Offer], weights: Mapping[str, int], *, budget_fen: int, pass_points: int, most: int
) -> list[Place]:
    """Return the offers by points, then by the experts, then the cheaper, then the older.

    `weights` are percents of "expert", "public" and "price"; a side with no weight, or with no voice on an offer, leaves its
    share to the experts. The price part is the lowest sum over this one. From the first on, an offer is chosen if it
    reaches `pass_points`, the budget still holds it, and fewer than `most` are chosen.
    """
    lowest = min((offer.fen for offer in offers), default=0)
    placed = sorted((_placed(offer, weights, lowest) for offer in offers),
                    key=lambda one: (-one.points, -one.expert, one.fen, one.pk))  # fmt: skip
    left, chosen, result = budget_fen, 0, []
    for rank, one in enumerate(placed, 1):
        fits = one.points >= pass_points * 100 and one.fen <= left and chosen < most
        if fits:
            left, chosen = left - one.fen, chosen + 1
        result.append(replace(one, rank=rank, chosen=fits))
    return result


def mean(values: Sequence[int]) -> int:
    """Return the average of whole points in hundredths, rounded half up."""
    return (200 * sum(values) + len(values)) // (2 * len(values))


def _placed(offer: Offer, weights: Mapping[str, int], lowest: int) -> Place:
    expert = mean(offer.expert)
    public = mean(offer.public) if offer.public and weights.get("public") else None
    price = (2 * 10_000 * lowest + offer.fen) // (2 * offer.fen) if weights.get("price") else None
    parts = [(weights["public"], public)] if public is not None else []
    parts += [(weights["price"], price)] if price is not None else []
    whole = (100 - sum(weight for weight, _ in parts)) * expert + sum(weight * (value or 0) for weight, value in parts)
    return Place(offer.pk, offer.fen, expert, public, price, (2 * whole + 100) // 200)
