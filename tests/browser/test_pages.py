"""Every page that the table of addresses names: no axe violation, no complaint of the browser, nothing loaded from outside,
no page wider than a phone; the resident's pages also in 关怀版. A page without a row fails tests/permissions."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from tests.browser import measures
from tests.browser.conftest import Desk
from tests.factories.showcase import NOW, Things, seen_by, showcase
from tests.permissions.addresses import address
from tests.permissions.table import PUBLIC, TABLE
from wushe.foundation.access.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FILES = {
    "hotline:import_template", "charity:receipt", "disclosure:receipt", "disclosure:lines", "disclosure:package",
    "centre:plan_file", "worker:evidence", "worker:service_worker", "rounds:form", "door_knock:photo",
    "time_bank:statement_file", "volunteer:certificate", "volunteering:photo", "resident:activity_photo",
    "wishes:photo", "disclosure:goods_lines", "volunteering:import_template", "goods:proof", "worker:pieces",
    "selections:contract", "payments:printed_statement", "time_bank:wire_message", "time_bank:wire_answer",
}  # fmt: skip
"""Answers that are not pages."""
PAGES = {name: row for name, row in TABLE.items() if row.get == 200 and name not in FILES}

ROUND = 30
"""So many pages are looked at by one test: several processes share the work."""

SitDown = Callable[..., Desk]


@pytest.fixture
def things(live_server: object, monkeypatch: pytest.MonkeyPatch) -> Things:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    return showcase()


def rounds() -> list[tuple[str, list[str]]]:
    """Return the pages in rounds of one role each: for each page the first role that its row names."""
    found: dict[str, list[str]] = {}
    for name, row in PAGES.items():
        role = "" if row.roles == PUBLIC else row.roles.split()[0]
        found.setdefault(role, []).append(name)
    return [(role, names[n : n + ROUND]) for role, names in sorted(found.items()) for n in range(0, len(names), ROUND)]


def viewer(role: str) -> User | None:
    return seen_by(role) if role else None


@pytest.mark.parametrize(("role", "names"), rounds())
def test_no_page_has_a_fault(things: Things, sit_down: SitDown, role: str, names: list[str]) -> None:
    desk = sit_down(viewer(role))
    faults = {name: look(desk, address(name, PAGES[name], things, role)) for name in names}
    assert {name: found for name, found in faults.items() if found} == {}


def look(desk: Desk, where: str) -> list[str]:
    """Return what is wrong with a page at a desk and on a phone."""
    page = desk.page
    page.set_viewport_size({"width": 1440, "height": 900})
    answer = page.goto(where, wait_until="load")
    found = [] if answer and answer.status == 200 else [f"answers {answer and answer.status}"]
    measures.settle_down(page)
    found += [f"1440: {one}" for one in measures.violations(page)]
    page.set_viewport_size({"width": 390, "height": 844})
    measures.settle_down(page)
    found += [f"390: {one}" for one in [*measures.violations(page), *measures.overflow(page)]]
    return found + desk.take_complaints()


def test_the_resident_s_pages_are_large_in_care_mode(things: Things, sit_down: SitDown) -> None:
    faults: dict[str, list[str]] = {}
    desk = sit_down(viewer("resident"), width=390, care="18")
    for name, row in PAGES.items():
        if "resident" not in row.permitted or not name.startswith(("resident:", "chain:")):
            continue
        desk.page.goto(address(name, row, things, "resident"), wait_until="load")
        measures.settle_down(desk.page)
        found = [
            *measures.violations(desk.page), *measures.overflow(desk.page), *measures.small_text(desk.page),
            *measures.small_targets(desk.page, 60), *desk.take_complaints(),
        ]  # fmt: skip
        if found:
            faults[name] = found
    assert faults == {}


def test_files_are_files(things: Things, sit_down: SitDown) -> None:
    """What is left out above is no page."""
    for name in FILES:
        role = "" if TABLE[name].roles == PUBLIC else TABLE[name].roles.split()[0]
        answer = sit_down(viewer(role)).context.request.get(address(name, TABLE[name], things, role))
        assert answer.status == 200
        assert "text/html" not in answer.headers["content-type"]
