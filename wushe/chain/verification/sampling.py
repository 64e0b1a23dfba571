"""Chance that can be repeated: who is drawn follows from the number of the visit, and a rate comes with its interval."""

from hashlib import sha256
from math import sqrt

# The normal quantile of a two-sided 95 % interval: mathematics, not policy.
_Z = 1.959963984540054


def drawn(*, what: str, number: int, percent: float) -> bool:
    """Say whether this number is in the sample for this purpose; the same answer every time."""
    digest = sha256(f"{what}:{number}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < percent / 100 * 2**64


def wilson(*, hits: int, total: int) -> tuple[float, float]:
    """Return the 95 % Wilson score interval of a rate; (0, 1) if nothing was looked at.

    E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).
    """
    if not total:
        return 0.0, 1.0
    rate = hits / total
    spread = _Z * sqrt(rate * (1 - rate) / total + _Z**2 / (4 * total**2))
    centre, scale = rate + _Z**2 / (2 * total), 1 + _Z**2 / total
    return max(0.0, (centre - spread) / scale), min(1.0, (centre + spread) / scale)
