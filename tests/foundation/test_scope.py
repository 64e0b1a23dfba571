"""Scope: who sees which rows, for each kind of reach, and that another's row is as if it did not exist."""

from datetime import date

import pytest
from django.db.models import Q

from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import Scope, covers, obtain, visible, within

CODES = [
    "51",
    "5116",
    "511602",
    "511602001",
    "511602001003",
    "511602001003001",
    "511602001004",
    "511602002001",
    "511603001001",
]


def actor(role_code: str, area_code: str = "", **more: int) -> Actor:
    return Actor(user_id=1, name="x", role_code=role_code, area_code=area_code, **more)  # type: ignore[arg-type]


@pytest.fixture
def rows(db: None) -> None:
    user = User.objects.create(username="u", name="u")
    for number, code in enumerate(CODES):
        Grant.objects.create(
            user=user,
            role_code="auditor",
            area_code=code,
            organisation_id=number % 2 + 1,
            holder_id=number,
            valid_from=date(2026, 1, 1),
        )


def codes(condition: Q) -> list[str]:
    return list(Grant.objects.filter(condition).order_by("id").values_list("area_code", flat=True))


@pytest.mark.usefixtures("rows")
class TestWithin:
    @pytest.mark.parametrize(
        "prefix", ["", "51", "5116", "511602", "511602001", "511602001003", "511602001003001", "999999"]
    )
    def test_is_exactly_what_begins_with_the_code(self, prefix: str) -> None:
        assert codes(within(prefix)) == [code for code in CODES if code.startswith(prefix)]

    def test_a_path_leads_to_the_row_that_stands_somewhere(self) -> None:
        assert User.objects.filter(within("511603", path="grants")).count() == 1
        assert User.objects.filter(within("511604", path="grants")).count() == 0

    def test_a_district_uses_its_own_column(self) -> None:
        assert "district_code" in str(within("511602"))
        assert "street_code" in str(within("511602001"))
        assert "community_code" in str(within("511602001003"))


@pytest.mark.usefixtures("rows")
class TestVisible:
    def seen(self, scope: Scope, who: Actor, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        monkeypatch.setattr(Grant, "SCOPE", scope)
        return list(visible(Grant.objects.order_by("id"), who).values_list("area_code", flat=True))

    def test_by_area(self, monkeypatch: pytest.MonkeyPatch) -> None:
        who = actor("dispatcher", "511602001")
        assert self.seen(Scope(area=""), who, monkeypatch) == CODES[3:7]
        assert self.seen(Scope(area=None), who, monkeypatch) == []

    def test_by_organisation(self, monkeypatch: pytest.MonkeyPatch) -> None:
        who = actor("organisation_manager", "511602", organisation_id=2)
        assert self.seen(Scope(area="", organisation="organisation_id"), who, monkeypatch) == CODES[1::2]
        assert self.seen(Scope(area=""), who, monkeypatch) == []

    def test_an_organisation_role_without_an_organisation_sees_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        who = actor("organisation_manager", "511602")
        assert self.seen(Scope(organisation="organisation_id"), who, monkeypatch) == []

    def test_by_holder(self, monkeypatch: pytest.MonkeyPatch) -> None:
        scope = Scope(area="", holders={"carer": lambda pk: Q(holder_id=pk)})
        assert self.seen(scope, actor("carer", "511602", holder_id=4), monkeypatch) == [CODES[4]]
        assert self.seen(scope, actor("volunteer", "511602", holder_id=4), monkeypatch) == []
        assert self.seen(scope, actor("carer", "511602"), monkeypatch) == []

    def test_an_unknown_reach_sees_nothing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.seen(Scope(organisation="organisation_id", area=""), actor("resident", "511602"), monkeypatch) == []


@pytest.mark.usefixtures("rows")
class TestObtain:
    def test_gives_the_row_within_scope(self) -> None:
        row = Grant.objects.get(area_code="511602001003")
        assert obtain(Grant, actor("dispatcher", "511602001"), pk=row.pk) == row
        assert obtain(Grant.objects.filter(role_code="auditor"), actor("dispatcher", "511602001"), pk=row.pk) == row

    def test_another_s_row_is_as_if_it_did_not_exist(self) -> None:
        row = Grant.objects.get(area_code="511603001001")
        with pytest.raises(NotFound) as theirs:
            obtain(Grant, actor("dispatcher", "511602"), pk=row.pk)
        with pytest.raises(NotFound) as nobodys:
            obtain(Grant, actor("dispatcher", "511602"), pk=987654)
        assert str(theirs.value) == str(nobodys.value)


def test_covers_a_place() -> None:
    assert covers(actor("dispatcher", "511602"), "511602001")
    assert not covers(actor("dispatcher", "511602"), "511603001")
    assert not covers(actor("carer", "511602", holder_id=1), "511602001")
