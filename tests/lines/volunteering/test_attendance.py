"""Residents take part: seats and the line behind them, the roll of a session, opinions, and photos that stay in scope."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.factories import people
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.places import NOON, TODAY
from tests.factories.volunteering import TOMORROW, a_photo, activity, attended, course
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.lines.volunteering.announcing import (
    add_shifts,
    cancel_activity,
    close_activity,
    describe_session,
    update_activity,
)
from wushe.lines.volunteering.attendance import attendees_of, near_activities, reached, sessions_between
from wushe.lines.volunteering.enrolling import (
    AlreadyEnrolled,
    NoSeats,
    NotTaking,
    NotYet,
    call_attendance,
    enrol,
    enrol_resident,
    leave,
    note_opinion,
    rate_activity,
    take_out,
)
from wushe.lines.volunteering.models import Activity, Attendee

pytestmark = pytest.mark.django_db
DESK, ELDER = "social_worker", "elder"
LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def put_in(one: Activity, name: str) -> Attendee:
    person = people.person(name)
    return enrol_resident(actor=actor_of(DESK), at=NOON, activity_id=one.pk, person_id=person.pk)


def test_seats_are_given_in_turn_and_pass_to_the_next(here: World) -> None:
    one = course(seats=1)
    first = enrol(actor=actor_of(ELDER), at=NOON, activity_id=one.pk)
    second, third = put_in(one, "周素珍"), put_in(one, "吴秀兰")
    assert [(row.state, row.turn) for row in (first, second, third)] == [("enrolled", 1), ("queued", 2), ("queued", 3)]
    with pytest.raises(AlreadyEnrolled):
        enrol(actor=actor_of(ELDER), at=NOON, activity_id=one.pk)
    leave(actor=actor_of(ELDER), at=NOON, attendee_id=first.pk)
    assert list(one.attendees.order_by("turn").values_list("state", flat=True)) == ["left", "enrolled", "queued"]
    update_activity(actor=actor_of(DESK), at=NOON, activity_id=one.pk, changes={"seats": 5})
    third.refresh_from_db()
    one.refresh_from_db()
    assert (third.state, one.enrolled) == ("enrolled", 2)
    with pytest.raises(Invalid, match="已经有2位居民报名"):
        update_activity(actor=actor_of(DESK), at=NOON, activity_id=one.pk, changes={"seats": 1})
    take_out(actor=actor_of(DESK), at=NOON, attendee_id=second.pk)
    with pytest.raises(MoveNotAllowed):
        take_out(actor=actor_of(DESK), at=NOON, attendee_id=second.pk)
    with transaction.atomic(), pytest.raises(IntegrityError):
        Activity.objects.filter(pk=one.pk).update(enrolled=6)


def test_who_may_not_enrol_where(here: World) -> None:
    alone, one = activity(), course()
    with pytest.raises(NoSeats):
        enrol(actor=actor_of(ELDER), at=NOON, activity_id=alone.pk)
    with pytest.raises(NotTaking):
        enrol(actor=actor_of(ELDER), at=NOON + timedelta(days=9), activity_id=one.pk)
    Activity.objects.filter(pk=one.pk).update(area_code="110101001001")
    with pytest.raises(NotFound):
        enrol(actor=actor_of(ELDER), at=NOON, activity_id=one.pk)
    with pytest.raises(NotFound):
        put_in(one, "周素珍")
    with pytest.raises(NotAllowed):
        enrol_resident(actor=actor_of(ELDER), at=NOON, activity_id=one.pk, person_id=here.elder.pk)
    assert not Attendee.objects.exists()


def test_persons_and_person_times_are_kept_apart(here: World) -> None:
    one = course(seats=5)
    mine, other, idle = (
        enrol(actor=actor_of(ELDER), at=NOON, activity_id=one.pk),
        put_in(one, "周素珍"),
        put_in(one, "吴秀兰"),
    )
    first, second = one.shifts.order_by("day")

    def roll(shift_id: int, *rows: Attendee, walk_ins: int = 0, day: int = 0) -> None:
        call_attendance(
            actor=actor_of(DESK), at=LATER + timedelta(days=day), shift_id=shift_id, attendee_ids=[r.pk for r in rows],
            walk_ins=walk_ins,
        )  # fmt: skip

    with pytest.raises(NotYet):
        roll(second.pk, mine)
    roll(first.pk, mine, other, idle)
    roll(first.pk, mine, other, walk_ins=4)  # said again: 吴秀兰 was ticked by mistake
    take_out(actor=actor_of(DESK), at=LATER, attendee_id=other.pk)
    roll(first.pk, mine, walk_ins=4)  # who has left keeps the session
    roll(second.pk, mine, day=1)
    found = reached(activity=one)
    assert (found.persons, found.person_times, found.walk_ins) == (2, 7, 4)
    times = {row.person.name: row.times for row in attendees_of(actor=actor_of(DESK), activity=one)}
    assert times == {"王桂芳": 2, "周素珍": 1, "吴秀兰": 0}
    with pytest.raises(Invalid, match="现场人数"):
        roll(first.pk, mine, walk_ins=-1)
    assert [one.came for one in sessions_between(actor=actor_of(DESK), since=TODAY, until=TOMORROW, kind="course")] == [
        6,
        1,
    ]
    last = JournalEntry.objects.filter(kind="shift.attendance").latest("pk")
    assert (last.data["came"], last.data["walk_ins"]) == (1, 0)


def test_an_opinion_once_and_only_of_who_was_there() -> None:
    one = course()
    mine, absent = attended(one), put_in(one, "周素珍")
    with pytest.raises(Conflict, match="到场参加以后"):
        note_opinion(actor=actor_of(DESK), at=LATER, attendee_id=absent.pk, score=5)
    with pytest.raises(Invalid):
        rate_activity(actor=actor_of(ELDER), at=LATER, attendee_id=mine.pk, score=6)
    with pytest.raises(NotFound):
        rate_activity(actor=actor_of(ELDER), at=LATER, attendee_id=absent.pk, score=5)
    rate_activity(actor=actor_of(ELDER), at=LATER, attendee_id=mine.pk, score=4, comment="老师有耐心")
    with pytest.raises(Conflict, match="已经评价"):
        note_opinion(actor=actor_of(DESK), at=LATER, attendee_id=mine.pk, score=1)
    assert (reached(activity=one).said, reached(activity=one).satisfied) == (1, 1)


def test_a_course_needs_no_volunteers_and_ends_with_its_report() -> None:
    one = course()
    seat, desk = attended(one), actor_of(DESK)
    with pytest.raises(Invalid, match="名额为1"):
        add_shifts(actor=desk, at=NOON, activity_id=activity().pk, days=[TOMORROW], start=0, end=60, capacity=0)
    with pytest.raises(Invalid, match="主讲人"):
        describe_session(actor=desk, at=NOON, shift_id=one.shifts.latest("day").pk, topic="", speaker="长" * 61)
    close_activity(
        actor=desk, at=LATER, activity_id=one.pk, report="两节课讲了横和竖，来了四位老人，都说还想学。", spent_fen=0
    )
    with pytest.raises(NotTaking):
        leave(actor=actor_of(ELDER), at=LATER, attendee_id=seat.pk)
    with pytest.raises(NotTaking):
        call_attendance(
            actor=desk, at=LATER, shift_id=one.shifts.earliest("day").pk, attendee_ids=[], walk_ins=0
        )  # fmt: skip
    assert reached(activity=one).person_times == 4
    dropped = course("翠屏歌舞队")
    enrol(actor=actor_of(ELDER), at=NOON, activity_id=dropped.pk)
    cancel_activity(actor=desk, at=NOON, activity_id=dropped.pk, reason="场地漏水")
    dropped.refresh_from_db()
    assert (dropped.enrolled, dropped.attendees.get().state) == (0, "left")
    assert not near_activities(actor=actor_of(ELDER), at=NOON).exists()


def test_a_photo_with_minors_never_leaves_scope(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    one = course()
    attended(one)
    hidden, shown = a_photo(one), a_photo(one, minors=False)

    def answers(user: str, name: str) -> list[int]:
        browser = client_of(user)
        return [browser.get(reverse(name, args=[pk])).status_code for pk in (hidden.pk, shown.pk)]

    assert answers(DESK, "volunteering:photo") == [200, 200]  # the desk in whose area it was taken
    assert answers("stranger", "volunteering:photo") == [404, 404]  # another street's
    assert answers(ELDER, "volunteering:photo") == [403, 403]
    assert answers(ELDER, "resident:activity_photo") == [404, 200]  # who takes part: never the one with minors
    assert answers("far_elder", "resident:activity_photo") == [404, 404]
    page = client_of(ELDER).get(reverse("resident:activity", args=[one.pk])).content.decode()
    assert reverse("resident:activity_photo", args=[shown.pk]) in page
    assert reverse("resident:activity_photo", args=[hidden.pk]) not in page
    client_of(DESK).post(reverse("volunteering:hold_photo", args=[shown.pk]))  # a child was overlooked
    assert answers(ELDER, "resident:activity_photo") == [404, 404]


def test_from_the_list_to_the_opinion_on_the_phone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    one, browser = course(), client_of(ELDER)
    assert "老年大学书法班" in browser.get(reverse("resident:activities") + "?q=书法").content.decode()
    assert browser.post(reverse("resident:enrol", args=[one.pk])).status_code == 302
    assert browser.post(reverse("resident:enrol", args=[one.pk])).status_code == 409
    row = one.attendees.get()
    desk = client_of(DESK)
    monkeypatch.setattr("django.utils.timezone.now", lambda: LATER)
    said = {"came": [str(row.pk)], "walk_ins": "x"}
    answer = desk.post(reverse("volunteering:attendance", args=[one.shifts.earliest("day").pk]), said)
    assert (answer.status_code, 'value="x"' in answer.content.decode()) == (422, True)
    desk.post(reverse("volunteering:attendance", args=[one.shifts.earliest("day").pk]), {**said, "walk_ins": "2"})
    assert browser.post(reverse("resident:rate_activity", args=[row.pk]), {"score": "5"}).status_code == 302
    listed = desk.get(reverse("volunteering:people", args=[one.pk]) + "?q=桂芳").content.decode()
    assert "到场 1 人、3 人次" in listed
    assert "很满意" in listed
    file = desk.post(reverse("volunteering:export_people", args=[one.pk]), {"format": "csv"}).content.decode(
        "utf-8-sig"
    )
    assert "王桂芳,已报名,1," in file
