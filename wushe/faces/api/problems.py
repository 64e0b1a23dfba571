"""Refusals as the interface says them: problem details after RFC 9457, in the words that a user would read."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from wushe.faces.api.rendering import written
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: "请求无法读取",
    401: "没有通过身份验证",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种请求方法",
    409: "与现在的状态冲突",
    422: "内容有误",
    429: "请求太频繁",
}
STATUS = {NotAllowed: 403, NotFound: 404, Conflict: 409, Invalid: 422}
_WORDS = {
    "missing": "请填写这一项。",
    "int_parsing": "应为整数。",
    "int_type": "应为整数。",
    "int_from_float": "应为整数。",
    "bool_parsing": "应为 true 或 false。",
    "string_type": "应为文字。",
    "string_too_short": "内容太短。",
    "string_too_long": "内容太长。",
    "date_from_datetime_parsing": "日期应写成 2026-03-05 的样子。",
    "date_parsing": "日期应写成 2026-03-05 的样子。",
    "datetime_parsing": "时间应写成 2026-03-05T09:30:00+08:00 的样子。",
    "timezone_aware": "时间要带时区，例如 2026-03-05T09:30:00+08:00。",
    "enum": "不是可选的值。",
    "literal_error": "不是可选的值。",
    "extra_forbidden": "没有这一项。",
    "uuid_parsing": "应为 UUID。",
    "list_type": "应为数组。",
    "model_attributes_type": "应为对象。",
    "greater_than_equal": "数值太小。",
    "less_than_equal": "数值太大。",
}


class FieldFault(Schema):
    """One field at fault; an empty name means the whole request."""

    field: str
    message: str


class Problem(Schema):
    """A refusal: `code` is stable and for machines, `detail` for people."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[FieldFault] = []


def problem(
    status: int, *, code: str, detail: str, faults: Mapping[str, str] | None = None, headers: Mapping[str, str] = {}
) -> HttpResponse:
    """Return a refusal as an answer."""
    errors = [{"field": field, "message": message} for field, message in (faults or {}).items()]
    content = {
        "type": "about:blank", "title": TITLES[status], "status": status, "code": code, "detail": detail,
        "errors": errors,
    }  # fmt: skip
    return HttpResponse(written(content), status=status, content_type=MEDIA_TYPE, headers=dict(headers))


def of_refusal(refusal: Refusal) -> HttpResponse:
    """Return what a domain call refused, in its own words."""
    status = next((number for kind, number in STATUS.items() if isinstance(refusal, kind)), 409)
    faults = refusal.fields if isinstance(refusal, Invalid) else {}
    return problem(status, code=_code(type(refusal)), detail=refusal.message, faults=faults)


def explain(api: NinjaAPI) -> None:
    """Let the interface answer every refusal as a problem."""
    unreadable = problem_of(400, "unreadable", "请求的内容读不出来：应为 UTF-8 编码的 JSON。")
    too_big = problem_of(400, "too_big", "请求的内容太大。")
    lost = problem_of(404, "not_found", NotFound.message)
    stranger = problem_of(401, "no_token", "请带上有效的接口令牌：Authorization: Bearer wushe_…")
    api.add_exception_handler(Refusal, lambda request, error: of_refusal(error))
    api.add_exception_handler(ValidationError, lambda request, error: _of_faults(error))
    api.add_exception_handler(HttpError, unreadable)
    api.add_exception_handler(SuspiciousOperation, unreadable)
    api.add_exception_handler(RequestDataTooBig, too_big)
    api.add_exception_handler(Http404, lost)
    api.add_exception_handler(AuthenticationError, stranger)


def problem_of(status: int, code: str, detail: str) -> Any:
    """Return a handler that answers one and the same problem."""
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}

    def answer(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem(status, code=code, detail=detail, headers=headers)

    return answer


def _of_faults(error: ValidationError) -> HttpResponse:
    faults: dict[str, str] = {}
    for one in error.errors:
        where = ".".join(str(part) for part in one["loc"][1:] if part not in {"where", "paging", "body"})
        faults.setdefault(where, _in_words(one))
    detail = next((f"{field}：{message}" if field else message for field, message in faults.items()), "")
    return problem(422, code="invalid", detail=detail, faults=faults)


def _in_words(fault: Mapping[str, Any]) -> str:
    if fault["type"] == "value_error":
        return re.sub(r"^Value error, ", "", str(fault["msg"]))
    return _WORDS.get(fault["type"], "这一项不符合要求。")


def _code(kind: type[Refusal]) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
