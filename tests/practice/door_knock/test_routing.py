"""Sharing out doors: every door once, buildings whole, shares as even as whole buildings allow, a walk without jumps."""

import random
from itertools import combinations, pairwise

import pytest

from wushe.practice.door_knock.routing import Door, building_of, cut, share_out


@pytest.mark.parametrize(
    ("address", "building"),
    [("阳光花园3栋2单元401室", "阳光花园3栋"), ("幸福巷12号", "幸福巷12号"), ("建设路5号楼1单元", "建设路5号楼"),
     ("老街12号2幢3室", "老街12号2幢"), ("王家湾", ""), ("", "")],
)  # fmt: skip
def test_the_building_of_an_address(address: str, building: str) -> None:
    assert building_of(address) == building


def least_largest(sizes: list[int], pieces: int) -> int:
    """Return the best that any cut can do, by trying all."""
    best = sum(sizes)
    for places in combinations(range(1, len(sizes)), min(pieces, len(sizes)) - 1):
        edges = [0, *places, len(sizes)]
        best = min(best, max(sum(sizes[a:b]) for a, b in pairwise(edges)))
    return best


@pytest.mark.parametrize("seed", range(40))
def test_the_largest_share_is_as_small_as_it_can_be(seed: int) -> None:
    dice = random.Random(seed)
    sizes = [dice.randint(1, 40) for _ in range(dice.randint(1, 9))]
    pieces = dice.randint(1, 5)
    shares = cut(sizes, pieces)
    assert shares == sorted(shares)
    assert max(shares) < pieces
    loads = [sum(s for s, n in zip(sizes, shares, strict=True) if n == piece) for piece in range(pieces)]
    assert max(loads) == least_largest(sizes, pieces)


def test_buildings_stay_whole_and_rooms_follow_their_numbers() -> None:
    doors = [
        Door(number, f"花园{building}栋1单元{room}室", (106.6 + building / 1000, 30.4), "a")
        for number, (building, room) in enumerate([(2, 1002), (1, 301), (2, 901), (1, 101), (3, 101), (1, 201)])
    ]  # fmt: skip
    stops = share_out(doors, 2)
    assert [stop.key for stop in stops] == [3, 5, 1, 2, 0, 4]
    assert [stop.turn for stop in stops] == [1, 2, 3, 4, 5, 6]
    assert [stop.share for stop in stops] == [0, 0, 0, 1, 1, 1]
    assert {stop.building for stop in stops} == {"花园1栋", "花园2栋", "花园3栋"}
    assert share_out([], 3) == []
    assert [stop.key for stop in share_out([Door(7), Door(8)], 5)] == [7, 8]
