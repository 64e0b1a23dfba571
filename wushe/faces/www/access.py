"""Pages are closed unless they say who may open them.

`@allow("needs:view")` names the permission that a page asks for, `@public` a page without sign-in. A page that
says neither is refused to everyone (see ActorMiddleware), and the table test of addresses and roles finds it.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import HttpRequest

from wushe.foundation.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])


class PageRequest(HttpRequest):
    """A request of a signed-in person: `actor` is set by ActorMiddleware."""

    actor: Actor


def allow(*permissions: str) -> Callable[[View], View]:
    """Open a page to roles that hold any of these permissions."""

    def declare(view: View) -> View:
        view.permissions = permissions  # type: ignore[attr-defined]
        return view

    return declare


def public(view: View) -> View:
    """Open a page to everyone, signed in or not."""
    view.permissions = None  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Open a page to every signed-in person."""
    view.permissions = ()  # type: ignore[attr-defined]
    return view
