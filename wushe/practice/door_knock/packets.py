"""What a phone takes along for a day without a network: its own doors with names and addresses, each taking journalled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import Act, record_all
from wushe.registers.forms.models import FormVersion
from wushe.registers.people.models import Person

from . import merging
from .models import Report, Target
from .selectors import own_open_targets

MOST_DOORS = 600


@dataclass(frozen=True, slots=True)
class PacketDoor:
    """One door as a phone shows it, and the reports that a further one comes after."""

    target: Target
    address: str
    people: list[Person]
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """The doors of one person with the forms that are asked at them."""

    doors: list[PacketDoor]
    versions: Mapping[int, FormVersion]


@domain_call("door_knock:visit")
def take_packet(*, actor: Actor, at: datetime, device: str) -> Packet:
    """Return the actor's own doors to be taken along on a device; the taking is journalled."""
    packet = packet_of(actor=actor)
    data = {"doors": len(packet.doors), "device": device[:36]}
    record_all([Act("packet.take", "user", actor.user_id, actor.area_code, actor, at, data)])
    return packet


def packet_of(*, actor: Actor) -> Packet:
    """Return the actor's own doors in the order of the walk, at most 600, those still open first; raise NotAllowed."""
    targets = list(own_open_targets(actor=actor))
    targets.sort(key=lambda one: one.state in {"reached", "not_reached"})
    targets = targets[:MOST_DOORS]
    people: dict[int | None, list[Person]] = {}
    homes = {target.household_id for target in targets if target.person_id is None and target.household_id}
    for person in Person.objects.filter(household_id__in=homes, died_on=None, moved_out_on=None).order_by(
        "born_on", "pk"
    ):
        people.setdefault(person.household_id, []).append(person)
    heads = _heads(targets)
    doors = [
        PacketDoor(
            target, target.household.address.reveal() if target.household else "",
            [target.person] if target.person else people.get(target.household_id, []), heads.get(target.pk, ()),
        )
        for target in targets
    ]  # fmt: skip
    versions = {target.campaign.version_id: target.campaign.version for target in targets}
    return Packet(sorted(doors, key=lambda door: (door.target.campaign_id, door.target.turn)), versions)


def _heads(targets: list[Target]) -> dict[int, tuple[str, ...]]:
    rows = Report.objects.filter(target__in=targets).values_list("target_id", "client_id", "after", "outcome", "digest")
    sent: dict[int, list[merging.Sent]] = {}
    for target_id, client_id, after, outcome, digest in rows:
        sent.setdefault(target_id, []).append(merging.Sent(str(client_id), frozenset(after), outcome, digest))
    return {target_id: merging.standing(reports).heads for target_id, reports in sent.items()}
