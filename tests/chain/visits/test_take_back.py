"""A resident takes back what was asked for: at once until somebody is promised, by the centre's answer afterwards."""

import pytest

from tests.factories import dispatch, needs, orders, visits
from tests.factories.cast import World, actor_of, world
from tests.factories.places import TODAY
from tests.factories.visits import clock
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.needs.models import Need
from wushe.chain.orders.cancelling import AnsweredAlready, decline_cancel, grant_cancel, open_requests
from wushe.chain.orders.models import CancelRequest, Offer, Order
from wushe.chain.resources.models import Linkage
from wushe.chain.visits.taking_back import BeingServed, NothingToTakeBack, Way, how_to_take_back, take_back
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.delivery import deliver
from wushe.foundation.journal.models import JournalEntry
from wushe.oversight.selectors.timeline import need_timeline

pytestmark = pytest.mark.django_db
EIGHT = clock(480)


@pytest.fixture
def here() -> World:
    return world()


def taken(need: Need, *, who: str = "elder", reason: str = "") -> Way:
    return take_back(actor=actor_of(who), at=EIGHT, need_id=need.pk, reason=reason).way


def chain(need: Need) -> tuple[str, list[str], list[str], list[str]]:
    """Return how need, orders, offers and visits stand."""
    deliver()
    need.refresh_from_db()
    return (
        need.state,
        list(need.orders.values_list("state", flat=True)),
        sorted(Offer.objects.filter(order__need=need).values_list("answer", flat=True)),
        sorted(Appointment.objects.filter(order__need=need).values_list("state", flat=True)),
    )


def test_before_an_order_the_need_is_closed(here: World) -> None:
    need = needs.triaged(here.elder)
    assert taken(need) is Way.AT_ONCE
    assert chain(need) == ("closed", [], [], [])
    assert need.outcome == "居民自己取消"


def test_offers_are_withdrawn(here: World) -> None:
    order = orders.sent(here.elder, here.organisation, here.second_organisation)
    need = order.need
    assert taken(need, reason="家里有人照顾了") is Way.AT_ONCE
    assert chain(need) == ("closed", ["cancelled"], ["taken_back", "taken_back"], [])
    assert need.outcome == "居民自己取消：家里有人照顾了"
    assert not Linkage.objects.filter(need=need, ended_at=None).exists()


def test_visits_that_nobody_is_promised_for_are_cancelled(here: World) -> None:
    """The daughter takes it back for her mother; the timeline says who and why."""
    order = orders.accepted(here.elder, here.organisation, visits=3, starts_on=TODAY)
    assert {row.state for row in dispatch.opened(order, until=TODAY)} == {"open"}
    assert taken(order.need, who="daughter", reason="住院了") is Way.AT_ONCE
    assert chain(order.need) == ("closed", ["cancelled"], ["accepted"], ["cancelled"])
    seen = need_timeline(actor=actor_of("community_worker"), need_id=order.need_id, at=EIGHT)
    said = {(step.subject_kind, step.title): (step.who, step.why) for step in seen.record}
    assert said["need", "关闭"] == said["order", "取消"] == ("daughter", "居民自己取消：住院了")


def promised(here: World) -> Appointment:
    return visits.planned(here.elder, here.carer, start=600, visits=2)


def test_once_somebody_is_promised_the_centre_is_asked(here: World) -> None:
    row = promised(here)
    need = row.order.need
    with pytest.raises(Invalid):
        taken(need)
    assert not CancelRequest.objects.exists()
    assert taken(need, reason="那天不在家") is Way.BY_ASKING
    assert taken(need, reason="再说一次") is Way.ASKED
    assert CancelRequest.objects.get().reason == "那天不在家"
    assert chain(need) == ("in_service", ["accepted"], ["accepted"], ["confirmed", "open"])
    found = how_to_take_back(need=need)
    assert (found.way, found.promised and found.promised.pk) == (Way.ASKED, row.pk)
    assert [one.reason for one in open_requests(actor=actor_of("dispatcher"))] == ["那天不在家"]
    assert JournalEntry.objects.filter(kind="order.ask_cancel").count() == 1


def test_the_centre_cancels_and_everything_follows(here: World) -> None:
    row = promised(here)
    need = row.order.need
    taken(need, reason="那天不在家")
    request = CancelRequest.objects.get()
    grant_cancel(actor=actor_of("dispatcher"), at=EIGHT, request_id=request.pk)
    assert chain(need)[:3] == ("closed", ["cancelled"], ["accepted"])
    assert set(chain(need)[3]) == {"cancelled"}
    assert need.outcome == "居民申请取消：那天不在家"
    assert not open_requests(actor=actor_of("dispatcher")).exists()
    for act in (grant_cancel, lambda **more: decline_cancel(note="不取消", **more)):
        with pytest.raises(AnsweredAlready):
            act(actor=actor_of("dispatcher"), at=EIGHT, request_id=request.pk)
    with pytest.raises(NothingToTakeBack):
        taken(need)


def test_the_centre_keeps_it_with_words_that_the_resident_reads(here: World) -> None:
    row = promised(here)
    need = row.order.need
    taken(need, reason="时间不合适")
    request = CancelRequest.objects.get()
    with pytest.raises(Invalid):
        decline_cancel(actor=actor_of("dispatcher"), at=EIGHT, request_id=request.pk, note=" ")
    decline_cancel(actor=actor_of("dispatcher"), at=EIGHT, request_id=request.pk, note="改到下午三点来")
    assert chain(need)[:2] == ("in_service", ["accepted"])
    found = how_to_take_back(need=need)
    assert found.way is Way.BY_ASKING
    assert found.request is not None
    assert (found.request.answer, found.request.note) == ("declined", "改到下午三点来")
    assert taken(need, reason="还是不要了") is Way.BY_ASKING, "one may ask again"


def test_a_wish_about_an_order_that_ended_otherwise_is_gone(here: World) -> None:
    row = promised(here)
    taken(row.order.need, reason="那天不在家")
    orders.services.cancel_order(actor=actor_of("dispatcher"), at=EIGHT, order_id=row.order_id, reason="老人住院")
    assert not open_requests(actor=actor_of("dispatcher")).exists()
    with pytest.raises(AnsweredAlready):
        grant_cancel(actor=actor_of("dispatcher"), at=EIGHT, request_id=CancelRequest.objects.get().pk)


def test_nothing_is_cancelled_while_somebody_is_in_the_house(here: World) -> None:
    visit = visits.started(promised(here))
    with pytest.raises(BeingServed):
        taken(visit.appointment.order.need, reason="不要了")
    assert Order.objects.get().state == "accepted"


def test_what_was_done_before_stays_done(here: World) -> None:
    row = promised(here)
    visits.ended(row, evidence=True)
    dispatch.opened(row.order, until=row.day.replace(day=row.day.day + 7) if row.day.day < 22 else TODAY)
    Appointment.objects.filter(order=row.order, state=AppointmentState.CONFIRMED).update(
        state=AppointmentState.OPEN, worker=None, planned_start=None
    )
    assert taken(row.order.need) is Way.AT_ONCE
    need_state, order_states, _, seats = chain(row.order.need)
    assert (need_state, order_states) == ("closed", ["cancelled"])
    assert "kept" in seats
    assert set(seats) <= {"kept", "cancelled"}


def test_others_have_no_say(here: World) -> None:
    row = promised(here)
    with pytest.raises(NotFound):
        taken(row.order.need, who="far_elder", reason="不要了")
    for who in ("carer", "dispatcher", "organisation_a"):
        with pytest.raises(NotAllowed):
            taken(row.order.need, who=who, reason="不要了")
    taken(row.order.need, reason="那天不在家")
    request = CancelRequest.objects.get()
    for who, refusal in (("stranger", NotFound), ("verifier", NotAllowed), ("organisation_a", NotAllowed)):
        with pytest.raises(refusal):
            grant_cancel(actor=actor_of(who), at=EIGHT, request_id=request.pk)
    assert CancelRequest.objects.get().answer == "open"
