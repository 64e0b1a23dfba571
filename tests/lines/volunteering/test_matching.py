"""People for shifts and posts for people: all shifts of a day at once, nobody twice, nobody who may not come."""

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from tests.factories import people
from tests.factories.cast import actor_of, client_of, world
from tests.factories.places import NOON, TODAY
from tests.factories.volunteering import TOMORROW, activity, helper
from wushe.foundation.errors import NotAllowed
from wushe.lines.volunteering.announcing import add_shifts
from wushe.lines.volunteering.attending import call_roll
from wushe.lines.volunteering.matching import fill, invitations
from wushe.lines.volunteering.models import SignUp
from wushe.lines.volunteering.signing_up import place_volunteer, sign_up
from wushe.lines.volunteering.suggesting import cases_of
from wushe.registers.volunteers.models import Volunteer, VolunteerSkill
from wushe.registers.workforce.models import Skill

pytestmark = pytest.mark.django_db
DESK = "social_worker"


@pytest.fixture(autouse=True)
def alone():
    world()
    Volunteer.objects.update(left_on=TODAY - timedelta(days=1))  # only those whom a test names


def given(fillings):
    return [{one.volunteer.person.name for one in filling.people if one.chosen} for filling in fillings]


def test_two_shifts_at_one_day_get_two_people_and_the_one_who_knows_the_place():
    known, who = helper("熟人")
    fresh, _ = helper("新人")
    past = activity("送餐", day=TODAY, start=730, end=775, capacity=1)
    served = sign_up(actor=who, at=NOON, shift_id=past.shifts.get().pk)
    call_roll(actor=actor_of(DESK), at=NOON + timedelta(hours=6), sign_up_id=served.pk, present=True)
    (again,) = add_shifts(
        actor=actor_of(DESK), at=NOON, activity_id=past.pk, days=[TOMORROW], start=540, end=600, capacity=1
    )
    other = activity("扫楼道", capacity=1, start=540, end=600).shifts.get()
    fillings = fill(actor=actor_of(DESK), at=NOON, shifts=[other, again])
    assert given(fillings) == [{"新人"}, {"熟人"}]
    assert "来过1次，熟悉" in fillings[1].people[0].reasons
    assert [(one.short, one.why) for one in fillings] == [(0, ""), (0, "")]
    # One person for two shifts: the engine leaves one short and says that all are taken.
    Volunteer.objects.filter(pk=fresh.pk).update(left_on=TODAY)
    (empty,) = (one for one in fill(actor=actor_of(DESK), at=NOON, shifts=[other, again]) if one.short)
    assert (empty.short, given([empty])) == (1, [set()])
    assert empty.why.startswith("合适的人都排到别的班了")
    assert [one.volunteer for one in empty.people] == [known]


def test_who_may_not_come_is_not_named():
    skill = Skill.objects.first()
    shift = activity("急救站", capacity=6, minimum_age=18, skill_id=skill.pk, skill_level=2, danger=True).shifts.get()
    covered = {"insured_until": TODAY + timedelta(days=30)}
    fine, _ = helper("合格", **covered)
    low, _ = helper("刚学", **covered)
    helper("没学", **covered)
    bare, _ = helper("没保险")
    young, _ = helper("小同学", born_on=date(2010, 1, 1), **covered)
    away, _ = helper("已有班", **covered)
    for one, level in ((fine, 2), (low, 1), (bare, 2), (young, 2), (away, 2)):
        VolunteerSkill.objects.create(volunteer=one, skill=skill, level=level, trained_on=TODAY)
    elsewhere = activity("别处", start=600, end=700).shifts.get()
    place_volunteer(actor=actor_of(DESK), at=NOON, shift_id=elsewhere.pk, volunteer_id=away.pk)
    (filling,) = fill(actor=actor_of(DESK), at=NOON, shifts=[shift])
    assert [one.volunteer.person.name for one in filling.people] == ["合格"]
    assert (filling.short, filling.why[:11]) == (5, "没有合适又有空的志愿者"[:11])
    assert fill(actor=actor_of(DESK), at=NOON + timedelta(days=3), shifts=[shift]) == []  # it has begun
    with pytest.raises(NotAllowed):
        fill(actor=actor_of("volunteer"), at=NOON, shifts=[shift])


def test_no_shows_speak_against_and_habit_speaks_for():
    often, _ = helper("常来")
    lax, _ = helper("爽约")
    week_ago = activity("上周", day=TOMORROW - timedelta(days=7), at=NOON - timedelta(days=20)).shifts.get()
    SignUp.objects.create(shift=week_ago, volunteer=often, state="served", turn=1, signed_at=NOON)
    SignUp.objects.create(shift=week_ago, volunteer=lax, state="absent", turn=2, signed_at=NOON)
    shift = activity("这周").shifts.get()
    weights = {
        "been": 40,
        "been_most": 5,
        "team": 100,
        "habit": 60,
        "quiet": 30,
        "quiet_days": 60,
        "missed": 80,
        "near_metres": -1,
    }
    cases = cases_of(pool=[often, lax], shifts=[shift], weights=weights)
    assert [(case.points, case.reasons) for case in cases.values()] == [
        (90, ["常在这个时段服务", "登记后还没有服务过"]),
        (-50, ["登记后还没有服务过", "有1次报了没来"]),
    ]


def test_a_volunteer_is_invited_to_what_suits_once_an_activity():
    own, who = helper("李大姐")
    near = activity("家门口")
    full = activity("满员", capacity=1, start=800, end=900)
    other, _ = helper("别人")
    place_volunteer(actor=actor_of(DESK), at=NOON, shift_id=full.shifts.get().pk, volunteer_id=other.pk)
    activity("要成年", minimum_age=80, start=900, end=960)
    found = invitations(actor=who, at=NOON, most=3)
    assert [one.shift.activity for one in found] == [near]
    assert found[0].metres is not None
    sign_up(actor=who, at=NOON, shift_id=near.shifts.get().pk)
    assert invitations(actor=who, at=NOON, most=3) == []
    assert own.sign_ups.count() == 1


def test_all_of_tomorrow_is_filled_by_one_press():
    day = localdate() + timedelta(days=2)
    first, second = helper("甲")[0], helper("乙")[0]
    people.person("无关")
    shifts = [
        activity(title, day=day, capacity=1, start=start, end=start + 60).shifts.get()
        for title, start in (("早班", 480), ("晚班", 1080))
    ]
    desk = client_of(DESK)
    page = desk.get(f"/volunteering/tomorrow/?day={day}").content.decode()
    assert page.count(" checked") == 2
    ticked = [f"{shifts[0].pk}-{first.pk}", f"{shifts[1].pk}-{second.pk}", "9999-1", "x"]
    assert desk.post(f"/volunteering/tomorrow/?day={day}", {"place": ticked}).status_code == 302
    assert set(SignUp.objects.values_list("shift_id", "volunteer_id", "state")) == {
        (shifts[0].pk, first.pk, "taken"), (shifts[1].pk, second.pk, "taken"),
    }  # fmt: skip
