"""Eight hands reach for the last three pieces at once: three get one, five are told, and nothing goes below zero."""

import threading

import pytest
from django.db import connection

from tests.factories import goods, people
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON
from wushe.foundation.actor import Actor
from wushe.ledgers.provenance import lot_faults
from wushe.ledgers.selectors import faults
from wushe.lines.goods.handing import give_one
from wushe.lines.goods.models import Handout
from wushe.lines.goods.shelves import NotInStock

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]
PIECES, HANDS = 3, 8


def test_the_last_pieces_are_given_once() -> None:
    world()
    first, second = goods.stocked(1), goods.stocked(PIECES - 1)
    shelf = goods.shelf_of(first)
    waiting = [people.person(f"居民{number}").pk for number in range(HANDS)]
    actor: Actor = actor_of("social_worker")
    gate, refused, faulty = threading.Barrier(HANDS), [], []

    def reach(person_id: int) -> None:
        gate.wait()
        try:
            give_one(actor=actor, at=NOON, shelf_id=shelf.pk, person_id=person_id, quantity=1, reason="急用")
        except NotInStock as error:
            refused.append(error.left)
        except Exception as error:
            faulty.append(error)
        connection.close()

    hands = [threading.Thread(target=reach, args=(pk,)) for pk in waiting]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert faulty == []
    assert refused == [0] * (HANDS - PIECES)
    assert goods.numbers(shelf) == (0, PIECES, 0, 0, 0)
    assert Handout.objects.values("recipient").distinct().count() == Handout.objects.count() == PIECES
    assert (faults(), lot_faults()) == ([], [])
    assert second.article_id == first.article_id
