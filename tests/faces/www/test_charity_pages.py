"""The desk of charity money: lists narrowed by state and words, and a vote that is chosen, not numbered."""

import pytest

from tests.factories import charity
from tests.factories.cast import actor_of, client_of, world
from tests.factories.places import NOON
from wushe.foundation.actor import SYSTEM
from wushe.lines.charity.disclosure import answer_question, ask_about
from wushe.lines.charity.donations import ask_refund
from wushe.lines.charity.enums import Choice
from wushe.lines.charity.models import Donation, Expense, Fund

pytestmark = pytest.mark.django_db


@pytest.fixture
def fund() -> Fund:
    world()
    charity.handlers()
    return charity.community_fund()


def test_donations_and_questions_are_narrowed_and_exported_so(fund: Fund) -> None:
    kept, asked_back = charity.donation(fund, fen=100), charity.donation(fund, fen=200, way="grant", payer="区财政局")
    ask_refund(actor=actor_of("charity_officer"), at=NOON, donation_id=asked_back.pk, reason="转错了")
    page = client_of("charity_officer")

    def shown(address: str, **query: str) -> list[str]:
        rows = page.get(address, query).context["page"].rows
        return sorted(getattr(row, "number", "") or row.text for row in rows)

    list_of = "/charity/donations/"
    assert shown(list_of) == sorted([kept.number, asked_back.number])
    assert shown(list_of, state="refund_asked") == [asked_back.number]
    assert shown(list_of, state="no such") == shown(list_of)
    assert shown(list_of, state="received", q="财政局") == []
    chips = page.get(list_of, {"fund": str(fund.pk)}).context["states"]
    assert chips == [("received", "已入账", "1"), ("refund_asked", "申请退回", "1"), ("refunded", "已退回", "0")]
    file = page.post("/charity/export/donations/", {"state": "refund_asked", "format": "csv"}).content.decode()
    assert (asked_back.number in file, kept.number in file) == (True, False)

    first = ask_about(actor=SYSTEM, at=NOON, fund_id=fund.pk, text="茶水花了多少？")
    ask_about(actor=SYSTEM, at=NOON, fund_id=fund.pk, text="钱存在哪家银行？")
    answer_question(actor=actor_of("charity_officer"), at=NOON, question_id=first.pk, answer="一共三百元，有票据。")
    list_of = "/charity/questions/"
    assert shown(list_of, state="asked") == ["钱存在哪家银行？"]
    assert shown(list_of, q="票据") == ["茶水花了多少？"]
    assert shown(list_of, q="票据", state="asked") == []
    assert Donation.objects.get(pk=kept.pk).state == "received"


def test_a_vote_is_chosen_among_those_who_have_not_voted(fund: Fund) -> None:
    charity.donation(fund)
    expense = charity.relief(fund, charity.payee())
    page, address = client_of("charity_officer"), f"/charity/expense/{expense.pk}/"
    act = f"{address}act/vote/"

    def choices() -> list[str]:
        found = [one for one in page.get(address).context["offered"] if one.name == "vote"]
        return [str(pk) for pk, _ in found[0].form.fields["seat_id"].choices if pk] if found else []

    seats = [str(pk) for pk in fund.seats.filter(supervisor=False).order_by("pk").values_list("pk", flat=True)]
    assert choices() == seats
    supervisor = fund.seats.get(supervisor=True)
    refused = page.post(act, {"seat_id": str(supervisor.pk), "choice": Choice.FOR})
    assert (refused.status_code, Expense.objects.get(pk=expense.pk).relief_votes.count()) == (422, 0)
    for seat in seats:
        assert page.post(act, {"seat_id": seat, "choice": Choice.FOR}).status_code == 302
    assert choices() == []
    assert [str(vote.seat_id) for vote in expense.relief_votes.order_by("pk")] == seats
