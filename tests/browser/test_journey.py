"""One need from the door-knock to the figure of the manager, clicked through the pages by those whose steps they are."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk
from tests.browser.locks import set_number, unlock
from tests.factories import needs, orders, visits
from tests.factories.cast import World, user_of, world
from tests.factories.catalogue import item
from tests.factories.places import CENTRE, TODAY
from tests.factories.showcase import seen_by
from tests.factories.visits import clock as minute_of_day
from wushe.chain.dispatch.models import Appointment, Plan
from wushe.chain.needs.models import Need
from wushe.chain.orders.models import Offer, Order
from wushe.chain.settlement.models import Settlement
from wushe.chain.visits.models import Visit
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.delivery import deliver
from wushe.foundation.journal.models import JournalEntry
from wushe.oversight.indicators import BY_CODE
from wushe.oversight.services import refresh_indicators

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SitDown = Callable[..., Desk]


class Clock:
    """The time of day of the test, for the server and for phones."""

    def __init__(self) -> None:
        self.now: datetime = minute_of_day(480)

    def turn_to(self, minute: int) -> datetime:
        """Let it be this minute of the day."""
        self.now = minute_of_day(minute)
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    dial = Clock()
    monkeypatch.setattr(timezone, "now", lambda: dial.now)
    return dial


def press(page: Page, words: str) -> None:
    """Press a button of the page's own content and wait for the next page."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).first.click()


def test_from_the_need_to_the_settlement(sit_down: SitDown, clock: Clock, tmp_path: Path) -> None:
    here = world()
    line = needs.budget_line(needs.project(here.organisation))
    community_worker_asks_for_help(sit_down, here, line.pk)
    clock.turn_to(500)
    organisation_accepts(sit_down)
    clock.turn_to(510)
    dispatcher_plans(sit_down)
    carer_visits(sit_down, clock, tmp_path)
    deliver()
    clock.turn_to(18 * 60)
    verifier_accepts(sit_down)
    deliver()
    clerk_sees_it_settled(sit_down)
    refresh_indicators(actor=SYSTEM, at=clock.now, as_of=TODAY)
    manager_sees_it_counted(sit_down)
    timeline_shows_it(sit_down)


def community_worker_asks_for_help(sit_down: SitDown, here: World, line_id: int) -> None:
    """Record, triage, link, order, send: each page leads to the next."""
    desk = sit_down(user_of("community_worker"))
    page = desk.page
    page.goto(reverse("community:find_resident"))
    page.fill("input[name=q]", "王桂")
    page.press("input[name=q]", "Enter")
    page.get_by_role("link", name="记需求").click()
    page.select_option("#id_channel", "door_knock")
    page.fill("#id_words", "腰疼，屋里好久没人打扫了")
    press(page, "登记并研判")
    page.wait_for_url("**/triage/")
    page.check(f"input[name=item_id][value='{item().pk}']", force=True)
    page.check("input[name=urgency][value=week]", force=True)
    press(page, "研判完成")
    page.wait_for_url("**/link/")
    page.check("input[name=society][value=organisation]", force=True)
    page.select_option("#id_organisation_id", str(here.organisation.pk))
    page.select_option("#id_budget_line_id", str(line_id))
    press(page, "确定链接")
    page.wait_for_url("**/order/")
    page.fill("#id_starts_on", str(TODAY))
    page.fill("#id_window_start", "10:00")
    page.fill("#id_window_end", "12:00")
    press(page, "点单")
    page.wait_for_url("**/send/")
    for organisation in (here.organisation, here.second_organisation):
        page.check(f"input[name=organisation_ids][value='{organisation.pk}']", force=True)
    press(page, "送单")
    assert desk.take_complaints() == []
    assert (Need.objects.get().state, Order.objects.get().state, Offer.objects.count()) == ("in_service", "sent", 2)


def organisation_accepts(sit_down: SitDown) -> None:
    """接单; the other organisation has lost it and its page says nothing to answer."""
    first, second = sit_down(user_of("organisation_a")), sit_down(user_of("organisation_b"))
    for desk in (first, second):
        desk.page.goto(reverse("organisation:home"))
    press(first.page, "接单")
    press(second.page, "接单")
    assert "organisation/orders/" in first.page.url
    expect(second.page.locator("main")).to_contain_text("没有等待答复的订单")
    order = Order.objects.get()
    assert (order.state, order.organisation.name) == ("accepted", "康乐居家养老服务中心")
    assert sorted(Offer.objects.values_list("answer", flat=True)) == ["accepted", "lost"]


def dispatcher_plans(sit_down: SitDown) -> None:
    """The engine proposes, the dispatcher looks and confirms."""
    desk = sit_down(user_of("dispatcher"))
    page = desk.page
    page.goto(f"{reverse('centre:dispatch')}?day={TODAY}")
    page.select_option("#id_seconds", "2")
    page.get_by_role("button", name="排出一个方案").click(no_wait_after=True, timeout=120_000)
    page.wait_for_url("**/plans/*/", timeout=120_000)
    press(page, "确认发布")
    assert desk.take_complaints() == []
    assert Plan.objects.get().state == "confirmed"
    assert Appointment.objects.get().state == "confirmed"


def carer_visits(sit_down: SitDown, clock: Clock, tmp_path: Path) -> None:
    """She signs in with her position, takes the photos, has the elder sign, and signs out."""
    row = Appointment.objects.select_related("order__item").get()
    assert row.worker_id is not None
    assert row.planned_start is not None
    name = {"周敏": "carer", "吴芳": "second_carer"}[row.worker.person.name]  # type: ignore[union-attr]
    arrival = clock.turn_to(row.planned_start)
    phone = sit_down(
        user_of(name), width=390, permissions=["geolocation"],
        geolocation={"longitude": CENTRE[0], "latitude": CENTRE[1], "accuracy": 15},
    )  # fmt: skip
    page = phone.page
    page.clock.set_fixed_time(arrival)
    page.goto(reverse("worker:today"))
    page.get_by_role("link", name="王").first.click()
    page.get_by_role("button", name="到了，签到").click()
    set_number(page)
    expect(page.locator("[data-step=sign_in].is-done")).to_have_count(1)
    for number, part in enumerate(page.locator("[data-photo]").all()):
        picture = tmp_path / f"{number}.jpg"
        picture.write_bytes(visits.photo())
        part.locator("input[type=file]").set_input_files(picture)
    if page.locator("[data-signature]").count():
        sign(page)
    expect(page.locator("[data-step]:not(.is-done, [data-step=sign_out])")).to_have_count(0)
    page.fill("#note", "厨房和卧室都打扫了")
    leaving = clock.now + timedelta(minutes=row.minutes)
    clock.now = leaving
    page.clock.set_fixed_time(leaving)
    unlock(page)
    page.get_by_role("button", name="做完了，签退").click()
    expect(page.locator("[data-step=sign_out]")).to_contain_text("已签退")
    assert phone.take_complaints() == []
    visit = Visit.objects.get()
    assert (visit.state, visit.minutes, visit.start_distance, visit.note) == (
        "ended",
        row.minutes,
        0,
        "厨房和卧室都打扫了",
    )
    assert (visit.started_at, visit.start_received_at) == (arrival, arrival)
    assert visit.evidence.count() == row.order.item.photos + int(row.order.item.signature)


def sign(page: Page) -> None:
    """Draw a name with the finger."""
    canvas = page.locator("[data-signature] canvas")
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 12):
        page.mouse.move(box["x"] + 20 + step * 15, box["y"] + 40 + (step % 3) * 20)
    page.mouse.up()
    page.get_by_role("button", name="用这个签字").click()


def verifier_accepts(sit_down: SitDown) -> None:
    """Who did not perform looks at the photos and the place, and accepts."""
    visit = Visit.objects.get()
    desk = sit_down(user_of("verifier"))
    desk.page.goto(reverse("quality:check", args=[visit.pk]))
    expect(desk.page.locator(".evidence-wall img")).to_have_count(visit.evidence.count())
    press(desk.page, "通过")
    assert desk.take_complaints() == []
    visit.refresh_from_db()
    assert (visit.state, Order.objects.get().state, Need.objects.get().state) == ("accepted", "fulfilled", "met")


def clerk_sees_it_settled(sit_down: SitDown) -> None:
    """Hours and money are in the books."""
    row = Settlement.objects.get()
    assert row.state == "settled"
    desk = sit_down(user_of("settlement_clerk"))
    desk.page.goto(reverse("accounts:settlement"))
    desk.page.goto(reverse("accounts:one", args=[row.pk]))
    expect(desk.page.locator("main")).to_contain_text("号分录")
    expect(desk.page.locator("main")).to_contain_text(f"¥{row.payable_fen / 100:,.2f}")
    assert desk.take_complaints() == []


def manager_sees_it_counted(sit_down: SitDown) -> None:
    """One need met; the figure opens its row, the row its chain."""
    desk = sit_down(user_of("district_manager"))
    page = desk.page
    page.goto(f"{reverse('district:home')}?period=month")
    tile = page.locator(".tile", has_text=BY_CODE["needs_met"].title).first
    expect(tile).to_contain_text("1")
    page.goto(reverse("district:rows", args=["figure", "needs_met"]))
    expect(page.locator("main tbody tr")).to_have_count(1)
    assert desk.take_complaints() == []


def timeline_shows_it(sit_down: SitDown) -> None:
    """The need opens as its whole chain."""
    desk = sit_down(user_of("community_worker"))
    desk.page.goto(reverse("chain:need", args=[Need.objects.get().pk]))
    main = desk.page.locator("main")
    for words in ("康乐居家养老服务中心", "上门服务 1/1次", "已结算"):
        expect(main).to_contain_text(words)
    assert desk.take_complaints() == []


def test_a_double_click_has_one_effect(sit_down: SitDown, clock: Clock) -> None:
    """Accepting an offer and confirming a plan twice at once do it once, and nobody sees a fault."""
    here = world()
    clock.turn_to(490)
    order = orders.sent(here.elder, here.organisation, at=clock.now)
    page = sit_down(user_of("organisation_a")).page
    page.goto(reverse("organisation:order", args=[order.pk]))
    twice(page, reverse("organisation:accept", args=[order.pk]))
    assert JournalEntry.objects.filter(kind="order.accept").count() == 1
    page.goto(reverse("organisation:order", args=[order.pk]))
    expect(page.locator("main")).to_contain_text("已接单")


def twice(page: Page, action: str) -> None:
    """Double-click the button, then send the very same form twice more at the same moment, as a broken network does."""
    statuses = page.evaluate(
        """async action => {
          const form = document.querySelector(`form[action="${action}"]`);
          const send = () => fetch(action, {method: "POST", body: new FormData(form), redirect: "follow"}).then(r => r.status);
          return Promise.all([send(), send()]);
        }""",
        action,
    )
    assert all(status in {200, 409} for status in statuses), statuses


def test_the_button_itself_is_pressed_once(sit_down: SitDown, clock: Clock) -> None:
    here = world()
    clock.turn_to(490)
    order = orders.sent(here.elder, here.organisation, at=clock.now)
    desk = sit_down(user_of("organisation_a"))
    sent: list[str] = []
    desk.page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    desk.page.goto(reverse("organisation:order", args=[order.pk]))
    desk.page.locator("form[action$='/accept/'] button").first.dblclick()
    desk.page.wait_for_load_state("load")
    expect(desk.page.locator("main")).to_contain_text("已接单")
    assert len(sent) == 1
    assert desk.take_complaints() == []


def test_a_form_with_faults_keeps_what_was_typed(sit_down: SitDown, clock: Clock) -> None:
    world()
    page = sit_down(seen_by("community_worker")).page
    page.goto(reverse("community:new_person"))
    page.fill("#id_name", "李建国")
    page.fill("#id_phone", "12")
    page.fill("#id_id_number", "511602194402110000")
    page.fill("#id_address", "幸福巷12号")
    with page.expect_navigation():
        page.locator("main form button.btn-primary").click()
    expect(page.locator("#id_name")).to_have_value("李建国")
    expect(page.locator("#id_phone")).to_have_value("12")
    expect(page.locator("#id_address")).to_have_value("幸福巷12号")
    assert page.locator(".field-error").count() > 0
    assert page.evaluate("!!document.activeElement.closest('.error-summary, [role=alert]')")
