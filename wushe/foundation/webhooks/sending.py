"""Send what waits: the head of each queue alone, again and again with growing pauses, until it has arrived.

Those behind it wait, so a receiver gets the events of one subscription in their order. When the tries are used up the
subscription stops and says why; nothing is dropped, and it goes on from there when a person lets it.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Min, Q

from wushe.foundation.group_commit import writers_turn
from wushe.foundation.jobs.models import Job
from wushe.foundation.jobs.registry import job, scheduled
from wushe.foundation.jobs.services import enqueue
from wushe.foundation.protected import Sealed

from .events import envelope, event_id
from .models import Delivery, DeliveryState, Subscription
from .posting import GONE, Outcome, post
from .signing import signature

JOB = "webhooks.send"
SEALED = "webhook"
# After so many seconds it is tried again: about thirty hours in all.
PAUSES = (10, 30, 120, 600, 1800, 3600, 7200, 14400, 28800, 43200)
TRIES = len(PAUSES) + 1
_KEPT = timedelta(days=60)
_STOPPED_FOR = timedelta(days=30)


def wake(*, at: datetime) -> int:
    """Ask for the sending of every queue's head that is due; return for how many. Safe to repeat."""
    heads = (
        Subscription.objects.filter(ended_at=None, stopped_at=None)
        .annotate(head=Min("deliveries__pk", filter=Q(deliveries__state=DeliveryState.WAITING)))
        .exclude(head=None)
        .values_list("head", flat=True)
    )
    due = list(Delivery.objects.filter(pk__in=list(heads), next_try_at__lte=at))
    keys = {_key(one): one for one in due}
    known = dict(Job.objects.filter(key__in=keys).values_list("key", "outcome")) if keys else {}
    asked = [one for key, one in keys.items() if known.get(key) != ""]
    if asked:
        with writers_turn(), transaction.atomic():
            for one in asked:
                _ask(one, at, lost=_key(one) in known)
    return len(asked)


@job(JOB, long=True, attempts=5)
def send(*, at: datetime, delivery_id: int, attempt: int) -> Callable[[], None] | None:
    """Post one event without a transaction and return what notes the outcome."""
    delivery = (
        Delivery.objects.select_related("subscription", "entry")
        .filter(pk=delivery_id, attempts=attempt, state=DeliveryState.WAITING)
        .filter(subscription__ended_at=None, subscription__stopped_at=None)
        .first()
    )
    if delivery is None:
        return None
    return partial(note, delivery=delivery, outcome=_post(delivery, at), at=at)


def note(*, delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    """Keep what came of a try: arrived, to be tried again, or the last one, which stops the subscription."""
    tried = delivery.attempts + 1
    changes: dict[str, Any] = {
        "attempts": tried, "status": outcome.status, "fault": outcome.fault, "milliseconds": outcome.milliseconds,
    }  # fmt: skip
    ends = at + timedelta(milliseconds=outcome.milliseconds)
    if outcome.arrived:
        changes |= {"state": DeliveryState.DELIVERED, "delivered_at": ends}
    else:
        changes["next_try_at"] = ends + timedelta(seconds=PAUSES[min((tried - 1) % TRIES, len(PAUSES) - 1)])
    still = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=DeliveryState.WAITING)
    if still.update(**changes) and not outcome.arrived and (tried % TRIES == 0 or outcome.status == GONE):
        running = Subscription.objects.filter(pk=delivery.subscription_id, stopped_at=None)
        running.update(stopped_at=at, stop_reason=outcome.fault)


@scheduled("webhooks.tidy", daily="03:50")
def tidy(*, at: datetime) -> dict[str, int]:
    """End what has stood still for a month, and forget what arrived long ago."""
    idle = Subscription.objects.filter(ended_at=None, stopped_at__lt=at - _STOPPED_FOR)
    ended = idle.update(ended_at=at, stop_reason="停止超过30天，已自动删除")
    old = Q(delivered_at__lt=at - _KEPT) | Q(subscription__ended_at__lt=at - _KEPT)
    return {"ended": ended, "forgotten": Delivery.objects.filter(old).delete()[0]}


def _ask(delivery: Delivery, at: datetime, *, lost: bool) -> None:
    if lost:
        # The job has ended and the event still waits: a worker was lost with it. That counts as a try.
        Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts).update(attempts=F("attempts") + 1)
    else:
        args = {"delivery_id": delivery.pk, "attempt": delivery.attempts}
        enqueue(name=JOB, at=at, args=args, key=_key(delivery))


def _post(delivery: Delivery, at: datetime) -> Outcome:
    one = delivery.subscription
    body = json.dumps(envelope(delivery.entry), ensure_ascii=False, separators=(",", ":")).encode()
    name, moment = event_id(delivery.entry), int(at.timestamp())
    secret = Sealed(one.secret, SEALED).reveal()
    headers = {
        "Content-Type": "application/cloudevents+json; charset=utf-8",
        "User-Agent": "wushe-webhooks/1",
        "webhook-id": name,
        "webhook-timestamp": str(moment),
        "webhook-signature": signature(secret=secret, event_id=name, timestamp=moment, body=body),
    }
    return post(url=one.url, body=body, headers=headers)


def _key(delivery: Delivery) -> str:
    return f"{JOB}/{delivery.pk}/{delivery.attempts}"
