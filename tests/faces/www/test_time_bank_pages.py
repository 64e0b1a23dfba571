"""Pages of the time bank: what people see and do, and that bad input keeps what was typed."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import people
from tests.factories.cast import actor_of, client_of, user_of, world
from tests.factories.places import NOON, TODAY
from tests.factories.time_bank import acting, asked, bank, done, earned, volunteer
from tests.factories.visits import clock
from wushe.lines.time_bank.banks import own_holding
from wushe.lines.time_bank.models import Earning, Gift, HelpRequest
from wushe.lines.time_bank.proof import problems
from wushe.lines.time_bank.requests import dispute
from wushe.registers.people.models import Person, Relation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: clock(14 * 60))


@pytest.fixture
def town():
    """王奶奶 with ten hours, the volunteer 孙立 with five, and his mother."""
    w = world()
    bank()
    helper = volunteer()
    mother = people.person("李桂兰")
    people.relation(mother, helper, Relation.Kind.CHILD)
    earned(w.elder, 600)
    earned(helper, 300)
    return w.elder, helper, mother


def text(answer):
    return answer.content.decode()


ASKED = {
    "kind": "company",
    "day": TODAY.isoformat(),
    "start": "15:00",
    "minutes": "60",
    "words": "陪我去医院",
    "client_key": "k",
}


def test_from_asking_to_the_same_evening(town):
    elder, helper, _ = town
    resident, phone = client_of("elder"), client_of("volunteer")
    assert resident.post("/time-bank/mine/ask/", ASKED).status_code == 302
    request = HelpRequest.objects.get()
    assert "王**" in text(phone.get("/time-bank/mine/open/"))
    for act in ("take", "start", "finish"):
        assert phone.post(f"/time-bank/mine/requests/{request.pk}/{act}/").status_code == 302
    HelpRequest.objects.update(served=60)
    resident.post(f"/time-bank/mine/requests/{request.pk}/confirm/")
    request.refresh_from_db()
    assert (request.state, own_holding(elder).account.balance) == ("settled", 540)
    assert own_holding(helper).account.balance == 360
    assert "6小时" in text(phone.get("/time-bank/mine/"))


def test_bad_input_keeps_what_was_typed(town):
    answer = client_of("elder").post("/time-bank/mine/ask/", {**ASKED, "day": "2020-01-01", "words": "请带轮椅"})
    assert answer.status_code == 422
    assert "请选今天起60天内的日期。" in text(answer)
    assert "请带轮椅" in text(answer)
    assert HelpRequest.objects.count() == 0


def test_ten_hours_become_the_mother_s_after_a_second_look(town):
    _, _, mother = town
    phone, desk = client_of("volunteer"), client_of("social_worker")
    assert (
        phone.post("/time-bank/mine/give/", {"receiver": mother.pk, "minutes": "2.5", "client_key": "g"}).status_code
        == 302
    )
    gift = Gift.objects.get()
    assert (gift.minutes, gift.state) == (150, "filed")
    assert "本人是其子女" in text(desk.get(f"/time-bank/gifts/{gift.pk}/"))
    assert desk.post(f"/time-bank/gifts/{gift.pk}/decide/", {"answer": "approve"}).status_code == 302
    assert own_holding(mother).account.balance == 150


@pytest.mark.parametrize(
    ("hours", "words"), [("", "请填写"), ("abc", "填写的内容不对"), ("-1", "大于零"), ("999", "之间的分钟数")]
)
def test_wrong_hours_are_refused_beside_the_field(town, hours, words):
    answer = client_of("volunteer").post("/time-bank/mine/donate/", {"minutes": hours, "client_key": "d"})
    assert answer.status_code == 422
    assert words in text(answer)
    assert Gift.objects.count() == 0


def test_an_auditor_follows_one_coin(town):
    elder, helper, _ = town
    asked_for = done(asked(elder), helper)
    client_of("elder").post(f"/time-bank/mine/requests/{asked_for.pk}/confirm/")
    lot = Earning.objects.get(source="request").lot_id
    page = text(client_of("auditor").get(f"/time-bank/coins/{lot}/"))
    assert f'href="/time-bank/requests/{asked_for.pk}/"' in page
    assert helper.name in page
    assert own_holding(helper).number in page


def test_a_dispute_is_decided_at_the_desk(town):
    elder, helper, _ = town
    row = done(asked(elder), helper)
    dispute(actor=acting(elder), at=NOON, request_id=row.pk, reason="只来了半小时")
    desk = client_of("social_worker")
    bad = desk.post(f"/time-bank/requests/{row.pk}/decide/", {"pay": "yes", "minutes": "90", "reason": "电话核实"})
    assert (bad.status_code, "1 到 60 之间" in text(bad), "电话核实" in text(bad)) == (422, True, True)
    desk.post(f"/time-bank/requests/{row.pk}/decide/", {"pay": "yes", "minutes": "30", "reason": "电话核实"})
    assert own_holding(elder).account.balance == 570


def test_the_statement_can_be_kept_and_checked_by_anybody(town, client):
    told = json.loads(client_of("volunteer").get("/time-bank/mine/statement.json").content)
    assert problems(told) == []
    given = {"number": told["number"], "lines": len(told["lines"]), "head": told["head"]}
    assert "完全一致" in text(client.post("/time-bank/check/", given))
    assert "对不上" in text(client.post("/time-bank/check/", {**given, "head": "0" * 64}))
    assert "孙立" not in text(client.post("/time-bank/check/", given))


def test_the_rules_of_four_cities_stand_side_by_side(town, client):
    page = text(client.get("/time-bank/rules/"))
    for words in (
        "北京",
        "南京",
        "上海",
        "成都郫都",
        "1500小时",
        "65年",
        "按项目定价",
        "政策文件或报道",
        "各地不一，待核对",
    ):
        assert words in page


def test_the_first_page_says_whether_the_bank_is_sound(town):
    page = text(client_of("auditor").get("/time-bank/"))
    assert "账平" in page
    assert "15小时" in page
    assert "承受得住" in page


def test_the_reserve_has_a_source(town):
    desk = client_of("district_manager")
    answer = desk.post("/time-bank/reserve/", {"fen": "50000", "note": ""})
    assert (answer.status_code, "请写明准备金的来源" in text(answer)) == (422, True)
    assert desk.post("/time-bank/reserve/", {"fen": "50000", "note": "区级福彩公益金"}).status_code == 302
    b = bank()
    b.refresh_from_db()
    assert b.reserve_fen == 5_000_000


def test_lists_keep_their_number_of_queries(town, django_assert_max_num_queries):
    desk = client_of("auditor")
    for number in range(12):
        earned(people.person(f"老人{number}"), 60)
    desk.get("/time-bank/accounts/")
    with django_assert_max_num_queries(12):
        assert desk.get("/time-bank/accounts/").status_code == 200


def test_an_account_is_found_by_number_and_name(town):
    desk, number = client_of("auditor"), own_holding(town[0]).number
    assert number in text(desk.get("/time-bank/accounts/", {"q": number.lower()}))
    assert number in text(desk.get("/time-bank/accounts/", {"q": town[0].name}))
    assert "没有符合条件的账户" in text(desk.get("/time-bank/accounts/", {"q": "没有的人"}))


def test_exports_hide_names_and_are_journalled(town):
    answer = client_of("auditor").post("/time-bank/accounts/export/", {"format": "csv"})
    table = answer.content.decode("utf-8-sig")
    assert "王**" in table
    assert town[0].name not in table


def test_a_grant_asks_for_a_key_elder(town):
    elder = Person.objects.get(pk=town[0].pk)
    Person.objects.filter(pk=elder.pk).update(born_on=TODAY - timedelta(days=70 * 365))
    answer = client_of("community_worker").post(
        "/time-bank/gifts/grant/", {"person": elder.pk, "minutes": "2", "client_key": "g"}
    )
    assert (answer.status_code, "不符合重点老人条件" in text(answer)) == (422, True)
    assert actor_of("community_worker").user_id == user_of("community_worker").pk


def test_the_district_opens_its_bank():
    world()
    desk = client_of("district_manager")
    assert "/time-bank/open/" in text(desk.get("/time-bank/"))
    assert desk.post("/time-bank/open/", {"name": " "}).status_code == 422
    assert desk.post("/time-bank/open/", {"name": "广安区时间银行"}).status_code == 302
    assert "广安区时间银行" in text(desk.get("/time-bank/"))
