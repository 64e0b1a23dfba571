"""Hours: how they come about, what holds them, who may let them count, and what other lines hear of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from tests.factories.cast import World, actor_of, world
from tests.factories.places import CENTRE, TODAY
from tests.factories.visits import accepted, budget_line, ended, planned
from tests.factories.volunteering import helper, shift
from wushe.chain.orders.models import Order
from wushe.chain.settlement.models import Settlement
from wushe.chain.settlement.services import reverse, settle, settle_all
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.jobs.models import Job
from wushe.foundation.journal.delivery import begin_at_end, deliver
from wushe.foundation.journal.models import JournalEntry
from wushe.lines.volunteering.attending import (
    AlreadyIn,
    CodeStale,
    NotAllowedYet,
    NotInShift,
    NotNow,
    NotThere,
    Phone,
    call_roll,
    sign_in,
    sign_out,
    sign_out_overdue,
)
from wushe.lines.volunteering.codes import code_at, code_holds, ticket_for, ticket_holds
from wushe.lines.volunteering.correcting import answer_correction, ask_correction
from wushe.lines.volunteering.counting import SamePerson, accept_hours, strike_hours, type_hours
from wushe.lines.volunteering.events import keep_part, keep_visit
from wushe.lines.volunteering.figures import Figures, by_origin, figures
from wushe.lines.volunteering.models import Agreement, HourRecord, Message, Shift, SignUp
from wushe.lines.volunteering.signing_up import sign_up
from wushe.registers.volunteers.models import Volunteer

pytestmark = pytest.mark.django_db
HERE = Phone("phone-1", *CENTRE, 20)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def clock(minute: int) -> datetime:
    """Return a minute of the test's day, local time."""
    return datetime(TODAY.year, TODAY.month, TODAY.day, tzinfo=UTC) + timedelta(minutes=minute - 480)


BEFORE = clock(7 * 60)


def today_shift(start: int = 540, end: int = 660, **fields: object) -> Shift:
    return shift(day=TODAY, start=start, end=end, at=BEFORE, **fields)


def taken(row: Shift, name: str = "李大姐", **fields: object) -> tuple[Volunteer, Actor]:
    volunteer, actor = helper(name, **fields)  # type: ignore[arg-type]
    sign_up(actor=actor, at=BEFORE, shift_id=row.pk)
    return volunteer, actor


def ticket(row: Shift, actor: Actor, at: datetime) -> str:
    return ticket_for(shift_id=row.pk, user_id=actor.user_id, at=at)


def serve(row: Shift, actor: Actor, first: int, last: int, phone: Phone = HERE) -> HourRecord:
    """Sign in and out by code."""
    for act, minute in ((sign_in, first), (sign_out, last)):
        at = clock(minute)
        record = act(actor=actor, at=at, shift_id=row.pk, phone=phone, ticket=ticket(row, actor, at))
    return record


def test_by_code_the_minutes_within_the_shift_count_at_once() -> None:
    row = today_shift()
    volunteer, actor = taken(row)
    record = serve(row, actor, 530, 655)
    assert (record.state, record.origin, record.minutes, record.oddities) == ("counted", "qr", 115, "")
    said = JournalEntry.objects.get(kind="volunteering.hours").data
    assert {name: said[name] for name in ("record", "volunteer", "person", "minutes", "day", "origin", "team")} == {
        "record": record.pk, "volunteer": volunteer.pk, "person": volunteer.person_id, "minutes": 115,
        "day": "2026-09-14", "origin": "qr", "team": None,
    }  # fmt: skip
    assert SignUp.objects.get().state == "served"
    assert Message.objects.filter(kind="counted").count() == 1


def test_the_code_changes_and_is_worthless_a_minute_later() -> None:
    at = datetime(2026, 9, 14, 1, 0, 0, tzinfo=UTC)
    code = code_at(shift_id=7, at=at)
    ages = {seconds: code_holds(shift_id=7, code=code, at=at + timedelta(seconds=seconds)) for seconds in (0, 59, 60)}
    assert ages == {0: True, 59: True, 60: False}
    assert not code_holds(shift_id=8, code=code, at=at)
    assert code_at(shift_id=7, at=at + timedelta(seconds=30)) != code


def test_a_ticket_is_of_one_account_and_short_lived() -> None:
    at = clock(540)
    mine = ticket_for(shift_id=7, user_id=1, at=at)
    assert ticket_holds(ticket=mine, shift_id=7, user_id=1, at=at + timedelta(minutes=4))
    assert not ticket_holds(ticket=mine, shift_id=7, user_id=2, at=at)
    assert not ticket_holds(ticket=mine, shift_id=8, user_id=1, at=at)
    assert not ticket_holds(ticket=mine, shift_id=7, user_id=1, at=at + timedelta(minutes=6))
    assert not ticket_holds(ticket=mine[:-1] + "x", shift_id=7, user_id=1, at=at)


def refused(kind: type[Exception], act, **asked: object) -> None:
    before = (HourRecord.objects.count(), JournalEntry.objects.count(), list(SignUp.objects.values_list("state")))
    with pytest.raises(kind):
        act(**asked)
    assert (
        HourRecord.objects.count(),
        JournalEntry.objects.count(),
        list(SignUp.objects.values_list("state")),
    ) == before


def test_nobody_signs_in_without_proof_time_or_place_in_the_shift() -> None:
    row = today_shift()
    _, actor = taken(row)
    _, other = helper("别人")
    asked = {"actor": actor, "shift_id": row.pk, "phone": HERE}
    refused(CodeStale, sign_in, **asked, at=clock(540), ticket=ticket(row, other, clock(540)))
    refused(NotNow, sign_in, **asked, at=clock(509), ticket=ticket(row, actor, clock(509)))
    refused(NotNow, sign_in, **asked, at=clock(660), ticket=ticket(row, actor, clock(660)))
    refused(NotInShift, sign_in, actor=other, shift_id=row.pk, phone=HERE, at=clock(540), ticket="")
    away = Phone("", CENTRE[0] + 0.01, CENTRE[1])
    refused(NotThere, sign_in, actor=actor, shift_id=row.pk, phone=away, at=clock(540))
    refused(NotThere, sign_in, actor=actor, shift_id=row.pk, phone=Phone("", *CENTRE, 5000), at=clock(540))
    refused(NotThere, sign_in, actor=actor, shift_id=row.pk, phone=Phone(), at=clock(540))
    refused(Conflict, sign_out, actor=actor, shift_id=row.pk, phone=HERE, at=clock(540))
    assert sign_in(**asked, at=clock(540)).origin == "place"
    refused(AlreadyIn, sign_in, **asked, at=clock(541))


def test_insurance_and_agreement_are_looked_at_again_on_the_day() -> None:
    row = today_shift(danger=True)
    volunteer, actor = helper(insured_until=TODAY)
    sign_up(actor=actor, at=BEFORE, shift_id=row.pk, agree=True)
    Volunteer.objects.filter(pk=volunteer.pk).update(insured_until=TODAY - timedelta(days=1))
    refused(NotAllowedYet, sign_in, actor=actor, shift_id=row.pk, phone=HERE, at=clock(540))
    Volunteer.objects.filter(pk=volunteer.pk).update(insured_until=TODAY)
    Agreement.objects.all().delete()
    refused(NotAllowedYet, sign_in, actor=actor, shift_id=row.pk, phone=HERE, at=clock(540))


def test_the_roll_signs_in_and_out_and_keeps_its_origin() -> None:
    row = today_shift(capacity=3)
    taken(row, "甲一"), taken(row, "乙二")
    _, third = taken(row, "丙三")
    first, second, last = SignUp.objects.order_by("pk")
    desk = actor_of("social_worker")
    refused(NotNow, call_roll, actor=desk, at=clock(500), sign_up_id=first.pk, present=True)
    refused(NotFound, call_roll, actor=actor_of("stranger"), at=clock(700), sign_up_id=first.pk, present=True)
    call_roll(actor=desk, at=clock(700), sign_up_id=first.pk, present=True, start=550, end=640)
    call_roll(actor=desk, at=clock(700), sign_up_id=second.pk, present=False)
    sign_in(actor=third, at=clock(545), shift_id=row.pk, phone=HERE, ticket=ticket(row, third, clock(545)))
    call_roll(actor=desk, at=clock(700), sign_up_id=last.pk, present=True)
    found = list(HourRecord.objects.order_by("pk").values_list("origin", "minutes", "state"))
    assert found == [("roll", 90, "counted"), ("qr", 115, "counted")]
    assert list(SignUp.objects.order_by("pk").values_list("state", flat=True)) == ["served", "absent", "served"]


def test_one_phone_for_many_is_held() -> None:
    row = today_shift(capacity=5)
    records = [serve(row, taken(row, name)[1], 540, 660) for name in ("甲一", "乙二", "丙三", "丁四")]
    assert [(record.state, record.oddities) for record in records] == [("counted", "")] * 3 + [("held", "device")]


def test_two_places_at_once_and_too_far_are_held() -> None:
    morning, noon = today_shift(), today_shift(665, 720, title="陪老人散步")
    volunteer, actor = taken(morning)
    sign_up(actor=actor, at=BEFORE, shift_id=noon.pk)
    serve(morning, actor, 540, 690)
    far = Phone("phone-1", CENTRE[0] + 1.2, CENTRE[1])
    record = serve(noon, actor, 680, 720, far)
    assert (record.state, record.oddities) == ("held", "overlap far")
    assert volunteer.hours.get(state="counted").minutes == 150


def test_nobody_crosses_the_county_in_ten_minutes() -> None:
    """Both places are right for themselves; between them lie 48 km and ten minutes."""
    here, there = today_shift(540, 600), today_shift(610, 700, title="城那头", longitude=CENTRE[0] + 0.5)
    _, actor = taken(here)
    sign_up(actor=actor, at=BEFORE, shift_id=there.pk)
    serve(here, actor, 540, 600)
    record = serve(there, actor, 610, 700, Phone("phone-1", CENTRE[0] + 0.5, CENTRE[1]))
    assert (record.state, record.oddities) == ("held", "speed")


def test_working_hours_of_somebody_of_working_age_are_shown_and_count() -> None:
    from datetime import date

    row = today_shift(capacity=2)
    record = serve(row, taken(row, born_on=date(1990, 1, 1))[1], 540, 660)
    assert (record.state, record.oddities) == ("counted", "work_time")


def test_who_forgot_to_sign_out_waits_for_the_organiser() -> None:
    row = today_shift()
    _, actor = taken(row)
    sign_in(actor=actor, at=clock(540), shift_id=row.pk, phone=HERE)
    assert sign_out_overdue(actor=SYSTEM, at=clock(779)) == 0
    assert sign_out_overdue(actor=SYSTEM, at=clock(780)) == 1
    record = HourRecord.objects.get()
    assert (record.state, record.minutes, record.oddities) == ("held", 120, "no_sign_out")
    accept_hours(actor=actor_of("social_worker"), at=clock(800), record_id=record.pk)
    record.refresh_from_db()
    assert (record.state, record.minutes) == ("counted", 120)


def test_typed_hours_need_a_second_person_and_keep_their_mark() -> None:
    volunteer, _ = helper()
    typist, second = actor_of("social_worker"), actor_of("community_worker")
    what = {"title": "陪老人聊天", "day": TODAY, "start": 540, "end": 600, "note": "手机没电，网格员在场"}
    record = type_hours(actor=typist, at=clock(720), volunteer_id=volunteer.pk, **what)
    assert (record.state, record.origin) == ("held", "hand")
    refused(SamePerson, accept_hours, actor=typist, at=clock(730), record_id=record.pk)
    assert JournalEntry.objects.filter(kind="volunteering.hours").count() == 0
    accept_hours(actor=second, at=clock(730), record_id=record.pk)
    record.refresh_from_db()
    assert (record.state, record.origin, record.minutes, record.checked_by) == ("counted", "hand", 60, second.user_id)
    assert JournalEntry.objects.filter(kind="volunteering.hours").count() == 1
    # The database refuses as well what the service refuses.
    with pytest.raises(IntegrityError), transaction.atomic():
        HourRecord.objects.filter(pk=record.pk).update(checked_by=record.recorded_by)
    for fault in ({"note": "短"}, {"end": 540}, {"day": TODAY + timedelta(days=1)}, {"title": ""}):
        refused(Invalid, type_hours, actor=typist, at=clock(720), volunteer_id=volunteer.pk, **{**what, **fault})


def test_what_counted_is_taken_back_and_told() -> None:
    row = today_shift()
    _, actor = taken(row)
    record = serve(row, actor, 540, 660)
    desk = actor_of("social_worker")
    refused(Invalid, strike_hours, actor=desk, at=clock(700), record_id=record.pk, verdict=" ")
    strike_hours(actor=desk, at=clock(700), record_id=record.pk, verdict="当天没有到岗")
    assert HourRecord.objects.get().state == "struck"
    back = JournalEntry.objects.get(kind="volunteering.hours_back")
    assert (back.data["record"], back.data["minutes"]) == (record.pk, 120)
    assert Message.objects.filter(kind="struck", words="助餐点送餐：当天没有到岗").count() == 1


def test_a_correction_is_asked_by_one_and_answered_by_another() -> None:
    row = today_shift()
    _, actor = taken(row)
    record = serve(row, actor, 540, 660)
    refused(
        Invalid, ask_correction, actor=actor, at=clock(700), record_id=record.pk, minutes=120, words="没有变化的更正"
    )
    refused(
        NotFound,
        ask_correction,
        actor=helper("别人")[1],
        at=clock(700),
        record_id=record.pk,
        minutes=90,
        words="多算了半小时",
    )
    wish = ask_correction(actor=actor, at=clock(700), record_id=record.pk, minutes=90, words="多算了半小时")
    answer_correction(
        actor=actor_of("social_worker"), at=clock(710), correction_id=wish.pk, grant=True, answer="情况属实"
    )
    record.refresh_from_db()
    wish.refresh_from_db()
    assert (record.minutes, record.origin, wish.state, wish.before) == (90, "qr", "granted", 120)
    told = list(
        JournalEntry.objects.filter(kind__startswith="volunteering.hours").order_by("pk").values_list("kind", "data")
    )
    assert [(kind, data["minutes"]) for kind, data in told] == [
        ("volunteering.hours", 120), ("volunteering.hours_back", 120), ("volunteering.hours", 90),
    ]  # fmt: skip


def test_a_settled_visit_of_a_volunteer_comes_in_once_and_goes_with_its_reversal(here: World) -> None:
    from wushe.registers.workforce.models import Worker

    own = Worker.objects.get(person=here.volunteer.person)
    visits = [ended(planned(here.elder, one, organisation=here.organisation, start=540 + 180 * n), evidence=True)
              for n, one in enumerate((own, here.carer))]  # fmt: skip
    for visit in visits:
        budget_line(Order.objects.get(appointments=visit.appointment_id), fen=100_000, carrier=here.organisation)
        accepted(visit, verifier=actor_of("verifier"))
    clerk = actor_of("settlement_clerk")
    settlements = [settle(actor=clerk, at=clock(1200), visit_id=visit.pk) for visit in visits]
    deliver()
    record = HourRecord.objects.get()
    visit = type(visits[0]).objects.get(pk=visits[0].pk)
    assert (record.volunteer, record.visit_id, record.origin, record.state) == (
        here.volunteer,
        visit.pk,
        "visit",
        "counted",
    )
    assert record.minutes == visit.minutes
    assert JournalEntry.objects.filter(kind="volunteering.hours").count() == 0
    reverse(actor=clerk, at=clock(1210), settlement_id=settlements[0].pk, reason="重复")
    deliver()
    record.refresh_from_db()
    assert record.state == "struck"
    settle(actor=clerk, at=clock(1220), visit_id=visit.pk)
    deliver()
    record.refresh_from_db()
    assert (record.state, HourRecord.objects.count()) == ("counted", 1)


def test_a_run_of_visits_comes_in_part_by_part_and_once(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from wushe.registers.workforce.models import Worker

    monkeypatch.setattr("wushe.chain.settlement.runs._PART", 1)
    own = Worker.objects.get(person=here.volunteer.person)
    visits = [ended(planned(here.elder, one, organisation=here.organisation, start=500 + 130 * n), evidence=True)
              for n, one in enumerate((own, here.carer, own))]  # fmt: skip
    for visit in visits:
        budget_line(Order.objects.get(appointments=visit.appointment_id), fen=100_000, carrier=here.organisation)
        accepted(visit, verifier=actor_of("verifier"))
    begin_at_end()
    clerk = actor_of("settlement_clerk")
    assert settle_all(actor=clerk, at=clock(1200), area_code="511602").settled == 3
    deliver()
    assert not HourRecord.objects.exists()
    first = Settlement.objects.get(visit=visits[0])
    reverse(actor=clerk, at=clock(1205), settlement_id=first.pk, reason="重复")
    deliver()
    keep = JournalEntry.objects.get(kind="settlement.settle")
    keep_visit(keep)
    assert work_off(clock=lambda: clock(1210), limit=20) == Job.objects.count()
    record = HourRecord.objects.get()
    assert (record.visit_id, record.state, record.recorded_by) == (visits[2].pk, "counted", clerk.user_id)
    keep_part(at=clock(1220), settlements=list(Settlement.objects.values_list("pk", flat=True)), recorded_by=1)
    assert HourRecord.objects.count() == 1


def test_persons_person_times_and_hours_are_three_figures() -> None:
    """By hand: 甲 comes twice to one activity on one day and once to another; 乙 once; 丙's hours wait and do not count."""
    morning, noon = today_shift(capacity=3), today_shift(660, 720, title="陪老人散步")
    _, first = taken(morning, "甲一")
    sign_up(actor=first, at=BEFORE, shift_id=noon.pk)
    serve(morning, first, 540, 570)  # 30
    serve(morning, first, 600, 650)  # 50, the same activity on the same day: one person-time
    serve(noon, first, 660, 700)  # 40
    serve(morning, taken(morning, "乙二")[1], 540, 660, Phone("phone-2"))  # 120
    sign_in(actor=taken(morning, "丙三")[1], at=clock(540), shift_id=morning.pk, phone=Phone("phone-3", *CENTRE, 9))
    sign_out_overdue(actor=SYSTEM, at=clock(800))
    desk = actor_of("social_worker")
    assert figures(actor=desk, since=TODAY, until=TODAY) == Figures(persons=2, person_times=3, minutes=240)
    assert [(part.label, part.figures) for part in by_origin(actor=desk, since=TODAY, until=TODAY)] == [
        ("扫码签到", Figures(2, 3, 240))
    ]
    assert figures(actor=desk, since=TODAY - timedelta(days=9), until=TODAY - timedelta(days=1)) == Figures(0, 0, 0)
    assert figures(actor=actor_of("stranger"), since=TODAY, until=TODAY) == Figures(0, 0, 0)
