"""Read subscriptions and how their events went."""

from django.db.models import Count, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.roles import ROLES
from wushe.foundation.scope import obtain, visible

from .events import GROUPS, KINDS
from .models import Delivery, DeliveryState, Subscription


def subscriptions(*, actor: Actor) -> QuerySet[Subscription]:
    """Return the standing subscriptions of the actor's area, newest first, each with the number of events `waiting`.

    Raises NotAllowed without `access:manage`.
    """
    actor.require("access:manage")
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING))
    standing = Subscription.objects.filter(ended_at=None).select_related("grant__user")
    return visible(standing, actor).annotate(waiting=waiting).order_by("-id")


def subscription_of(*, actor: Actor, subscription_id: int) -> Subscription:
    """Return one subscription of the actor's area; raise NotAllowed, NotFound."""
    actor.require("access:manage")
    return obtain(Subscription.objects.filter(ended_at=None).select_related("grant__user"), actor, pk=subscription_id)


def delivery_of(*, actor: Actor, delivery_id: int) -> Delivery:
    """Return one event of a standing subscription of the actor's area; raise NotAllowed, NotFound."""
    actor.require("access:manage")
    return obtain(Delivery.objects.filter(subscription__ended_at=None), actor, pk=delivery_id)


def deliveries_of(*, subscription: Subscription, state: str = "") -> QuerySet[Delivery]:
    """Return the events of a subscription that the caller has seen within scope, newest first."""
    rows = subscription.deliveries.select_related("entry").order_by("-id")
    return rows.filter(state=state) if state else rows


def kinds_for(*, role_code: str) -> list[tuple[str, list[str]]]:
    """Return the kinds of events that a role may be told of, by what they are about, with its title."""
    held = ROLES[role_code].permissions
    return [
        (title, [kind for kind in KINDS if kind.startswith(f"{group}.")])
        for group, (title, permission, _) in GROUPS.items()
        if permission in held
    ]
