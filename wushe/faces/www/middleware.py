"""What happens around every page: the actor is known, refusals become answers, nothing loads from outside."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from wushe.foundation.access.selectors import actor_for
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal

Respond = Callable[[HttpRequest], HttpResponse]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; media-src 'self' blob:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
NUL = "\x00"
LARGEST_NUMBER = 2**63 - 1  # no row of either database has a greater one
STATUS = {NotAllowed: 403, NotFound: 404, Conflict: 409, Invalid: 422}


class ContentSecurityMiddleware:
    """Everything comes from this server: scripts, styles, pictures and connections."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy headers set."""
        response = self.respond(request)
        response.headers.setdefault("Content-Security-Policy", _POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        return response


class PlainTextMiddleware:
    """No text of a page holds the character NUL: nobody can type it, and PostgreSQL cannot keep it."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request without what no database can look for; an address that holds it names nothing."""
        if NUL in request.path_info:
            return _answer(request, NotFound())
        request.GET = _without_nul(request.GET)  # type: ignore[assignment]
        return self.respond(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Take it out of a form, which the protection against forged requests has already read."""
        if request.method == "POST" and not getattr(view, "own_access", False):
            request.POST = _without_nul(request.POST)  # type: ignore[assignment]


def _without_nul(fields: QueryDict) -> QueryDict:
    if not any(NUL in text for name, values in fields.lists() for text in (name, *values)):
        return fields
    plain = QueryDict(mutable=True)
    for name, values in fields.lists():
        plain.setlist(name.replace(NUL, ""), [value.replace(NUL, "") for value in values])
    plain._mutable = False
    return plain


class ActorMiddleware:
    """Find who acts, and keep closed what nobody opened."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with `request.actor` set (None for strangers)."""
        request.actor = None  # type: ignore[attr-defined]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            request.actor = actor_for(  # type: ignore[attr-defined]
                user=request.user, on=timezone.localdate(), grant_id=request.session.get("grant_id")
            )
        return self.respond(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Let the page through only if it opens itself to this actor."""
        if getattr(view, "own_access", False):
            return None
        if any(isinstance(value, int) and value > LARGEST_NUMBER for value in kwargs.values()):
            return _answer(request, NotFound())
        permissions = getattr(view, "permissions", ("nobody:nothing",))
        if permissions is None:
            return None
        actor = request.actor  # type: ignore[attr-defined]
        if actor is None:
            if request.user.is_authenticated:
                return _answer(request, NotAllowed("您的账号目前没有有效的身份，请联系管理员。"))
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': request.get_full_path()})}")
        if permissions and not any(actor.may(p) for p in permissions):
            return _answer(request, NotAllowed())
        return None


class RefusalMiddleware:
    """A refusal that no page caught becomes a page, a fragment or a JSON answer with its own message."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.respond(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn a Refusal into an answer; everything else is a fault."""
        return _answer(request, error) if isinstance(error, Refusal) else None


def _answer(request: HttpRequest, error: Refusal) -> HttpResponse:
    """Answer with the refusal's own message; what is raised before the view never reaches `process_exception`."""
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    if request.headers.get("Accept", "").startswith("application/json"):
        fields = error.fields if isinstance(error, Invalid) else {}
        return JsonResponse({"message": error.message, "fields": fields}, status=status)
    return render(request, "www/refusal.html", {"message": error.message, "status": status}, status=status)
