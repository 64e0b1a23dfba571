"""Prepared queries answer as the ORM's own do, with fresh values at each call, and build nothing the second time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import IntegrityError, connection, models, transaction
from django.db.models import F, Q
from django.db.transaction import TransactionManagementError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import session_data
from wushe.foundation.prepared import Prepared, update_where
from wushe.foundation.presets.models import Preset
from wushe.foundation.presets.selectors import preset

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
GRANTS: Prepared[Grant] = Prepared(
    lambda user, on: Grant.objects.select_related("user").filter(
        Q(valid_until=None) | Q(valid_until__gte=on), user_id=user
    ),
    user=models.BigIntegerField(),
    on=models.DateField(),
)


@pytest.fixture
def users() -> list[User]:
    """Two accounts, each with one grant; the second's has ended."""
    found = []
    for number, until in enumerate([None, DAY - timedelta(days=1)]):
        user = User.objects.create(username=f"prepared{number}", name=f"甲{number}")
        Grant.objects.create(
            user=user, role_code="dispatcher", area_code="511602", valid_from=date(2026, 1, 1), valid_until=until
        )
        found.append(user)
    return found


def test_rows_are_those_of_the_queryset(users: list[User]) -> None:
    """Values, generated columns and what is joined come back as the ORM gives them."""
    (grant,) = GRANTS.rows(user=users[0].pk, on=DAY)
    plain = Grant.objects.get(user=users[0])
    assert grant == plain
    assert all(getattr(grant, f.attname) == getattr(plain, f.attname) for f in Grant._meta.concrete_fields)
    assert grant.user.name == "甲0"


def test_each_call_has_its_own_values_and_reads_anew(users: list[User]) -> None:
    """Nothing but the text of the query is kept."""
    assert GRANTS.rows(user=users[1].pk, on=DAY) == []
    assert len(GRANTS.rows(user=users[1].pk, on=DAY - timedelta(days=1))) == 1
    Grant.objects.filter(user=users[1]).update(valid_until=None)
    assert len(GRANTS.rows(user=users[1].pk, on=DAY)) == 1
    Grant.objects.filter(user=users[1]).delete()
    assert GRANTS.first(user=users[1].pk, on=DAY) is None


def test_a_number_that_no_database_holds_finds_nothing() -> None:
    """An address may hold any number of digits."""
    assert GRANTS.rows(user=10**30, on=DAY) == []


def test_update_where_changes_only_rows_that_match(users: list[User]) -> None:
    """The count says whether the compare-and-set came true."""
    at = datetime(2026, 11, 22, 4, 5, 6, 7, tzinfo=UTC)
    assert update_where(User, {"pk": users[0].pk, "name": "甲1"}, {"last_login": at}) == 0
    assert update_where(User, {"pk": users[0].pk, "name": "甲0"}, {"last_login": at, "is_active": False}) == 1
    first, second = (User.objects.get(pk=one.pk) for one in users)
    assert (first.last_login, first.is_active) == (at, False)
    assert (second.last_login, second.is_active) == (None, True)
    assert update_where(User, {"pk": users[0].pk}, {"last_login": None, "name": F("username")}) == 1
    first.refresh_from_db()
    assert (first.last_login, first.name) == (None, "prepared0")


def test_a_changed_policy_holds_for_the_next_call() -> None:
    """No process serves a policy that has been changed."""
    row = Preset.objects.create(
        key="prepared.probe", title="x", value=7, effective_from=date(2026, 1, 1), source="x", certainty="X"
    )
    assert preset("prepared.probe", area_code="511602001", on=DAY) == 7
    Preset.objects.filter(pk=row.pk).update(value=[8])
    assert preset("prepared.probe", area_code="511602001", on=DAY) == [8]


def test_sessions_end_when_they_are_closed_or_run_out(client: Client, users: list[User]) -> None:
    """A session and its account are read at each request: a closed account is out with its next one."""
    client.force_login(users[0])
    assert client.get("/centre/orders/").status_code == 200
    key = client.session.session_key
    assert key is not None
    later = Session.objects.get(pk=key).expire_date + timedelta(seconds=1)
    assert session_data(key=key, at=later) is None
    User.objects.filter(pk=users[0].pk).update(is_active=False)
    assert client.get("/centre/orders/").status_code == 302
    User.objects.filter(pk=users[0].pk).update(is_active=True)
    assert client.get("/centre/orders/").status_code == 200
    Session.objects.all().delete()
    assert client.get("/centre/orders/").status_code == 302


def test_the_second_call_builds_no_query(users: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    """The ORM's compiler is not asked again."""
    GRANTS.rows(user=users[0].pk, on=DAY)
    compiler = type(Grant.objects.all().query.get_compiler(connection=connection))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("built again")

    monkeypatch.setattr(compiler, "as_sql", refuse)
    assert len(GRANTS.rows(user=users[0].pk, on=DAY)) == 1


def test_whoever_watches_queries_sees_prepared_ones(users: list[User]) -> None:
    """The short way to the driver is left while queries are counted or watched, and its errors are Django's."""
    seen: list[str] = []

    def watch(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(watch), CaptureQueriesContext(connection) as counted:
        GRANTS.rows(user=users[0].pk, on=DAY)
        update_where(User, {"pk": users[0].pk}, {"name": "乙"})
    assert len(seen) == len(counted) == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        update_where(User, {"pk": users[0].pk}, {"username": users[1].username})
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            GRANTS.rows(user=users[0].pk, on=DAY)


def test_a_grant_ends_and_a_changed_password_signs_out_at_once(client: Client, users: list[User]) -> None:
    """What was read for one request is not used for the next."""
    client.force_login(users[0])
    assert client.get("/centre/orders/").status_code == 200
    held = Grant.objects.filter(user=users[0])
    held.update(valid_until=DAY - timedelta(days=400))
    assert client.get("/centre/orders/").status_code == 403
    held.update(valid_until=None, role_code="volunteer")
    assert client.get("/centre/orders/").status_code == 403
    held.update(role_code="dispatcher")
    assert client.get("/centre/orders/").status_code == 200
    users[0].set_password("another-password-2026")
    users[0].save()
    assert client.get("/centre/orders/").status_code == 302
