"""Regular and long work of dispatch: plans searched and replayed in the background, and visits that nobody came to."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Refusal
from wushe.foundation.jobs.registry import job, scheduled

from .handwork import miss_overdue
from .models import PlanSearch, SearchStage
from .replays import replay_in_background
from .services import propose_plan

_TELL_EVERY = 0.5


@scheduled("dispatch.miss_overdue", every=timedelta(minutes=10))
def miss(*, at: datetime) -> int:
    """Note visits as missed whose time has passed without a sign-in."""
    return miss_overdue(actor=SYSTEM, at=at)


@job("dispatch.search", long=True, attempts=3, lease=timedelta(minutes=8))
def search(*, at: datetime, search_id: int) -> Callable[[], int | None]:
    """Search the plan that was asked for; the row of the search shows how far it is."""
    asked = PlanSearch.objects.get(pk=search_id)
    if asked.plan_id is not None:
        return lambda: asked.plan_id
    rows = PlanSearch.objects.filter(pk=search_id)
    rows.update(stage=SearchStage.SEARCHING, percent=0)
    told = 0.0

    def tell(share: float, left_out: int) -> None:
        nonlocal told
        if time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            rows.update(percent=min(99, int(share * 100)), left_out=left_out)

    try:
        plan = propose_plan(
            actor=Actor(user_id=asked.asked_by, name="", role_code=SYSTEM.role_code, area_code=asked.area_code), at=at,
            area_code=asked.area_code, day=asked.day, seed=asked.seed, seconds=asked.seconds,
            emphasis=asked.emphasis, on_progress=tell,
        )  # fmt: skip
    except Refusal as refusal:
        message = refusal.message
        return lambda: rows.update(stage=SearchStage.FAILED, percent=100, refusal=message[:500]) and None
    return lambda: rows.update(stage=SearchStage.FOUND, percent=100, left_out=None, plan=plan) and plan.pk


@job("dispatch.replay", long=True, attempts=2, lease=timedelta(minutes=5))
def replay(*, at: datetime, plan_id: int) -> Callable[[], bool]:
    """Replay a large plan; its journal tells whether it came out the same."""
    equal = replay_in_background(at=at, plan_id=plan_id)
    return lambda: equal
