"""One Chromium for all browser tests, signed-in pages, and what a page must never do."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from wushe.foundation.access.models import User


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    # Playwright keeps an event loop running in this thread; Django's clean-up between tests would refuse to run beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    expect.set_options(timeout=20_000)  # a busy machine is slow, not wrong
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@dataclass
class Desk:
    """A browser of one person, and what it complained about."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def take_complaints(self) -> list[str]:
        """Return the complaints since the last time."""
        found, self.complaints[:] = list(self.complaints), []
        return found


@pytest.fixture
def sit_down(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Desk]]:
    """Open a browser for an account; errors of the console and requests that leave the server are written down."""
    opened = []

    def sit(user: User | None = None, *, width: int = 1440, care: str = "", **more: object) -> Desk:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, reduced_motion="reduce", base_url=live_server.url,
            locale="zh-CN", timezone_id="Asia/Shanghai", **more,  # type: ignore[arg-type]
        )  # fmt: skip
        context.set_default_timeout(20_000)
        opened.append(context)
        kept = {"care": "on", "care_size": care} if care else {}
        if user is not None:
            client = Client()
            client.force_login(user)
            kept[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME].value
        if kept:
            context.add_cookies(
                [{"name": name, "value": value, "url": live_server.url} for name, value in kept.items()]
            )
        desk = Desk(context, context.new_page())
        watch(desk, live_server.url)
        return desk

    yield sit
    for context in opened:
        context.close()


def watch(desk: Desk, home: str) -> None:
    """Write down whatever a page must not do."""
    complain = desk.complaints.append
    desk.page.on("console", lambda m: complain(f"{m.type}: {m.text}") if m.type in {"error", "warning"} else None)
    desk.page.on("pageerror", lambda error: complain(f"script: {error}"))
    desk.page.on(
        "request", lambda r: None if r.url.startswith((home, "data:", "blob:")) else complain(f"outside: {r.url}")
    )
