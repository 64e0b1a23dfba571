"""Give and take tokens: shown once when they are made, worthless the moment they are revoked."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from wushe.foundation.access.models import Grant
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.roles import ROLES
from wushe.foundation.scope import obtain

from .models import Token, TokenKind

PREFIX = "wushe_"
FEED_RIGHTS = ("visits:perform", "visits:rate")
COLLECT_RIGHTS = ("door_knock:visit",)


@dataclass(frozen=True, slots=True)
class _Own:
    """A kind of token that people give themselves, one at a time, for a device of their own."""

    name: str
    rights: tuple[str, ...]
    days: int
    per_minute: int
    read_only: bool


_OWN = {
    TokenKind.CALENDAR: _Own("我的日历", FEED_RIGHTS, days=366, per_minute=30, read_only=True),
    # It opens the addresses of field applications alone; there a record may fill whatever its person may fill.
    TokenKind.COLLECT: _Own("走访软件", COLLECT_RIGHTS, days=92, per_minute=600, read_only=False),
}


class TokenEnded(Conflict):
    """The token was revoked before."""

    message = "这个令牌已经停用。"


def digest_of(secret: str) -> str:
    """Return what is kept of a token. It has 256 random bits, so a plain digest cannot be guessed back."""
    return sha256(secret.encode()).hexdigest()


@domain_call("access:manage")
def issue_token(
    *,
    actor: Actor,
    at: datetime,
    grant_id: int,
    name: str,
    expires_on: date,
    permissions: Iterable[str] | None = None,
    read_only: bool = True,
    per_minute: int = 120,
) -> tuple[Token, str]:
    """Make a token for a grant of the actor's area; return it with its secret, which is never to be had again.

    Raises NotFound for a grant outside the area or not in force, and Invalid beside each field at fault.
    """
    today = timezone.localdate(at)
    in_force = Q(valid_until=None) | Q(valid_until__gte=today)
    grant = obtain(Grant.objects.filter(in_force, user__is_active=True), actor, pk=grant_id)
    wanted = None if permissions is None else sorted(set(permissions))
    _refuse_faults(grant, today, name=name, expires_on=expires_on, permissions=wanted, per_minute=per_minute)
    token, secret = _fresh(
        actor, at, grant=grant, kind=TokenKind.API, name=name.strip(), expires_on=expires_on, permissions=wanted,
        read_only=read_only, per_minute=per_minute,
    )  # fmt: skip
    data = {"grant": grant.pk, "user": grant.user_id, "until": str(expires_on), "read_only": read_only}
    record(kind="token.issue", subject=token, actor=actor, at=at, data=data)
    return token, secret


@domain_call("access:manage")
def revoke_token(*, actor: Actor, at: datetime, token_id: int) -> Token:
    """Make a token worthless from now on; raise NotFound outside the actor's area, TokenEnded."""
    token = obtain(Token.objects.select_related("grant"), actor, pk=token_id)
    _end(token, at)
    record(kind="token.revoke", subject=token, actor=actor, at=at, data={"grant": token.grant_id})
    return token


@domain_call(None)
def open_feed(*, actor: Actor, at: datetime) -> tuple[Token, str]:
    """Give the actor an address for the own calendar; one that was given before is worthless from then on.

    Raises NotAllowed for roles that neither visit nor are visited.
    """
    token, secret = _give(actor, at, TokenKind.CALENDAR)
    record(kind="feed.open", subject=token, actor=actor, at=at)
    return token, secret


@domain_call(None)
def close_feed(*, actor: Actor, at: datetime) -> Token:
    """Make the address of the actor's calendar worthless; raise NotFound if there is none, NotAllowed."""
    token = _take(actor, at, TokenKind.CALENDAR, "您还没有开通日历订阅。")
    record(kind="feed.close", subject=token, actor=actor, at=at)
    return token


@domain_call(None)
def open_collecting(*, actor: Actor, at: datetime) -> tuple[Token, str]:
    """Let a field application on the actor's phone ask forms and send records; the one before is worthless from then on.

    Raises NotAllowed for roles that do not knock at doors.
    """
    token, secret = _give(actor, at, TokenKind.COLLECT)
    record(kind="collecting.open", subject=token, actor=actor, at=at)
    return token, secret


@domain_call(None)
def close_collecting(*, actor: Actor, at: datetime) -> Token:
    """Shut the actor's field application out; raise NotFound if none was let in, NotAllowed."""
    token = _take(actor, at, TokenKind.COLLECT, "您还没有开通走访软件。")
    record(kind="collecting.close", subject=token, actor=actor, at=at)
    return token


def note_use(*, token: Token, on: date) -> None:
    """Remember the day on which a token was last used; one write a day, whatever is asked."""
    if token.last_used_on != on:
        Token.objects.filter(pk=token.pk).exclude(last_used_on=on).update(last_used_on=on)
        token.last_used_on = on


def _give(actor: Actor, at: datetime, kind: TokenKind) -> tuple[Token, str]:
    grant, own = _own_grant(actor, kind), _OWN[kind]
    for standing in Token.objects.filter(grant=grant, kind=kind, revoked_at=None):
        _end(standing, at)
    until = timezone.localdate(at) + timedelta(days=own.days)
    return _fresh(
        actor, at, grant=grant, kind=kind, name=own.name, expires_on=until, per_minute=own.per_minute,
        read_only=own.read_only,
    )  # fmt: skip


def _take(actor: Actor, at: datetime, kind: TokenKind, none: str) -> Token:
    token = Token.objects.filter(grant=_own_grant(actor, kind), kind=kind, revoked_at=None).first()
    if token is None:
        raise NotFound(none)
    _end(token, at)
    return token


def _own_grant(actor: Actor, kind: TokenKind) -> Grant:
    if not any(actor.may(right) for right in _OWN[kind].rights) or actor.grant_id is None:
        raise NotAllowed
    # Held, so that of two who ask at once the second ends what the first was given.
    return Grant.objects.select_for_update().get(pk=actor.grant_id, user_id=actor.user_id)


def _end(token: Token, at: datetime) -> None:
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at) != 1:
        raise TokenEnded
    token.revoked_at = at


def _fresh(actor: Actor, at: datetime, **content: Any) -> tuple[Token, str]:
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        digest=digest_of(secret), tail=secret[-4:], made_at=at, made_by=actor.user_id, **content
    )  # fmt: skip
    return token, secret


def _refuse_faults(
    grant: Grant, today: date, *, name: str, expires_on: date, permissions: list[str] | None, per_minute: int
) -> None:
    longest = today + timedelta(days=settings.API_TOKEN_LONGEST_DAYS)
    held = ROLES[grant.role_code].permissions
    checks = {
        "name": (2 <= len(name.strip()) <= 60, "请写明给哪个系统用（2到60个字），例如“区级平台对接”。"),
        "expires_on": (today <= expires_on <= longest, f"到期日期应在今天到{longest:%Y年%-m月%-d日}之间。"),
        "permissions": (
            permissions is None or (bool(permissions) and set(permissions) <= held),
            "请至少选一项，而且只能选这个身份本来就有的权限。",
        ),
        "per_minute": (
            1 <= per_minute <= settings.API_MOST_PER_MINUTE,
            f"每分钟次数应在1到{settings.API_MOST_PER_MINUTE}之间。",
        ),
    }
    faults = {field: message for field, (right, message) in checks.items() if not right}
    if faults:
        raise Invalid(fields=faults)
