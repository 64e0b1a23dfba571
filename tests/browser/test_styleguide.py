"""Every part of a page, in every frame, at desk and phone width, with and without 关怀版: no axe violation, no policy breach."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

pytestmark = pytest.mark.browser

AXE = next((Path(__file__).parent / "vendor").glob("axe-core-*/axe.min.js")).read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FRAMES = {
    "desk": "/styleguide/",
    "phone": "/styleguide/?shell=phone",
    "resident": "/styleguide/?shell=resident",
    "plain": "/login/",
}
POINTS_18 = 24  # 18 pt in CSS pixels
CONTROLS = "a, button, input:not([type=hidden]), select, textarea, summary"


def open_page(
    chromium: Browser, address: str, *, width: int, care: str = "", complaints: list[str] | None = None
) -> Page:
    context = chromium.new_context(viewport={"width": width, "height": 900}, reduced_motion="reduce")
    if care:
        origin = address.split("/", 3)
        place = "/".join(origin[:3])
        context.add_cookies(
            [{"name": "care", "value": "on", "url": place}, {"name": "care_size", "value": care, "url": place}]
        )
    page = context.new_page()
    if complaints is not None:
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda r: None if r.url.startswith((address[:16], "data:")) else complaints.append(f"outside: {r.url}"),
        )
    page.goto(address, wait_until="networkidle")
    return page


def violations(page: Page) -> list[str]:
    page.context.new_cdp_session(page).send("Runtime.evaluate", {"expression": AXE})
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{v['id']}: {n['html'][:160]}" for v in found for n in v["nodes"]]


@pytest.mark.parametrize("care", ["", "18", "30"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("frame", FRAMES)
def test_everyone_can_use_it(live_server: LiveServer, chromium: Browser, frame: str, width: int, care: str) -> None:
    complaints: list[str] = []
    page = open_page(chromium, live_server.url + FRAMES[frame], width=width, care=care, complaints=complaints)
    assert violations(page) == []
    assert complaints == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    page.context.close()


def test_axe_would_find_a_fault(live_server: LiveServer, chromium: Browser) -> None:
    """The reader of the pages above is awake."""
    page = open_page(chromium, live_server.url + FRAMES["plain"], width=1440)
    page.evaluate("document.querySelector('label').remove()")
    assert any(v.startswith("label:") for v in violations(page))
    page.context.close()


@pytest.mark.parametrize("frame", ["phone", "resident", "plain"])
def test_care_mode_is_large(live_server: LiveServer, chromium: Browser, frame: str) -> None:
    page = open_page(chromium, live_server.url + FRAMES[frame], width=390, care="18")
    small_text = page.evaluate(
        """least => [...document.querySelectorAll('body *')].filter(e => e.checkVisibility() && !e.closest('svg, script, .visually-hidden')
        && [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && parseFloat(getComputedStyle(e).fontSize) < least)
        .map(e => e.outerHTML.slice(0, 120))""",
        POINTS_18,
    )
    assert small_text == []
    assert targets_below(page, 60) == []
    page.context.close()


@pytest.mark.parametrize("frame", ["phone", "resident", "plain"])
def test_targets_fit_a_thumb(live_server: LiveServer, chromium: Browser, frame: str) -> None:
    page = open_page(chromium, live_server.url + FRAMES[frame], width=390)
    assert targets_below(page, 44) == []
    page.context.close()


def targets_below(page: Page, least: int) -> list[str]:
    """Return the controls lower than this; a box or radio counts with its label, a link in a sentence is free (WCAG 2.5.8)."""
    return page.evaluate(
        """([controls, least]) => [...document.querySelectorAll(controls)].filter(e => {
          const box = (e.closest('label') ?? e).getBoundingClientRect();
          const inSentence = e.tagName === 'A' && getComputedStyle(e).display === 'inline';
          return box.height && e.checkVisibility() && !inSentence && !e.matches('.skip') && box.height < least;
        }).map(e => e.outerHTML.slice(0, 120))""",
        [CONTROLS, least],
    )


def test_the_board_is_worked_by_keys(live_server: LiveServer, chromium: Browser) -> None:
    page = open_page(chromium, live_server.url + FRAMES["desk"], width=1440)
    focused = "document.activeElement.dataset.visit"
    page.locator(".block").first.focus()
    walk = {"ArrowRight": "2", "ArrowDown": "5", "End": "7", "Home": "4"}
    for key, visit in walk.items():
        page.keyboard.press(key)
        assert page.evaluate(focused) == visit
    assert page.locator(".block[tabindex='0']").count() == 1
    page.keyboard.press("r")
    page.wait_for_url("**/styleguide/?visit=4")
    page.context.close()


def test_a_dangerous_act_asks_first(live_server: LiveServer, chromium: Browser) -> None:
    page = open_page(chromium, live_server.url + FRAMES["desk"], width=1440)
    page.locator("summary", has_text="取消订单").click()
    assert page.locator("dialog[open] h2").inner_text() == "取消这张订单？"
    assert page.evaluate("document.activeElement.textContent") == "先不办"
    page.keyboard.press("Escape")
    assert page.locator("dialog[open]").count() == 0
    page.context.close()


def test_figures_without_scripts_are_tables(live_server: LiveServer, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + FRAMES["desk"])
    assert page.locator(".board-fallback").is_visible()
    assert page.locator(".board-fallback tbody tr").count() == 13
    page.locator(".confirm summary").first.click()
    assert page.locator(".confirm form").first.is_visible()
    context.close()
