"""A round without a network: signed in, photographed, signed and signed out on the phone alone; later all of it arrives,
once, with the time of the phone and the time of the server."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Desk
from tests.browser.locks import set_number, unlock
from tests.browser.test_journey import Clock, clock, sign  # noqa: F401 — the fixture of the clock
from tests.factories import visits
from tests.factories.cast import user_of, world
from tests.factories.places import CENTRE
from wushe.chain.dispatch.models import Appointment
from wushe.chain.visits.models import Evidence, Visit
from wushe.foundation.idempotency.models import ClientKey
from wushe.foundation.journal.models import JournalEntry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SitDown = Callable[..., Desk]
NINE = 9 * 60


def test_a_round_without_a_network_arrives_once(sit_down: SitDown, clock: Clock, tmp_path: Path) -> None:  # noqa: F811
    here = world()
    row = visits.planned(here.elder, here.carer, start=NINE)
    arrival = clock.turn_to(NINE)
    phone = sit_down(
        user_of("carer"), width=390, permissions=["geolocation"],
        geolocation={"longitude": CENTRE[0], "latitude": CENTRE[1], "accuracy": 15},
    )  # fmt: skip
    page = phone.page
    page.clock.set_fixed_time(arrival)
    keep_the_round(page, row)
    phone.context.set_offline(True)
    asked = row.order.item.photos + int(row.order.item.signature)
    leaving = arrival + timedelta(minutes=row.minutes)
    serve_offline(page, row, leaving, tmp_path)
    assert not Visit.objects.exists()
    assert not ClientKey.objects.exists()

    clock.now = received = leaving + timedelta(hours=2)
    page.clock.set_fixed_time(received)
    unlock(page)
    nothing_is_legible(page, "老人精神好")
    answered = lose_every_first_answer(page)
    phone.context.set_offline(False)
    send_until_all_is_there(page)
    assert len(answered) == 2 + asked, "every record came twice, because its first answer was lost"

    visit = Visit.objects.get()
    assert (visit.started_at, visit.ended_at, visit.minutes) == (arrival, leaving, row.minutes)
    assert (visit.start_received_at, visit.end_received_at) == (received, received)
    assert (visit.note, visit.start_distance) == ("老人精神好", 0)
    pictures = Evidence.objects.all()
    assert pictures.count() == asked
    assert {(one.taken_at, one.received_at) for one in pictures} == {(arrival, received)}
    assert ClientKey.objects.count() == 2 + asked
    for kind, count in (("visit.start", 1), ("visit.end", 1), ("visit.evidence", asked)):
        assert JournalEntry.objects.filter(kind=kind).count() == count

    page.goto(reverse("worker:visit", args=[row.pk]))
    expect(page.locator("[data-step=sign_out]")).to_contain_text("已签退")
    send_the_sent_again(page)
    assert (Visit.objects.count(), Evidence.objects.count(), ClientKey.objects.count()) == (1, asked, 2 + asked)


def keep_the_round(page: Page, row: Appointment) -> None:
    """Open today's round until the phone has kept the page of the visit."""
    page.goto(reverse("worker:today"))
    page.evaluate("() => navigator.serviceWorker.ready.then(() => undefined)")
    page.reload()
    page.evaluate(
        """async address => {
          const kept = async () => (await caches.open("wushe-pages")).match(new URL(address, location).href);
          for (let tries = 0; tries < 100 && !(await kept()); tries += 1) await new Promise(go => setTimeout(go, 100));
        }""",
        reverse("worker:visit", args=[row.pk]),
    )


def serve_offline(page: Page, row: Appointment, leaving: object, tmp_path: Path) -> None:
    """Do all that is done at a door; the phone says that it waits for a network."""
    page.goto(reverse("worker:visit", args=[row.pk]))
    expect(page.locator("[data-offline]")).to_be_visible()
    page.get_by_role("button", name="到了，签到").click()
    set_number(page)
    expect(page.locator("[data-step=sign_in] [data-local]")).to_contain_text("待上传")
    for number, part in enumerate(page.locator("[data-photo]").all()):
        picture = tmp_path / f"{number}.jpg"
        picture.write_bytes(visits.photo())
        part.locator("input[type=file]").set_input_files(picture)
    if row.order.item.signature:
        sign(page)
    expect(page.locator("[data-step]:not(.is-done, [data-step=sign_out])")).to_have_count(0)
    page.clock.set_fixed_time(leaving)  # type: ignore[arg-type]
    unlock(page)
    page.fill("#note", "老人精神好")
    page.get_by_role("button", name="做完了，签退").click()
    expect(page.locator("[data-step=sign_out] [data-local]")).to_contain_text("待上传")
    page.reload()
    expect(page.locator("[data-local]", has_text="待上传")).to_have_count(
        2 + row.order.item.photos + int(row.order.item.signature)
    )


def lose_every_first_answer(page: Page) -> set[str]:
    """Let each record reach the server and lose the answer on the way back, once; return what was lost."""
    lost: set[str] = set()

    def halfway(route: Route) -> None:
        answer = route.fetch()
        body = route.request.post_data_buffer or b""
        mark = body.partition(b'name="client_id"\r\n\r\n')[2][:36].decode()
        if mark in lost:
            route.fulfill(response=answer)
        else:
            assert answer.ok, answer.text()
            lost.add(mark)
            route.abort("connectionreset")

    page.route("**/record/", halfway)
    return lost


def send_until_all_is_there(page: Page) -> None:
    """Let the phone try again as it does whenever the network comes back."""
    for _ in range(20):
        page.evaluate("() => dispatchEvent(new Event('online'))")
        page.wait_for_timeout(400)
        if page.locator("[data-step=sign_out] .step-said", has_text="已签退").count():
            return
    raise AssertionError(page.locator("main").inner_text())


def send_the_sent_again(page: Page) -> None:
    """Put what has been sent back into the outbox, as a phone does that has forgotten the answer, and send it."""
    page.unroute("**/record/")
    left = page.evaluate(
        """async () => {
          const part = document.querySelector('[data-outbox]').dataset;
          const outbox = await import(new URL(part.outbox, document.baseURI).href);
          const rows = (await outbox.all(part.owner)).filter(row => row.kind !== 'evidence');
          for (const row of rows) await outbox.update({...row, state: 'waiting'});
          const left = async () => (await outbox.all(part.owner)).filter(row => row.state !== 'sent');
          // One sender at a time: while the one of the opened page is at work, another does nothing.
          for (let tries = 0; tries < 100 && (await left()).length; tries += 1) {
            await outbox.flush(part.owner);
            await new Promise(go => setTimeout(go, 100));
          }
          return (await left()).map(row => row.message);
        }"""
    )
    assert left == []


def nothing_is_legible(page: Page, words: str) -> None:
    """The databases of the phone hold neither what was typed nor a picture that anybody could open."""
    found = page.evaluate(
        """async () => {
          const seen = [];
          const walk = value => {
            if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) seen.push(new TextDecoder("latin1").decode(value));
            else if (value instanceof Blob) seen.push("BLOB");
            else if (value && typeof value === "object" && !(value instanceof CryptoKey)) Object.values(value).forEach(walk);
            else seen.push(String(value));
          };
          for (const {name} of await indexedDB.databases()) {
            const answer = ask => new Promise(done => { ask.onsuccess = () => done(ask.result); });
            const base = await answer(indexedDB.open(name));
            for (const store of base.objectStoreNames) {
              const rows = await answer(base.transaction(store).objectStore(store).getAll());
              rows.forEach(walk);
            }
            base.close();
          }
          return seen.join("\\n");
        }"""
    )
    assert words not in found
    assert words.encode().decode("latin1") not in found
    assert "BLOB" not in found
    assert "JFIF" not in found
    assert "waiting" in found
