"""The settlement clerk's desk: what is due and why, reversal with a reason, statements, exports and the books."""

from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.factories import visits
from tests.factories.cast import actor_of, client_of, world
from tests.factories.places import TODAY
from tests.factories.visits import clock
from wushe.chain.orders.models import Order
from wushe.chain.settlement import services
from wushe.chain.settlement.models import Settlement
from wushe.foundation.access.models import Grant
from wushe.foundation.journal.models import JournalEntry
from wushe.ledgers.models import Account

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


def settled(here, *, start=540, fen=100_000):
    appointment = visits.planned(here.elder, here.carer, start=start)
    Order.objects.filter(pk=appointment.order_id).update(price_fen=6000)
    if fen:
        visits.budget_line(appointment.order, fen=fen, source="federation")
    appointment.refresh_from_db()
    visit = visits.accepted(visits.ended(appointment), verifier=actor_of("verifier"))
    return services.settle(actor=actor_of("settlement_clerk"), at=clock(1000), visit_id=visit.pk)


def test_pages_open_for_their_roles_alone(here):
    row = settled(here)
    pages = [reverse(f"accounts:{name}") for name in ("home", "settlement", "statements")]
    pages += [reverse("accounts:one", args=[row.pk]), reverse("accounts:statement", args=[here.organisation.pk])]
    books = [reverse("accounts:ledgers"), reverse("accounts:balance"),
             reverse("accounts:account", args=[row.money_entry.legs.first().account_id])]  # fmt: skip
    for page in [*pages, *books]:
        assert client_of("settlement_clerk").get(page).status_code == 200, page
        for name in ("carer", "elder", "account_admin"):
            assert client_of(name).get(page).status_code == 403, (name, page)
    for page in books:
        assert client_of("organisation_a").get(page).status_code == 403


def test_another_streets_settlement_does_not_exist(here):
    row = settled(here)
    client = client_of("settlement_clerk")
    Grant.objects.filter(user__username="settlement_clerk").update(area_code="511602002")
    assert client.get(reverse("accounts:one", args=[row.pk])).status_code == 404
    assert client.get(reverse("accounts:statement", args=[here.organisation.pk])).status_code == 404
    assert client.post(reverse("accounts:reverse_one", args=[row.pk]), {"reason": "x"}).status_code == 404
    assert client.post(reverse("accounts:settle_one", args=[row.pk])).status_code == 404
    assert Settlement.objects.get().state == "settled"


def test_only_clerks_settle_and_reverse(here):
    row = settled(here)
    for name in ("auditor", "verifier", "organisation_a"):
        for page in ("settle_one", "reverse_one"):
            assert client_of(name).post(reverse(f"accounts:{page}", args=[row.pk]), {"reason": "x"}).status_code == 403


def test_what_is_blocked_stands_first_with_what_to_do(here):
    from wushe.registers.people.models import Person

    Person.objects.filter(pk=here.elder.pk).update(ability_level=2)
    row = settled(here, fen=0)
    assert row.state == "due"
    client = client_of("settlement_clerk")
    assert "订单没有链接资金" in client.get(reverse("accounts:home")).content.decode()
    page = client.get(reverse("accounts:one", args=[row.pk])).content.decode()
    assert "链接一条预算科目" in page
    visits.budget_line(row.visit.appointment.order, fen=10_000)
    client.post(reverse("accounts:settle_area"))
    assert Settlement.objects.get().state == "settled"


def test_a_reversal_asks_for_the_reason(here):
    row = settled(here)
    client = client_of("settlement_clerk")
    address = reverse("accounts:reverse_one", args=[row.pk])
    refused = client.post(address, {"reason": ""})
    assert refused.status_code == 422
    assert "请写明冲正的原因" in refused.content.decode()
    assert client.post(address, {"reason": "分钟记错"}).status_code == 302
    assert client.post(address, {"reason": "又一次"}).status_code == 409
    again = client.post(reverse("accounts:settle_one", args=[row.pk]))
    assert again.url != reverse("accounts:one", args=[row.pk])
    assert sorted(Settlement.objects.values_list("state", flat=True)) == ["reversed", "settled"]


def test_the_export_holds_what_the_filter_shows_and_no_full_name(here):
    settled(here)
    settled(here, start=700)
    client = client_of("settlement_clerk")
    content = client.post(reverse("accounts:export"), {"state": "settled", "q": "王"}).content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 3
    assert rows[1][2] == "王**"
    assert rows[1][9] in (60, "60.00")
    empty = client.post(reverse("accounts:export"), {"state": "due"}).content
    assert len(CalamineWorkbook.from_filelike(BytesIO(empty)).get_sheet_by_index(0).to_python()) == 1
    taken = JournalEntry.objects.filter(kind="export.take").order_by("pk").values_list("data", flat=True)
    assert list(taken) == [
        {"list": "settlements", "rows": 2, "filters": {"state": "settled"}},
        {"list": "settlements", "rows": 0, "filters": {"state": "due"}},
    ]
    assert client.get(reverse("accounts:export")).status_code == 405


def test_the_monthly_statement_and_its_file(here):
    settled(here)
    client = client_of("settlement_clerk")
    query = {"month": f"{TODAY:%Y-%m}"}
    page = client.get(reverse("accounts:statement", args=[here.organisation.pk]), query).content.decode()
    assert "¥60.00" in page
    content = client.post(reverse("accounts:statement_file", args=[here.organisation.pk]), query).content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert rows[-1][:2] == ["合计", 1.0]
    assert JournalEntry.objects.get(kind="export.take").data["filters"]["month"] == query["month"]


def test_an_organisation_has_its_month_as_a_list_with_totals_and_as_a_file(here):
    """Its own settlements alone; the sum stands below them, and the file is journalled."""
    settled(here)
    settled(here, start=700)
    client, query = client_of("organisation_a"), {"month": f"{TODAY:%Y-%m}"}
    page = client.get(reverse("organisation:settlement"), query).content.decode()
    assert "¥120.00" in page
    assert page.count("王**") == 2
    content = client.post(reverse("organisation:settlement_file"), query).content
    rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows[1:3]] == ["王**", "王**"]
    assert (rows[3][0], rows[3][3], rows[3][9]) == ("已结算合计", "2次", "120.00")
    assert JournalEntry.objects.get(kind="export.take").data == {
        "list": "month", "rows": 2, "filters": {"month": query["month"], "organisation": str(here.organisation.pk)},
    }  # fmt: skip
    other = client_of("organisation_b")
    assert "没有已结算的服务" in other.get(reverse("organisation:settlement"), query).content.decode()
    empty = other.post(reverse("organisation:settlement_file"), query).content
    assert len(CalamineWorkbook.from_filelike(BytesIO(empty)).get_sheet_by_index(0).to_python()) == 2


@pytest.mark.parametrize(
    "query", [{"first": "x"}, {"first": "2026-12-01", "last": "2026-01-01"}, {"organisation": "9" * 30}, {"organisation": "²"},
              {"after": "z"},
              {"state": "nonsense"}, {"q": "%' OR 1=1"}],
)  # fmt: skip
def test_senseless_filters_are_harmless(here, query):
    assert client_of("settlement_clerk").get(reverse("accounts:settlement"), query).status_code == 200


def test_an_account_shows_its_running_balance(here):
    settled(here)
    account = Account.objects.get(code=f"payable:{here.organisation.pk}")
    page = client_of("settlement_clerk").get(reverse("accounts:account", args=[account.pk]))
    assert "¥60.00" in page.content.decode()
    balance = client_of("settlement_clerk").get(reverse("accounts:balance")).content.decode()
    assert "平衡" in balance


def test_lists_cost_the_same_at_any_length(here, django_assert_max_num_queries):
    for number in range(4):
        settled(here, start=480 + number * 70)
    client = client_of("settlement_clerk")
    for page in ("home", "settlement", "statements", "ledgers", "balance"):
        with django_assert_max_num_queries(8):
            client.get(reverse(f"accounts:{page}"))
