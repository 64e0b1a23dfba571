"""How the kernels are compiled.

They only read and write the tables they are given, so numba's reference counting is switched off
(``_nrt``): counting the arrays of a named tuple at every access took four fifths of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])


def kernel(function: F) -> F:
    """Compile a function of its own, cached on disk."""
    return cast(F, njit(function, cache=True, _nrt=False, error_model="numpy"))


def inline(function: F) -> F:
    """Compile a function into each of its callers."""
    return cast(F, njit(function, cache=True, _nrt=False, error_model="numpy", forceinline=True))
