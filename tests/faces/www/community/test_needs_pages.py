"""The queue and the way of a need across the desk, as a station worker presses through it."""

from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import catalogue, needs, people
from tests.factories.cast import World, client_of, world
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import Offer, Order
from wushe.chain.resources.models import Linkage
from wushe.foundation.journal.models import JournalEntry

pytestmark = pytest.mark.django_db
QUEUE = "/community/needs/"


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def worker(here: World) -> Client:
    return client_of("social_worker")


def recorded_now(person, words: str = "好久没洗澡了，身上痒") -> Need:  # type: ignore[no-untyped-def]
    return needs.recorded(person, words, at=timezone.now())


def test_from_the_door_to_the_organisations_inbox(here: World, worker: Client) -> None:
    found = worker.post("/community/needs/new/", {"q": "王桂"})
    assert f"/community/needs/new/{here.elder.pk}/" in found.text
    url = reverse("community:record_need", args=[here.elder.pk])
    key = worker.get(url).context["form"]["client_key"].value()
    said = {"channel": "door_knock", "words": "好久没洗澡了，身上痒，想请人上门洗", "client_key": key, "triage": "1"}
    answer = worker.post(url, said)
    need = Need.objects.get()
    assert answer.headers["Location"] == reverse("community:triage", args=[need.pk])

    page = worker.get(answer.headers["Location"])
    assert "因为说到“好久没洗澡" in page.text
    bath = page.context["advice"].suggestions[0].item
    assert bath.code == catalogue.BATH
    answer = worker.post(page.request["PATH_INFO"], {"item_id": bath.pk, "urgency": "day"})
    need.refresh_from_db()
    assert (need.state, need.responsible_party) == (NeedState.TRIAGED, bath.responsible_party)
    assert answer.headers["Location"] == reverse("community:link", args=[need.pk])

    line = needs.budget_line(needs.project(here.organisation))
    assert line.title in worker.get(answer.headers["Location"]).text
    chosen = {"society": "organisation", "organisation_id": here.organisation.pk, "budget_line_id": line.pk}
    answer = worker.post(answer.headers["Location"], chosen)
    assert Linkage.objects.get().budget_line == line

    page = worker.get(answer.headers["Location"])
    today = timezone.localdate().isoformat()
    rhythm = {
        "visits_ordered": "4",
        "starts_on": today,
        "window_start": "09:00",
        "window_end": "11:30",
        "weekdays": ["1", "4"],
    }
    answer = worker.post(page.request["PATH_INFO"], rhythm)
    order = Order.objects.get()
    assert (order.weekdays, order.window_start, order.window_end, order.visits_ordered) == ("14", 540, 690, 4)

    page = worker.get(answer.headers["Location"])
    assert page.context["form"].initial == {"organisation_ids": [here.organisation.pk]}
    worker.post(page.request["PATH_INFO"], {"organisation_ids": [here.organisation.pk]})
    assert Offer.objects.get().organisation == here.organisation
    assert "等待机构接单" in worker.get(reverse("community:need", args=[need.pk])).text


def test_a_second_press_records_nothing_more(here: World, worker: Client) -> None:
    url = reverse("community:record_need", args=[here.elder.pk])
    said = {"channel": "phone", "words": "想吃热饭", "client_key": "k"}
    assert [worker.post(url, said).status_code for _ in range(2)] == [302, 302]
    assert Need.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"words": " "}, "words"), ({"channel": ""}, "channel"), ({"wanted_on": "2020-01-01"}, "wanted_on"),
     ({"wanted_from": "10:00", "wanted_until": "09:00"}, "wanted_until"), ({"wanted_from": "25:99"}, "wanted_from")],
)  # fmt: skip
def test_what_is_wrong_stands_beside_the_field_and_nothing_is_lost(
    here: World, worker: Client, changes: dict[str, str], field: str
) -> None:
    said = {"channel": "phone", "words": "想吃热饭，牙口不好", **changes}
    answer = worker.post(reverse("community:record_need", args=[here.elder.pk]), said)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    if field != "words":
        assert "想吃热饭，牙口不好" in answer.text
    assert not Need.objects.exists()


def test_the_queue_shows_counts_filters_and_pages(here: World, worker: Client) -> None:
    for number in range(55):
        recorded_now(here.elder, f"第{number}件事")
    page = worker.get(QUEUE)
    assert len(page.context["rows"]) == 50
    second = worker.get(f"{QUEUE}?after={page.context['page'].next}")
    assert [row.need.words for row, _ in second.context["rows"]] == [f"第{n}件事" for n in range(4, -1, -1)]
    back = worker.get(f"{QUEUE}?before={second.context['page'].previous}")
    assert [r.need.pk for r, _ in back.context["rows"]] == [r.need.pk for r, _ in page.context["rows"]]
    assert worker.get(f"{QUEUE}?after=x&state=nonsense&area=x").status_code == 200
    assert len(worker.get(f"{QUEUE}?state=triaged").context["rows"]) == 0


def test_a_name_is_searched_without_standing_in_the_address(here: World, worker: Client) -> None:
    recorded_now(here.elder)
    recorded_now(here.daughter)
    found = worker.post(QUEUE, {"q": "王桂"})
    assert [row.need.person for row, _ in found.context["rows"]] == [here.elder]
    without = worker.post(QUEUE, {"q": "", "channel": "phone"})
    assert without.headers["Location"] == f"{QUEUE}?channel=phone"
    assert 'method="post"' in worker.get(QUEUE).text


def test_empty_states_say_what_to_do(here: World, worker: Client) -> None:
    assert "记录第一条需求" in worker.get(QUEUE).text
    assert "清除筛选" in worker.get(f"{QUEUE}?state=met").text
    assert "没有等着办的需求" in worker.get("/community/").text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_what_is_shown_and_its_taking_is_journalled(here: World, worker: Client, kind: str) -> None:
    recorded_now(here.elder, "=cmd()")
    recorded_now(here.far_elder, "外街的事")
    answer = worker.post("/community/needs/export/", {"format": kind, "channel": "door_knock", "q": "王桂"})
    assert f".{kind}" in answer.headers["Content-Disposition"]
    if kind == "csv":
        text = answer.content.decode("utf-8-sig")
        assert "'=cmd()" in text
        assert "外街" not in text
    entry = JournalEntry.objects.get(kind="export.take")
    assert entry.data == {"list": "needs", "rows": 1, "filters": {"channel": "door_knock"}}


def test_lists_cost_the_same_at_any_length(here: World, worker: Client) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert worker.get(QUEUE).status_code == 200
        return len(queries)

    recorded_now(here.elder)
    cost()
    first = cost()
    for person in [people.person(f"张{n}福") for n in range(12)]:
        recorded_now(person)
    assert cost() == first
    # Sign-in, its grants and the role menu take four of them.
    assert first <= 8


def test_reading_writes_nothing(here: World, worker: Client) -> None:
    need = recorded_now(here.elder)
    before = JournalEntry.objects.count()
    for url in ("/community/", QUEUE, f"{QUEUE}{need.pk}/", f"{QUEUE}{need.pk}/triage/", "/community/people/"):
        with CaptureQueriesContext(connection) as queries:
            worker.get(url)
        assert not [q["sql"] for q in queries if q["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}], url
    assert JournalEntry.objects.count() == before


def test_dialogs_close_refer_and_take_up_again(here: World, worker: Client) -> None:
    need = recorded_now(here.elder)
    url = reverse("community:need", args=[need.pk])
    refused = worker.post(f"{url}close/", {"reason": ""})
    assert refused.status_code == 422
    assert "请写明原因" in refused.text
    worker.post(f"{url}close/", {"reason": "家属已解决"})
    assert "家属已解决" in worker.get(url).text
    worker.post(f"{url}reopen/", {"reason": "又需要了"})
    worker.post(f"{url}refer/", {"where": "区残联"})
    need.refresh_from_db()
    assert (need.state, need.outcome) == (NeedState.REFERRED, "转介：区残联")
    assert worker.post(f"{url}refer/", {"where": "区残联"}).status_code == 409


def test_a_repetition_is_shown_beside_and_joined(here: World, worker: Client) -> None:
    first, second = recorded_now(here.elder), recorded_now(here.elder, "又来问洗澡的事，身上痒")
    page = worker.get(f"{QUEUE}{second.pk}/triage/")
    assert [one.need for one in page.context["duplicates"]] == [first]
    item = page.context["advice"].suggestions[0].item.pk
    worker.post(f"{QUEUE}{second.pk}/triage/", {"item_id": item, "urgency": "week", "duplicate_of_id": first.pk})
    second.refresh_from_db()
    assert second.duplicate_of == first


def test_a_service_from_the_whole_catalogue(here: World, worker: Client) -> None:
    need = recorded_now(here.elder)
    url = f"{QUEUE}{need.pk}/triage/"
    missing = worker.post(url, {"item_id": "other", "urgency": "week"})
    assert list(missing.context["form"].errors) == ["other_item"]
    worker.post(url, {"item_id": "other", "other_item": catalogue.item(catalogue.MEAL).pk, "urgency": "week"})
    need.refresh_from_db()
    assert need.item == catalogue.item(catalogue.MEAL)


def test_live_suggestions_answer_with_a_part(here: World, worker: Client) -> None:
    answer = worker.post("/community/needs/new/suggestions/", {"words": "头发长了想剪头发"})
    assert "上门理发" in answer.text
    assert "<html" not in answer.text


def test_no_address_of_the_desk_carries_personal_data(here: World, worker: Client) -> None:
    recorded_now(here.elder)
    text = unquote(worker.post(QUEUE, {"q": "王桂"}).text)
    for part in text.split('href="')[1:]:
        assert "王桂" not in part.partition('"')[0]


def test_a_suggestion_is_taken_with_one_press(here: World, worker: Client) -> None:
    need = recorded_now(here.elder, "摔在地上起不来，好久没洗澡")
    page = worker.get(f"{QUEUE}{need.pk}/triage/")
    assert '<mark class="heard heard-now">摔在地上起不来</mark>' in page.text
    assert "先打 120" in page.text
    assert page.context["form"].initial["urgency"] == "now"
    chosen = page.context["advice"].suggestions[-1].item
    answer = worker.post(
        f"{QUEUE}{need.pk}/triage/",
        {"take": chosen.pk, "item_id": page.context["advice"].suggestions[0].item.pk, "urgency": "now"},
    )
    assert answer.status_code == 302
    need.refresh_from_db()
    assert (need.item, need.urgency, need.responsible_party) == (chosen, "now", chosen.responsible_party)
