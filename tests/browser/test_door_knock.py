"""Knocking at doors without a network: the list is taken along, the form is filled in a cellar, all of it arrives once;
a second phone that knew nothing of it says something else, and a person at the desk settles it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from tests.browser import measures
from tests.browser.conftest import Desk
from tests.browser.locks import set_number, unlock
from tests.browser.test_journey import Clock, clock  # noqa: F401 — the fixture of the clock
from tests.browser.test_offline_round import nothing_is_legible
from tests.factories.cast import user_of, world
from tests.factories.doors import campaign
from tests.registers.forms.test_evaluating import ANSWERS, TODAY, VECTORS
from wushe.chain.needs.models import Need
from wushe.practice.door_knock.models import DoorPhoto, ListLine, Report, Target
from wushe.registers.forms.expressions import parse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SitDown = Callable[..., Desk]


def test_a_door_is_knocked_at_without_a_network(sit_down: SitDown, clock: Clock) -> None:  # noqa: F811
    here = world()
    target = campaign().targets.get(household=here.elder.household)
    clock.turn_to(9 * 60)
    phone, other = taken_along(sit_down, clock), taken_along(sit_down, clock)
    for one in (phone, other):
        one.context.set_offline(True)
        one.page.reload()
    fill_in(phone.page, "yes", "想请人理发")
    expect(phone.page.locator("[data-waiting]")).to_contain_text("1 条记录等待上传")
    nothing_is_legible(phone.page, "想请人理发")
    fill_in(other.page, "no", "")
    assert not Report.objects.exists()

    clock.turn_to(15 * 60)
    come_online(phone, clock)
    expect(phone.page.locator("[data-waiting]")).to_be_hidden()
    report = Report.objects.get()
    assert (report.received_at - report.device_at).total_seconds() == 6 * 3600
    assert (report.skew_seconds, report.version_id) == (0, target.campaign.version_id)
    assert Need.objects.get().words == "想请人理发"
    assert ListLine.objects.get().need_id == Need.objects.get().pk

    come_online(other, clock)
    expect(other.page.locator("[data-waiting]")).to_be_hidden()
    assert Target.objects.get(pk=target.pk).conflict
    settle_at_the_desk(sit_down, target)
    assert not Target.objects.get(pk=target.pk).conflict
    assert Report.objects.count() == 3
    assert [one for one in phone.take_complaints() if "INTERNET_DISCONNECTED" not in one] == []


def taken_along(sit_down: SitDown, clock: Clock) -> Desk:  # noqa: F811
    """Open the page of the doors and take the list along."""
    phone = sit_down(user_of("community_worker"), width=390)
    page = phone.page
    page.clock.set_fixed_time(clock.now)
    page.goto(reverse("worker:doors"))
    page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    page.reload()
    page.get_by_role("button", name="更新名单").click()
    set_number(page)
    expect(page.locator(".door-open").first).to_be_visible()
    assert measures.violations(page) == []
    address = reverse("worker:doors")
    page.evaluate(
        """async address => {
          const kept = async () => (await caches.open("wushe-pages")).match(new URL(address, location).href);
          for (let tries = 0; tries < 100 && !(await kept()); tries += 1) await new Promise(go => setTimeout(go, 100));
        }""",
        address,
    )
    return phone


def fill_in(page: Page, alone: str, words: str) -> None:
    """Fill in the form of 王奶奶's door; what has been typed outlives a reload as a draft."""
    door = page.locator(".door-open", has_text="王桂芳")
    door.click()
    expect(page.locator("[data-path=days]")).to_be_hidden()
    page.get_by_role("button", name="记好了").click()
    expect(page.locator("[data-fault]:visible")).to_contain_text("还有1题要填或要改")
    page.locator(f"[data-path=alone] input[value={alone}]").check()
    if alone == "yes":
        expect(page.locator("[data-path=days]")).to_be_visible()
    if words:
        page.get_by_role("button", name="添加一条：需要什么").click()
        page.fill("[data-path='needs[0].words'] textarea", words)
        assert measures.violations(page) == []
        page.wait_for_timeout(2_000)
        page.reload()
        door.click()
        expect(page.locator("[data-path='needs[0].words'] textarea")).to_have_value(words)
    page.get_by_role("button", name="记好了").click()
    expect(page.locator("[data-waiting]")).to_be_visible()


def come_online(phone: Desk, clock: Clock) -> None:  # noqa: F811
    """Find a network hours later: the phone has locked itself, and sends as soon as it is opened."""
    phone.page.clock.set_fixed_time(clock.now)
    phone.context.set_offline(False)
    unlock(phone.page)
    phone.page.evaluate("() => dispatchEvent(new Event('online'))")


def settle_at_the_desk(sit_down: SitDown, target: Target) -> None:
    page = sit_down(user_of("social_worker")).page
    page.goto(reverse("door_knock:target", args=[target.pk]))
    page.get_by_role("button", name="打开").last.click()
    expect(page.locator("main")).to_contain_text("想请人理发")
    page.get_by_role("button", name="以这份为准").last.click()
    expect(page.locator("main")).to_contain_text("已确认")


def test_a_photo_goes_on_where_the_line_broke(sit_down: SitDown, clock: Clock) -> None:  # noqa: F811
    world()
    door = campaign().targets.earliest("pk")
    phone = taken_along(sit_down, clock)
    page, posts, tried = phone.page, [], []

    def line(route: Route) -> None:
        if route.request.method == "POST":
            tried.append(1)
            if len(tried) == 3:
                return route.abort()
            posts.append(int(route.request.post_data_buffer.split(b'name="offset"\r\n\r\n')[1].split(b"\r\n")[0]))
        return route.continue_()

    phone.context.route("**/worker/pieces/**", line)
    page.goto(reverse("worker:outbox"))
    unlock_if_asked(page)
    size = page.evaluate(TAKE_PHOTO, reverse("worker:door_photo", args=[door.pk]))
    assert 300_000 < size < 4_000_000
    expect(page.locator("#outbox")).to_contain_text(f"已传{2 * 128 * 1024 * 100 // size}%")
    assert posts == [0, 128 * 1024]
    assert measures.violations(page) == []
    page.locator("[data-send]").click()
    expect(page.locator("#outbox")).to_contain_text("已上传")
    assert posts == list(range(0, size, 128 * 1024))
    assert DoorPhoto.objects.get().target_id == door.pk


TAKE_PHOTO = """async url => {
  const outbox = await import(new URL(document.querySelector('[data-outbox]').dataset.outbox, document.baseURI).href);
  const canvas = Object.assign(document.createElement('canvas'), { width: 2400, height: 1800 });
  const image = canvas.getContext('2d').createImageData(2400, 1800);
  let seed = 1;
  for (let n = 0; n < image.data.length; n += 1) image.data[n] = n % 4 === 3 ? 255 : 100 + ((seed = (seed * 16807) % 2147483647) & 63);
  canvas.getContext('2d').putImageData(image, 0, 0);
  const photo = await new Promise(done => canvas.toBlob(done, 'image/jpeg', 0.95));
  const owner = document.querySelector('[data-owner]').dataset.owner;
  const row = { owner, visit: 'door-1', kind: 'door_photo', url, label: '阳光花园', device_at: new Date().toISOString(), photo };
  return (await outbox.add(row)).photo.size;
}"""


def unlock_if_asked(page: Page) -> None:
    if page.locator("dialog.lock").is_visible():
        unlock(page)


def test_a_wrong_number_opens_nothing_and_ten_of_them_wipe_the_phone(sit_down: SitDown, clock: Clock) -> None:  # noqa: F811
    world()
    campaign()
    phone = taken_along(sit_down, clock)
    page = phone.page
    page.clock.set_fixed_time(clock.turn_to(10 * 60))
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("dialog.lock")).to_be_visible()
    expect(page.locator(".door-open")).to_have_count(0)
    for left in (9, 8):
        page.fill("#lock-number", "000001")
        page.locator("dialog.lock [data-enter]").click()
        expect(page.locator("dialog.lock [data-fault]")).to_contain_text(f"还可以试{left}次")
    tries = """async () => {
      const vault = await import(new URL(document.querySelector('[data-vault]').dataset.vault, document.baseURI).href);
      let left;
      for (let n = 0; n < 7; n += 1) left = await vault.unlock('000002');
      return left;
    }"""
    assert page.evaluate(tries) == 1
    with page.expect_navigation():
        page.fill("#lock-number", "000003")
        page.locator("dialog.lock [data-enter]").click()
    expect(page.locator("[data-set]")).to_be_visible()
    names = page.evaluate("async () => (await indexedDB.databases()).map(one => one.name)")
    assert "wushe-doors" not in names
    expect(page.locator("dialog.lock")).to_be_hidden()


def test_a_phone_works_conditions_out_as_the_server_does(sit_down: SitDown, clock: Clock) -> None:  # noqa: F811
    world()
    campaign()
    page = sit_down(user_of("community_worker"), width=390).page
    page.goto(reverse("worker:doors"))
    trees: list[Any] = [parse(text) for text, _ in VECTORS]
    found = page.evaluate(
        """async ([trees, answers, today]) => {
          const forms = await import(new URL(document.querySelector('[data-forms]').dataset.forms, document.baseURI).href);
          return trees.map(tree => forms.workOut(tree, name => answers[name] ?? '', '', today));
        }""",
        [trees, ANSWERS, TODAY.isoformat()],
    )
    assert [(text, value) for (text, _), value in zip(VECTORS, found, strict=True)] == VECTORS
    assert [type(value) is bool for value in found] == [type(value) is bool for _, value in VECTORS]
