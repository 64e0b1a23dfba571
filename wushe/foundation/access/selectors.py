"""Read accounts: the actor behind a session, and the grants a person can act under."""

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.sessions.models import Session
from django.db import models
from django.db.models import Q

from wushe.foundation.actor import Actor
from wushe.foundation.prepared import Prepared
from wushe.foundation.roles import ROLES, Reach
from wushe.foundation.scope import covering

from .models import Grant, User

# The first two stand before every page of a signed-in person.
_SESSION: Prepared[tuple[str]] = Prepared(
    lambda key, at: Session.objects.filter(session_key=key, expire_date__gt=at).values_list("session_data"),
    key=models.CharField(), at=models.DateTimeField(),
)  # fmt: skip
_HELD: Prepared[Grant] = Prepared(
    lambda user, on: Grant.objects.filter(
        Q(valid_until=None) | Q(valid_until__gte=on), user_id=user, valid_from__lte=on
    ).select_related("user").order_by("id"),
    user=models.BigIntegerField(), on=models.DateField(),
)  # fmt: skip
_ACCOUNT: Prepared[User] = Prepared(lambda pk: User.objects.filter(pk=pk), pk=models.BigIntegerField())


def session_data(*, key: str, at: datetime) -> str | None:
    """Return what a session that has not run out keeps, still signed; None if there is none."""
    row = _SESSION.first(key=key, at=at)
    return row[0] if row else None


def any_account() -> bool:
    """Say whether the installation has any account."""
    return User.objects.exists()


def account(*, user_id: int, on: date) -> User | None:
    """Return an account, whether it may sign in or not, together with the grants that are valid on this day."""
    held = _HELD.rows(user=user_id, on=on)
    user = held[0].user if held else _ACCOUNT.first(pk=user_id)
    if user is not None:
        user.held = (on, held)
    return user


def grants_of(*, user: User, on: date) -> list[Grant]:
    """Return the grants of an account that are valid on this day: those that were read with it, or read now."""
    day, held = getattr(user, "held", None) or (None, [])
    return held if day == on else _HELD.rows(user=user.pk, on=on)


def actor_for(*, user: User, on: date, grant_id: int | None = None) -> Actor | None:
    """Return the actor for the chosen grant, or for the first valid one; None if the account holds none."""
    grants = grants_of(user=user, on=on)
    grant = next((g for g in grants if g.pk == grant_id), grants[0] if grants else None)
    if grant is None:
        return None
    return Actor(
        user_id=user.pk,
        name=user.name,
        role_code=grant.role_code,
        area_code=grant.area_code,
        organisation_id=grant.organisation_id,
        holder_id=grant.holder_id,
        grant_id=grant.pk,
    )


def names_of_accounts(user_ids: Iterable[int | None]) -> dict[int, str]:
    """Return the names of those who did something; whom nobody knows any more is left out."""
    return dict(User.objects.filter(pk__in={pk for pk in user_ids if pk}).values_list("pk", "name"))


def who_may(permission: str, *, area_code: str) -> list[User]:
    """Return the accounts whose role at this place or above it holds a permission, the nearest first."""
    roles = [role.code for role in ROLES.values() if role.reach is Reach.AREA and permission in role.permissions]
    grants = Grant.objects.filter(covering(area_code), role_code__in=roles, user__is_active=True, valid_until=None)
    near = sorted(grants.select_related("user"), key=lambda grant: (-len(grant.area_code), grant.user_id))
    return list({grant.user_id: grant.user for grant in near}.values())
