"""Kernels from the cache are those of the present text."""

import importlib.util
from collections.abc import Callable
from pathlib import Path

from wushe_engine.dispatch.kernels import compiling

TEXT = "def twice(x: int) -> int:\n    return 2 * x\n"


def twice_from(path: Path) -> Callable[[int], int]:
    path.write_text("from __future__ import annotations\n" + TEXT)
    spec = importlib.util.spec_from_file_location("kernel_of_a_test", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.twice


def test_a_cached_kernel_is_used_only_while_no_kernel_has_changed(tmp_path, monkeypatch):
    function = twice_from(tmp_path / "kernel.py")

    def hits(stamp: str) -> int:
        monkeypatch.setattr(compiling, "STAMP", stamp)
        compiled = compiling.entry(function)
        assert compiled(21) == 42
        return sum(compiled.stats.cache_hits.values())

    assert [hits("before"), hits("before"), hits("after"), hits("after")] == [0, 1, 0, 1]


def test_the_stamp_is_that_of_the_files():
    folder = Path(compiling.__file__).parent
    assert {file.name for file in folder.glob("*.py")} >= {"anneal.py", "timing.py", "columns.py"}
    assert len(compiling.STAMP) == 64
