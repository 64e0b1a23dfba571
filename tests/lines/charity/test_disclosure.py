"""The public books: sums that meet the ledger, names that stay unsaid, files that describe themselves, questions answered."""

import csv
import io
import json
from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import charity, people
from tests.factories.cast import actor_of, world
from tests.factories.places import COMMUNITY, NOON, TODAY
from tests.factories.registers import donor
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, NotFound
from wushe.ledgers.models import Leg
from wushe.lines.charity.disclosure import answer_question, ask_about, lines_of, public_fund, question_by
from wushe.lines.charity.enums import Side, UseCategory, Way
from wushe.lines.charity.models import Donation, Expense, Fund
from wushe.lines.charity.selectors import followed, sums_of
from wushe.registers.donors.models import Donor, DonorKind

pytestmark = pytest.mark.django_db
PLANTED = 1_000
FAMILY, GIVEN = "赵钱孙李周吴郑王冯陈", "安博昌德恩方固鸿嘉凯"


@pytest.fixture(autouse=True)
def place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    world()
    charity.handlers()


def names() -> list[str]:
    """Return a thousand different names."""
    return [f"{a}{b}{c}" for a in FAMILY for b in GIVEN for c in GIVEN][:PLANTED]


def planted(fund: Fund) -> None:
    """Let a thousand givers who want no name published give, each named in a wish and in the use of their money."""
    givers = Donor.objects.bulk_create(
        Donor(name=name, kind=DonorKind.PERSON, unnamed=number % 2 == 0, area_code=COMMUNITY, since=TODAY)
        for number, name in enumerate(names())
    )
    wishes = [(giver, f"{giver.name}愿帮助老人", not giver.unnamed) for giver in givers]
    lots = charity.laid(fund, wishes, fen=1_000)
    for number in range(0, PLANTED, 50):
        payee = people.person(names()[-number - 1])
        charity.laid_expense(lots[number], title=f"用{names()[number]}的捐款办活动", person=payee)


def test_a_thousand_names_stay_unsaid() -> None:
    fund = charity.community_fund()
    planted(fund)
    asked = ask_about(actor=SYSTEM, at=NOON, fund_id=fund.pk, text=f"{names()[3]}捐的钱在哪里？")
    answer_question(
        actor=actor_of("charity_officer"), at=NOON, question_id=asked.pk, answer=f"{names()[3]}的钱已用于活动"
    )
    assert Donation.objects.count() == PLANTED
    browser = Client()
    shown = [browser.get(f"/disclosure/fund/{fund.pk}/lines.csv").getvalue().decode()]
    shown += [browser.get(f"/disclosure/fund/{fund.pk}/?side={side}").content.decode() for side in ("in", "out")]
    shown += [browser.get("/disclosure/").content.decode()]
    assert shown[0].count("\r\n") == 1 + PLANTED + PLANTED // 50
    assert [name for name in names() for page in shown if name in page] == []
    assert "某某愿帮助老人" in shown[0]


def test_names_are_shown_as_their_owners_wish() -> None:
    fund = charity.fund()
    for giver in (donor("城南商贸公司"), donor("刘长青", kind=DonorKind.PERSON), donor("隐名公司", unnamed=True)):
        charity.donation(fund, donor_id=giver.pk)
    charity.donation(fund, way=Way.CASH, reference="")
    charity.donation(fund, way=Way.GRANT, payer="广安区民政局")
    assert [line.who for line in lines_of(fund)] == ["城南商贸公司", "刘**", "爱心单位", "爱心人士", "广安区民政局"]


def test_the_sums_are_those_of_the_ledger() -> None:
    fund = charity.fund()
    charity.donation(fund, fen=200_000)
    charity.paid(charity.asked(fund, fen=30_000))
    charity.asked(fund, fen=20_000)
    sums = sums_of(Fund.objects.get(pk=fund.pk))
    legs = list(Leg.objects.filter(account=fund.account).values_list("amount", flat=True))
    assert (sums.came, sums.went, sums.promised, sums.left) == (200_000, 30_000, 20_000, 170_000)
    assert sums.left == sum(legs) == sum(line.amount_fen for line in lines_of(fund))


def test_the_download_describes_itself() -> None:
    fund = charity.fund()
    charity.donation(fund, fen=100_000, wishes='=HYPERLINK("x")')
    browser = Client()
    described = json.loads(browser.get(f"/disclosure/fund/{fund.pk}/datapackage.json").content)
    resource = described["resources"][0]
    fields = resource["schema"]["fields"]
    answer = browser.get(f"/disclosure/fund/{fund.pk}/{resource['path']}")
    rows = list(csv.DictReader(io.StringIO(answer.getvalue().decode(resource["encoding"]))))
    assert list(rows[0]) == [field["name"] for field in fields]
    kinds = {"integer": int, "date": date.fromisoformat, "string": str}
    assert all(kinds[field["type"]](rows[0][field["name"]]) is not None for field in fields)  # type: ignore[operator]
    assert rows[0]["what"].startswith("'=")
    assert (rows[0]["amount_fen"], rows[0]["date"]) == ("100000", "2026-09-14")


def test_a_giver_follows_every_yuan() -> None:
    fund = charity.fund()
    first, second = charity.donation(fund, fen=50_000), charity.donation(fund, fen=50_000)
    charity.paid(charity.asked(fund, fen=30_000))
    charity.paid(charity.asked(fund, fen=40_000, title="中秋慰问"))
    assert [a.amount_fen for a in followed(first)] == [30_000, 20_000]
    assert [(a.amount_fen, a.expense.title) for a in followed(second)] == [(20_000, "中秋慰问")]
    page = Client().get(f"/disclosure/gift/{first.token}/")
    assert page.status_code == 200
    assert "中秋慰问" in page.content.decode()
    assert page.headers["Referrer-Policy"] == "no-referrer"
    receipt = Client().get(f"/disclosure/gift/{first.token}/receipt.pdf")
    assert receipt.content.startswith(b"%PDF-")
    assert Client().get("/disclosure/gift/wrong/").status_code == 404


def test_a_question_has_a_deadline_in_working_days_and_gets_its_answer() -> None:
    fund = charity.fund()
    charity.donation(fund)
    answer = Client().post(f"/disclosure/fund/{fund.pk}/ask/", {"text": "钱什么时候用？"})
    assert answer.status_code == 302
    token = answer["Location"].rstrip("/").rpartition("/")[2]
    question = question_by(token)
    assert timezone.localdate(question.due_at) == date(
        2026, 9, 20
    )  # a Sunday worked in exchange for the holidays of October
    with pytest.raises(Conflict):
        ask_about(actor=SYSTEM, at=NOON, fund_id=fund.pk, text="钱什么时候用？")
    with pytest.raises(NotFound):
        answer_question(actor=actor_of("stranger"), at=NOON, question_id=question.pk, answer="下月")
    answer_question(actor=actor_of("community_worker"), at=NOON, question_id=question.pk, answer="下月重阳节用")
    assert "下月重阳节用" in Client().get(f"/disclosure/question/{token}/").content.decode()
    assert "下月重阳节用" in Client().get(f"/disclosure/fund/{fund.pk}/").content.decode()


def test_a_draft_is_not_public() -> None:
    draft = charity.fund(opened=False)
    with pytest.raises(NotFound):
        public_fund(draft.pk)
    assert Client().get(f"/disclosure/fund/{draft.pk}/").status_code == 404


def test_a_relief_notice_has_no_name() -> None:
    fund = charity.community_fund()
    charity.donation(fund)
    person = charity.payee("秦素梅")
    relief = charity.relief(fund, person, ready=True)
    page = Client().get(f"/disclosure/fund/{fund.pk}/").content.decode()
    assert "救助公示" in page
    assert "秦素梅" not in page
    assert Expense.objects.get(pk=relief.pk).category == UseCategory.RELIEF
    assert Side.RESIDENT in {seat.side for seat in fund.seats.all()}
