"""The festivals ahead: each once, with what is planned near it and who came the last time."""

from datetime import date

import pytest

from tests.factories.cast import actor_of, world
from tests.factories.places import NOON
from tests.factories.volunteering import activity, helper
from wushe.lines.volunteering.models import HourRecord, SignUp
from wushe.lines.volunteering.seasons import seasons_ahead
from wushe.lines.volunteering.states import Season

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 14)


def test_each_festival_of_the_next_year_stands_once_with_its_plans():
    world()
    activity("重阳包饺子", season="double_ninth", day=date(2026, 10, 17), capacity=7)
    activity("无关", season="double_ninth", day=date(2026, 12, 30))  # too late for it
    last = activity("去年重阳", season="double_ninth", day=date(2026, 9, 20)).shifts.get()
    last.day = date(2025, 10, 29)
    last.save()
    row = SignUp.objects.create(shift=last, volunteer=helper()[0], state="served", signed_at=NOON)
    HourRecord.objects.create(
        volunteer=row.volunteer, sign_up=row, area_code=last.area_code, state="counted", origin="roll", title="去年重阳",
        day=last.day, started_at=NOON.replace(year=2025), ended_at=NOON.replace(year=2025, hour=6), minutes=120, recorded_by=0,
    )  # fmt: skip
    found = seasons_ahead(actor=actor_of("social_worker"), on=ON)
    assert {one.season for one in found} == set(Season) - {Season.NONE}
    assert [one.day for one in found] == sorted(one.day for one in found)
    ninth = next(one for one in found if one.season == Season.DOUBLE_NINTH)
    assert (ninth.day, ninth.activities, ninth.places, ninth.taken, ninth.came) == (date(2026, 10, 18), 1, 7, 0, 1)
    assert next(one for one in found if one.season == Season.LANTERN).wants_planning
    far = seasons_ahead(actor=actor_of("stranger"), on=ON)
    assert [one.came for one in far if one.season == Season.DOUBLE_NINTH] == [0]
    assert all(one.wants_planning for one in far)
