"""Phones report themselves, and learn when they next have a network that they are to be wiped."""

from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, NotFound
from wushe.foundation.journal.services import record

from .models import Device

LONGEST_KEY, LONGEST_LABEL = 36, 60
MOST_SKEW = 2**31 - 1


@domain_call(None)
def see_device(
    *, actor: Actor, at: datetime, key: str, label: str = "", sent_at: datetime | None = None, wiped: bool = False
) -> Device | None:
    """Note that a phone has a network, or that it has wiped itself; return it, None for a phone without a number."""
    if not key.strip():
        return None
    key = key.strip()[:LONGEST_KEY]
    skew = 0 if sent_at is None else max(-MOST_SKEW, min(MOST_SKEW, round((sent_at - at).total_seconds())))
    device, fresh = Device.objects.get_or_create(
        user_id=actor.user_id, key=key, defaults={"first_seen_at": at, "last_seen_at": at}
    )
    device.label, device.last_seen_at, device.skew_seconds = label[:LONGEST_LABEL], at, skew
    if wiped and device.wipe_asked_at and not device.wiped_at:
        device.wiped_at = at
    device.save()
    if fresh or device.wiped_at == at:
        record(kind="device.wipe" if device.wiped_at else "device.see", subject=device, actor=actor, at=at)
    return device


@domain_call(None)
def ask_wipe(*, actor: Actor, at: datetime, device_id: int) -> Device:
    """Ask that one of the actor's own phones wipes itself; raise NotFound for another's, Conflict the second time."""
    device = Device.objects.filter(pk=device_id, user_id=actor.user_id).first()
    if device is None:
        raise NotFound
    if device.wipe_asked_at:
        raise Conflict("已经要求清除过这部手机。")
    device.wipe_asked_at = at
    device.save(update_fields=["wipe_asked_at"])
    record(kind="device.ask_wipe", subject=device, actor=actor, at=at)
    return device
