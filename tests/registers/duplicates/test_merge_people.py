"""Merging: everything follows the record that stays, and undoing restores both records exactly."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.factories import (
    charity,
    check_in,
    children,
    doors,
    due_visits,
    goods,
    grants,
    hotline,
    judging,
    needs,
    orders,
    people,
    time_bank,
    volunteering,
    wishes,
)
from tests.factories.cast import World, actor_of, user_of, world
from tests.factories.duplicates import ticket_about, twin_record
from tests.factories.places import NOON, OTHER_COMMUNITY, TODAY
from wushe.foundation.access.models import Grant
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import breaks
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.models import Entry
from wushe.lines.time_bank.models import Holding, Partner, SentWire
from wushe.registers.communities.models import Seat, Term
from wushe.registers.duplicates.merging import CannotUndo, MergedSince, NothingToUndo, merge_people, unmerge_people
from wushe.registers.duplicates.models import Merge, Ticket
from wushe.registers.duplicates.references import FOLLOWING, STAYING, Reference
from wushe.registers.duplicates.refresh import refresh_tickets
from wushe.registers.duplicates.selectors import merged_ids, survivor_id_of
from wushe.registers.duplicates.tickets import OtherDesk, reopen_ticket
from wushe.registers.people.consents import give_consent
from wushe.registers.people.models import Household, Person, Relation, Tag
from wushe.registers.people.selectors import find_people
from wushe.registers.people.services import update_person
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def here() -> World:
    return world()


def merge(ticket: Ticket, **more: Any) -> Merge:
    return merge_people(actor=actor_of("social_worker"), at=NOON, ticket_id=ticket.pk, **more)


def unmerge(ticket: Ticket) -> Merge:
    return unmerge_people(actor=actor_of("social_worker"), at=LATER, ticket_id=ticket.pk)


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows that a merge may touch, except what a ticket and the comparison keep for themselves."""
    kept: dict[str, list[tuple[Any, ...]]] = {}
    narrowed = {reference.model: reference.where for reference in FOLLOWING}
    for label in (*narrowed, "people.Person", "people.Household"):
        model = apps.get_model(label)
        columns = [f.attname for f in model._meta.concrete_fields if f.attname != "compared_at"]
        rows = model._base_manager.filter(**narrowed.get(label, {})).order_by("pk").values_list(*columns)
        kept[label] = [tuple(getattr(value, "token", value) for value in row) for row in rows]
    return kept


def furnish(person: Person, here: World) -> None:
    """Give a record one row of every kind that refers to a person."""
    worker = actor_of("social_worker")
    needs.recorded(person)
    needs.application(person)
    orders.placed(person)
    people.tag(person, "dibao")
    people.relation(person, here.far_elder, Relation.Kind.OTHER)
    people.relation(here.daughter, person, Relation.Kind.PARENT)
    give_consent(
        actor=worker, at=NOON, person_id=person.pk, purpose="photo", notice_version="2026-1", given_by_id=person.pk
    )
    Volunteer.objects.create(
        number=f"V{person.pk}", person=person, area_code=person.area_code, registered_on=date(2025, 1, 1)
    )
    Worker.objects.create(
        person=person, kind="volunteer", number=f"W{person.pk}", area_code=person.area_code, base_longitude=106.6,
        base_latitude=30.4, starts_on=date(2025, 1, 1),
    )  # fmt: skip
    Volunteer.objects.filter(pk=here.volunteer.pk).update(guardian=person)
    seat = Seat.objects.create(area_code=person.area_code, kind="grid_worker", title="网格员", since=TODAY)
    Term.objects.create(seat=seat, person=person, starts_on=TODAY)
    Grant.objects.create(
        user=user_of("stranger"), role_code="resident", holder_id=person.pk, area_code="", valid_from=date(2025, 1, 1)
    )
    time_bank.one_of_each(here)
    holding = Holding.objects.select_related("bank").earliest("pk")
    SentWire.objects.create(
        uid="w1", bank=holding.bank, person=person, holding=holding, minutes=60, message="{}", filed_by=0, at=NOON,
        area_code=person.area_code, entry=Entry.objects.earliest("pk"),
        partner=Partner.objects.create(bank=holding.bank, code="nj", name="外地银行", account=holding.account, filed_by=0),
    )  # fmt: skip
    grants.measured(person, here.organisation)
    charity.handlers()
    charity.donation(funded := charity.community_fund())
    charity.relief(funded, charity.payee())
    hotline.received()
    wishes.collected(person)
    check_in.member(person)
    judging.graded(person)
    goods.handed(goods.stocked(1), person)
    due_visits.plan(person, risk="general")
    volunteering.attended(volunteering.course())
    due_visits.pair(person, people.person("邻居大姐", born_on=date(1970, 1, 1)))
    due_visits.pair(people.person("老邻居", born_on=date(1920, 1, 1)), person)
    children.file()
    for reference in FOLLOWING:
        if not reference.rows(person.pk).exists():
            hand_over(reference, person)


def hand_over(reference: Reference, person: Person) -> None:
    """Let one row refer to the person; the last request is not one of 王奶奶's own, whom she cannot help herself."""
    rows = apps.get_model(reference.model)._base_manager.order_by("-pk" if reference.column == "helper" else "pk")
    if row := rows.first():
        rows.filter(pk=row.pk).update(**{reference.column: person.pk})


def test_every_foreign_key_to_a_person_is_in_the_list() -> None:
    found = {
        (model._meta.label, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.related_model is Person
    }
    listed = {(r.model, r.column) for r in FOLLOWING if not r.where} | STAYING
    assert found == listed, "say in references.py whether the new reference follows a merged person"


def test_everything_follows_and_undoing_restores_all_exactly(here: World) -> None:
    people.person("周素珍", home=here.elder.household)
    doors.knocked(here)
    ticket = ticket_about(here.elder)
    furnish(ticket.second, here)
    before = everything()
    merge(ticket)
    for reference in FOLLOWING:
        assert not reference.rows(ticket.second_id).exists(), reference
        assert reference.rows(ticket.first_id).exists(), reference
    assert everything() != before
    unmerge(ticket)
    assert everything() == before
    assert breaks() == []


def test_the_record_that_stays_takes_what_was_chosen_and_what_it_lacked(here: World) -> None:
    elder = here.elder
    Person.objects.filter(pk=elder.pk).update(phone="", phone_index="", phone_tail_index="")
    elder.refresh_from_db()
    ticket = ticket_about(elder, telephone="13908260000", name="王桂芬", lives_alone=False, home=elder.household)
    other = ticket.second
    merge(ticket, take=["name"])
    elder.refresh_from_db()
    assert (elder.name, elder.initials, elder.phone.reveal(), elder.lives_alone) == (
        "王桂芬",
        "wgf",
        "13908260000",
        True,
    )
    assert [p.pk for p in find_people(actor=actor_of("social_worker"), text="0000")] == [elder.pk]
    assert not Person.objects.filter(pk=other.pk).exists()
    row = JournalEntry.objects.get(kind="person.merge")
    assert row.subject_id == elder.pk
    assert row.data["absorbed"] == other.pk
    assert set(row.data["fields"]) == {"name", "phone", "phone_index", "phone_tail_index"}
    assert (survivor_id_of(person_id=other.pk), merged_ids(person_id=elder.pk)) == (elder.pk, [other.pk])


def test_the_id_number_of_the_younger_record_goes_over_and_back(here: World) -> None:
    first = people.person("陈淑华", number="", telephone="13908261111")
    number = people.id_number(born_on=first.born_on, sex=first.sex)
    ticket = ticket_about(first, number=number)
    merge(ticket)
    first.refresh_from_db()
    assert first.id_number.reveal() == number
    unmerge(ticket)
    first.refresh_from_db()
    assert (first.id_number.reveal(), first.id_number_index) == ("", "")
    assert Person.objects.get(pk=ticket.second_id).id_number.reveal() == number


def test_what_both_records_have_stays_once(here: World) -> None:
    ticket = ticket_about(here.elder)
    people.tag(ticket.second, "living_alone")
    people.relation(ticket.first, ticket.second, Relation.Kind.OTHER)
    made = merge(ticket)
    assert Tag.objects.filter(person=here.elder, kind__code="living_alone", ends_on=None).count() == 1
    assert JournalEntry.objects.get(kind="person.merge").data["stayed"] == 2
    assert made.moved == []


def test_what_was_changed_after_the_merge_stays(here: World) -> None:
    ticket = ticket_about(here.elder, name="王桂芬", home=here.elder.household)
    merge(ticket, take=["name"])
    later_need = needs.recorded(here.elder)
    update_person(actor=actor_of("social_worker"), at=NOON, person_id=here.elder.pk, changes={"name": "王桂芳兰"})
    unmerge(ticket)
    here.elder.refresh_from_db()
    later_need.refresh_from_db()
    assert (here.elder.name, later_need.person_id) == ("王桂芳兰", here.elder.pk)


def test_an_emptied_home_is_hidden_and_shown_again(here: World) -> None:
    ticket = ticket_about(here.elder)
    home = Household.objects.get(pk=ticket.second.household_id)
    merge(ticket)
    home.refresh_from_db()
    assert home.closed_on == TODAY
    unmerge(ticket)
    home.refresh_from_db()
    assert home.closed_on is None


@pytest.mark.parametrize("take", [["born_on"], ["sex"]])
def test_values_that_contradict_the_id_number_are_refused(here: World, take: list[str]) -> None:
    phone = here.elder.phone.reveal()
    ticket = ticket_about(here.elder, born_on=date(1944, 2, 12), sex="M", telephone=phone)
    before = everything()
    with pytest.raises(Invalid) as refusal:
        merge(ticket, take=take)
    assert list(refusal.value.fields) == ["id_number"]
    assert everything() == before
    with pytest.raises(Invalid):
        merge(ticket, take=["merged_into"])
    assert Ticket.objects.get(pk=ticket.pk).state == "open"


def test_a_stranger_finds_no_ticket_and_one_desk_alone_does_not_merge(here: World) -> None:
    near = ticket_about(here.elder)
    with pytest.raises(NotFound):
        merge_people(actor=actor_of("stranger"), at=NOON, ticket_id=near.pk)
    far = ticket_about(here.daughter, area_code=OTHER_COMMUNITY)
    before = everything()
    with pytest.raises(OtherDesk):
        merge(far)
    assert everything() == before
    Ticket.objects.filter(pk=far.pk).update(answer="same")
    merge(far)
    assert survivor_id_of(person_id=far.second_id) == here.daughter.pk


def test_a_merge_is_made_once_and_undone_once(here: World) -> None:
    ticket = ticket_about(here.elder)
    with pytest.raises(NothingToUndo):
        unmerge(ticket)
    merge(ticket)
    with pytest.raises(MergedSince):
        merge(ticket)
    unmerge(ticket)
    with pytest.raises(NothingToUndo):
        unmerge(ticket)
    merge(ticket)
    assert Merge.objects.filter(undone_at=None).count() == 1
    assert Ticket.objects.get(pk=ticket.pk).state == "merged"
    with pytest.raises(MoveNotAllowed):
        reopen_ticket(actor=actor_of("social_worker"), at=NOON, ticket_id=ticket.pk)


def test_merges_in_a_row_are_undone_from_the_last(here: World) -> None:
    first, second = here.elder, twin_record(here.elder)
    third = twin_record(here.elder)
    refresh_tickets(actor=SYSTEM, at=NOON)
    need = needs.recorded(third)
    before = everything()
    later = Ticket.objects.get(first=second, second=third)
    merge(later)
    refresh_tickets(actor=SYSTEM, at=LATER)
    sooner = Ticket.objects.get(first=first, second=second)
    Ticket.objects.filter(pk=sooner.pk).update(state="open")
    merge(sooner)
    need.refresh_from_db()
    assert need.person_id == first.pk
    assert sorted(merged_ids(person_id=first.pk)) == [second.pk, third.pk]
    with pytest.raises(MergedSince):
        unmerge(later)
    unmerge(sooner)
    unmerge(later)
    assert everything() == before


def test_an_id_number_that_went_elsewhere_cannot_come_back(here: World) -> None:
    first = people.person("陈淑华", number="", telephone="13908261111")
    number = people.id_number(born_on=first.born_on, sex=first.sex)
    ticket = ticket_about(first, number=number)
    merge(ticket)
    update_person(actor=actor_of("social_worker"), at=NOON, person_id=first.pk, changes={"id_number": ""})
    update_person(actor=actor_of("social_worker"), at=NOON, person_id=first.pk, changes={"id_number": number})
    third = people.person("陈淑花", number="")
    Person.with_merged.filter(pk=first.pk).update(id_number_index="")
    Person.with_merged.filter(pk=third.pk).update(
        id_number_index=Merge.objects.get().before["absorbed"]["id_number_index"]
    )
    before = everything()
    with pytest.raises(CannotUndo):
        unmerge(ticket)
    assert everything() == before
