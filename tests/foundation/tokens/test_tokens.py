"""A token stands for one grant or less, is shown once, and is worthless when it is revoked, over, or its grant ends."""

from datetime import date, timedelta

import pytest

from tests.factories.cast import actor_of, user_of, world
from tests.factories.places import NOON, TODAY
from wushe.foundation.access.models import User
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.roles import ROLES
from wushe.foundation.tokens.models import Token, TokenKind
from wushe.foundation.tokens.rate import RateLimit
from wushe.foundation.tokens.selectors import actor_of as actor_of_token
from wushe.foundation.tokens.selectors import own_token, standing_token, tokens
from wushe.foundation.tokens.services import (
    TokenEnded,
    close_feed,
    issue_token,
    note_use,
    open_feed,
    revoke_token,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def w() -> None:
    world()


def issued(who: str = "social_worker", admin: str = "account_admin", **given: object) -> tuple[Token, str]:
    fields = {"name": "区级平台对接", "expires_on": TODAY + timedelta(days=90), **given}
    return issue_token(actor=actor_of(admin), at=NOON, grant_id=user_of(who).grants.get().pk, **fields)  # type: ignore[arg-type]


def found(secret: str, on: date = TODAY) -> Token | None:
    return standing_token(secret=secret, kind=TokenKind.API, on=on)


def test_the_secret_is_nowhere_in_the_database() -> None:
    token, secret = issued()
    assert secret.startswith("wushe_")
    assert len(secret) > 45
    row = Token.objects.values().get(pk=token.pk)
    assert all(secret[6:] not in str(value) for value in row.values())
    assert row["tail"] == secret[-4:]
    assert found(secret) == token
    assert found(secret[:-1] + "x") is None
    assert found("") is found("wushe_" + "x" * 200) is None


def test_it_is_on_record_who_made_and_who_ended_it() -> None:
    token, _ = issued()
    admin = actor_of("account_admin")
    revoke_token(actor=admin, at=NOON, token_id=token.pk)
    kinds = JournalEntry.objects.filter(subject_kind="token", subject_id=token.pk).order_by("id")
    assert [(row.kind, row.actor_id) for row in kinds] == [
        ("token.issue", admin.user_id), ("token.revoke", admin.user_id)
    ]  # fmt: skip


def test_it_acts_as_its_grant() -> None:
    token, _ = issued(read_only=False)
    actor, person = actor_of_token(token=token), actor_of("social_worker")
    assert actor == person
    assert actor.may("needs:record")


def test_read_only_leaves_what_is_looked_at() -> None:
    token, _ = issued()
    actor = actor_of_token(token=token)
    held = {right for right in ROLES["social_worker"].permissions if actor.may(right)}
    assert held == {right for right in ROLES["social_worker"].permissions if right.endswith(":view")}
    with pytest.raises(NotAllowed):
        actor.require("people:reveal")


def test_narrowed_it_may_only_what_was_named() -> None:
    token, _ = issued(read_only=False, permissions=["needs:view", "needs:record"])
    actor = actor_of_token(token=token)
    assert {right for right in ROLES["social_worker"].permissions if actor.may(right)} == {"needs:view", "needs:record"}


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "长" * 61}),
        ("expires_on", {"expires_on": TODAY - timedelta(days=1)}),
        ("expires_on", {"expires_on": TODAY + timedelta(days=367)}),
        ("permissions", {"permissions": []}),
        ("permissions", {"permissions": ["ledgers:post"]}),
        ("per_minute", {"per_minute": 0}),
        ("per_minute", {"per_minute": 100_000}),
    ],
)
def test_faults_are_named(field: str, given: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refusal:
        issued(**given)
    assert list(refusal.value.fields) == [field]
    assert not Token.objects.exists()


def test_only_for_grants_of_the_own_area() -> None:
    user_of("account_admin").grants.update(area_code="511603")
    with pytest.raises(NotFound):
        issued()
    with pytest.raises(NotAllowed):
        issued(admin="social_worker")
    assert not Token.objects.exists()


def test_revoked_once_and_worthless() -> None:
    token, secret = issued()
    admin = actor_of("account_admin")
    revoke_token(actor=admin, at=NOON, token_id=token.pk)
    assert found(secret) is None
    with pytest.raises(TokenEnded):
        revoke_token(actor=admin, at=NOON, token_id=token.pk)
    assert [list(tokens(actor=admin, standing=standing)) for standing in (True, False)] == [[], [token]]


def test_worthless_after_its_day_or_its_grant_or_its_account() -> None:
    _, secret = issued()
    user = user_of("social_worker")
    assert found(secret, TODAY + timedelta(days=90)) is not None
    assert found(secret, TODAY + timedelta(days=91)) is None
    user.grants.update(valid_until=TODAY - timedelta(days=1))
    assert found(secret) is None
    user.grants.update(valid_until=None)
    assert found(secret) is not None
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert found(secret) is None


def test_use_is_known_by_the_day(django_assert_num_queries: object) -> None:
    token, _ = issued()
    note_use(token=token, on=TODAY)
    with django_assert_num_queries(0):  # type: ignore[operator]
        note_use(token=token, on=TODAY)
    token.refresh_from_db()
    assert token.last_used_on == TODAY


def test_a_feed_is_the_own_and_one_at_a_time() -> None:
    carer = actor_of("carer")
    first, old = open_feed(actor=carer, at=NOON)
    second, new = open_feed(actor=carer, at=NOON)
    assert standing_token(secret=old, kind=TokenKind.CALENDAR, on=TODAY) is None
    assert standing_token(secret=new, kind=TokenKind.CALENDAR, on=TODAY) == second
    assert found(new) is None
    assert own_token(actor=carer, kind=TokenKind.CALENDAR) == second != first
    close_feed(actor=carer, at=NOON)
    assert standing_token(secret=new, kind=TokenKind.CALENDAR, on=TODAY) is None
    with pytest.raises(NotFound):
        close_feed(actor=carer, at=NOON)
    with pytest.raises(NotAllowed):
        open_feed(actor=actor_of("district_manager"), at=NOON)
    assert list(tokens(actor=actor_of("account_admin"))) == []


def test_the_rate_is_a_sliding_minute() -> None:
    limit = RateLimit()
    assert [limit.wait(1, per_minute=2, now=now) for now in (0.0, 10.0)] == [0.0, 0.0]
    assert limit.wait(1, per_minute=2, now=30.0) == 30.0
    assert limit.wait(2, per_minute=2, now=30.0) == 0.0
    assert limit.left(1, per_minute=2, now=59.9) == 0
    assert limit.wait(1, per_minute=2, now=60.0) == 0.0
    assert limit.wait(1, per_minute=2, now=60.1) == pytest.approx(9.9)
    limit.forget()
    assert limit.left(1, per_minute=2, now=60.1) == 2
