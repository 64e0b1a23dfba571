"""Doors from oversight to the desks: the page on which a thing can be seen or acted on, if the actor may enter it."""

from collections.abc import Iterable

from django.urls import NoReverseMatch, resolve, reverse

from wushe.foundation.actor import Actor
from wushe.foundation.roles import Reach

# For each kind of thing the pages that show it, the most telling first.
_PAGES = {
    "need": ("community:need",),
    "order": ("community:order", "centre:order", "organisation:order"),
    "appointment": ("centre:appointment",),
    "visit": ("quality:visit", "centre:visit", "organisation:visit"),
    "check": ("quality:check",),
    "settlement": ("accounts:settlement_sheet", "accounts:settlement"),
    "project": ("community:project", "community:project_detail"),
    "person": ("community:person",),
    "organisation": ("registers:organisation",),
    "worker": ("centre:worker",),
    "volunteer": ("registers:volunteer",),
    "wish": ("registers:wish",),
    "selection": ("registers:selection",),
    "proposal": ("registers:proposal",),
    "check_in_member": ("registers:check_in_member",),
    "team": ("registers:team",),
    "post": ("registers:post",),
    "facility": ("registers:facility",),
    "community": ("registers:community",),
    "seat": ("registers:seat",),
    "resource": ("registers:resource",),
    "donor": ("registers:donor",),
}


def may_enter(actor: Actor, address: str) -> bool:
    """Say whether the page at an address opens itself to the actor."""
    view = resolve(address).func
    permissions = getattr(view, "permissions", ("nobody:nothing",))
    return permissions is None or permissions == () or any(actor.may(one) for one in permissions)


def page_of_thing(actor: Actor, kind: str, pk: int) -> str:
    """Return the address of the thing's page, "" if there is none that the actor may enter."""
    return _first(actor, _PAGES.get(kind, ()), pk)


def desk(actor: Actor, names: Iterable[str]) -> str:
    """Return the address of the first of these desks that exists and that the actor may enter."""
    return _first(actor, names)


def _first(actor: Actor, names: Iterable[str], *args: int) -> str:
    if actor.reach is Reach.HOLDER:
        return ""  # who acts for oneself has pages of one's own, and no desk
    for name in names:
        try:
            address = reverse(name, args=args)
        except NoReverseMatch:
            continue
        if may_enter(actor, address):
            return address
    return ""
