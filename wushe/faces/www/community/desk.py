"""The community desk is for people who work at a place or in an organisation, not for residents, whose page is their own."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

from wushe.faces.www.access import allow
from wushe.foundation.errors import NotAllowed
from wushe.foundation.roles import Reach

View = TypeVar("View", bound=Callable[..., HttpResponse])


def desk(*permissions: str) -> Callable[[View], View]:
    """Open a page to roles of an area that hold any of these permissions."""

    def declare(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.actor.reach is not Reach.AREA:  # type: ignore[attr-defined]
                raise NotAllowed
            return view(request, *args, **kwargs)

        page.reach = Reach.AREA  # type: ignore[attr-defined]
        return allow(*permissions)(page)  # type: ignore[return-value]

    return declare
