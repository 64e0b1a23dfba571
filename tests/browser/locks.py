"""The lock of a phone, as its worker uses it."""

from playwright.sync_api import Page, expect

NUMBER = "314159"


def set_number(page: Page, number: str = NUMBER) -> None:
    """Set the number that the phone asks for when it keeps something for the first time."""
    expect(page.locator("dialog.lock")).to_be_visible()
    page.fill("#lock-number", number)
    page.fill("#lock-again", number)
    page.locator("dialog.lock [data-enter]").click()
    expect(page.locator("dialog.lock")).to_be_hidden()


def unlock(page: Page, number: str = NUMBER) -> None:
    """Look at the phone after idle minutes and enter the number that it asks for."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("dialog.lock")).to_be_visible()
    page.fill("#lock-number", number)
    page.locator("dialog.lock [data-enter]").click()
    expect(page.locator("dialog.lock")).to_be_hidden()
