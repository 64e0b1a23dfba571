"""How the kernels are compiled.

They only read and write the tables they are given, so numba's reference counting is switched off
(``_nrt``): counting the arrays of a named tuple at every access took four fifths of the time.

Every kernel has one signature, read from its annotations: without it numba compiles one copy for
each kind of number a caller happens to pass, literals included. Only kernels that Python calls
(``entry``) get the wrapper that unpacks the tables; it costs more than most kernels themselves.

numba looks only at the date of a kernel's own file when it asks whether its cache is stale, though
kernels are compiled into each other. Here a cached kernel is fresh only for the very text of all
files of this folder: after any change all of them are compiled anew, and old code never runs.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import njit, types

from wushe_engine.dispatch.kernels.tables import Tables

F = TypeVar("F", bound=Callable[..., Any])

_INT, _FLOAT = types.int64, types.float64
_TYPES: dict[str, Any] = {
    "int": _INT,
    "float": _FLOAT,
    "bool": types.boolean,
    "None": types.none,
    "Ints": _INT[::1],
    "Grid": _INT[:, ::1],
    "Floats": _FLOAT[::1],
    "FloatGrid": _FLOAT[:, ::1],
    "Flags": types.int8[:, ::1],
    "Cube": types.int32[:, :, ::1],
    "tuple[int, float]": types.Tuple((_INT, _FLOAT)),
    "tuple[int, float, int, int]": types.Tuple((_INT, _FLOAT, _INT, _INT)),
}
_TYPES["Tables"] = types.NamedTuple(
    [_TYPES[hint.__forward_arg__] for hint in Tables.__annotations__.values()], Tables
)


STAMP = sha256(
    b"".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))
).hexdigest()
"""The text of all kernels."""


def entry(function: F) -> F:
    """Compile a function that Python calls."""
    return _compile(function, no_cpython_wrapper=False)


def kernel(function: F) -> F:
    """Compile a function that only kernels call."""
    return _compile(function)


def inline(function: F) -> F:
    """Compile a function that only kernels call into each of them."""
    return _compile(function, forceinline=True)


def merged(function: F) -> F:
    """Copy a function into the one kernel that calls it; it is not compiled by itself."""
    return cast(F, njit(function, inline="always", _nrt=False, error_model="numpy"))


def _compile(function: F, **options: bool) -> F:
    hints = function.__annotations__
    taken = [_TYPES[hints[name]] for name in inspect.signature(function).parameters]
    settings = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, **options}
    compiled = njit(function, _nrt=False, error_model="numpy", **settings)
    compiled.enable_caching()
    compiled._cache._cache_file._source_stamp = STAMP
    compiled.compile(_TYPES[hints["return"]](*taken))
    compiled.disable_compile()
    return cast(F, compiled)
