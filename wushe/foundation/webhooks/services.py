"""Keep subscriptions: begin one, stop it, let it go on, give it a new secret, end it, send an event once more."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from wushe.foundation.access.models import Grant
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.protected import Sealed
from wushe.foundation.roles import ROLES, Reach
from wushe.foundation.scope import obtain

from .addresses import check_url
from .collecting import begin_here
from .events import KINDS
from .models import Delivery, DeliveryState, Subscription
from .sending import SEALED, TRIES
from .signing import fresh_secret


class NotRunning(Conflict):
    """The subscription is not in the state that the act asks for."""

    message = "这个推送的状态已经变了，请刷新后再看。"


@domain_call("access:manage")
def subscribe(
    *, actor: Actor, at: datetime, grant_id: int, name: str, url: str, kinds: Iterable[str]
) -> tuple[Subscription, str]:
    """Tell an address of events of these kinds, as far as a grant of the actor's area sees them, from now on.

    Returns the subscription with the secret that its messages are signed with, which is shown once. Raises NotFound
    for a grant outside the area or not in force, and Invalid beside each field at fault.
    """
    today = timezone.localdate(at)
    in_force = Q(valid_until=None) | Q(valid_until__gte=today)
    grant = obtain(Grant.objects.filter(in_force, user__is_active=True), actor, pk=grant_id)
    wanted = sorted(set(kinds))
    _refuse_faults(grant, name, url, wanted)
    if not Subscription.objects.filter(ended_at=None).exists():
        begin_here()
    secret = fresh_secret()
    one = Subscription.objects.create(
        grant=grant, name=name.strip(), url=url, kinds=wanted, secret=Sealed.seal(secret, SEALED).token, made_at=at,
        made_by=actor.user_id,
    )  # fmt: skip
    record(kind="webhook.subscribe", subject=one, actor=actor, at=at, data={"grant": grant.pk, "kinds": wanted})
    return one, secret


@domain_call("access:manage")
def stop_subscription(*, actor: Actor, at: datetime, subscription_id: int) -> Subscription:
    """Let events wait; raise NotFound outside the actor's area, NotRunning."""
    one = _standing(actor, subscription_id)
    if not Subscription.objects.filter(pk=one.pk, stopped_at=None).update(stopped_at=at, stop_reason="人工暂停"):
        raise NotRunning
    record(kind="webhook.stop", subject=one, actor=actor, at=at)
    return one


@domain_call("access:manage")
def resume_subscription(*, actor: Actor, at: datetime, subscription_id: int) -> Subscription:
    """Go on with the event that waits first, with all tries afresh; raise NotFound, NotRunning."""
    one = _standing(actor, subscription_id)
    stopped = Subscription.objects.filter(pk=one.pk).exclude(stopped_at=None)
    if not stopped.update(stopped_at=None, stop_reason=""):
        raise NotRunning
    head = one.deliveries.filter(state=DeliveryState.WAITING).order_by("pk").first()
    if head is not None:
        # A number not used before: the job of each try is known by it.
        fresh = (head.attempts // TRIES + 1) * TRIES if head.attempts else 0
        Delivery.objects.filter(pk=head.pk).update(attempts=fresh, next_try_at=at)
    record(kind="webhook.resume", subject=one, actor=actor, at=at)
    return one


@domain_call("access:manage")
def renew_secret(*, actor: Actor, at: datetime, subscription_id: int) -> tuple[Subscription, str]:
    """Sign with a new secret from now on, and return it; raise NotFound outside the actor's area."""
    one = _standing(actor, subscription_id)
    secret = fresh_secret()
    Subscription.objects.filter(pk=one.pk).update(secret=Sealed.seal(secret, SEALED).token)
    record(kind="webhook.secret", subject=one, actor=actor, at=at)
    return one, secret


@domain_call("access:manage")
def end_subscription(*, actor: Actor, at: datetime, subscription_id: int) -> Subscription:
    """Tell the address nothing more; its log stays for a while. Raises NotFound outside the actor's area."""
    one = _standing(actor, subscription_id)
    if not Subscription.objects.filter(pk=one.pk, ended_at=None).update(ended_at=at):
        raise NotRunning
    record(kind="webhook.end", subject=one, actor=actor, at=at)
    return one


@domain_call("access:manage")
def send_again(*, actor: Actor, at: datetime, delivery_id: int) -> Delivery:
    """Put an event that has arrived at the end of its queue once more; its id is the same.

    Raises NotFound outside the actor's area or for an ended subscription, NotRunning while it still waits.
    """
    living = Delivery.objects.filter(subscription__ended_at=None).select_related("subscription")
    delivery = obtain(living, actor, pk=delivery_id)
    if delivery.state == DeliveryState.WAITING:
        raise NotRunning("这一条还在排队，不用补推。")
    again = Delivery.objects.create(
        subscription=delivery.subscription, entry_id=delivery.entry_id, again=True, next_try_at=at
    )
    record(
        kind="webhook.again", subject=delivery.subscription, actor=actor, at=at, data={"delivery": delivery.pk}
    )  # fmt: skip
    return again


def _standing(actor: Actor, subscription_id: int) -> Subscription:
    return obtain(Subscription.objects.filter(ended_at=None), actor, pk=subscription_id)


def _refuse_faults(grant: Grant, name: str, url: str, kinds: list[str]) -> None:
    faults = {}
    if not 2 <= len(name.strip()) <= 60:
        faults["name"] = "请写明推送给哪个系统（2到60个字）。"
    role = ROLES[grant.role_code]
    if role.reach is Reach.HOLDER:
        faults["grant_id"] = "个人身份不能用来推送，请选机构或辖区的身份。"
    if not kinds or any(KINDS.get(kind) not in role.permissions for kind in kinds):
        faults["kinds"] = "请至少选一种事件，而且是这个身份能看到的。"
    try:
        check_url(url)
    except Invalid as refusal:
        faults |= refusal.fields
    if faults:
        raise Invalid(fields=faults)
