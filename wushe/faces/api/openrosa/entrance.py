"""Who asks: HTTP Basic with the password of a field application, or the same as a bearer; every answer is OpenRosa's own.

The password is a token that its person gave to one phone and can take back: no account's password lies on it. Digest
is not offered, because it would need the password itself to be kept here.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import timezone
from django.utils.http import http_date

from wushe.faces.api.authentication import ApiRequest, TooMany, ask
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from wushe.foundation.tokens.models import TokenKind
from wushe.foundation.tokens.selectors import actor_of, standing_token
from wushe.foundation.tokens.services import note_use

from .documents import message

View = Callable[..., HttpResponse]
LARGEST_POST = 12 * 1024 * 1024
_STATUS = {NotAllowed: 403, NotFound: 404, Conflict: 409, Invalid: 400}
_WHO = {"WWW-Authenticate": 'Basic realm="wushe", charset="UTF-8"'}


def openrosa(*methods: str) -> Callable[[View], View]:
    """Open a view to field applications: what is refused becomes a message that they show."""

    def declare(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            request.actor = None  # type: ignore[attr-defined]
            response = _answer(request, methods, lambda: view(request, *args, **kwargs))
            response.headers["X-OpenRosa-Version"] = "1.0"
            response.headers["X-OpenRosa-Accept-Content-Length"] = str(LARGEST_POST)
            response.headers["Date"] = http_date(timezone.now().timestamp())
            response.headers.setdefault("Cache-Control", "no-store")
            # A refusal is an answer and no fault to be logged.
            response._has_been_logged = response.status_code < 500  # type: ignore[attr-defined]
            return response

        answer.own_access = True  # type: ignore[attr-defined]
        answer.csrf_exempt = True  # type: ignore[attr-defined]
        return answer

    return declare


def _answer(request: HttpRequest, methods: tuple[str, ...], act: Callable[[], HttpResponse]) -> HttpResponse:
    if request.method not in methods:
        return message("这个地址不支持这种请求方法。", status=405, headers={"Allow": ", ".join(methods)})
    try:
        if not _let_in(request):
            return message("用户名或密码不对，或者已经停用。请在“走访软件”页面重新开通。", status=401, headers=_WHO)
        return act()
    except TooMany as error:
        return message(f"请求太频繁，请{error.wait}秒后再试。", status=429, headers={"Retry-After": str(error.wait)})
    except Refusal as refusal:
        status = next((code for kind, code in _STATUS.items() if isinstance(refusal, kind)), 400)
        return message(_words(refusal), status=status)
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return message("没有收到完整的内容，请再发一次。", status=400)


def _let_in(request: HttpRequest) -> bool:
    secret, today = _secret(request.headers.get("Authorization", "")), timezone.localdate()
    token = standing_token(secret=secret, kind=TokenKind.COLLECT, on=today)
    if token is None:
        return False
    asking: ApiRequest = request  # type: ignore[assignment]
    asking.actor, asking.token = actor_of(token=token), token
    ask(token)
    note_use(token=token, on=today)
    return True


def _secret(header: str) -> str:
    scheme, _, given = header.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(given.strip(), validate=True).decode().partition(":")[2]
    except (NotBase64, UnicodeDecodeError, ValueError):
        return ""


def _words(refusal: Refusal) -> str:
    fields = refusal.fields if isinstance(refusal, Invalid) else {}
    told = [f"{path}：{words}" if path else words for path, words in fields.items()]
    return "；".join(told[:5]) or refusal.message
