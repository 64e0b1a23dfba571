"""Domain calls: every service is one transaction, checked for permission before it starts.

On SQLite each durable commit costs one flush of the disk. Where GROUP_COMMIT is on, calls that arrive together
share one transaction, each in a savepoint of its own, and one flush; a caller is answered only after that flush
(see group_commit.py).
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from .actor import Actor

P = ParamSpec("P")
R = TypeVar("R")

_inside: ContextVar[bool] = ContextVar("inside_domain_call", default=False)


def domain_call(permission: str | None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a service: keyword-only, with an `actor` whose role must hold the permission.

    A service called by another service joins its transaction and is not checked again: what a step causes further
    down the chain is part of that step. `None` marks a call whose right is decided inside.
    """

    def declare(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            if _inside.get():
                return service(*args, **kwargs)
            actor = kwargs["actor"]
            assert isinstance(actor, Actor)
            if permission is not None:
                actor.require(permission)
            return _run(lambda: service(*args, **kwargs))

        call.permission = permission  # type: ignore[attr-defined]
        return call

    return declare


def _run(work: Callable[[], R]) -> R:
    def inside() -> R:
        token = _inside.set(True)
        try:
            return work()
        finally:
            _inside.reset(token)

    link = connections[DEFAULT_DB_ALIAS]
    if settings.GROUP_COMMIT and link.vendor == "sqlite" and not link.in_atomic_block:
        from .group_commit import commit_with_others

        return commit_with_others(inside)
    with transaction.atomic():
        return inside()
