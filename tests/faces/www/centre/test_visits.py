"""The list of visits: filters, counts, pages by key, the way to the whole chain, and its export."""

from datetime import timedelta

import pytest
from django.urls import reverse

from tests.factories import visits
from tests.factories.cast import World, client_of, world
from tests.factories.places import OTHER_STREET, STREET, TODAY
from wushe.chain.visits.models import Visit
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db

LIST = "centre:visits"


@pytest.fixture
def here() -> World:
    w = world()
    visits.ended(visits.planned(w.elder, w.carer, start=9 * 60))
    visits.ended(visits.planned(w.daughter, w.second_carer, day=TODAY - timedelta(days=3)))
    return w


def shown(**query: str) -> str:
    return client_of("dispatcher").get(reverse(LIST), query).content.decode()


def test_the_list_leads_to_the_whole_chain(here: World) -> None:
    page = shown()
    assert "王桂芳" in page
    assert "王丽" in page
    for visit in Visit.objects.select_related("appointment__order"):
        assert reverse("chain:need", args=[visit.appointment.order.need_id]) in page


@pytest.mark.parametrize(
    ("query", "elder", "daughter"),
    [
        ({"state": "ended"}, True, True),
        ({"state": "settled"}, False, False),
        ({"first": str(TODAY)}, True, False),
        ({"last": str(TODAY - timedelta(days=1))}, False, True),
        ({"q": "吴芳"}, False, True),
        ({"area": STREET}, True, True),
        ({"area": OTHER_STREET}, False, False),
        ({"organisation": "999999"}, False, False),
        ({"state": "x", "first": "2026-13-40", "area": "<>", "organisation": "-", "after": "x"}, True, True),
    ],
)
def test_filters(here: World, query: dict[str, str], elder: bool, daughter: bool) -> None:
    page = shown(**query)
    assert ("王桂芳" in page, "王丽" in page) == (elder, daughter)
    assert ("没有符合条件的服务记录" in page) == (not elder and not daughter)


def test_counts_stand_beside_the_states(here: World) -> None:
    client = client_of("dispatcher")
    counts = {value: count for value, _, count in client.get(reverse(LIST), {"q": "王丽"}).context["states"]}
    assert counts == {"started": "0", "ended": "1", "accepted": "0", "rejected": "0", "settled": "0"}


def test_pages_go_by_key(here: World) -> None:
    newest, oldest = Visit.objects.order_by("-pk")
    page = client_of("dispatcher").get(reverse(LIST), {"after": str(newest.pk)}).context["page"]
    assert [row.pk for row in page.rows] == [oldest.pk]
    back = client_of("dispatcher").get(reverse(LIST), {"before": page.previous}).context["page"]
    assert [row.pk for row in back.rows] == [newest.pk]


def test_another_street_sees_none_of_it(here: World) -> None:
    page = client_of("stranger").get(reverse(LIST)).content.decode()
    assert "王桂芳" not in page
    assert client_of("organisation_a").get(reverse(LIST)).status_code == 403


def test_an_export_is_an_act(here: World) -> None:
    client = client_of("dispatcher")
    assert client.get(reverse("centre:export_visits")).status_code == 405
    response = client.post(reverse("centre:export_visits"), {"format": "csv", "first": str(TODAY), "q": "王桂芳"})
    text = response.content.decode("utf-8-sig")
    assert len(text.strip().splitlines()) == 2
    assert "王桂芳" in text
    entry = JournalEntry.objects.get(kind="export.take")
    assert entry.data == {"list": "visits", "rows": 1, "filters": {"first": str(TODAY)}}
