"""Tokens, and clients that show them."""

from datetime import date
from itertools import count
from typing import Any

from django.test import Client

from tests.factories.places import NOON, TODAY
from wushe.foundation.access.models import Grant, User
from wushe.foundation.tokens.models import Token, TokenKind
from wushe.foundation.tokens.services import digest_of

_serial = count(1)


def token(user: User, *, grant: Grant | None = None, used_on: date | None = TODAY, **fields: Any) -> tuple[Token, str]:
    """Return a token of an account's grant, with its secret; by default it may do all that the role may."""
    secret = f"wushe_{next(_serial):043d}"
    given = {
        "kind": TokenKind.API, "read_only": False, "per_minute": 100_000, "expires_on": date(2099, 12, 31), **fields,
    }  # fmt: skip
    made = Token.objects.create(
        grant=grant or user.grants.get(), name="测试", digest=digest_of(secret), tail=secret[-4:], made_at=NOON,
        made_by=0, last_used_on=used_on, **given,
    )  # fmt: skip
    return made, secret


def client(secret: str, **settings: Any) -> Client:
    """Return a machine that shows this token."""
    return Client(headers={"Authorization": f"Bearer {secret}"}, **settings)


def client_of(user: User, **fields: Any) -> Client:
    """Return a machine with a token of this account."""
    return client(token(user, **fields)[1])
