"""The intake of donors: found by name and type; people, of whom several bear one name, by their telephone as well."""

from collections.abc import Hashable, Sequence
from datetime import datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.scope import within
from wushe.registers.areas.models import Level
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.donors.models import Donor, DonorKind
from wushe.registers.rounds.sheets.description import Row
from wushe.registers.rounds.sheets.donors import donors

from .base import Intake, differing, given, standing
from .contacts import contact_phone
from .places import Places
from .workers import Carriers

_FIELDS = ("organisation_id", "unnamed", "contact_name", "wishes")


class Donors(Intake):
    """Donors by name and type."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = donors(self.on)
        self.places = Places(actor=actor, on=self.on)
        self.organisations = Carriers()

    def settle(self, row: Row) -> None:
        """Find the place and the organisation behind the donor."""
        self.places.resolve(row, least=Level.STREET)
        self.organisations.resolve(row, "organisation")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return name and type, of a person the telephone too: together they stand in a file once."""
        values = row.values
        phone = values.get("contact_phone") if values.get("kind") == DonorKind.PERSON else None
        key = hash((values.get("name"), values.get("kind"), phone))
        return (key,), (key,)

    def match(self, rows: list[Row]) -> None:
        """Find the donors by name and type."""
        names = {row.values["name"] for row in standing(rows)}
        known: dict[str, list[Donor]] = {}
        for donor in Donor.objects.filter(within(self.actor.area_code), name__in=names, ended_on=None):
            known.setdefault(donor.name, []).append(donor)
        held = dict(
            Donor.objects.filter(ended_on=None, organisation__isnull=False).values_list("organisation_id", "pk")
        )
        for row in standing(rows):
            row.found = self._only(row, known.get(row.values["name"], []))
            organisation, own = row.values.get("organisation_id"), row.found.pk if row.found else 0
            if organisation and held.setdefault(organisation, own) != own:
                row.refuse("organisation", "这家组织已经登记为捐赠人。")
            if row.found is None:
                self.places.require(row)
                if "kind" not in row.values:
                    row.refuse("kind", "请填捐赠人类型，如 个人、企业。")
            else:
                row.values["changes"] = self._changes(row, row.found)

    @staticmethod
    def _only(row: Row, same: list[Donor]) -> Donor | None:
        """Return who is meant; of people of one name who has the telephone."""
        values = row.values
        same = [one for one in same if values.get("kind", one.kind) == one.kind]
        if (phone := values.get("contact_phone")) and any(one.kind == DonorKind.PERSON for one in same):
            own = [one for one in same if one.contact_phone.reveal() == phone]
            same = own or [one for one in same if not one.contact_phone]
        if len(same) > 1:
            row.refuse("name", "登记册里有几位同名的捐赠人，请填联系电话。")
        return same[0] if len(same) == 1 else None

    @staticmethod
    def _changes(row: Row, donor: Donor) -> dict[str, Any]:
        changes = {**differing(row, donor, _FIELDS), **contact_phone(row, donor)}
        if "organisation_id" in changes:
            changes["organisation"] = changes.pop("organisation_id")
        if row.values.get("place") and row.values["area_code"] != donor.area_code:
            changes["area_code"] = row.values["area_code"]
        return changes

    def write(self, rows: list[Row]) -> None:
        """Write the donors."""
        self.write_things(Donor, rows, self._donor, entered="donor.enter")

    def _donor(self, row: Row) -> Donor:
        values = row.values
        return Donor(**{
            "since": self.on, **given(row, (*_FIELDS, "name", "kind", "area_code", "since")), **contact_phone(row),
            "initials": initials_of_title(values["name"]),
        })  # fmt: skip
