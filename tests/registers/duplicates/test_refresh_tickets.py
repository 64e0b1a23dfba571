"""Comparing: only what has changed is compared, each pair is asked about once, and a ticket without reason lapses."""

from datetime import date, timedelta

import pytest
from django.db import transaction

from tests.factories import people
from tests.factories.cast import World, actor_of, world
from tests.factories.duplicates import twin_record
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed
from wushe.foundation.jobs.models import Job
from wushe.foundation.journal.delivery import deliver
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import record
from wushe.registers.duplicates.jobs import refresh
from wushe.registers.duplicates.merging import merge_people
from wushe.registers.duplicates.models import Grade, Ticket
from wushe.registers.duplicates.refresh import refresh_tickets
from wushe.registers.duplicates.tickets import keep_apart
from wushe.registers.people.models import Person
from wushe.registers.people.services import update_person

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def here() -> World:
    return world()


def pairs() -> set[tuple[int, int]]:
    return set(Ticket.objects.filter(state="open").values_list("first_id", "second_id"))


def test_each_way_of_agreeing_is_found_once(here: World) -> None:
    elder = here.elder
    same_phone = people.person("王桂芳", born_on=date(1944, 2, 12), telephone=elder.phone.reveal(), number="")
    same_day_far = people.person("王桂芳", born_on=elder.born_on, area_code=OTHER_COMMUNITY, number="")
    misheard = people.person("王贵芳", born_on=elder.born_on, home=elder.household, number="")
    people.person("王桂芳", born_on=date(1950, 1, 1), number="")
    done = refresh_tickets(actor=SYSTEM, at=NOON)
    assert pairs() == {(elder.pk, same_phone.pk), (elder.pk, same_day_far.pk), (elder.pk, misheard.pk)}
    assert (done.opened, done.lapsed, done.more) == (3, 0, False)
    assert JournalEntry.objects.filter(kind="duplicate.open").count() == 3
    assert refresh_tickets(actor=SYSTEM, at=LATER).compared == 0
    assert Ticket.objects.count() == 3


def test_a_change_is_compared_again_and_a_ticket_without_reason_lapses(here: World) -> None:
    twin = twin_record(here.elder, telephone="")
    refresh_tickets(actor=SYSTEM, at=NOON)
    assert pairs() == {(here.elder.pk, twin.pk)}
    worker = actor_of("social_worker")
    update_person(actor=worker, at=NOON, person_id=twin.pk, changes={"name": "王桂香"})
    done = refresh_tickets(actor=SYSTEM, at=LATER)
    assert (done.compared, done.lapsed, pairs()) == (1, 1, set())
    update_person(actor=worker, at=LATER, person_id=twin.pk, changes={"name": "王桂芳"})
    done = refresh_tickets(actor=SYSTEM, at=LATER + timedelta(hours=1))
    assert (done.opened, pairs()) == (1, {(here.elder.pk, twin.pk)})


def test_a_telephone_that_many_share_is_no_sign(here: World) -> None:
    office = "08262333333"
    for day in range(1, 13):
        people.person("李秀英", born_on=date(1950, 1, day), telephone=office, number="")
    refresh_tickets(actor=SYSTEM, at=NOON)
    assert Ticket.objects.count() == 0


def test_more_evidence_raises_the_grade(here: World) -> None:
    twin = twin_record(here.elder, area_code=OTHER_COMMUNITY, telephone="")
    refresh_tickets(actor=SYSTEM, at=NOON)
    assert Ticket.objects.get().grade == Grade.POSSIBLE
    Person.objects.filter(pk=twin.pk).update(area_code=COMMUNITY, compared_at=None)
    refresh_tickets(actor=SYSTEM, at=LATER)
    ticket = Ticket.objects.get()
    assert (ticket.grade, ticket.other_area_code, ticket.state) == (Grade.LIKELY, COMMUNITY, "open")


def test_who_was_told_apart_is_not_asked_about_again_even_after_a_merge(here: World) -> None:
    worker = actor_of("social_worker")
    twin = twin_record(here.elder)
    refresh_tickets(actor=SYSTEM, at=NOON)
    third = twin_record(here.elder)
    refresh_tickets(actor=SYSTEM, at=LATER)
    apart = Ticket.objects.get(first=twin, second=third)
    keep_apart(actor=worker, at=LATER, ticket_id=apart.pk, reason="两个人，已入户核实")
    merge_people(actor=worker, at=LATER, ticket_id=Ticket.objects.get(first=here.elder, second=twin).pk)
    lapsed = Ticket.objects.get(first=here.elder, second=third)
    Ticket.objects.filter(pk=lapsed.pk).delete()
    refresh_tickets(actor=SYSTEM, at=LATER + timedelta(hours=1))
    assert pairs() == set()


def test_parts_are_compared_one_after_the_other(here: World) -> None:
    twin_record(here.elder)
    people_count = Person.objects.count()
    done = refresh_tickets(actor=SYSTEM, at=NOON, at_once=people_count - 1)
    assert done.more
    assert not refresh_tickets(actor=SYSTEM, at=LATER, at_once=people_count).more
    assert Ticket.objects.count() == 1


def test_only_the_system_compares(here: World) -> None:
    with pytest.raises(NotAllowed):
        refresh_tickets(actor=actor_of("social_worker"), at=NOON)


def test_a_merge_asks_for_a_comparison(here: World) -> None:
    twin_record(here.elder)
    assert refresh(at=NOON)["opened"] == 1
    merge_people(actor=actor_of("social_worker"), at=NOON, ticket_id=Ticket.objects.get().pk)
    deliver()
    assert Job.objects.filter(name="duplicates.refresh").count() == 1


def test_an_import_that_is_done_asks_for_a_comparison(here: World) -> None:
    with transaction.atomic():
        record(kind="round.finish", subject=here.elder, actor=SYSTEM, at=NOON)
    deliver()
    deliver()
    assert Job.objects.filter(name="duplicates.refresh").count() == 1
