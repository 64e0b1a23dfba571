"""The pages of oversight, the catalogue and the accounts: for whom they open, what they cost, what they say."""

from io import BytesIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.factories import needs
from tests.factories.cast import World, client_of, user_of, world
from tests.factories.places import OTHER_STREET, STREET
from wushe.foundation.access.models import Grant, User
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.models import Preset
from wushe.oversight.break_kinds import KINDS
from wushe.oversight.indicators import INDICATORS
from wushe.oversight.selectors.societies import SOCIETIES
from wushe.registers.catalogue.models import Edition, Item

pytestmark = pytest.mark.django_db
PRESET = "needs.triage.deadline"


@pytest.fixture
def here() -> World:
    return world()


@pytest.mark.parametrize(
    ("address", "open_to", "closed_to"),
    [
        ("/district/", ["street_manager", "auditor", "community_worker"], ["organisation_a", "elder", "account_admin"]),
        ("/district/breaks/", ["street_manager", "verifier", "settlement_clerk"], ["organisation_a", "carer"]),
        ("/district/indicators/", ["auditor"], ["elder"]),
        ("/district/map/", ["district_manager"], ["volunteer"]),
        ("/district/journal/", ["auditor", "street_manager"], ["social_worker", "dispatcher", "account_admin"]),
        ("/district/presets/", ["street_manager", "dispatcher"], ["organisation_a", "account_admin"]),
        ("/catalogue/", ["organisation_a", "carer", "district_manager"], ["account_admin"]),
        ("/catalogue/packages/", ["social_worker"], ["account_admin"]),
        ("/catalogue/revision/", ["district_manager", "social_worker"], ["street_manager", "organisation_a"]),
        ("/admin/", ["account_admin"], ["district_manager", "auditor", "elder"]),
        ("/admin/users/", ["account_admin"], ["street_manager"]),
        ("/admin/users/new/", ["account_admin"], ["organisation_a"]),
    ],
)
def test_pages_open_to_their_roles_alone(here: World, address: str, open_to: list[str], closed_to: list[str]) -> None:
    assert {who: client_of(who).get(address).status_code for who in open_to} == dict.fromkeys(open_to, 200)
    assert {who: client_of(who).get(address).status_code for who in closed_to} == dict.fromkeys(closed_to, 403)
    assert Client().get(address).status_code == 302


def test_another_street_is_not_found(here: World) -> None:
    client = client_of("street_manager")
    for address in (
        "/district/",
        "/district/breaks/",
        "/district/rows/break/needs_untriaged/",
        "/district/indicators/",
    ):
        assert client.get(address, {"area": OTHER_STREET}).status_code == 404
        assert client.get(address, {"area": STREET}).status_code == 200
    assert client.get("/district/", {"area": "no-area"}).status_code == 404


def test_every_figure_break_and_society_opens_in_an_empty_area(here: World) -> None:
    client = client_of("district_manager")
    for indicator in INDICATORS:
        assert client.get(f"/district/rows/figure/{indicator.code}/").status_code == 200, indicator.code
    for kind in KINDS:
        assert client.get(f"/district/breaks/?show={kind.code}").status_code == 200, kind.code
        assert client.get(f"/district/rows/break/{kind.code}/").status_code == 200, kind.code
    for society in SOCIETIES:
        assert client.get(f"/district/rows/society/{society.code}/").status_code == 200, society.code
    for unknown in ("figure/none", "break/none", "society/none", "story/none"):
        assert client.get(f"/district/rows/{unknown}/").status_code == 404
    assert client.get("/district/breaks/?show=none").status_code == 404


def test_rows_show_masked_names_and_lead_to_the_chain(here: World) -> None:
    need = needs.triaged(here.elder)
    page = client_of("street_manager").get("/district/rows/break/needs_without_project/").content.decode()
    assert "王**" in page
    assert "王桂芳" not in page
    assert f"/chain/need/{need.pk}/" in page


def test_rows_are_found_by_number_name_and_service(here: World) -> None:
    need = needs.triaged(here.elder)
    other = needs.triaged(here.daughter)
    client = client_of("street_manager")

    def found(text: str) -> list[bool]:
        page = client.get("/district/rows/break/needs_without_project/", {"q": text}).content.decode()
        return [f"/chain/need/{one.pk}/" in page for one in (need, other)]

    assert found(f"#{need.pk}") == [True, False]
    assert found("王丽") == [False, True]
    assert found(need.item.name) == [True, True]
    assert found("查无此人") == [False, False]


def test_rows_page_by_key_forth_and_back(here: World) -> None:
    made = [needs.triaged(here.elder).pk for _ in range(51)]
    client, address = client_of("street_manager"), "/district/rows/break/needs_without_project/"
    first = client.get(address)
    assert [row.pk for row in first.context["page"].rows] == made[:50]
    assert first.context["page"].previous is None
    second = client.get(address, {"after": first.context["page"].next})
    assert [row.pk for row in second.context["page"].rows] == made[50:]
    assert second.context["page"].next is None
    back = client.get(address, {"before": second.context["page"].previous})
    assert [row.pk for row in back.context["page"].rows] == made[:50]
    assert back.context["page"].previous is None
    assert client.get(address, {"after": "x"}).status_code == 200


def test_the_export_holds_what_the_page_shows_and_is_journalled(here: World) -> None:
    needs.triaged(here.elder)
    needs.triaged(here.daughter)
    client, address = client_of("street_manager"), "/district/rows/break/needs_without_project/"
    page = client.get(address, {"q": "王丽"})
    answer = client.post(f"{address}export/?q=王丽")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[3] == page.context["heads"]
    assert rows[4:] == [row["values"] for row in page.context["rows"]]
    assert len(rows) == 5
    entry = JournalEntry.objects.get(kind="list.export")
    assert (entry.actor_id, entry.data["rows"]) == (user_of("street_manager").pk, 1)
    assert client.get(f"{address}export/").status_code == 405


def test_the_ranking_export_has_a_row_for_each_area(here: World) -> None:
    answer = client_of("district_manager").post("/district/ranking/export/")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 4 + 2


def test_pages_cost_a_fixed_number_of_queries(here: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for _ in range(3):
        needs.triaged(here.elder)
    client = client_of("district_manager")
    client.get("/district/")
    costs = {"/district/": 26, "/district/breaks/": 29, "/district/rows/break/needs_without_project/": 11,
             "/district/journal/": 9, "/district/presets/": 7, "/catalogue/": 7}  # fmt: skip
    for address, most in costs.items():
        with django_assert_max_num_queries(most):
            assert client.get(address).status_code == 200


def test_the_timeline_opens_to_those_in_scope(here: World) -> None:
    address = f"/chain/need/{needs.linked(here.elder, here.organisation).pk}/"
    for who in ("social_worker", "street_manager", "dispatcher", "charity_officer", "elder", "daughter"):
        assert client_of(who).get(address).status_code == 200, who
    for who in ("stranger", "far_elder"):
        assert client_of(who).get(address).status_code == 404, who
    for who in ("organisation_a", "carer", "account_admin", "settlement_clerk"):
        assert client_of(who).get(address).status_code == 403, who
    assert "/community/" not in client_of("elder").get(address).content.decode(), "no desk for a resident"
    assert "请点单" in client_of("social_worker").get(address).content.decode()


def test_the_journal_is_narrowed_and_bad_dates_are_said_beside_the_field(here: World) -> None:
    needs.recorded(here.elder)
    client = client_of("auditor")
    answer = client.get("/district/journal/", {"kind": "need.record", "who": "陈社工", "first": "2026-09-01"})
    assert [line["line"].title for line in answer.context["lines"]] == ["登记需求"]
    assert client.get("/district/journal/", {"who": "没有这个人"}).context["lines"] == []
    bad = client.get("/district/journal/", {"first": "昨天", "number": "十"})
    assert bad.status_code == 200
    assert set(bad.context["faults"]) == {"first", "number"}


def test_the_chain_of_the_journal_is_verified(here: World) -> None:
    needs.recorded(here.elder)
    client = client_of("auditor")
    assert "日志链完整" in client.post("/district/journal/verify/", follow=True).content.decode()
    assert JournalEntry.objects.get(kind="journal.verify").data["broken"] == []
    exported = client.post("/district/journal/export/?kind=need.record")
    rows = CalamineWorkbook.from_filelike(BytesIO(exported.content)).get_sheet_by_index(0).to_python()
    assert [row[3] for row in rows[4:]] == ["登记需求"]


def test_a_preset_is_set_in_two_steps(here: World) -> None:
    client, address = client_of("street_manager"), f"/district/presets/{PRESET}/"
    values = {"value": "120", "region": STREET, "effective_from": "2099-01-01", "source": "广街发〔2026〕3号"}
    asked = client.post(address, values)
    assert (asked.status_code, asked.context["step"]) == (200, 2)
    assert "2小时" in asked.context["will"]
    assert not Preset.objects.filter(key=PRESET, region=STREET).exists()
    assert client.post(address, {**values, "confirmed": "yes"}).status_code == 302
    assert Preset.objects.get(key=PRESET, region=STREET).value == 120
    assert JournalEntry.objects.filter(kind="preset.set").count() == 1


def test_a_bad_preset_keeps_what_was_typed(here: World) -> None:
    client, address = client_of("street_manager"), f"/district/presets/{PRESET}/"
    bad = client.post(address, {"value": "两小时", "region": STREET, "effective_from": "", "source": "文件"})
    assert bad.status_code == 422
    assert set(bad.context["form"].errors) == {"value", "effective_from"}
    assert "两小时" in bad.content.decode()
    outside = client.post(
        address, {"value": "1", "region": OTHER_STREET, "effective_from": "2099-01-01", "source": "文件"}
    )
    assert outside.status_code == 422
    assert not Preset.objects.filter(key=PRESET).exclude(region="").exists()


def test_money_of_a_preset_is_filled_in_as_yuan(here: World) -> None:
    client, key = client_of("district_manager"), "settlement.subsidy.level_2"
    values = {"value_share_percent": "80", "value_monthly_cap_fen": "260.50", "region": "511602",
              "effective_from": "2099-01-01", "source": "区民政局通知", "confirmed": "yes"}  # fmt: skip
    assert client.post(f"/district/presets/{key}/", values).status_code == 302
    row = Preset.objects.get(key=key, region="511602")
    assert row.value == {"share_percent": 80, "monthly_cap_fen": 26050}


def test_who_may_not_edit_sees_no_form_and_changes_nothing(here: World) -> None:
    client, address = client_of("auditor"), f"/district/presets/{PRESET}/"
    assert client.get(address).context["form"] is None
    assert client.post(address, {"value": "1"}).status_code == 404
    assert client_of("street_manager").get("/district/presets/no.such/").status_code == 404


def test_the_catalogue_shows_what_changed_and_what_became_of_an_item(here: World) -> None:
    client = client_of("district_manager")
    page = client.get("/catalogue/diff/1/2/")
    assert page.status_code == 200
    assert sum(len(rows) for rows in page.context["kinds"].values()) > 10
    retired = page.context["kinds"]["retired"][0]["item"]
    assert client.get(f"/catalogue/item/{retired.pk}/").status_code == 200
    assert client.get("/catalogue/diff/1/9/").status_code == 404
    assert client.get("/catalogue/item/999999/").status_code == 404
    assert client.get("/catalogue/", {"q": "助浴"}).context["total"] >= 1


def test_a_revision_from_draft_to_publication(here: World) -> None:
    client = client_of("district_manager")
    assert client.post("/catalogue/revision/", {"title": "", "effective_from": "x", "source": ""}).status_code == 422
    begun = {"title": "社区服务目录（第三版）", "effective_from": "2027-01-01", "source": "区民政局〔2026〕5号"}
    client.post("/catalogue/revision/", begun)
    draft = Edition.objects.get(number=3)
    assert draft.items.count() == Edition.objects.get(number=2).items.count()
    assert client_of("carer").get("/catalogue/edition/3/").status_code == 404, "a draft is for its editors"
    item = draft.items.get(code="H501-01")
    values = {"category": item.category, "name": item.name, "plain": item.plain, "unit": item.unit,
              "minutes": item.minutes, "price": "99.50", "photos": item.photos, "responsible_party": item.responsible_party}  # fmt: skip
    assert client.post(f"/catalogue/item/{item.pk}/change/", {**values, "price": "贵"}).status_code == 422
    assert client.post(f"/catalogue/item/{item.pk}/change/", values).status_code == 302
    assert Item.objects.get(pk=item.pk).price_fen == 9950
    assert client.post("/catalogue/edition/3/publish/").status_code == 302
    assert Edition.objects.get(number=3).published
    assert client.post(f"/catalogue/item/{item.pk}/change/", {**values, "price": "1"}).status_code == 422
    assert client.post(f"/catalogue/item/{item.pk}/drop/").status_code == 409
    assert Item.objects.get(pk=item.pk).price_fen == 9950


def test_an_account_is_opened_and_its_password_shown_once(here: World) -> None:
    client = client_of("account_admin")
    assert client.post("/admin/users/new/", {"name": "新人", "username": "空 格"}).status_code == 422
    answer = client.post("/admin/users/new/", {"name": "新人", "username": "xinren"})
    word = answer.context["word"]
    user = User.objects.get(username="xinren")
    assert user.check_password(word)
    assert word in answer.content.decode()
    assert word not in client.get(f"/admin/users/{user.pk}/").content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert client.post("/admin/users/new/", {"name": "另一人", "username": "xinren"}).status_code == 422


def test_a_role_is_given_for_a_resident_without_showing_protected_values(here: World) -> None:
    client = client_of("account_admin")
    client.post("/admin/users/new/", {"name": "王奶奶", "username": "wangnainai"})
    user = User.objects.get(username="wangnainai")
    address = f"/admin/users/{user.pk}/grants/new/"
    page = client.get(address, {"role": "resident", "q": "王桂芳"}).content.decode()
    assert "王**" in page
    assert "王桂芳" not in page.replace('value="王桂芳"', "")
    assert here.elder.id_number.reveal() not in page
    values = {"role": "resident", "holder": here.elder.pk, "area_code": "511602001001", "valid_from": "2026-09-14"}
    assert client.post(address, {**values, "holder": ""}).status_code == 200, "asks for whom the role stands"
    assert not user.grants.exists()
    assert client.post(address, {**values, "area_code": "51"}).status_code == 422
    assert client.post(address, values).status_code == 302
    assert user.grants.get().holder_id == here.elder.pk


def test_incompatible_roles_are_warned_of(here: World) -> None:
    client, user = client_of("account_admin"), user_of("verifier")
    page = client.get(f"/admin/users/{user.pk}/grants/new/", {"role": "settlement_clerk"})
    assert len(page.context["warnings"]) == 1
    values = {"role": "settlement_clerk", "area_code": "511602", "valid_from": "2026-09-14"}
    client.post(f"/admin/users/{user.pk}/grants/new/", values)
    assert len(client.get(f"/admin/users/{user.pk}/").context["warnings"]) == 1


def test_a_stopped_account_is_out_with_its_next_request(here: World) -> None:
    victim, user = client_of("street_manager"), user_of("street_manager")
    assert victim.get("/district/").status_code == 200
    admin = client_of("account_admin")
    admin.post(f"/admin/users/{user.pk}/close/")
    assert victim.get("/district/").status_code == 302
    admin.post(f"/admin/users/{user.pk}/reopen/")
    assert JournalEntry.objects.filter(kind__in=["account.close", "account.reopen"]).count() == 2


def test_an_ended_grant_is_gone_with_the_next_request(here: World) -> None:
    victim, user = client_of("street_manager"), user_of("street_manager")
    grant = Grant.objects.get(user=user)
    assert victim.get("/district/").status_code == 200
    assert client_of("account_admin").post(f"/admin/grants/{grant.pk}/end/").status_code == 302
    assert victim.get("/district/").status_code == 403


def test_a_new_password_signs_the_account_out(here: World) -> None:
    user = user_of("street_manager")
    user.set_password("old-password-1")
    user.save()
    victim = Client()
    assert victim.login(username="street_manager", password="old-password-1")
    assert victim.get("/district/").status_code == 200
    word = client_of("account_admin").post(f"/admin/users/{user.pk}/password/").context["word"]
    assert victim.get("/district/").status_code == 302
    assert Client().login(username="street_manager", password=word)
