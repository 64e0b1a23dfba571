"""Domain calls: the right is asked for once, at the door, and a call happens whole or not at all."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from wushe.foundation.idempotency.models import ClientKey
from wushe.foundation.idempotency.services import KeyReused, once
from wushe.foundation.quantities import fen_from_yuan, share_of, show_fen, show_minutes

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CARER = Actor(user_id=1, name="x", role_code="carer")


def write(number: int) -> None:
    ClientKey.objects.create(user_id=number, key="k", call="", digest="", at=NOW)


@domain_call("verification:decide")
def decide(*, actor: Actor, number: int) -> str:
    write(number)
    return "decided"


@domain_call("visits:perform")
def perform(*, actor: Actor, fail: bool = False) -> str:
    assert connection.in_atomic_block
    write(1)
    answer = decide(actor=actor, number=2)
    if fail:
        raise Conflict
    return answer


@pytest.mark.django_db(transaction=True)
class TestDomainCall:
    @pytest.fixture(autouse=True, params=[False, True], ids=["alone", "group commit"])
    def both_ways(self, request: pytest.FixtureRequest, settings: Any) -> None:
        settings.GROUP_COMMIT = request.param

    def test_needs_the_right_and_does_nothing_without_it(self) -> None:
        with pytest.raises(NotAllowed):
            decide(actor=CARER, number=1)
        assert not ClientKey.objects.exists()

    def test_what_a_step_causes_is_part_of_that_step(self) -> None:
        assert perform(actor=CARER) == "decided"
        assert ClientKey.objects.count() == 2

    def test_happens_whole_or_not_at_all(self) -> None:
        with pytest.raises(Conflict):
            perform(actor=CARER, fail=True)
        assert not ClientKey.objects.exists()

    def test_the_door_is_shut_again_after_a_failure(self) -> None:
        with pytest.raises(Conflict):
            perform(actor=CARER, fail=True)
        with pytest.raises(NotAllowed):
            decide(actor=CARER, number=1)

    def test_declares_its_right(self) -> None:
        assert decide.permission == "verification:decide"  # type: ignore[attr-defined]

    def test_without_an_actor_is_a_mistake(self) -> None:
        with pytest.raises(KeyError):
            decide(number=1)  # type: ignore[call-arg]


@domain_call(None)
def upload(*, actor: Actor, key: str, body: dict[str, Any], fail: bool = False) -> dict[str, Any]:
    def effect() -> dict[str, Any]:
        write(100 + ClientKey.objects.count())
        if fail:
            raise Conflict
        return {"seen": ClientKey.objects.filter(key="k").count()}

    return once(actor=actor, at=NOW, key=key, call="upload", body=body, effect=effect)


@pytest.mark.django_db(transaction=True)
class TestOnce:
    def test_the_same_request_again_repeats_the_answer_and_not_the_effect(self) -> None:
        first = upload(actor=CARER, key="a", body={"n": 1})
        assert upload(actor=CARER, key="a", body={"n": 1}) == first == {"seen": 1}
        assert ClientKey.objects.filter(key="k").count() == 1

    def test_the_same_key_with_another_content_is_refused(self) -> None:
        upload(actor=CARER, key="a", body={"n": 1})
        with pytest.raises(KeyReused):
            upload(actor=CARER, key="a", body={"n": 2})
        assert ClientKey.objects.filter(key="k").count() == 1

    def test_a_key_belongs_to_one_account(self) -> None:
        upload(actor=CARER, key="a", body={"n": 1})
        assert upload(actor=SYSTEM, key="a", body={"n": 9}) == {"seen": 2}

    def test_a_failed_request_may_come_again(self) -> None:
        with pytest.raises(Conflict):
            upload(actor=CARER, key="a", body={"n": 1}, fail=True)
        assert not ClientKey.objects.exists()
        assert upload(actor=CARER, key="a", body={"n": 1}) == {"seen": 1}


class TestRefusals:
    @pytest.mark.parametrize("kind", [Refusal, NotAllowed, NotFound, Conflict, Invalid])
    def test_have_words_for_people(self, kind: type[Refusal]) -> None:
        assert kind().message.endswith("。")
        assert kind("请换一个时间。").message == str(kind("请换一个时间。")) == "请换一个时间。"

    def test_invalid_names_the_fields(self) -> None:
        refusal = Invalid(fields={"phone": "电话应为 11 位。"})
        assert refusal.fields == {"phone": "电话应为 11 位。"}
        assert refusal.message == "电话应为 11 位。"


class TestQuantities:
    @pytest.mark.parametrize(("yuan", "fen"), [("0", 0), ("1234.5", 123450), ("0.01", 1), ("-3.20", -320)])
    def test_money_is_whole_fen(self, yuan: str, fen: int) -> None:
        assert fen_from_yuan(yuan) == fen

    def test_a_fraction_of_a_fen_is_refused(self) -> None:
        with pytest.raises(ValueError, match="两位小数"):
            fen_from_yuan("0.001")

    @pytest.mark.parametrize(
        ("fen", "share", "part"), [(1001, "0.5", 501), (999, "0.8", 799), (0, "0.3", 0), (-1001, "0.5", -501)]
    )
    def test_a_share_is_rounded_half_up(self, fen: int, share: str, part: int) -> None:
        from decimal import Decimal

        assert share_of(fen, Decimal(share)) == part

    def test_are_shown_as_people_write_them(self) -> None:
        assert [show_fen(123450), show_fen(-5), show_fen(0)] == ["¥1,234.50", "-¥0.05", "¥0.00"]
        assert [show_minutes(150), show_minutes(60), show_minutes(45), show_minutes(-90)] == [
            "2小时30分",
            "1小时",
            "45分钟",
            "-1小时30分",
        ]
