"""Plan a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from wushe_engine.dispatch.errors import ClashError, Issue, ProblemError
from wushe_engine.dispatch.model import Problem
from wushe_engine.dispatch.plan import Plan, Progress, Stop
from wushe_engine.dispatch.validation import find_clashes


def solve(
    problem: Problem,
    *,
    stop: Stop = Stop(seconds=5.0),
    seed: int = 0,
    warm: Plan | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    reasons: bool = True,
) -> Plan:
    """Plan the day.

    Parameters
    ----------
    problem : Problem
        The day.
    stop : Stop
        With ``iterations`` or ``no_gain`` alone the plan depends on the seed only; with
        ``seconds`` also on the speed of the machine.
    seed : int
        Start of the random numbers.
    warm : Plan or None
        A plan to start from (yesterday's, the published one); what no longer fits is replaced.
    on_progress : callable or None
        Called a few times a second with the best total so far.
    reasons : bool
        Whether to find the reason of every decision (about a second for 400 visits).

    Returns
    -------
    Plan
        Complete where it can be; visits that nobody can take are listed with reasons.

    Raises
    ------
    ClashError
        When locks or links contradict each other.
    ProblemError
        When the stop has no limit at all, or a negative one.
    """
    from wushe_engine.dispatch.search import Search

    _require_limit(stop)
    clashes = find_clashes(problem)
    if clashes:
        raise ClashError(clashes)
    search = Search(problem, stop=stop, seed=seed, on_progress=on_progress)
    search.run(warm)
    plan = search.plan(seed)
    if not reasons:
        return plan
    from wushe_engine.dispatch.reasons import explain_all

    return replace(plan, reasons=explain_all(problem, plan))


def _require_limit(stop: Stop) -> None:
    limits = [limit for limit in stop if limit is not None]
    if not limits or any(not limit >= 0 for limit in limits):
        issue = Issue("bad_stop", (), f"{stop} needs at least one limit, and none below zero")
        raise ProblemError((issue,))


def warm_up() -> None:
    """Compile and load the kernels once, at worker start, so that no request pays for it.

    Compiling takes 15 to 30 s of CPU, once for an installation; loading from numba's cache
    (``NUMBA_CACHE_DIR``) about two seconds.
    """
    from wushe_engine.dispatch.search import load_kernels

    load_kernels()
