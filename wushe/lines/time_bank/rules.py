"""The rules of a bank: presets of its region, read together, and what of them holds for one person on one day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import PresetMissing, in_force
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person, Relation
from wushe.registers.people.selectors import standing_codes

RELATIVES = (
    Relation.Kind.SPOUSE, Relation.Kind.CHILD, Relation.Kind.PARENT, Relation.Kind.GRANDPARENT, Relation.Kind.GRANDCHILD,
)  # fmt: skip
PREFIX = "time_bank."


@dataclass(frozen=True, slots=True)
class Rules:
    """The presets of a region in force on a day, by their key without the prefix."""

    on: date
    rows: dict[str, Preset]

    def __getitem__(self, key: str) -> Any:
        """Return the value; raise PresetMissing if the installation lacks it."""
        try:
            return self.rows[key].value
        except KeyError:
            raise PresetMissing(f"{PREFIX}{key}") from None

    @property
    def by_item(self) -> bool:
        """Say whether services have prices of their own: minutes would then be booked wrongly, so nothing is booked."""
        return bool(self["earn.unit"] == "item")

    def may_redeem(self, person: Person) -> bool:
        """Say whether the person is old enough to exchange time, by the lower age of those in hardship if it holds."""
        age = full_years(person.born_on, self.on)
        if age >= self["redeem.min_age"]:
            return True
        return age >= self["redeem.hardship_age"] and bool(self._codes(person) & set(self["grant.hardship_tags"]))

    def may_be_granted(self, person: Person) -> bool:
        """Say whether the person is one of the key elders to whom time may be granted."""
        age, codes = full_years(person.born_on, self.on), self._codes(person)
        alone = bool(codes & set(self["grant.tags"])) or (person.lives_alone and "living_alone" in self["grant.tags"])
        if not alone:
            return False
        if age >= self["grant.min_age"]:
            return True
        poor, weak = codes & set(self["grant.hardship_tags"]), codes & set(self["grant.ability_tags"])
        return age >= self["grant.hardship_age"] and bool(poor) and bool(weak or person.ability_level)

    def _codes(self, person: Person) -> set[str]:
        return standing_codes(person=person, on=self.on)


def rules_of(*, area_code: str, on: date) -> Rules:
    """Return the rules of a place on a day: for each the row of the most specific region; one query."""
    best: dict[str, Preset] = {}
    for row in in_force(on=on).filter(key__startswith=PREFIX):
        held = best.get(row.key)
        if area_code.startswith(row.region) and (
            held is None or (len(row.region), row.effective_from) > (len(held.region), held.effective_from)
        ):
            best[row.key] = row
    return Rules(on, {key.removeprefix(PREFIX): row for key, row in best.items()})


def are_relatives(first_id: int, others: Iterable[int], *, kinds: Iterable[str] = RELATIVES) -> bool:
    """Say whether the register knows one person as a close relative of any of the others, either way round."""
    ids = list(others)
    bond = Q(person=first_id, relative__in=ids) | Q(person__in=ids, relative=first_id)
    return Relation.objects.filter(bond, kind__in=list(kinds)).exists()


def shown(minutes: int, step: int) -> int:
    """Return minutes as a balance is shown: rounded down to the step; the books keep every minute."""
    return minutes - minutes % step if step > 1 else minutes
