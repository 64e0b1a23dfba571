"""The desk at twenty to eight: a carer rings in sick, the day is mended by keyboard, and every moved visit is named."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.factories import orders
from tests.factories.cast import World, actor_of, user_of, world
from tests.factories.catalogue import MORNING
from tests.factories.places import NOON, STREET, TODAY
from tests.factories.visits import clock as minute_of_day
from wushe.chain.dispatch.models import Appointment, Plan
from wushe.chain.dispatch.services import confirm_plan, propose_plan
from wushe.registers.workforce.models import Absence

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SitDown = Callable[..., Desk]
SEVEN_FORTY = 7 * 60 + 40


@pytest.fixture
def morning(monkeypatch: pytest.MonkeyPatch) -> World:
    """A published day with two visits for 周敏 and one for 吴芳, seen at 7:40."""
    now: datetime = minute_of_day(SEVEN_FORTY)
    monkeypatch.setattr(timezone, "now", lambda: now)
    here = world()
    early = NOON.replace(hour=0)  # 8:00 of the day before the clock is turned back would be too late
    for person, window in ((here.elder, (540, 600)), (here.elder, (840, 900)), (here.daughter, (960, 990))):
        orders.accepted(person, here.organisation, code=MORNING, starts_on=TODAY, window=window, at=early)
    planner = actor_of("dispatcher")
    plan = propose_plan(actor=planner, at=now, area_code=STREET, day=TODAY, seed=1, seconds=1)
    confirm_plan(actor=planner, at=now, plan_id=plan.pk)
    for row in Appointment.objects.select_related("order"):
        carer = here.second_carer if row.order.person_id == here.daughter.pk else here.carer
        Appointment.objects.filter(pk=row.pk).update(worker=carer)
    return here


def submit(page: Page, key: str = "Enter") -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def stand_on(page: Page, words: str, role: str = "button") -> None:
    """Go on with Tab until the control of these words has the focus, as somebody without a mouse does."""
    for _ in range(80):
        focused = page.evaluate("document.activeElement.textContent.trim()")
        if focused == words:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words} is not reached with Tab")


def test_a_sick_call_is_mended_without_a_mouse(sit_down: SitDown, morning: World) -> None:
    desk = sit_down(user_of("dispatcher"))
    page = desk.page
    page.goto(reverse("centre:home"))
    stand_on(page, "护理员请假")
    submit(page)
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("周敏")
    submit(page)
    stand_on(page, "登记请假")
    submit(page)
    stand_on(page, "登记，看影响")
    submit(page)
    absence = Absence.objects.get()
    assert (absence.worker_id, absence.starts_on, absence.ends_on) == (morning.carer.pk, TODAY, TODAY)
    main = page.locator("main")
    expect(main).to_contain_text("2 次服务没有人")
    stand_on(page, "以最少的改动重新安排")
    page.keyboard.press("Enter")
    page.wait_for_url("**/plans/*/", timeout=120_000)
    the_proposal_names_what_moves(page, morning)
    assert set(Appointment.objects.filter(order__person=morning.elder).values_list("worker", flat=True)) == {
        morning.carer.pk
    }, "nothing moves before a person confirms"
    stand_on(page, "确认发布")
    submit(page)
    assert Plan.objects.get(kind="mend").state == "confirmed"
    assert set(Appointment.objects.values_list("worker", "state")) == {(morning.second_carer.pk, "confirmed")}
    expect(page.locator(".board-row", has_text="周敏").locator(".block")).to_have_count(0)
    expect(page.locator(".board-row", has_text="吴芳").locator(".block")).to_have_count(3)
    assert desk.take_complaints() == []


def the_proposal_names_what_moves(page: Page, here: World) -> None:
    """Both visits of the elder are listed with who came and who comes; the daughter's, which stays, is not."""
    moved = page.get_by_role("region", name="改动").locator("tbody tr")
    expect(moved).to_have_count(2)
    for row in moved.all():
        expect(row).to_contain_text("王桂芳")
        expect(row).to_contain_text("周敏")
        expect(row).to_contain_text("吴芳")
    assert here.daughter.name not in page.get_by_role("region", name="改动").inner_text()


def test_the_board_is_worked_by_keyboard(sit_down: SitDown, morning: World) -> None:
    """Arrows choose a visit, L locks it and comes back to it, R asks for another person."""
    desk = sit_down(user_of("dispatcher"))
    page = desk.page
    page.goto(f"{reverse('centre:dispatch')}?area={STREET}&day={TODAY}")
    row = Appointment.objects.filter(worker=morning.carer).earliest("planned_start")
    page.locator(f"[data-visit='{row.pk}']").focus()
    page.keyboard.press("ArrowRight")
    second = Appointment.objects.filter(worker=morning.carer).latest("planned_start")
    expect(page.locator(f"[data-visit='{second.pk}']")).to_be_focused()
    for locked in (True, False, True):
        submit(page, "l")
        expect(page.locator(f"[data-visit='{second.pk}']")).to_be_focused()
        second.refresh_from_db()
        assert second.locked is locked
    expect(page.locator(f"[data-visit='{second.pk}']")).to_contain_text("已锁定")
    submit(page, "r")
    assert page.url.endswith(reverse("centre:change", args=[second.pk]))
    assert desk.take_complaints() == []
