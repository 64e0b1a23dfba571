"""The frozen, validated matching problem: arrays for a province, from records or given directly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from .records import Ban, Need, Pin, Provider, Rules, Tie, Vocabulary

Ints = npt.NDArray[np.int64]
Masks = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

UNLIMITED = -1
NOT_STATED = -1
MAX_POINTS = 10**6
MAX_METRES = 10**8
MAX_AMOUNT = 10**15
_NO_PAIRS = np.zeros((0, 2), dtype=np.int64)


class MatchInputError(ValueError):
    """The input cannot be matched; `faults` names every fault found, with the id it concerns."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        shown = "; ".join(self.faults[:10])
        more = f" (and {len(self.faults) - 10} more)" if len(self.faults) > 10 else ""
        super().__init__(shown + more)


@dataclass(frozen=True, slots=True, eq=False)
class MatchProblem:
    """Needs, the lines (roles) they consist of, and providers, as arrays.

    ``n`` needs, ``m`` lines sorted by need, ``p`` providers. Masks have shape ``(rows, words)`` of
    64-bit words; all masks of one kind have the same number of words. Places are metres, scores
    points, amounts in the unit of the provider's stock.

    Use `MatchProblem.of` for records; give the arrays yourself for large instances.
    """

    need_ids: tuple[str, ...]
    need_place: Ints  # (n, 2)
    need_placed: Flags  # (n,)
    need_slots: Masks  # (n, ws); no bit: any time
    need_languages: Masks  # (n, wl); no bit: any language
    need_category: Ints  # (n,); NOT_STATED
    need_community: Ints  # (n,); NOT_STATED
    need_whole: Flags  # (n,)
    line_need: Ints  # (m,), ascending
    line_role: Ints  # (m,) index into vocabulary.roles
    line_requires: Masks  # (m, wk): role bit and skill bits, all required
    line_count: Ints  # (m,)
    line_points: Ints  # (m,)
    line_amount: Ints  # (m,)
    provider_ids: tuple[str, ...]
    provider_place: Ints  # (p, 2)
    provider_placed: Flags  # (p,)
    provider_reach: Ints  # (p,) or UNLIMITED
    provider_holds: Masks  # (p, wk): role bits and skill bits
    provider_languages: Masks  # (p, wl)
    provider_slots: Masks  # (p, ws); no bit: any time
    provider_places: Ints  # (p,)
    provider_stock: Ints  # (p,) or UNLIMITED
    provider_cost: Ints  # (p,)
    provider_categories: Masks  # (p, wc); all bits set: no rule
    provider_communities: Masks  # (p, wm); all bits set: no rule
    ties: Ints = field(default_factory=lambda: _NO_PAIRS)  # (t, 2) need, provider
    tie_points: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    bans: Ints = field(default_factory=lambda: _NO_PAIRS)  # (b, 2) need, provider
    pins: Ints = field(default_factory=lambda: _NO_PAIRS)  # (q, 2) line, provider
    rules: Rules = field(default_factory=Rules)
    vocabulary: Vocabulary = field(default_factory=Vocabulary)

    def __post_init__(self) -> None:
        from .validation import faults_of

        for each in fields(self):
            value = getattr(self, each.name)
            if isinstance(value, np.ndarray):
                frozen = np.ascontiguousarray(value).view()
                frozen.flags.writeable = False
                object.__setattr__(self, each.name, frozen)
        faults = faults_of(self)
        if faults:
            raise MatchInputError(faults)

    @classmethod
    def of(
        cls,
        needs: Iterable[Need],
        providers: Iterable[Provider],
        *,
        ties: Iterable[Tie] = (),
        bans: Iterable[Ban] = (),
        pins: Iterable[Pin] = (),
        rules: Rules | None = None,
    ) -> MatchProblem:
        """Build a problem from records.

        Raises
        ------
        MatchInputError
            Naming every fault: ids that appear twice or are unknown, negative counts, and so on.
        """
        from .building import build

        return build(
            tuple(needs), tuple(providers), tuple(ties), tuple(bans), tuple(pins), rules or Rules()
        )

    @property
    def needs(self) -> int:
        """Number of needs."""
        return len(self.need_ids)

    @property
    def lines(self) -> int:
        """Number of roles over all needs."""
        return len(self.line_need)

    @property
    def providers(self) -> int:
        """Number of providers."""
        return len(self.provider_ids)
