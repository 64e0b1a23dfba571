"""The organisation's desk is for those who run an organisation: everything on it is bounded by that organisation."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from wushe.faces.www.access import allow
from wushe.foundation.errors import NotAllowed
from wushe.foundation.roles import Reach

View = TypeVar("View", bound=Callable[..., HttpResponse])


def desk(*permissions: str) -> Callable[[View], View]:
    """Open a page to roles of an organisation that hold any of these permissions."""

    def declare(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor.reach is not Reach.ORGANISATION:  # type: ignore[attr-defined]
                raise NotAllowed
            return view(request, *args, **kwargs)

        page.reach = Reach.ORGANISATION  # type: ignore[attr-defined]
        return allow(*permissions)(page)  # type: ignore[return-value]

    return declare
