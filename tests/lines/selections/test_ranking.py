"""The ranking by hand: averages, weights, the price part, ties, the pass line and the reach of the money."""

from wushe.lines.selections.ranking import Offer, mean, ranked

VENTURE, PURCHASE = {"expert": 70, "public": 30}, {"expert": 85, "price": 15}


def test_an_average_is_rounded_half_up() -> None:
    assert [mean([80]), mean([80, 81]), mean([80, 80, 81]), mean([1, 1, 0])] == [8000, 8050, 8033, 67]


def test_experts_and_the_public_are_weighed() -> None:
    first, second = ranked(
        [Offer(1, 500, (80, 80, 80), (100,)), Offer(2, 500, (90, 90, 90), (60,))], VENTURE, budget_fen=500,
        pass_points=60, most=9,
    )  # fmt: skip
    assert (first.pk, first.points, first.expert, first.public, first.price, first.chosen) == (
        1,
        8600,
        8000,
        10000,
        None,
        True,
    )
    assert (second.pk, second.points, second.rank, second.chosen) == (2, 8100, 2, False)


def test_a_side_without_a_voice_leaves_its_share_to_the_experts() -> None:
    (only,) = ranked([Offer(1, 500, (80, 82, 84))], VENTURE, budget_fen=500, pass_points=60, most=9)
    assert (only.points, only.public) == (8200, None)


def test_the_cheapest_has_the_whole_price_part() -> None:
    dear, cheap = ranked(
        [Offer(1, 1000, (90, 90, 90)), Offer(2, 800, (86, 86, 86))], PURCHASE, budget_fen=1000, pass_points=60, most=1
    )
    assert (dear.pk, dear.price, dear.points, dear.chosen) == (1, 8000, 8850, True)
    assert (cheap.pk, cheap.price, cheap.points, cheap.chosen) == (2, 10000, 8810, False)


def test_the_money_goes_down_the_ranking_and_over_what_it_does_not_hold() -> None:
    offers = [
        Offer(n, fen, (points,) * 3) for n, (fen, points) in enumerate([(600, 90), (500, 80), (400, 70), (100, 59)])
    ]
    assert [one.chosen for one in ranked(offers, VENTURE, budget_fen=1000, pass_points=60, most=9)] == [
        True, False, True, False,
    ]  # fmt: skip


def test_a_tie_goes_to_the_experts_then_to_the_cheaper_then_to_the_older() -> None:
    offers = [
        Offer(3, 500, (80,) * 3),
        Offer(2, 500, (80,) * 3),
        Offer(1, 600, (80,) * 3),
        Offer(4, 900, (86,) * 3, (66,)),
    ]
    assert [one.pk for one in ranked(offers, VENTURE, budget_fen=1, pass_points=60, most=9)] == [4, 2, 3, 1]
