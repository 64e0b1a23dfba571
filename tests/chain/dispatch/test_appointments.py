"""The rhythm of visits: which days, how many, two seats of a pair, and what orders tell the day."""

from datetime import date, timedelta
from itertools import islice

import pytest

from tests.factories import dispatch, orders
from tests.factories.cast import actor_of, world
from tests.factories.catalogue import BATH
from tests.factories.places import DISTRICT, NOON, STREET, TODAY
from wushe.chain.dispatch.appointments import visit_days
from wushe.chain.dispatch.models import Appointment
from wushe.chain.dispatch.services import ensure_appointments
from wushe.chain.orders.models import Order
from wushe.chain.orders.services import cancel_order, withdraw_order
from wushe.foundation.errors import NotAllowed, NotFound
from wushe.foundation.journal.delivery import deliver
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 9, 14)


@pytest.mark.parametrize(
    ("weekdays", "after", "earliest", "expected"),
    [
        ("", None, MONDAY, [0, 7, 14]),
        ("135", None, MONDAY, [0, 2, 4]),
        ("135", MONDAY, MONDAY, [2, 4, 7]),
        ("", MONDAY, MONDAY, [7, 14, 21]),
        ("", None, MONDAY + timedelta(days=3), [3, 10, 17]),
        ("2", None, MONDAY + timedelta(days=3), [8, 15, 22]),
        ("", MONDAY - timedelta(days=20), MONDAY, [1, 8, 15]),
    ],
)
def test_visits_fall_on_their_weekdays_or_once_a_week(
    weekdays: str, after: date | None, earliest: date, expected: list[int]
) -> None:
    days = visit_days(order=Order(starts_on=MONDAY, weekdays=weekdays), after=after, earliest=earliest)
    assert [(day - MONDAY).days for day in islice(days, 3)] == expected


def test_what_is_due_is_opened_once_and_no_more_than_ordered() -> None:
    w = world()
    order = orders.accepted(w.elder, w.organisation, visits=3, weekdays="135")
    actor = actor_of("dispatcher")
    assert ensure_appointments(actor=actor, at=NOON, area_code=STREET, day=TODAY) == 1
    assert ensure_appointments(actor=actor, at=NOON, area_code=DISTRICT, day=TODAY) == 0
    assert ensure_appointments(actor=actor, at=NOON, area_code=DISTRICT, day=TODAY + timedelta(days=30)) == 2
    rows = Appointment.objects.filter(order=order).order_by("number")
    assert [(r.number, (r.day - TODAY).days, r.state) for r in rows] == [(1, 0, "open"), (2, 2, "open"), (3, 4, "open")]
    assert {(r.window_start, r.window_end, r.minutes, r.area_code) for r in rows} == {(540, 600, 120, order.area_code)}
    assert JournalEntry.objects.filter(kind="appointment.open").count() == 3


def test_two_people_are_two_seats_that_name_each_other() -> None:
    w = world()
    first, second = dispatch.opened(orders.accepted(w.elder, w.organisation, code=BATH))
    assert (first.seat, second.seat, first.pair_id, second.pair_id) == (1, 2, second.pk, first.pk)


def test_only_accepted_orders_of_the_own_area_are_opened() -> None:
    w = world()
    orders.placed(w.elder)
    orders.sent(w.daughter, w.organisation)
    assert ensure_appointments(actor=actor_of("dispatcher"), at=NOON, area_code=STREET, day=TODAY) == 0
    with pytest.raises(NotAllowed):
        ensure_appointments(actor=actor_of("social_worker"), at=NOON, area_code=STREET, day=TODAY)
    with pytest.raises(NotFound):
        ensure_appointments(actor=actor_of("dispatcher"), at=NOON, area_code="110101", day=TODAY)


def test_the_day_hears_of_accepted_orders_and_of_those_that_end() -> None:
    w = world()
    order = orders.accepted(w.elder, w.organisation, visits=8, weekdays="1234567")
    deliver()
    rows = Appointment.objects.filter(order=order)
    assert rows.count() == 8
    rows.filter(number=1).update(state="confirmed", worker=w.carer, planned_start=540)
    withdraw_order(actor=actor_of("organisation_a"), at=NOON, order_id=order.pk, reason="没有人手")
    deliver()
    assert (rows.get(number=1).state, rows.get(number=1).worker_id) == ("open", None)
    cancel_order(actor=actor_of("dispatcher"), at=NOON, order_id=order.pk, reason="老人住院")
    deliver()
    deliver()
    assert set(rows.values_list("state", flat=True)) == {"cancelled"}
