"""Sixty after ten places at once: exactly ten have one, the others wait in one order without a gap."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from tests.factories.cast import world
from tests.factories.places import NOON
from tests.factories.volunteering import helper, shift
from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import breaks
from wushe.lines.volunteering.models import Shift, SignUp
from wushe.lines.volunteering.signing_up import sign_up, withdraw

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
PLACES, PEOPLE, THREADS = 10, 60, 8


def at_once(work: list[Callable[[], object]]) -> list[Exception]:
    """Carry out all work in threads that begin together; return what went wrong."""
    gate, faults, parts = threading.Barrier(THREADS), [], [work[n::THREADS] for n in range(THREADS)]

    def run(part: list[Callable[[], object]]) -> None:
        gate.wait()
        for act in part:
            try:
                act()
            except Exception as error:
                faults.append(error)
        connection.close()

    running = [threading.Thread(target=run, args=(part,)) for part in parts]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return faults


def asking(actor: Actor, row: Shift) -> Callable[[], object]:
    return lambda: sign_up(actor=actor, at=NOON, shift_id=row.pk)


def leaving(actor: Actor, mine: SignUp) -> Callable[[], object]:
    return lambda: withdraw(actor=actor, at=NOON, sign_up_id=mine.pk)


def test_places_are_given_once_and_turns_have_no_gap() -> None:
    world()
    row = shift(capacity=PLACES)
    actors = [helper(f"志愿者{n:02d}")[1] for n in range(PEOPLE)]
    assert at_once([asking(actor, row) for actor in actors]) == []
    row.refresh_from_db()
    found = list(row.sign_ups.order_by("turn").values_list("turn", "state"))
    assert [turn for turn, _ in found] == list(range(1, PEOPLE + 1))
    assert [state for _, state in found] == ["taken"] * PLACES + ["queued"] * (PEOPLE - PLACES)
    assert (row.taken, row.turns) == (PLACES, PEOPLE)

    # Half of those with places and some who wait leave while nobody new comes: the next move up in their order.
    mine = {one.volunteer.person.posts.get().pk: one for one in row.sign_ups.select_related("volunteer__person")}
    gone = [mine[actor.holder_id] for actor in actors]
    gone = [one for one in gone if one.turn in {1, 3, 5, 7, 9, 12, 14}]
    by_holder = {actor.holder_id: actor for actor in actors}
    acts = [leaving(by_holder[one.volunteer.person.posts.get().pk], one) for one in gone]
    assert at_once(acts + [lambda: None] * THREADS) == []
    row.refresh_from_db()
    left = row.sign_ups.exclude(state="withdrawn").order_by("turn")
    with_places = [turn for turn, state in left.values_list("turn", "state") if state == "taken"]
    # Who left the line before a place came free may be passed; who stayed is served in order.
    assert with_places == [2, 4, 6, 8, 10, 11, 13, 15, 16, 17]
    assert row.taken == PLACES
    assert JournalEntry.objects.filter(kind="sign_up.withdraw").count() == 7
    assert breaks() == []
