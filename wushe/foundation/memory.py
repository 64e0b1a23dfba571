"""What large pieces of work ask of the memory."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Do not look for circles of objects meanwhile: for work that makes a million objects and no circle.

    What nobody refers to is freed as ever. The collector serves the whole process, so the work should take seconds;
    where two overlap, the first to end lets it run again.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
