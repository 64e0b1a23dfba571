"""What comes next for a need, as a button: only for who may press it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import OrderState
from wushe.foundation.actor import Actor

_STEPS = {
    NeedState.RECORDED: ("needs:triage", "community:triage", "研判", "list-check"),
    NeedState.TRIAGED: ("resources:link", "community:link", "链接资源", "link"),
    NeedState.LINKED: ("orders:place", "community:place_order", "点单", "send"),
}


@dataclass(frozen=True, slots=True)
class NextStep:
    """One button."""

    label: str
    address: str
    icon: str


def next_step(need: Need, actor: Actor, *, orders: list[Any] | None = None) -> NextStep | None:
    """Return the button that moves a need on, None if it moves by itself or by others."""
    if need.state == NeedState.IN_SERVICE:
        placed = next((order for order in orders or [] if order.state == OrderState.PLACED), None)
        if placed and actor.may("orders:send"):
            return NextStep("送单给机构", reverse("community:send_order", args=[placed.pk]), "send")
        return None
    permission, name, label, icon = _STEPS.get(NeedState(need.state), ("", "", "", ""))
    if not name or not actor.may(permission):
        return None
    return NextStep(label, reverse(name, args=[need.pk]), icon)
