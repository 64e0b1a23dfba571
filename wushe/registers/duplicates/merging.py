"""Merging: the older record stays, takes the values that a person has chosen, and all that belongs to the other.

Everything is kept that is needed to undo it. What was changed after the merge stays as it is when it is undone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.protected import ProtectedField, Sealed
from wushe.foundation.scope import obtain
from wushe.registers.people.households import close_if_empty, living_in, reopen
from wushe.registers.people.identity import id_number_faults
from wushe.registers.people.models import Household, Person

from .models import Merge, Ticket
from .references import move_references, return_references
from .tickets import require_both
from .workflow import TICKET

# What a person can choose between, and the columns that go together with it.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("name", "initials"),
    "sex": ("sex",),
    "born_on": ("born_on",),
    "id_number": ("id_number", "id_number_index"),
    "phone": ("phone", "phone_index", "phone_tail_index"),
    "home": ("area_code", "household_id"),
    "ability_level": ("ability_level",),
    "lives_alone": ("lives_alone",),
    "died_on": ("died_on",),
    "moved_out_on": ("moved_out_on",),
}
# Where the record that stays knows nothing, it takes what the other knows.
_FILLED = ("id_number", "phone", "ability_level")
_COLUMNS = tuple(column for columns in CHOICES.values() for column in columns)


class MergedSince(Conflict):
    """One of the two records has been merged with a third since."""

    message = "其中一条记录已经和别的记录合并，请刷新后再看。"


class NothingToUndo(Conflict):
    """There is no merge that could be undone."""

    message = "没有可以撤销的合并。"


class CannotUndo(Conflict):
    """What the other record held is held by somebody else by now."""

    message = "原来的身份证号现在登记在另一位居民名下，不能撤销，请先核对。"


@domain_call("people:edit")
def merge_people(*, actor: Actor, at: datetime, ticket_id: int, take: Sequence[str] = (), reason: str = "") -> Merge:
    """Merge the younger record of a ticket into the older, with the named values taken from the younger.

    Raises NotFound out of scope, OtherDesk unless the actor may decide for both places, Invalid for values that
    contradict each other, MergedSince, and MoveNotAllowed for a ticket that is decided.
    """
    ticket = obtain(Ticket, actor, pk=ticket_id)
    people = {person.pk: person for person in Person.objects.filter(pk__in=(ticket.first_id, ticket.second_id))}
    if len(people) < 2:
        raise MergedSince
    survivor, absorbed = people[ticket.first_id], people[ticket.second_id]
    require_both(actor, ticket, agreed="same")
    homes = {survivor.household_id, absorbed.household_id}
    before = {"survivor": _plain(survivor), "absorbed": _plain(absorbed)}
    after = _chosen(survivor, absorbed, take)
    _refuse_contradiction(after)
    _write(absorbed.pk, {"id_number_index": ""}, merged_into_id=survivor.pk)
    _write(survivor.pk, after)
    moved, stayed = move_references(absorbed_id=absorbed.pk, survivor_id=survivor.pk)
    merge = Merge.objects.create(
        ticket=ticket, survivor=survivor, absorbed=absorbed, merged_at=at, before=before, after=after, moved=moved
    )
    _tidy(homes, at)
    TICKET.move(
        ticket, "merge", actor=actor, at=at, changes={"decided_at": at, "reason": reason.strip()[:300]},
        data={"survivor": survivor.pk, "absorbed": absorbed.pk},
    )  # fmt: skip
    _release_others(ticket, absorbed.pk, actor, at)
    changed = sorted(name for name, value in after.items() if value != before["survivor"][name])
    data = {"absorbed": absorbed.pk, "fields": changed, "moved": len(moved), "stayed": stayed}
    record(kind="person.merge", subject=survivor, actor=actor, at=at, data=data)
    record(kind="person.merged", subject=absorbed, actor=actor, at=at, data={"into": survivor.pk})
    return merge


@domain_call("people:edit")
def unmerge_people(*, actor: Actor, at: datetime, ticket_id: int) -> Merge:
    """Undo the merge of a ticket: both records are as they were, each with what belonged to it.

    What was changed on the record after the merge, and what was added, stays with it. Raises NotFound out of scope,
    OtherDesk, NothingToUndo, MergedSince if the record has been merged into a third, and CannotUndo.
    """
    ticket = obtain(Ticket, actor, pk=ticket_id)
    merge = Merge.objects.filter(ticket=ticket, undone_at=None).select_related("survivor", "absorbed").first()
    if merge is None:
        raise NothingToUndo
    require_both(actor, ticket, agreed="same")
    survivor, absorbed = merge.survivor, merge.absorbed
    if survivor.merged_into_id is not None:
        raise MergedSince
    now, before = _plain(survivor), merge.before["survivor"]
    homes = {survivor.household_id, absorbed.household_id, before["household_id"]}
    back = {name: before[name] for name, value in merge.after.items() if now[name] == value != before[name]}
    _write(survivor.pk, back)
    number = merge.before["absorbed"]["id_number_index"]
    if number and Person.with_merged.filter(id_number_index=number).exists():
        raise CannotUndo
    _write(absorbed.pk, merge.before["absorbed"], merged_into_id=None)
    returned = return_references(merge.moved, survivor_id=survivor.pk, absorbed_id=absorbed.pk)
    Merge.objects.filter(pk=merge.pk).update(undone_at=at)
    merge.undone_at = at
    _tidy(homes, at)
    TICKET.move(ticket, "unmerge", actor=actor, at=at, changes={"decided_at": None, "reason": "", "answer": ""})
    record(kind="person.unmerge", subject=survivor, actor=actor, at=at, data={"from": absorbed.pk, "moved": returned})
    record(kind="person.restored", subject=absorbed, actor=actor, at=at, data={"from": survivor.pk})
    return merge


def _plain(person: Person) -> dict[str, Any]:
    """Return the values that merging may change, as JSON holds them; protected ones stay encrypted."""
    values = {column: getattr(person, column) for column in _COLUMNS}
    return {
        name: value.token if isinstance(value, Sealed) else value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in values.items()
    }


def _chosen(survivor: Person, absorbed: Person, take: Sequence[str]) -> dict[str, Any]:
    if unknown := set(take) - CHOICES.keys():
        raise Invalid(fields=dict.fromkeys(unknown, "没有这一项。"))
    kept, other = _plain(survivor), _plain(absorbed)
    taken = set(take) | {name for name in _FILLED if kept[name] in ("", None)}
    if kept["household_id"] is None and kept["area_code"][:12] == other["area_code"][:12]:
        taken.add("home")
    return kept | {column: other[column] for name in taken for column in CHOICES[name]}


def _refuse_contradiction(values: dict[str, Any]) -> None:
    """Raise Invalid if the ID number does not fit the birthday or the sex that were chosen with it."""
    number = Sealed(values["id_number"], "id_number").reveal()
    born_on = Person._meta.get_field("born_on").to_python(values["born_on"])
    if number and (faults := id_number_faults(number, born_on=born_on, sex=values["sex"])):
        raise Invalid(fields={"id_number": f"选的几项对不上：{faults['id_number']}"})


def _write(person_id: int, values: dict[str, Any], **more: Any) -> None:
    fields = {field.attname: field for field in Person._meta.concrete_fields}
    stored = {
        name: Sealed(value, field.kind) if isinstance(field := fields[name], ProtectedField) else value
        for name, value in values.items()
    }
    Person.with_merged.filter(pk=person_id).update(**stored, **more, compared_at=None)


def _tidy(household_ids: set[int | None], at: datetime) -> None:
    """Hide the households in which nobody lives any more, and show those in which somebody does again."""
    for household in Household.objects.filter(pk__in=[pk for pk in household_ids if pk is not None]):
        if living_in(household).exists():
            reopen(household)
        else:
            close_if_empty(household, on=timezone.localdate(at))


def _release_others(ticket: Ticket, absorbed_id: int, actor: Actor, at: datetime) -> None:
    """Let the waiting tickets about the absorbed record lapse: the record that stays is compared anew."""
    for state in ("open", "asked"):
        others = Ticket.objects.filter(state=state).exclude(pk=ticket.pk)
        about = [*others.filter(first_id=absorbed_id), *others.filter(second_id=absorbed_id)]
        TICKET.move_all(about, "lapse", actor=actor, at=at)
