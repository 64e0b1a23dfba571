"""Call-backs: who is drawn, what a call says, and what follows from it."""

from datetime import date, timedelta

import pytest

from tests.factories import visits
from tests.factories.cast import actor_of, world
from tests.factories.places import TODAY
from tests.factories.visits import clock
from wushe.chain.verification import call_backs
from wushe.chain.verification.models import CallBack, CallBackState, Check
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


def draw(day=TODAY):
    return call_backs.draw_call_backs(actor=SYSTEM, at=clock(30, day=day + timedelta(days=1)), day=day)


def drawn_call(here):
    visit = visits.ended(visits.planned(here.elder, here.carer))
    visits.checked(visit)
    draw()
    return CallBack.objects.get(visit=visit)


def record(call, actor=None, **answers):
    actor = actor or actor_of("verifier")
    return call_backs.record_call(actor=actor, at=clock(600), call_back_id=call.pk, **answers)


def test_first_visits_are_all_called_and_drawing_again_changes_nothing(here):
    call = drawn_call(here)
    assert (call.picked_for, call.state) == ("first", CallBackState.DUE)
    assert call.due_at == clock(30, day=TODAY + timedelta(days=3))
    assert JournalEntry.objects.filter(kind="call_back.draw").count() == 1
    assert draw() == 0


def test_the_rest_is_drawn_by_the_share_of_the_policy(here, monkeypatch):
    visits.ended(visits.planned(here.elder, here.carer, day=TODAY - timedelta(days=7)))
    asked = []
    monkeypatch.setattr(call_backs, "drawn", lambda **given: asked.append(given) or False)
    later = visits.ended(visits.planned(here.elder, here.carer))
    assert draw() == 0
    assert asked == [{"what": "call:sample", "number": later.pk, "percent": 20.0}]


def test_each_worker_is_asked_about_once_a_month(here, monkeypatch):
    last = date(2026, 9, 30)
    monkeypatch.setattr(call_backs, "drawn", lambda **_: False)
    visits.ended(visits.planned(here.elder, here.carer, day=last - timedelta(days=3)))
    visits.ended(visits.planned(here.elder, here.second_carer, day=last))
    assert draw(last - timedelta(days=1)) == 0
    assert draw(last) == 2
    assert set(CallBack.objects.values_list("picked_for", flat=True)) == {"worker"}


def test_an_answer_ends_the_call_back(here):
    call = record(drawn_call(here), reached=True, came=True, satisfied=True, comment="很满意")
    assert (call.state, call.tries, call.came, call.satisfied) == (CallBackState.ANSWERED, 1, True, True)
    with pytest.raises(MoveNotAllowed):
        record(call, reached=True, came=True, satisfied=True)


def test_three_fruitless_calls_give_it_up(here):
    call = drawn_call(here)
    states = []
    for _ in range(3):
        call = record(CallBack.objects.get(pk=call.pk), reached=False)
        states.append((call.state, call.tries))
    assert states == [("due", 1), ("due", 2), ("unreached", 3)]


def test_somebody_who_says_that_nobody_came_is_believed_enough_to_look(here):
    call = drawn_call(here)
    before = Check.objects.get(visit=call.visit).score
    record(call, reached=True, came=False)
    check = Check.objects.get(visit=call.visit)
    assert check.score == before + 80
    assert check.findings[0]["rule"] == "call"
    assert check.picked_for


def test_an_answer_that_is_not_whole_is_refused(here):
    call = drawn_call(here)
    for answers in ({"came": True}, {"satisfied": True}, {}, {"came": True, "satisfied": True, "comment": "长" * 201}):
        with pytest.raises(Invalid):
            record(call, reached=True, **answers)
    assert CallBack.objects.get(pk=call.pk).tries == 0


def test_scope_and_rights(here):
    call = drawn_call(here)
    stranger = Actor(user_id=6, name="外街", role_code="verifier", area_code="511602002")
    with pytest.raises(NotFound):
        record(call, stranger, reached=False)
    for name in ("carer", "organisation_a", "settlement_clerk"):
        with pytest.raises(NotAllowed):
            record(call, actor_of(name), reached=False)
    assert CallBack.objects.get(pk=call.pk).tries == 0
