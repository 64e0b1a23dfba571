"""Certificates and stars by Order 67: asked for, on notice, in force, checked by anybody; and what they are not given for."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.cast import actor_of, client_of, world
from tests.factories.places import NOON, OTHER_COMMUNITY, TODAY
from tests.factories.volunteering import helper
from wushe.foundation.access.models import User
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.workflow import MoveNotAllowed
from wushe.lines.volunteering.certifying import (
    apply_for_certificate,
    checked,
    end_certificate,
    issue_due,
    post_certificate,
    printed,
)
from wushe.lines.volunteering.models import Certificate, HourRecord, Message, Star
from wushe.lines.volunteering.starring import award_stars, own_standing, star_counts, stars_given
from wushe.registers.volunteers.models import Volunteer, VolunteerSkill
from wushe.registers.workforce.models import Skill

pytestmark = pytest.mark.django_db
ISSUER = {"issuer": "翠屏路社区居民委员会", "in_charge": "李主任", "handler": "陈社工", "contact": "0826-2333333"}


@pytest.fixture(autouse=True)
def _here() -> None:
    world()


def served(volunteer: Volunteer, day: date, minutes: int, *, state: str = "counted", origin: str = "qr") -> HourRecord:
    """Put a record of so many minutes into the register."""
    return HourRecord.objects.create(
        volunteer=volunteer, area_code=volunteer.area_code, origin=origin, title="助餐点送餐", day=day, state=state,
        started_at=NOON, ended_at=NOON + timedelta(minutes=minutes), minutes=minutes, recorded_by=0,
    )  # fmt: skip


def test_from_application_to_the_page_where_anybody_checks_it() -> None:
    volunteer, actor = helper()
    served(volunteer, TODAY, 90), served(volunteer, TODAY - timedelta(days=3), 45, origin="imported")
    served(volunteer, TODAY - timedelta(days=40), 600)  # outside the time
    served(volunteer, TODAY, 70, state="held")  # does not count yet
    since = TODAY - timedelta(days=30)
    row = apply_for_certificate(actor=actor, at=NOON, since=since, until=TODAY, purpose="评优")
    with pytest.raises(Conflict):
        apply_for_certificate(actor=actor, at=NOON, since=since, until=TODAY, purpose="再来一份")
    with pytest.raises(NotFound):
        post_certificate(actor=actor_of("stranger"), at=NOON, certificate_id=row.pk, **ISSUER)
    with pytest.raises(Invalid) as faults:
        post_certificate(actor=actor_of("social_worker"), at=NOON, certificate_id=row.pk, issuer="翠屏路社区")
    assert sorted(faults.value.fields) == ["contact", "handler", "in_charge"]
    row.refresh_from_db()
    assert (row.state, row.number) == ("applied", "")

    row = post_certificate(actor=actor_of("social_worker"), at=NOON, certificate_id=row.pk, **ISSUER)
    assert (row.state, row.minutes, row.times, row.notice_until) == ("posted", 135, 2, TODAY + timedelta(days=7))
    assert row.number == f"ZM5116022026{row.pk:07d}"
    assert [(line["minutes"], line["origin"]) for line in row.lines] == [(45, "imported"), (90, "qr")]
    assert checked(number=row.number.lower(), code=row.code).pk == row.pk
    for number, code in ((row.number, "0" * 16), ("ZM000", row.code), ("", "")):
        with pytest.raises(NotFound):
            checked(number=number, code=code)

    assert issue_due(actor=SYSTEM, at=NOON + timedelta(days=7)) == 0
    assert issue_due(actor=SYSTEM, at=NOON + timedelta(days=8)) == 1
    row.refresh_from_db()
    assert row.state == "issued"
    assert Message.objects.filter(volunteer=volunteer, kind="certificate").count() == 2
    assert printed(certificate=row, address="https://example.org/verify").startswith(b"%PDF")
    end_certificate(actor=actor_of("social_worker"), at=NOON, certificate_id=row.pk, reason="时长有误")
    assert checked(number=row.number, code=row.code).state == "revoked"


def test_nothing_served_nothing_certified() -> None:
    volunteer, actor = helper()
    served(volunteer, TODAY, 60, state="struck")
    with pytest.raises(Conflict):
        apply_for_certificate(actor=actor, at=NOON, since=TODAY, until=TODAY, purpose="评优")
    for since, until, purpose in ((TODAY, TODAY - timedelta(days=1), "评优"), (TODAY, TODAY, "x")):
        with pytest.raises(Invalid):
            apply_for_certificate(actor=actor, at=NOON, since=since, until=until, purpose=purpose)
    assert Certificate.objects.count() == 0


def test_declined_is_the_end() -> None:
    volunteer, actor = helper()
    served(volunteer, TODAY, 60)
    row = apply_for_certificate(actor=actor, at=NOON, since=TODAY, until=TODAY, purpose="评优")
    end_certificate(actor=actor_of("social_worker"), at=NOON, certificate_id=row.pk, reason="请到原单位开具")
    with pytest.raises(MoveNotAllowed):
        post_certificate(actor=actor_of("social_worker"), at=NOON, certificate_id=row.pk, **ISSUER)
    row.refresh_from_db()
    assert (row.state, row.number) == ("declined", "")


def test_stars_by_the_steps_of_the_preset_once_a_year() -> None:
    """100, 300, 600 … hours: 甲 has 99 h 59, 乙 100 h, 丙 250 h of which 60 before the register, 丁 310 h in the next year."""
    people = {name: helper(name, earlier_minutes=earlier)[0] for name, earlier in
              (("甲一", 0), ("乙二", 0), ("丙三", 3600), ("丁四", 0), ("戊五", 300 * 60))}  # fmt: skip
    elsewhere, _ = helper("外街", area_code=OTHER_COMMUNITY)
    served(people["甲一"], TODAY, 5999)
    served(people["乙二"], date(2026, 12, 31), 6000)
    served(people["丙三"], TODAY, 190 * 60)
    served(people["丁四"], date(2027, 1, 1), 310 * 60)
    served(people["戊五"], TODAY, 900, state="held")
    served(elsewhere, TODAY, 600 * 60)
    on = date(2027, 1, 4)
    assert award_stars(actor=SYSTEM, at=NOON, year=2026, on=on) == 4
    found = dict(Star.objects.values_list("volunteer__person__name", "stars"))
    assert found == {"乙二": 1, "丙三": 1, "戊五": 2, "外街": 3}
    assert {star.notice_until for star in Star.objects.all()} == {date(2027, 1, 11)}
    assert award_stars(actor=SYSTEM, at=NOON, year=2026, on=on) == 0
    assert Star.objects.count() == 4


def test_the_list_of_stars_and_one_s_own_way_to_the_next() -> None:
    one, own = helper("乙二")
    other, _ = helper("丙三")
    helper("外街", area_code=OTHER_COMMUNITY, earlier_minutes=900 * 60)
    served(one, TODAY, 301 * 60)
    served(other, TODAY, 100 * 60)
    award_stars(actor=SYSTEM, at=NOON, year=2026, on=date(2027, 1, 4))
    desk = actor_of("social_worker")
    listed = stars_given(actor=desk, year=2026)
    assert [(row.volunteer.person.name, row.stars) for row in listed] == [("丙三", 1), ("乙二", 2)]
    assert star_counts(actor=desk, year=2026) == {1: 1, 2: 1, 3: 0, 4: 0, 5: 0}
    assert [row.volunteer for row in stars_given(actor=desk, year=2026, stars=2)] == [one]
    assert stars_given(actor=desk, year=2026, text="丙三").count() == 1
    standing = own_standing(actor=own, at=NOON)
    assert (standing.stars, standing.missing) == (2, 299 * 60)
    page = client_of("social_worker").get(reverse("volunteering:stars") + "?stars=2").content.decode()
    assert ("乙二" in page, "丙三" in page) == (True, False)
    answer = client_of("social_worker").post(reverse("volunteering:export_stars"), {"format": "csv", "year": "2026"})
    assert "乙二,2026,二星,18060" in answer.content.decode("utf-8-sig")
    VolunteerSkill.objects.create(volunteer=one, skill=Skill.objects.earliest("pk"), level=2, trained_on=TODAY)
    phone = Client()
    phone.force_login(User.objects.get(pk=own.user_id))
    shown = phone.get(reverse("volunteer:record")).content.decode()
    assert ("2026 年度：2 星" in shown, "经过培训" in shown, "再服务 299小时" in shown) == (True, True, True)
