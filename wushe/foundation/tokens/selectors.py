"""Read tokens: whom one stands for, and which there are."""

from datetime import date

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.roles import ROLES
from wushe.foundation.scope import visible

from .models import Token, TokenKind
from .services import PREFIX, digest_of


def standing_token(*, secret: str, kind: TokenKind, on: date) -> Token | None:
    """Return the token with this secret if it may be used on a day: not revoked, not run out, its grant in force."""
    if not secret.startswith(PREFIX) or len(secret) > 100:
        return None
    in_force = Q(grant__valid_until=None) | Q(grant__valid_until__gte=on)
    return (
        Token.objects.filter(in_force, digest=digest_of(secret), kind=kind, revoked_at=None, expires_on__gte=on)
        .filter(grant__valid_from__lte=on, grant__user__is_active=True)
        .select_related("grant__user")
        .first()
    )


def actor_of(*, token: Token) -> Actor:
    """Return who acts with a token: its grant, with no more than the token's rights."""
    grant = token.grant
    return Actor(
        user_id=grant.user_id, name=grant.user.name, role_code=grant.role_code, area_code=grant.area_code,
        organisation_id=grant.organisation_id, holder_id=grant.holder_id, grant_id=grant.pk, limits=limits_of(token),
    )  # fmt: skip


def limits_of(token: Token) -> frozenset[str] | None:
    """Return the rights that a token leaves of its role, None for all of them."""
    if token.permissions is None and not token.read_only:
        return None
    rights = ROLES[token.grant.role_code].permissions
    if token.permissions is not None:
        rights &= frozenset(token.permissions)
    return frozenset(right for right in rights if right.endswith(":view")) if token.read_only else rights


def tokens(*, actor: Actor, standing: bool | None = None) -> QuerySet[Token]:
    """Return the tokens for machines of the actor's area, newest first; raise NotAllowed without `access:manage`."""
    actor.require("access:manage")
    rows = visible(Token.objects.filter(kind=TokenKind.API), actor).select_related("grant__user").order_by("-id")
    return rows if standing is None else rows.filter(revoked_at__isnull=standing)


def own_token(*, actor: Actor, kind: TokenKind) -> Token | None:
    """Return the actor's standing token of a kind that people give themselves, without its secret."""
    if actor.grant_id is None:
        return None
    return Token.objects.filter(grant_id=actor.grant_id, kind=kind, revoked_at=None).first()
