"""Read tickets: the list of a desk, and both records side by side with what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.selectors import history_of
from wushe.foundation.protected import mask_name
from wushe.foundation.scope import covers, obtain, visible
from wushe.registers.people.finding import matching
from wushe.registers.people.households import living_in
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person

from .models import Grade, Merge, Ticket, TicketState

_NOTHING = "（没有登记）"
_HIDDEN = "（对方社区的资料，这里不显示）"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison. `choice` names what can be chosen, "" where there is nothing to choose."""

    title: str
    first: str
    second: str
    differs: bool
    choice: str = ""
    take_second: bool = False


def tickets(*, actor: Actor, state: str = "", grade: str = "", text: str = "", asked: bool = False) -> QuerySet[Ticket]:
    """Return the tickets within the actor's scope, newest first; `asked` are those that wait for the actor's answer.

    Raises NotAllowed without `registers:view`.
    """
    actor.require("registers:view")
    found = visible(Ticket.objects.all(), actor)
    if asked:
        found = found.filter(asked_to(actor))
    elif state in TicketState.values:
        found = found.filter(state=state)
    if grade in map(str, Grade.values):
        found = found.filter(grade=int(grade))
    if words := text.strip():
        people = Person.with_merged.filter(matching(words) or Q(pk=None)).values("pk")
        found = found.filter(Q(first__in=people) | Q(second__in=people))
    return found.select_related("first", "second").order_by("-id")


def asked_to(actor: Actor) -> Q:
    """Return the condition that a ticket waits for the answer of a desk in the actor's area."""
    start = actor.area_code
    return Q(state=TicketState.ASKED, asked_area_code__gte=start, asked_area_code__lt=start + ":")


def ticket_of(*, actor: Actor, ticket_id: int) -> Ticket:
    """Return one ticket with both records; raise NotAllowed without `registers:view`, NotFound out of scope."""
    actor.require("registers:view")
    records = Ticket.objects.select_related("first__household", "second__household")
    return obtain(records, actor, pk=ticket_id)


def sees(actor: Actor, person: Person) -> bool:
    """Say whether a record of a ticket lies in the actor's area."""
    return covers(actor, person.area_code)


def shown_name(actor: Actor, person: Person) -> str:
    """Return the name of a record, masked where it is another desk's."""
    return person.name if sees(actor, person) else mask_name(person.name)


def comparison(*, actor: Actor, ticket: Ticket, on: date, places: Mapping[str, str]) -> list[Line]:
    """Return both records line by line, without lines that are empty in both.

    Protected values are masked, another desk's values are hidden.
    """
    one, other = ticket.first, ticket.second
    titles = {1: "是", 0: "否"}

    def line(title: str, first: object, second: object, choice: str = "", *, same: bool | None = None) -> Line:
        left, right = (str(value or "") for value in (first, second))
        differs = left != right if same is None else not same
        hidden = [not sees(actor, person) for person in (one, other)]
        return Line(
            title, _HIDDEN if hidden[0] else left or _NOTHING, _HIDDEN if hidden[1] else right or _NOTHING, differs,
            choice if differs and not any(hidden) else "", take_second=not left and bool(right),
        )  # fmt: skip

    lines = [
        Line("姓名", shown_name(actor, one), shown_name(actor, other), one.name != other.name, _if(one.name != other.name, "name")),
        Line("性别", one.get_sex_display(), other.get_sex_display(), one.sex != other.sex, _if(one.sex != other.sex, "sex")),
        line("出生日期", _born(one, on), _born(other, on), "born_on"),
        line("身份证号", one.id_number, other.id_number, "id_number", same=one.id_number_index == other.id_number_index),
        line("联系电话", one.phone, other.phone, "phone", same=one.phone_index == other.phone_index),
        Line("所在社区", places.get(one.area_code, ""), places.get(other.area_code, ""), one.area_code != other.area_code),
        line("详细地址", _address(one), _address(other), "home", same=one.household_id == other.household_id),
        line("能力等级", one.get_ability_level_display(), other.get_ability_level_display(), "ability_level"),
        line("独自居住", titles[one.lives_alone], titles[other.lives_alone], "lives_alone"),
        line("去世日期", one.died_on, other.died_on, "died_on"),
        line("迁出日期", one.moved_out_on, other.moved_out_on, "moved_out_on"),
    ]  # fmt: skip
    return [row for row in lines if row.differs or {row.first, row.second} != {_NOTHING}]


def history_of_ticket(*, ticket: Ticket) -> QuerySet[JournalEntry]:
    """Return what has happened to a ticket, oldest first."""
    return history_of(subject=ticket)


def standing_merge(*, ticket: Ticket) -> Merge | None:
    """Return the merge of a ticket that has not been undone."""
    return ticket.merges.filter(undone_at=None).first()


def survivor_id_of(*, person_id: int) -> int | None:
    """Return the record into which this one was merged, in the end; None if it was not."""
    last = Person.with_merged.filter(pk=person_id).values_list("merged_into_id", flat=True).first()
    while last is not None:
        above = Person.with_merged.filter(pk=last).values_list("merged_into_id", flat=True).first()
        if above is None:
            return last
        last = above
    return None


def merged_ids(*, person_id: int) -> list[int]:
    """Return the records that were merged into this one, and into those."""
    found: list[int] = []
    wave = [person_id]
    while wave:
        wave = list(Person.with_merged.filter(merged_into_id__in=wave).values_list("pk", flat=True))
        found += wave
    return found


def _born(person: Person, on: date) -> str:
    return f"{person.born_on}（{full_years(person.born_on, on)}岁）"


def _address(person: Person) -> str:
    if person.household is None:
        return ""
    others = living_in(person.household).exclude(pk=person.pk).count()
    return f"{person.household.address or '（没有详细地址）'}{f'，与{others}人同住' if others else ''}"


def _if(condition: bool, choice: str) -> str:
    return choice if condition else ""
