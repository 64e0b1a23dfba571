"""Samples that can be repeated, and intervals against published values."""

import pytest

from wushe.chain.verification.sampling import drawn, wilson


def test_a_draw_is_the_same_every_time():
    first = [drawn(what="audit", number=n, percent=3) for n in range(2000)]
    assert first == [drawn(what="audit", number=n, percent=3) for n in range(2000)]
    assert first != [drawn(what="call", number=n, percent=3) for n in range(2000)]


@pytest.mark.parametrize(
    ("percent", "low", "high"), [(0, 0, 0), (3, 2700, 3300), (20, 19500, 20500), (100, 100_000, 100_000)]
)
def test_the_share_is_that_of_the_policy(percent, low, high):
    assert low <= sum(drawn(what="audit", number=n, percent=percent) for n in range(100_000)) <= high


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (81, 263, 0.255286, 0.366220),  # Newcombe 1998, table I
        (15, 148, 0.062386, 0.160531),  # Newcombe 1998, table I
        (0, 20, 0.0, 0.161125),
        (1, 29, 0.006113, 0.171755),
        (29, 29, 0.883030, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_the_wilson_interval(hits, total, low, high):
    assert wilson(hits=hits, total=total) == pytest.approx((low, high), abs=1e-4)
