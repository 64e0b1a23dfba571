"""Communities: council and backbone roles, one person in several of them, and every vacancy named."""

from datetime import date
from typing import Any

import pytest

from tests.factories import organisations, registers
from tests.factories.cast import World, actor_of, world
from tests.factories.places import COMMUNITY, NOON, OTHER_COMMUNITY, STREET, TODAY
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.communities import selectors, services
from wushe.registers.communities.models import Community, Seat, SeatKind, Term
from wushe.registers.communities.register import COMMUNITIES

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def take(seat: Seat, person_id: int, who: str = "community_worker", **more: Any) -> Term:
    values: dict[str, Any] = {"starts_on": TODAY, **more}
    return services.take_seat(actor=actor_of(who), at=NOON, seat_id=seat.pk, person_id=person_id, **values)


def kinds() -> list[str]:
    own = JournalEntry.objects.filter(subject_kind__in=["community", "seat"])
    return list(own.order_by("id").values_list("kind", flat=True))


def test_a_community_is_entered_once_under_the_name_of_its_area(here: World) -> None:
    def enter(code: str = COMMUNITY, **more: Any) -> Community:
        return services.enter_community(actor=actor_of("social_worker"), at=NOON, area_code=code, **more)

    made = enter(residents=461, client_key="k")
    assert (made.name, made.initials) == ("翠屏路社区", "cplsq")
    assert enter(client_key="k").pk == made.pk
    for code in (COMMUNITY, STREET, OTHER_COMMUNITY, "511602001999"):
        with pytest.raises(Invalid) as refusal:
            enter(code)
        assert list(refusal.value.fields) == ["area_code"]
    services.update_community(
        actor=actor_of("community_worker"), at=NOON, community_id=made.pk, changes={"households": 170}
    )
    for changes in ({"households": 500}, {"residents": -1}, {"phone": "x"}, {"council_since": date(2030, 1, 1)}):
        with pytest.raises(Invalid):
            services.update_community(
                actor=actor_of("community_worker"), at=NOON, community_id=made.pk, changes=changes
            )
    with pytest.raises(NotFound):
        services.update_community(actor=actor_of("stranger"), at=NOON, community_id=made.pk, changes={"households": 1})
    with pytest.raises(NotAllowed):
        services.update_community(actor=actor_of("auditor"), at=NOON, community_id=made.pk, changes={"households": 1})
    assert kinds() == ["community.enter", "community.update"]


def test_one_person_holds_several_roles_each_once(here: World) -> None:
    head, grid = registers.seat(), registers.seat("网格员", kind=SeatKind.GRID_WORKER)
    take(head, here.elder.pk)
    take(grid, here.elder.pk)
    assert [term.seat_id for term in selectors.roles_of(person=here.elder)] == [head.pk, grid.pk]
    with pytest.raises(services.SeatTaken):
        take(head, here.daughter.pk, "social_worker")
    with pytest.raises(Invalid) as twice:
        take(registers.seat("5号楼楼门长"), here.elder.pk)
    assert list(twice.value.fields) == ["person_id"]
    assert Term.objects.count() == 2


def test_who_stands_for_a_unit_names_it(here: World) -> None:
    seat = registers.seat("兼职委员", kind=SeatKind.PART_TIME)
    with pytest.raises(Invalid) as unnamed:
        take(seat, here.elder.pk)
    assert list(unnamed.value.fields) == ["unit_id"]
    with pytest.raises(Invalid):
        take(seat, here.elder.pk, unit_id=here.organisation.pk, starts_on=date(2020, 1, 1))
    far = organisations.organisation("外街单位", area_code=OTHER_COMMUNITY)
    with pytest.raises(NotFound):
        take(seat, here.elder.pk, unit_id=far.pk)
    with pytest.raises(NotFound):
        take(seat, here.far_elder.pk, unit_id=here.organisation.pk)
    with pytest.raises(NotFound):
        take(seat, here.elder.pk, "stranger", unit_id=here.organisation.pk)
    assert take(seat, here.elder.pk, unit_id=here.organisation.pk).unit == here.organisation


def test_vacancies_are_counted_where_they_are(here: World) -> None:
    community = registers.community()
    head, empty = registers.seat(), registers.seat("5号楼楼门长")
    council = registers.seat("大党委书记", kind=SeatKind.SECRETARY)
    registers.seat("外街楼门长", area_code=OTHER_COMMUNITY)
    take(head, here.elder.pk)
    row = COMMUNITIES.dress(COMMUNITIES.rows(actor_of("social_worker"), TODAY), TODAY).get()
    assert (row.council, row.council_filled, row.roles, row.roles_filled) == (1, 0, 2, 1)
    roster = selectors.rosters_of(community=community, council=False)
    assert [(one.title, [seat.pk for seat in one.seats], one.vacant) for one in roster] == [
        ("楼门长", [head.pk, empty.pk], 1)
    ]
    assert [one.seats[0].pk for one in selectors.rosters_of(community=community, council=True)] == [council.pk]


def test_a_term_ends_and_is_restored(here: World) -> None:
    actor, seat = actor_of("community_worker"), registers.seat()
    with pytest.raises(services.SeatVacant):
        services.vacate_seat(actor=actor, at=NOON, seat_id=seat.pk, ends_on=TODAY)
    term = take(seat, here.elder.pk)
    with pytest.raises(Invalid):
        services.vacate_seat(actor=actor, at=NOON, seat_id=seat.pk, ends_on=date(2020, 1, 1))
    with pytest.raises(NotFound):
        services.vacate_seat(actor=actor_of("stranger"), at=NOON, seat_id=seat.pk, ends_on=TODAY)
    services.vacate_seat(actor=actor, at=NOON, seat_id=seat.pk, ends_on=TODAY)
    assert services.restore_term(actor=actor, at=NOON, seat_id=seat.pk, term_id=term.pk).ends_on is None
    with pytest.raises(services.SeatTaken):
        services.restore_term(actor=actor, at=NOON, seat_id=seat.pk, term_id=term.pk)
    assert kinds() == ["seat.take", "seat.vacate", "seat.restore"]


def test_a_seat_is_set_up_changed_and_closed(here: World) -> None:
    actor = actor_of("community_worker")

    def set_up(**changes: Any) -> Seat:
        return services.set_up_seat(actor=actor, at=NOON, **{"kind": "secretary", "area_code": COMMUNITY, **changes})

    seat = set_up(client_key="k")
    assert (seat.title, set_up(client_key="k").pk) == ("大党委书记", seat.pk)
    for changes, field in (({}, "kind"), ({"kind": "?"}, "kind"), ({"kind": "deputy", "area_code": STREET}, "area_code"),
                           ({"kind": "deputy", "since": date(2030, 1, 1)}, "since")):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            set_up(**changes)
        assert field in refusal.value.fields
    services.update_seat(actor=actor, at=NOON, seat_id=seat.pk, changes={"title": "第一书记"})
    take(seat, here.elder.pk)
    with pytest.raises(services.SeatTaken):
        services.close_seat(actor=actor, at=NOON, seat_id=seat.pk, closed_on=TODAY)
    services.vacate_seat(actor=actor, at=NOON, seat_id=seat.pk, ends_on=TODAY)
    services.close_seat(actor=actor, at=NOON, seat_id=seat.pk, closed_on=TODAY)
    with pytest.raises(services.SeatClosed):
        take(seat, here.elder.pk)
    services.reopen_seat(actor=actor, at=NOON, seat_id=seat.pk)
    with pytest.raises(Conflict):
        services.reopen_seat(actor=actor, at=NOON, seat_id=seat.pk)
    assert Seat.objects.count() == 1
