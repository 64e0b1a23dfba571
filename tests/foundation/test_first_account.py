"""The first account of an empty installation: made once, by the rules of every other, and it can open the rest."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from wushe.faces.jobs.management.commands.create_first_account import PASSWORD_FROM
from wushe.foundation.access.first import AccountsExist, open_first_account
from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.models import JournalEntry
from wushe.registers.areas.models import Area

pytestmark = pytest.mark.django_db
PASSWORD = "tall-pine-97"


@pytest.fixture(autouse=True)
def areas(settings: object) -> None:
    """A province, its city and a district, as load_areas brings them."""
    for code, name in (("51", "四川省"), ("5116", "广安市"), ("511602", "广安区")):
        Area.objects.create(area_code=code, level=len(code), name=name, short_name=name, valid_from="2026-01-01")


def create(**given: str) -> None:
    call_command("create_first_account", **{"name": "李梅", "username": "limei", "area": "511602", **given})


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(PASSWORD_FROM, PASSWORD)


def test_it_signs_in_and_opens_the_next_account(password: None) -> None:
    create()
    grant = Grant.objects.get()
    assert (grant.role_code, grant.area_code, grant.title) == ("account_admin", "511602", "广安区")
    assert set(JournalEntry.objects.values_list("kind", flat=True)) == {"account.open", "grant.give"}
    client = Client()
    client.post(reverse("login"), {"username": "limei", "password": PASSWORD})
    assert client.get(reverse("admin:home")).status_code == 200
    opened = client.post(reverse("admin:open"), {"name": "周敏", "username": "zhoumin"})
    assert opened.status_code == 200
    assert User.objects.filter(username="zhoumin").exists()


def test_there_is_no_second_first_account(password: None) -> None:
    create()
    with pytest.raises(CommandError, match="已经有账号了"):
        create(username="another")
    with pytest.raises(AccountsExist):
        open_first_account(
            actor=SYSTEM, at=timezone.now(), username="another", name="某人", password=PASSWORD, area_code="511602",
            title="", today=timezone.localdate(),
        )  # fmt: skip
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "word", "says"),
    [({}, "12345678", "密码至少8位"), ({}, "short", "密码至少8位"), ({"username": "李 梅"}, PASSWORD, "登录名用3个以上"),
     ({"area": "999999"}, PASSWORD, "load_areas")],
)  # fmt: skip
def test_what_is_unfit_is_refused_and_nothing_stays(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], word: str, says: str
) -> None:
    monkeypatch.setenv(PASSWORD_FROM, word)
    with pytest.raises(CommandError, match=says):
        create(**given)
    assert not User.objects.exists()
    assert not JournalEntry.objects.exists()


def test_what_is_missing_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["李梅", "limei", "511602"])
    monkeypatch.delenv(PASSWORD_FROM, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: next(answers))
    typed = iter([PASSWORD, "tall-pine-98", PASSWORD, PASSWORD])
    ask: Callable[[str], str] = lambda _: next(typed)  # noqa: E731
    monkeypatch.setattr("getpass.getpass", ask)
    with pytest.raises(CommandError, match="两次输入的密码不一样"):
        create(name="李梅")
    call_command("create_first_account")
    assert User.objects.get().check_password(PASSWORD)


def test_areas_come_from_the_country_and_from_tables(tmp_path: Path) -> None:
    table = tmp_path / "streets.csv"
    table.write_text("code,name\n511602001,浓洄街道\n511602001001,翠屏路社区\n", encoding="utf-8")
    call_command("load_areas", str(table))
    assert Area.objects.get(area_code="511602001001").name == "翠屏路社区"
    assert Area.objects.filter(level=6).count() > 2800
    counted = Area.objects.count()
    call_command("load_areas", str(table))
    assert Area.objects.count() == counted
    table.write_text("名称\n浓洄街道\n", encoding="utf-8")
    with pytest.raises(CommandError, match="code,name"):
        call_command("load_areas", str(table))
