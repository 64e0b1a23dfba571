"""Death: it ends categories on its day and, by its journal row, what is still open in the chain; a mistake is undone."""

from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.selectors import history_of
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain

from .households import close_if_empty, reopen
from .models import Person, Tag


class DeathStands(Conflict):
    """The death is already on record."""

    message = "这位居民已经登记去世。"


class NoDeath(Conflict):
    """There is no death to take back."""

    message = "这位居民没有登记去世，不需要更正。"


@domain_call("people:edit")
def record_death(*, actor: Actor, at: datetime, person_id: int, died_on: date) -> Person:
    """Write that a person has died: categories end on that day, and the household is hidden if it is empty now.

    Raises NotFound outside scope, DeathStands, and Invalid for a day in the future or before birth.
    """
    person = obtain(Person.objects.select_related("household"), actor, pk=person_id)
    if person.died_on:
        raise DeathStands
    if not person.born_on <= died_on <= timezone.localdate(at):
        raise Invalid(fields={"died_on": "去世日期应在出生日期之后、今天之前。"})
    person.died_on = died_on
    person.save(update_fields=["died_on"])
    tags = list(Tag.objects.filter(person=person, ends_on=None).values_list("pk", "starts_on"))
    for pk, starts_on in tags:
        Tag.objects.filter(pk=pk).update(ends_on=max(starts_on, died_on))
    close_if_empty(person.household, on=died_on)
    data = {"on": f"{died_on}", "tags": [pk for pk, _ in tags]}
    record(kind="person.death", subject=person, actor=actor, at=at, data=data)
    return person


@domain_call("people:edit")
def retract_death(*, actor: Actor, at: datetime, person_id: int) -> Person:
    """Take back a death that was recorded by mistake, with the categories it ended; what the chain ended stays ended.

    Raises NotFound outside scope, NoDeath.
    """
    person = obtain(Person.objects.select_related("household"), actor, pk=person_id)
    if person.died_on is None:
        raise NoDeath
    person.died_on = None
    person.save(update_fields=["died_on"])
    last = history_of(subject=person).filter(kind="person.death").last()
    if last is not None:
        Tag.objects.filter(pk__in=last.data["tags"], person=person).update(ends_on=None)
    if person.household is not None:
        reopen(person.household)
    record(kind="person.alive", subject=person, actor=actor, at=at)
    return person
