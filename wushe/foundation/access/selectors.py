"""Read accounts: the actor behind a session, and the grants a person can act under."""

from datetime import date

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor

from .models import Grant, User


def grants_of(*, user: User, on: date) -> QuerySet[Grant]:
    """Return the grants of an account that are valid on this day."""
    return user.grants.filter(Q(valid_until=None) | Q(valid_until__gte=on), valid_from__lte=on).order_by("id")


def actor_for(*, user: User, on: date, grant_id: int | None = None) -> Actor | None:
    """Return the actor for the chosen grant, or for the first valid one; None if the account holds none."""
    grants = list(grants_of(user=user, on=on))
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
