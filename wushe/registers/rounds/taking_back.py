"""Taking a round back: what it made goes, what it changed is as before; what somebody has worked on since then stays.

The trail is walked backwards, one written group in a transaction, so that who is interrupted goes on where it stopped.
A thing stays if its journal tells of a later act, or if something that the round did not make points to it.
"""

from collections.abc import Iterable
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, Model, Q

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.scope import Placed
from wushe.registers.communities.models import Term
from wushe.registers.duplicates.models import Ticket, TicketState
from wushe.registers.facilities.models import Room
from wushe.registers.people.models import Consent, Person
from wushe.registers.volunteers.models import PostHolder
from wushe.registers.workforce.models import Learning

from . import parts
from .intake.bulk import rewrite
from .intake.trail import Step
from .models import ImportRound

_AT_ONCE = 500
_MOST_NAMED = 50
CHANGED, IN_USE = "后来又改过", "已有后续业务"
Stayed = dict[tuple[type[Model], int], str]
_TOLD_BY: dict[type[Model], tuple[str, tuple[str, ...]]] = {
    Room: ("facility", ("facility.room",)),
    Term: ("seat", ("seat.",)),
    PostHolder: ("post", ("post.fill", "post.vacate")),
    Learning: ("worker", ("worker.learn", "worker.unlearn")),
    Consent: ("person", ("person.consent", "person.withdraw")),
}
"""What is imported by itself but has no journal of its own: the thing whose journal tells of it, and by which acts."""


def take_all_back(*, actor: Actor, at: datetime, round_id: int) -> None:
    """Take back what is left of a round's trail, the last group first."""
    round_ = ImportRound.objects.get(pk=round_id)
    while take_group_back(actor=actor, at=at, round_=round_):
        pass


@domain_call(None)
def take_group_back(*, actor: Actor, at: datetime, round_: ImportRound) -> bool:
    """Take back what was written last, in one transaction; return False if nothing is left."""
    found = parts.last_trail(round_.pk)
    if found is None:
        return False
    part, steps = found
    made = _made(steps)
    _drop_tickets(made.get(Person, set()))
    stays = _stays(steps, made, round_)
    undone = 0
    for step in reversed(steps):
        undone += _undo(step, stays, actor=actor, at=at, round_=round_)
    part.delete()
    named = _named(stays)
    current = ImportRound.objects.get(pk=round_.pk)
    ImportRound.objects.filter(pk=round_.pk).update(
        taken_back=F("taken_back") + undone, stayed=[*current.stayed, *named][:_MOST_NAMED]
    )
    return True


def _named(stays: Stayed) -> list[list[Any]]:
    """Return each thing that stays, once, with its id and why; of what has no journal of its own the thing that tells of it."""
    named: dict[tuple[str, int], str] = {}
    for (model, pk), why in stays.items():
        if issubclass(model, Placed):
            named.setdefault((model._meta.label_lower, pk), why)
        elif model in _TOLD_BY:
            owner = _owner(model)
            for to in model._base_manager.filter(pk=pk).values_list(owner.attname, flat=True):
                named.setdefault((owner.related_model._meta.label_lower, to), why)
    return [[label, pk, why] for (label, pk), why in named.items()]


def _owner(model: type[Model]) -> Any:
    return model._meta.get_field(_TOLD_BY[model][0])


def _made(steps: Iterable[Step]) -> dict[type[Model], set[int]]:
    made: dict[type[Model], set[int]] = {}
    for step in steps:
        if not step.before:
            made.setdefault(step.model, set()).update(step.ids)
    return made


def _drop_tickets(people: set[int]) -> None:
    """Delete the tickets that only the comparing of these records has opened."""
    for part in _batches(people):
        undecided = Ticket.objects.filter(state__in=[TicketState.OPEN, TicketState.LAPSED])
        undecided.filter(Q(first__in=part) | Q(second__in=part)).delete()


def _stays(steps: list[Step], made: dict[type[Model], set[int]], round_: ImportRound) -> Stayed:
    """Return what may not be taken back, and why."""
    stays: Stayed = {}
    models: set[Any] = {step.model for step in steps}
    for model in (one for one in models if issubclass(one, Placed)):
        ids = {pk for step in steps if step.model is model for pk in step.ids}
        stays |= {(model, pk): CHANGED for pk in _acted_on(model, ids, round_)}
    for model in models & _TOLD_BY.keys():
        stays |= _told_since(model, {pk for step in steps if step.model is model for pk in step.ids}, round_)
    put_back = _put_back(steps, stays)
    for model, ids in made.items():
        if issubclass(model, Placed):
            stays |= {(model, pk): IN_USE for pk in _pointed_to(model, ids, made, put_back) if (model, pk) not in stays}
    for step in reversed(steps):  # what stays holds what it points to: a volunteer their person, a person their home
        if not step.before and issubclass(step.model, Placed):
            _hold(step, made, stays)
    return stays


def _told_since(model: type[Model], ids: set[int], round_: ImportRound) -> Stayed:
    """Return what was acted on since, as the journal of what it belongs to tells."""
    owner, kinds = _owner(model), _TOLD_BY[model][1]
    ends = [
        pair
        for part in _batches(ids)
        for pair in model._base_manager.filter(pk__in=part).values_list("pk", owner.attname)
    ]
    later = _acted_on(owner.related_model, {to for _, to in ends}, round_, kinds)
    return {(model, pk): CHANGED for pk, to in ends if to in later}


def _put_back(steps: list[Step], stays: Stayed) -> dict[tuple[type[Model], str], set[int]]:
    """Return for each field the rows in which it will be what it was before."""
    found: dict[tuple[type[Model], str], set[int]] = {}
    for step in steps:
        for pk, was in zip(step.ids, step.before, strict=False):
            for name in was if (step.model, pk) not in stays else ():
                found.setdefault((step.model, name), set()).add(pk)
    return found


def _acted_on(model: type[Model], ids: set[int], round_: ImportRound, kinds: tuple[str, ...] = ()) -> set[int]:
    """Return those with a later act in their journal than this round's, of some kinds if they are named."""
    own = JournalEntry.objects.filter(subject_kind="importround", subject_id=round_.pk, kind="round.begin")
    begun = own.order_by("id").values_list("id", flat=True)[0]
    found = set()
    for part in _batches(ids):
        later = JournalEntry.objects.filter(subject_kind=model._meta.model_name, subject_id__in=part, id__gt=begun)
        later = later.exclude(kind__endswith=".reveal")  # who looks changes nothing
        if kinds:
            later = later.filter(reduce(or_, (Q(kind__startswith=kind) for kind in kinds)))
        found |= {pk for pk, data in later.values_list("subject_id", "data") if data.get("round") != round_.pk}
    return found


def _pointed_to(
    model: type[Model],
    ids: set[int],
    made: dict[type[Model], set[int]],
    put_back: dict[tuple[type[Model], str], set[int]],
) -> set[int]:
    """Return those to which something points that will neither go nor be put back."""
    found: set[int] = set()
    for link in model._meta.get_fields(include_hidden=True):
        if not (link.auto_created and not link.concrete and (link.one_to_many or link.one_to_one)):
            continue
        other: Any = link.related_model
        column, ours = link.field.attname, made.get(other, set()) | put_back.get((other, link.field.name), set())  # type: ignore[union-attr]
        for part in _batches(ids):
            rows = other._base_manager.filter(**{f"{column}__in": part})
            found |= {to for pk, to in rows.values_list("pk", column) if pk not in ours}
    return found


def _hold(step: Step, made: dict[type[Model], set[int]], stays: Stayed) -> None:
    kept = [pk for pk in step.ids if (step.model, pk) in stays]
    for field in _links(step.model):
        ours = made.get(field.related_model, set())
        for to in step.model._base_manager.filter(pk__in=kept).values_list(field.attname, flat=True) if ours else ():
            if to in ours:
                stays.setdefault((field.related_model, to), IN_USE)


def _undo(step: Step, stays: Stayed, *, actor: Actor, at: datetime, round_: ImportRound) -> int:
    """Undo a step but for what stays, journal the things, and return how many things went."""
    free = _free(step, stays)
    things = _things(step.model, free)
    if step.before:
        chosen = set(free)
        rewrite(step.model, [(pk, was) for pk, was in zip(step.ids, step.before, strict=True) if pk in chosen])
    else:
        for part in _batches(free):
            step.model._base_manager.filter(pk__in=part).delete()
    kind, data = "round.taken_back", {"round": round_.pk, "made": not step.before}
    if things:
        named = (_TOLD_BY[step.model][0] if step.model in _TOLD_BY else step.model._meta.model_name) or ""
        record_all(Act(kind, named, pk, area, actor, at, data) for pk, area in dict.fromkeys(things))
    return len(things)


def _free(step: Step, stays: Stayed) -> list[int]:
    """Return what does not stay; the tag of a person, the skill of a worker go with what they belong to."""
    if issubclass(step.model, Placed):
        return [pk for pk in step.ids if (step.model, pk) not in stays]
    links = [field for field in _links(step.model) if issubclass(field.related_model, Placed)]
    names = [field.attname for field in links]
    free = []
    for part in _batches(step.ids):
        for pk, *ends in step.model._base_manager.filter(pk__in=part).values_list("pk", *names):
            held = [(field.related_model, end) in stays for field, end in zip(links, ends, strict=True)]
            if (step.model, pk) not in stays and not (any(held) if step.model in _TOLD_BY else all(held)):
                free.append(pk)
    return free


def _things(model: type[Model], ids: list[int]) -> list[tuple[int, str]]:
    """Return those that have a journal, their own or their owner's, with their places; homes come and go with who lives there."""
    if model in _TOLD_BY:
        to = _owner(model)
        names = (to.attname, f"{to.name}__area_code")
        return [pair for part in _batches(ids) for pair in model._base_manager.filter(pk__in=part).values_list(*names)]
    if not issubclass(model, Placed) or model is Person._meta.get_field("household").related_model:
        return []
    return [
        pair
        for part in _batches(ids)
        for pair in model._base_manager.filter(pk__in=part).values_list("pk", "area_code")
    ]


def _links(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if field.is_relation]


def _batches(ids: Iterable[int]) -> Iterable[list[int]]:
    every = sorted(ids)
    return (every[start : start + _AT_ONCE] for start in range(0, len(every), _AT_ONCE))
