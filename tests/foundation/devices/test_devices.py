"""Phones: each is known once, its clock is noted, and one that is lost learns that it is to be wiped."""

from datetime import timedelta

import pytest

from tests.factories.cast import actor_of, client_of, world
from tests.factories.places import NOON
from wushe.foundation.devices.models import Device
from wushe.foundation.devices.selectors import must_wipe, own_devices
from wushe.foundation.devices.services import ask_wipe, see_device
from wushe.foundation.errors import Conflict, NotFound
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def device() -> Device:
    world()
    found = see_device(actor=actor_of("carer"), at=NOON, key="k1", label="安卓手机", sent_at=NOON + timedelta(days=3))
    assert found is not None
    return found


def test_a_phone_is_known_once_with_its_clock(device: Device) -> None:
    later = NOON + timedelta(hours=1)
    again = see_device(actor=actor_of("carer"), at=later, key="k1", sent_at=later)
    assert again is not None
    assert (again.pk, device.skew_seconds, again.skew_seconds) == (device.pk, 3 * 86400, 0)
    assert (again.first_seen_at, again.last_seen_at) == (NOON, later)
    assert see_device(actor=actor_of("carer"), at=NOON, key=" ") is None
    assert JournalEntry.objects.filter(kind="device.see").count() == 1


def test_a_lost_phone_is_wiped_when_it_next_has_a_network(device: Device) -> None:
    carer = actor_of("carer")
    ask_wipe(actor=carer, at=NOON, device_id=device.pk)
    with pytest.raises(Conflict):
        ask_wipe(actor=carer, at=NOON, device_id=device.pk)
    seen = see_device(actor=carer, at=NOON, key="k1")
    assert seen is not None
    assert must_wipe(seen)
    gone = see_device(actor=carer, at=NOON, key="k1", wiped=True)
    assert gone is not None
    assert not must_wipe(gone)
    kinds = JournalEntry.objects.filter(kind__startswith="device.").order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["device.see", "device.ask_wipe", "device.wipe"]


def test_nobody_wipes_the_phone_of_another(device: Device) -> None:
    with pytest.raises(NotFound):
        ask_wipe(actor=actor_of("second_carer"), at=NOON, device_id=device.pk)
    assert own_devices(actor=actor_of("second_carer")) == []
    assert Device.objects.get().wipe_asked_at is None


def test_a_phone_asks_over_the_web(device: Device) -> None:
    client = client_of("carer")
    ask = {"device": "k1", "sent_at": "2026-99-99T00:00", "wiped": "0"}
    assert client.post("/worker/devices/seen/", ask).json() == {"wipe": False}
    assert client.post(f"/worker/devices/{device.pk}/wipe/").status_code == 302
    assert client.post("/worker/devices/seen/", ask).json() == {"wipe": True}
    assert client.post("/worker/devices/seen/", {**ask, "wiped": "1"}).json() == {"wipe": False}
    assert "已清除" in client.get("/worker/devices/").content.decode()
