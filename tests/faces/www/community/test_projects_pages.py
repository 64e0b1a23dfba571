"""Projects at the desk."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import needs
from tests.factories.cast import World, client_of, world
from tests.factories.places import STREET
from wushe.chain.projects.models import BudgetLine, Project, ProjectState

pytestmark = pytest.mark.django_db
PROJECTS = "/community/projects/"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def worker(here: World) -> Client:
    return client_of("social_worker")


def test_a_project_is_designed_approved_funded_started_and_closed(here: World, worker: Client) -> None:
    values = {
        "title": "敲门行动", "area_code": STREET, "purpose": "独居老人每周有人敲门", "indicators": "敲门500次\n\n回访率100%",
        "client_key": "k", "scene": "old_and_young",
    }  # fmt: skip
    for _ in range(2):
        answer = worker.post(f"{PROJECTS}new/", values)
    project = Project.objects.get()
    assert project.indicators == ["敲门500次", "回访率100%"]
    url = answer.headers["Location"]
    worker.post(f"{url}approve/")
    assert worker.get(url).context["may"] == {"approve": False, "send_back": True, "start": False, "close": False}
    worker.post(f"{url}carrier/", {"carrier_id": here.organisation.pk})
    worker.post(f"{url}fund/", {"title": "人员补贴", "source_class": "lottery", "amount": "1234.50"})
    assert BudgetLine.objects.get().amount_fen == 123_450
    worker.post(f"{url}start/")
    assert "¥1,234.50" in worker.get(url).text
    worker.post(f"{url}close/", {"reason": "期满"})
    project.refresh_from_db()
    assert project.state == ProjectState.CLOSED
    assert worker.post(f"{url}start/").status_code == 409


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": "0"}, "amount"),
        ({"amount": "1.234"}, "amount"),
        ({"amount": "很多"}, "amount"),
        ({"title": ""}, "title"),
    ],
)
def test_money_with_a_fault_is_not_moved(here: World, worker: Client, changes: dict[str, str], field: str) -> None:
    project = needs.project(here.organisation)
    values = {"title": "餐费", "source_class": "lottery", "amount": "10", **changes}
    answer = worker.post(reverse("community:fund_project", args=[project.pk]), values)
    assert answer.status_code == 422
    assert list(answer.context["line_form"].errors) == [field]
    assert not BudgetLine.objects.exists()


def test_a_design_with_a_fault_keeps_what_was_typed(here: World, worker: Client) -> None:
    answer = worker.post(f"{PROJECTS}new/", {"title": "", "area_code": STREET, "purpose": "有人敲门"})
    assert answer.status_code == 422
    assert "有人敲门" in answer.text
    assert not Project.objects.exists()


def test_lists_are_empty_then_full_and_cost_the_same(here: World, worker: Client) -> None:
    assert "还没有项目" in worker.get(PROJECTS).text

    def cost(url: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            worker.get(url)
        return len(queries)

    needs.budget_line(needs.project(here.organisation))
    first = cost(PROJECTS)
    for _ in range(5):
        needs.budget_line(needs.project(here.organisation))
    assert cost(PROJECTS) == first <= 8
