"""Operations: each is one domain call or one selector, says which right it asks for, and is written in the list.

A reading never writes. An acting one may bring `Idempotency-Key`: its effect and the memory of its answer are then one
transaction, and the same request again gets the same answer, word for word.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from hashlib import sha256
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import TypeAdapter

from wushe.faces.api.paging import Page, page
from wushe.faces.api.rendering import written
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.idempotency.services import answered_once

View = TypeVar("View", bound=Callable[..., Any])
HEADER, JSON = "Idempotency-Key", "application/json"
_LONGEST_KEY = 64


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation: its id, method, and the rights of which one is needed (none = any token)."""

    name: str
    method: str
    permissions: tuple[str, ...]
    media_type: str = JSON
    open: bool = False


class _Operations(dict[str, Operation]):
    """All operations by their ids."""

    def add(self, operation: Operation) -> None:
        """Add one; raise ValueError if there is one with this id."""
        if self.setdefault(operation.name, operation) is not operation:
            raise ValueError(f"two operations are named {operation.name}")


OPERATIONS = _Operations()


class Resource(Router):
    """The operations on one kind of thing."""

    def __init__(self, tag: str) -> None:
        super().__init__(tags=[tag])

    def reads(
        self, path: str, *permissions: str, gives: Any, name: str, summary: str, media_type: str = JSON, **more: Any
    ) -> Callable[[View], View]:
        """Declare a reading operation; what the view returns is shown as `gives`."""
        shown = TypeAdapter(gives)

        def declare(view: View) -> View:
            OPERATIONS.add(Operation(name, "GET", permissions, media_type))

            @wraps(view)
            def run(request: Any, **values: Any) -> HttpResponse:
                _require(request, permissions)
                content = _text(shown, view(request, **values), exclude_none=more.get("exclude_none", False))
                return HttpResponse(content, content_type=f"{media_type}; charset=utf-8")

            self.get(
                path,
                response=gives,
                operation_id=name,
                url_name=name,
                summary=summary,
                description=view.__doc__,
                **more,
            )(run)
            return view

        return declare

    def open(self, path: str, *, name: str, summary: str, media_type: str) -> Callable[[View], View]:
        """Declare a reading operation that needs no token in its header and answers in its own form."""

        def declare(view: View) -> View:
            OPERATIONS.add(Operation(name, "GET", (), media_type, open=True))
            self.get(
                path, response=str, operation_id=name, url_name=name, summary=summary, description=view.__doc__, auth=None
            )(view)  # fmt: skip
            return view

        return declare

    def lists(
        self, path: str, *permissions: str, item: Any, name: str, summary: str, newest_first: bool = True
    ) -> Callable[[View], View]:
        """Declare a list: the view takes `paging` and returns a queryset, of which one page is given."""

        def declare(view: View) -> View:
            @wraps(view)
            def paged(request: Any, **values: Any) -> Any:
                return page(view(request, **values), values["paging"], newest_first=newest_first)

            self.reads(path, *permissions, gives=Page[item], name=name, summary=summary)(paged)
            return view

        return declare

    def acts(
        self, path: str, *permissions: str, gives: Any, name: str, summary: str, status: int = 200, method: str = "POST"
    ) -> Callable[[View], View]:
        """Declare an operation that makes one domain call; what the view returns is shown as `gives`."""
        shown = TypeAdapter(gives)

        def declare(view: View) -> View:
            OPERATIONS.add(Operation(name, method, permissions))

            @wraps(view)
            def run(request: Any, **values: Any) -> HttpResponse:
                _require(request, permissions)
                if request.token.read_only:
                    raise NotAllowed("这个令牌是只读的，不能办理。")
                content = _carried_out(request, name, lambda: _text(shown, view(request, **values)))
                return HttpResponse(content, status=status, content_type=f"{JSON}; charset=utf-8")

            self.api_operation(
                [method],
                path,
                response={status: gives},
                operation_id=name,
                url_name=name,
                summary=summary,
                description=view.__doc__,
            )(run)
            return view

        return declare


def _require(request: Any, permissions: tuple[str, ...]) -> None:
    if permissions and not any(request.actor.may(one) for one in permissions):
        raise NotAllowed


def _text(shown: TypeAdapter[Any], thing: Any, *, exclude_none: bool = False) -> str:
    return written(shown.dump_python(shown.validate_python(thing, from_attributes=True), exclude_none=exclude_none))


def _carried_out(request: HttpRequest, name: str, act: Callable[[], str]) -> str:
    """Run the act, at most once if the request brings a key."""
    key = request.headers.get(HEADER, "")
    if not key:
        return act()
    if len(key) > _LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Invalid(fields={HEADER: "应为64个以内的字母、数字或横线，例如一个 UUID。"})
    actor = request.actor  # type: ignore[attr-defined]
    # The same words under another of the person's grants are another request.
    body = {"grant": actor.grant_id, "path": request.path, "digest": sha256(request.body).hexdigest()}
    return answered_once(actor=actor, at=timezone.now(), key=key, call=name, body=body, effect=act)
