"""Who asks: a token in the header, its grant, and how often it has asked. A session of the browser opens nothing here."""

import math
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja.security import HttpBearer

from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.tokens.models import Token, TokenKind
from wushe.foundation.tokens.rate import REQUESTS
from wushe.foundation.tokens.selectors import actor_of, standing_token
from wushe.foundation.tokens.services import note_use


class TooMany(Exception):
    """The token has asked too often; `wait` says after how many seconds it may ask again."""

    def __init__(self, wait: float) -> None:
        self.wait = math.ceil(wait)
        super().__init__(self.wait)


class ApiRequest(HttpRequest):
    """A request with a token: `actor` is whom it stands for."""

    actor: Actor
    token: Token


class TokenInHeader(HttpBearer):
    """`Authorization: Bearer wushe_…`."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the actor behind the token, None if it opens nothing; raise TooMany."""
        today = timezone.localdate()
        standing = standing_token(secret=token, kind=TokenKind.API, on=today)
        if standing is None:
            return None
        actor = actor_of(token=standing)
        request.actor, request.token = actor, standing  # type: ignore[attr-defined]
        ask(standing)
        note_use(token=standing, on=today)
        return actor


class TokenOrOpenDirectory(TokenInHeader):
    """As above; where the installation opens its service directory to all, a token is not needed for it."""

    def __call__(self, request: HttpRequest) -> Actor | None:
        """Return the actor behind the token, or the reader of an open directory."""
        if "Authorization" not in request.headers and settings.PUBLIC_DIRECTORY:
            request.actor = SYSTEM  # type: ignore[attr-defined]
            return SYSTEM
        return super().__call__(request)  # type: ignore[no-any-return]


def ask(token: Token) -> None:
    """Count a request of a token; raise TooMany."""
    if wait := REQUESTS.wait(token.pk, per_minute=token.per_minute, now=monotonic()):
        raise TooMany(wait)


def say_rate(request: HttpRequest, response: HttpResponse) -> None:
    """Tell a client how many requests it has left within the minute."""
    token = getattr(request, "token", None)
    if token is not None:
        left = REQUESTS.left(token.pk, per_minute=token.per_minute, now=monotonic())
        response.headers["RateLimit-Limit"] = str(token.per_minute)
        response.headers["RateLimit-Remaining"] = str(left)
