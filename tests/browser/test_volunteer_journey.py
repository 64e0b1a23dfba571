"""A volunteer of 62 finds a post near home, signs up in two taps, signs in by the changing code, sees the hours the same
evening and gives ten to her mother; the auditor follows one coin; the coordinator fills tomorrow.
"""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import measures
from tests.browser.conftest import Desk
from tests.factories import people
from tests.factories.cast import user_of, world
from tests.factories.places import CENTRE, TODAY
from tests.factories.time_bank import bank, earned
from tests.factories.visits import clock as minute_of_day
from tests.factories.volunteering import activity, helper
from wushe.foundation.access.models import User
from wushe.foundation.journal.delivery import begin_at_end, deliver
from wushe.lines.volunteering.codes import code_at
from wushe.lines.volunteering.models import HourRecord, Shift
from wushe.lines.volunteering.signing_up import sign_up
from wushe.registers.people.models import Relation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SitDown = Callable[..., Desk]


class Clock:
    """The time of day of the test."""

    now: datetime = minute_of_day(8 * 60)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    dial = Clock()
    monkeypatch.setattr(timezone, "now", lambda: dial.now)
    return dial


def sound(desk: Desk) -> None:
    """See that the page has no fault that a volunteer of 62 would meet."""
    measures.settle_down(desk.page)
    assert [*measures.violations(desk.page), *measures.overflow(desk.page), *desk.take_complaints()] == []


def press(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).first.click()


def test_from_the_post_near_home_to_the_mother_s_ten_hours(sit_down: SitDown, clock: Clock) -> None:
    world()
    bank()
    early = minute_of_day(7 * 60)
    activity("远处的活动", day=TODAY, start=540, end=660, at=early, longitude=CENTRE[0] + 0.05)
    activity("老年食堂帮厨", day=TODAY, start=600, end=690, at=early, capacity=1)
    volunteer, actor = helper("李大姐", born_on=TODAY.replace(year=1964))
    mother = people.person("李桂兰", born_on=TODAY.replace(year=1941))
    people.relation(mother, volunteer.person, Relation.Kind.CHILD)
    earned(volunteer.person, 570)
    account = User.objects.get(pk=actor.user_id)
    phone = sit_down(
        account, width=390, permissions=["geolocation"], geolocation={"longitude": CENTRE[0], "latitude": CENTRE[1]}
    )
    page = phone.page

    page.goto(reverse("volunteer:service"))
    names = page.locator(".offer .card-title").all_text_contents()
    assert names == ["老年食堂帮厨", "远处的活动"]
    sound(phone)
    page.locator(".offer").first.get_by_role("link").click()  # the first tap
    page.wait_for_url("**/posts/*/")
    sound(phone)
    press(page, "报名")  # the second
    expect(page.locator(".phone-main")).to_contain_text("报名成功")
    sound(phone)

    row = Shift.objects.get(activity__title="老年食堂帮厨")
    # Somebody else waits behind her.
    _, other = helper("后来的人")
    assert sign_up(actor=other, at=clock.now, shift_id=row.pk).state == "queued"

    organiser = sit_down(user_of("social_worker"))
    clock.now = minute_of_day(595)
    organiser.page.goto(reverse("volunteering:code", args=[row.pk]))
    expect(organiser.page.locator(".code-board svg")).to_be_visible()
    sound(organiser)
    scan(page, row, clock)
    sound(phone)
    press(page, "签到")
    expect(page.locator(".phone-main")).to_contain_text("签到成功")
    expect(page.locator(".phone-main")).to_contain_text("服务中")

    begin_at_end()
    clock.now = minute_of_day(690)
    stale = reverse("volunteer:code", args=[row.pk, code_at(shift_id=row.pk, at=clock.now - timedelta(seconds=90))])
    page.goto(stale)
    expect(page.locator(".phone-main")).to_contain_text("二维码已经换了")
    scan(page, row, clock)
    press(page, "签退")
    expect(page.locator(".phone-main")).to_contain_text("时长已计入")

    clock.now = minute_of_day(19 * 60)
    page.goto(reverse("volunteer:hours"))
    expect(page.locator(".hours-big")).to_contain_text("1小时30分")
    expect(page.locator(".card").first).to_contain_text("扫码签到")
    sound(phone)
    record = HourRecord.objects.get()
    assert (record.volunteer_id, record.minutes, record.origin, record.state) == (volunteer.pk, 90, "qr", "counted")

    deliver()
    give_ten_hours(phone, organiser)
    follow_today_s_coin(sit_down(user_of("auditor")))


def give_ten_hours(phone: Desk, organiser: Desk) -> None:
    """Give ten of eleven hours on the phone; the community looks at the bond and lets it pass."""
    page = phone.page
    page.goto(reverse("time_bank:mine"))
    expect(page.locator(".hours-big")).to_contain_text("11小时")
    sound(phone)
    page.get_by_role("link", name="转给家人").click()
    page.wait_for_url("**/mine/give/")
    sound(phone)
    expect(page.get_by_label("转给谁")).to_contain_text("李桂兰")
    page.get_by_label("转给谁").select_option(index=0)
    page.get_by_label("转多少小时").fill("10")
    press(page, "提交")
    expect(page.locator("main")).to_contain_text("已提交，社区核对亲属关系后入账")

    desk = organiser.page
    desk.goto(reverse("time_bank:gifts"))
    desk.get_by_role("row", name=re.compile("李桂兰")).get_by_role("link").click()
    expect(desk.locator("main")).to_contain_text("本人是其子女")
    press(desk, "通过并入账")
    page.goto(reverse("time_bank:mine"))
    expect(page.locator(".hours-big")).to_contain_text("1小时")


def follow_today_s_coin(auditor: Desk) -> None:
    """From the mother's account to the coin of today: who served, when, through whose hands, and where it is now."""
    page = auditor.page
    page.goto(f"{reverse('time_bank:accounts')}?q=李桂兰")
    page.get_by_role("row", name=re.compile("李桂兰")).get_by_role("link").click()
    page.wait_for_url("**/accounts/*/")
    expect(page.locator("main")).to_contain_text("余额 10小时")
    # The oldest time goes first: of today's hour and a half she got the last thirty minutes.
    today_s = page.get_by_role("row", name=re.compile("志愿活动"))
    expect(today_s).to_contain_text("30分 / 1小时30分")
    today_s.get_by_role("link").click()
    page.wait_for_url("**/coins/*/")
    expect(page.locator("h1")).to_have_text("追一枚时间币")
    for words in ("李大姐", "服务记录", "1小时30分", "李*"):
        expect(page.locator("main")).to_contain_text(words)
    assert sorted(page.locator("td[data-label=分钟]").all_text_contents()) == ["+30", "+90", "-30", "-90"]
    sound(auditor)


def scan(page: Page, row: Shift, clock: Clock) -> None:
    """Open what the code on the organiser's screen says at this moment."""
    page.goto(reverse("volunteer:code", args=[row.pk, code_at(shift_id=row.pk, at=clock.now)]))


def test_the_coordinator_fills_tomorrow(sit_down: SitDown, clock: Clock) -> None:
    world()
    tomorrow = TODAY + timedelta(days=1)
    row = activity("助餐点送餐", day=tomorrow, capacity=2, at=minute_of_day(420)).shifts.get()
    for name in ("甲一", "乙二", "丙三"):
        helper(name)
    helper("小明", born_on=TODAY - timedelta(days=13 * 365))
    desk = sit_down(user_of("social_worker"))
    desk.page.goto(reverse("volunteering:tomorrow"))
    expect(desk.page.locator("h1")).to_have_text(re.compile("还差 2 人"))
    ticked = desk.page.locator("input[name=place]:checked")
    assert ticked.count() == 2
    expect(desk.page.locator("main")).not_to_contain_text("小明")
    sound(desk)
    press(desk.page, "安排所有勾选的人（2）")
    expect(desk.page.locator("main")).to_contain_text("安排了 2 人")
    row.refresh_from_db()
    assert (row.taken, row.sign_ups.filter(by_desk=True, state="taken").count()) == (2, 2)
