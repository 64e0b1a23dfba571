"""Read phones: the actor's own."""

from wushe.foundation.actor import Actor

from .models import Device


def own_devices(*, actor: Actor) -> list[Device]:
    """Return the phones on which the actor's account has kept something, the last seen first."""
    return list(Device.objects.filter(user_id=actor.user_id).order_by("-last_seen_at", "-pk")[:50])


def must_wipe(device: Device) -> bool:
    """Say whether a phone is to wipe itself."""
    return device.wipe_asked_at is not None and device.wiped_at is None
