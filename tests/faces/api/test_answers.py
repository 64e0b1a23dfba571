"""How the interface answers: problems in Chinese, one effect for one key, the rate, masks, and who looked."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from tests.factories import needs, people, registers
from tests.factories.cast import World, user_of, world
from tests.factories.duplicates import ticket_about
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, OTHER_COMMUNITY, TODAY
from tests.factories.tokens import client as client_with
from tests.factories.tokens import client_of, token
from wushe.chain.needs.models import Need
from wushe.foundation.access.models import Grant
from wushe.foundation.idempotency.models import ClientKey
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.tokens.models import Token

pytestmark = pytest.mark.django_db


@pytest.fixture
def w() -> World:
    return world()


def post(client: Client, path: str, body: Any = None, key: str = "") -> HttpResponse:
    headers = {"Idempotency-Key": key} if key else {}
    return client.post(f"/api/v1{path}", json.dumps(body or {}), content_type="application/json", headers=headers)


def asking(w: World, words: str = "想找人打扫卫生") -> dict[str, Any]:
    return {"person_id": w.elder.pk, "channel": "phone", "words": words}


def problem(answer: HttpResponse, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    content: dict[str, Any] = answer.json()
    assert (content["status"], content["code"]) == (status, code)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in content["detail"])
    return content


def test_the_same_request_with_a_key_takes_effect_once(w: World) -> None:
    client, key = client_of(user_of("social_worker")), uuid4().hex
    first, again = (post(client, "/needs", asking(w), key) for _ in range(2))
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert Need.objects.count() == 1
    assert JournalEntry.objects.filter(kind="need.record").count() == 1


def test_the_answer_is_repeated_as_it_was(w: World) -> None:
    """A later state does not show in the repeated answer: it is what the first caller would have read."""
    client, key = client_of(user_of("social_worker")), uuid4().hex
    first = post(client, "/needs", asking(w), key)
    post(client, f"/needs/{first.json()['id']}/close", {"reason": "不再需要"})
    assert post(client, "/needs", asking(w), key).json()["state"] == "recorded"


def test_a_key_with_other_words_is_refused_and_nothing_changes(w: World) -> None:
    client, key = client_of(user_of("social_worker")), uuid4().hex
    post(client, "/needs", asking(w), key)
    problem(post(client, "/needs", asking(w, "别的话"), key), 409, "key_reused")
    problem(
        post(client, f"/people/{w.elder.pk}/reveal", {"field": "phone", "reason": "contact"}, key), 409, "key_reused"
    )
    assert Need.objects.count() == 1
    assert not JournalEntry.objects.filter(kind="person.reveal").exists()


def test_a_refusal_is_not_remembered(w: World) -> None:
    client, key = client_of(user_of("social_worker")), uuid4().hex
    body = asking(w, "")
    problem(post(client, "/needs", body, key), 422, "invalid")
    assert not ClientKey.objects.exists()
    assert post(client, "/needs", asking(w), key).status_code == 201


def test_a_key_is_a_person_s_own_and_a_grant_s_own(w: World) -> None:
    key, user = uuid4().hex, user_of("social_worker")
    first = post(client_of(user), "/needs", asking(w), key)
    other = post(client_of(user_of("dispatcher")), "/needs", asking(w), key)
    assert first.json()["id"] != other.json()["id"]
    second = Grant.objects.create(user=user, role_code="dispatcher", area_code="511602", valid_from=TODAY)
    problem(post(client_with(token(user, grant=second)[1]), "/needs", asking(w), key), 409, "key_reused")


def test_a_key_does_not_open_what_the_role_may_not(w: World) -> None:
    client, key = client_of(user_of("verifier")), uuid4().hex
    problem(post(client, "/needs", asking(w), key), 403, "not_allowed")
    assert not Need.objects.exists()


@pytest.mark.parametrize("key", ["x" * 65, "有汉字"])
def test_a_key_that_cannot_be_kept_is_refused(w: World, key: str) -> None:
    client = client_of(user_of("social_worker"))
    content = problem(post(client, "/needs", asking(w), key), 422, "invalid")
    assert content["errors"][0]["field"] == "Idempotency-Key"
    assert not Need.objects.exists()


def test_a_kept_answer_cannot_be_read_in_the_database(w: World) -> None:
    client, key = client_of(user_of("social_worker")), uuid4().hex
    answers = [
        post(client, f"/people/{w.elder.pk}/reveal", {"field": "phone", "reason": "contact"}, key) for _ in range(2)
    ]
    plain = w.elder.phone.reveal()
    assert [one.json()["value"] for one in answers] == [plain, plain]
    assert plain not in json.dumps(ClientKey.objects.get().answer)
    assert JournalEntry.objects.filter(kind="person.reveal").count() == 1


def test_protected_values_are_masked_everywhere_else(w: World) -> None:
    client = client_of(user_of("social_worker"))
    shown = [client.get("/api/v1/people"), client.get(f"/api/v1/people/{w.elder.pk}")]
    shown.append(client.get(f"/api/v1/households/{w.elder.household_id}"))
    assert all(one.status_code == 200 for one in shown)
    assert w.elder.household is not None
    secrets = [w.elder.phone.reveal(), w.elder.id_number.reveal(), w.elder.household.address.reveal()]
    text = "".join(one.content.decode() for one in shown)
    assert all(secret and secret not in text for secret in secrets)
    assert shown[1].json()["phone"] == str(w.elder.phone)
    assert not JournalEntry.objects.filter(kind="person.reveal").exists()


def test_read_only_reads_and_does_nothing(w: World) -> None:
    client = client_of(user_of("social_worker"), read_only=True)
    assert client.get("/api/v1/needs").status_code == 200
    problem(post(client, "/needs", asking(w)), 403, "not_allowed")
    problem(post(client, f"/people/{w.elder.pk}/reveal", {"field": "phone", "reason": "contact"}), 403, "not_allowed")
    assert not Need.objects.exists()


def test_narrowed_to_some_rights(w: World) -> None:
    client = client_of(user_of("social_worker"), permissions=["needs:view"])
    assert client.get("/api/v1/needs").status_code == 200
    problem(client.get("/api/v1/orders"), 403, "not_allowed")
    problem(post(client, "/needs", asking(w)), 403, "not_allowed")


def test_too_many_requests(w: World) -> None:
    client = client_of(user_of("social_worker"), per_minute=2)
    first = client.get("/api/v1/needs")
    assert (first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]) == ("2", "1")
    client.get("/api/v1/needs")
    answer = client.get("/api/v1/needs")
    problem(answer, 429, "too_many")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer x", "Bearer wushe_nothing", "Basic d3VzaGU6eA==", "Bearer 汉字"]
)
def test_no_token(header: str) -> None:
    answer = Client().get("/api/v1/needs", headers={"Authorization": header} if header else {})
    problem(answer, 401, "no_token")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_worthless_tokens(w: World) -> None:
    made, secret = token(user_of("social_worker"))
    for change in (
        {"revoked_at": "2026-09-01T00:00:00Z"},
        {"revoked_at": None, "expires_on": TODAY - timedelta(days=9999)},
    ):
        Token.objects.filter(pk=made.pk).update(**change)
        problem(client_with(secret).get("/api/v1/needs"), 401, "no_token")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[1]", b'"x"', b"null", b'{"person_id": 1e400}'])
def test_bodies_that_cannot_be_read(w: World, body: bytes) -> None:
    client = client_of(user_of("social_worker"))
    answer = client.post("/api/v1/needs", body, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_faults_stand_beside_their_fields(w: World) -> None:
    client = client_of(user_of("social_worker"))
    body = {"person_id": "x", "channel": "dream", "words": "想\x00要", "wanted_on": 20260914, "more": 1}
    errors = {one["field"]: one["message"] for one in problem(post(client, "/needs", body), 422, "invalid")["errors"]}
    assert errors == {
        "person_id": "应为整数。", "channel": "不是可选的值。", "words": "含有不能保存的字符。",
        "wanted_on": "日期应写成 2026-03-05 的样子。", "more": "没有这一项。",
    }  # fmt: skip
    refused = problem(post(client, "/needs", asking(w) | {"wanted_on": "2020-01-01"}), 422, "invalid")
    assert refused["errors"] == [{"field": "wanted_on", "message": "希望日期不能早于今天。"}]


def test_a_state_that_does_not_allow_it(w: World) -> None:
    client = client_of(user_of("social_worker"))
    need = needs.triaged(w.elder)
    body = {"item_id": need.item_id, "urgency": "week", "responsible_party": "society"}
    problem(post(client, f"/needs/{need.pk}/triage", body), 409, "move_not_allowed")


def test_what_is_elsewhere_does_not_exist(w: World) -> None:
    far = people.person("赵六", area_code=OTHER_COMMUNITY)
    client = client_of(user_of("community_worker"))
    there = problem(client.get(f"/api/v1/people/{far.pk}"), 404, "not_found")
    assert there == problem(client.get("/api/v1/people/987654321"), 404, "not_found")


def test_addresses_and_methods_that_there_are_not() -> None:
    problem(Client().get("/api/v1/nothing"), 404, "no_such_address")
    problem(Client().get("/api/"), 404, "no_such_address")
    answer = Client().delete("/api/v1/needs")
    problem(answer, 405, "method")
    assert set(answer.headers["Allow"].split(", ")) >= {"GET", "POST"}


def test_a_list_pages_by_key(w: World) -> None:
    for number in range(5):
        needs.recorded(w.elder, words=f"第{number}件事")
    client = client_of(user_of("social_worker"))
    seen, after = [], 0
    while after is not None:
        answer = client.get("/api/v1/needs", {"limit": 2, "after": after}).json()
        seen += [one["id"] for one in answer["items"]]
        after = answer["next"]
    assert seen == sorted(Need.objects.values_list("pk", flat=True), reverse=True)
    assert client.get("/api/v1/needs", {"area_code": OTHER_COMMUNITY}).json() == {"items": [], "next": None}
    assert len(client.get("/api/v1/needs", {"area_code": COMMUNITY, "state": "recorded"}).json()["items"]) == 5


def test_a_list_costs_the_same_however_long(w: World, django_assert_max_num_queries: Any) -> None:
    client = client_of(user_of("social_worker"))
    for _ in range(12):
        needs.recorded(w.elder)
    with django_assert_max_num_queries(5):
        client.get("/api/v1/needs")
    with django_assert_max_num_queries(5):
        client.get("/api/v1/people")


def test_answers_are_not_kept_on_the_way(w: World) -> None:
    answer = client_of(user_of("social_worker")).get("/api/v1/needs")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers


def test_the_description_is_open_to_all(settings: Settings) -> None:
    answer = Client().get("/api/v1/openapi.json")
    assert answer.status_code == 200
    described = answer.json()
    assert described["openapi"].startswith("3.1")
    for path in described["paths"].values():
        for method, operation in path.items():
            wanted = {"401", "403", "404", "422", "429"} | (set() if method == "get" else {"400", "409"})
            assert wanted <= set(operation["responses"])
            if method != "get":
                assert {"$ref": "#/components/parameters/Idempotency-Key"} in operation["parameters"]


def patch(client: Client, path: str, body: Any) -> HttpResponse:
    return client.patch(f"/api/v1{path}", json.dumps(body), content_type="application/json")


def test_a_changed_post_tells_who_holds_it_and_a_donor_is_not_named_in_the_journal(w: World) -> None:
    client = client_of(user_of("social_worker"))
    post_ = registers.post()
    held = {"volunteer_id": w.volunteer.pk, "starts_on": f"{TODAY}"}
    assert post(client, f"/posts/{post_.pk}/fill", held).status_code == 201
    assert patch(client, f"/posts/{post_.pk}", {"title": "送餐"}).json()["held"] == 1
    problem(patch(client, f"/posts/{post_.pk}", {"places": 0}), 422, "invalid")
    donor = registers.donor()
    assert patch(client, f"/donors/{donor.pk}", {"name": "刘善良", "unnamed": True}).json()["name"] == "刘善良"
    assert "刘善良" not in str(JournalEntry.objects.get(kind="donor.update").data)
    problem(patch(client, f"/donors/{donor.pk}", {"contact_name": "长" * 41}), 422, "invalid")


def test_a_desk_asks_another_and_reads_its_answer(w: World) -> None:
    ticket = ticket_about(w.elder, area_code=NEXT_COMMUNITY)
    mine = client_of(user_of("community_worker"))
    asked = post(mine, f"/duplicates/{ticket.pk}/ask", {"area_code": NEXT_COMMUNITY, "question": "是同一位吗？"})
    assert (asked.json()["state"], asked.json()["asked_area_code"]) == ("asked", NEXT_COMMUNITY)
    problem(post(mine, f"/duplicates/{ticket.pk}/answer", {"answer": "same"}), 403, "other_desk")
    theirs = post(client_of(user_of("social_worker")), f"/duplicates/{ticket.pk}/answer", {"answer": "same"})
    assert (theirs.json()["state"], theirs.json()["answer"]) == ("open", "same")
