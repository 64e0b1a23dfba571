"""The machine interface as a whole: its resources, how it answers, and its own description (OpenAPI 3.1)."""

from collections.abc import Callable
from functools import cache, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.cache import patch_cache_control
from ninja import NinjaAPI

from wushe.faces.api import resources
from wushe.faces.api.authentication import TokenInHeader, TooMany, say_rate
from wushe.faces.api.operations import HEADER, JSON, OPERATIONS
from wushe.faces.api.problems import MEDIA_TYPE, TITLES, Problem, explain, problem
from wushe.faces.api.rendering import ChineseJson, written

VERSION = "1.0"
_ABOUT = (
    "五社联动平台的数据接口。每次请求都以一个令牌代表的身份办理：能看什么、能办什么，与这个身份在网页上完全一样。\n\n"
    "列表按编号分页：把上一页的 next 填进 after。金额的单位是分，时间段的单位是分钟，时刻是当日零点起的分钟数。\n\n"
    f"办理类请求可以带 {HEADER}：同一编号、同样内容只办一次，再发得到同样的应答；内容不同则答 409。\n\n"
    "身份证号、电话、详细地址一律打码；查看原文是单独的一次办理，会留下记录。"
)
_FAULTS = {"GET": (401, 403, 404, 422, 429), "": (400, 401, 403, 404, 409, 422, 429)}

api = NinjaAPI(
    title="五社开放接口", version=VERSION, description=_ABOUT, docs_url=None, openapi_url=None, auth=TokenInHeader(),
    renderer=ChineseJson(), urls_namespace="api",
)  # fmt: skip
explain(api)
for place, router in resources.ROUTERS:
    api.add_router(place, router)


@api.exception_handler(TooMany)
def too_many(request: HttpRequest, error: TooMany) -> HttpResponse:
    """Answer a token that has asked too often."""
    detail = f"这个令牌请求太频繁，请{error.wait}秒后再试。"
    return problem(429, code="too_many", detail=detail, headers={"Retry-After": str(error.wait)})


@cache
def description() -> dict[str, Any]:
    """Return the OpenAPI document: the operations, and the refusals and headers that belong to all of them."""
    document: dict[str, Any] = api.get_openapi_schema(path_prefix="/api/v1/")
    components = document["components"]
    components["schemas"] |= _problem_schemas()
    components["responses"] = {str(status): _refusal(status) for status in _FAULTS[""]}
    components["parameters"] = {HEADER: _key_parameter()}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            faults = _FAULTS.get(method.upper(), _FAULTS[""])
            operation["responses"] |= {status: {"$ref": f"#/components/responses/{status}"} for status in faults}
            operation["responses"] = {int(status): answer for status, answer in operation["responses"].items()}
            known = OPERATIONS[operation["operationId"]]
            if known.permissions:
                operation["x-permissions"] = list(known.permissions)
            if known.media_type != JSON:
                content = operation["responses"][200]["content"]
                content[known.media_type] = content.pop(JSON)
            if method.upper() != "GET":
                operation.setdefault("parameters", []).append({"$ref": f"#/components/parameters/{HEADER}"})
    return document


def document(request: HttpRequest) -> HttpResponse:
    """Show the description of the interface, to everybody."""
    response = HttpResponse(written(description()), content_type="application/json; charset=utf-8")
    patch_cache_control(response, public=True, max_age=300)
    return response


def nowhere(request: HttpRequest) -> HttpResponse:
    """Answer for addresses that the interface does not have."""
    return problem(404, code="no_such_address", detail="接口里没有这个地址，请对照 /api/v1/openapi.json。")


def addresses() -> list[URLPattern]:
    """Return the addresses of all operations. Each decides on access itself, by its token."""
    patterns = [one for one in api.urls[0] if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in patterns:
        one.callback = guarded(one.callback)
    return patterns


def guarded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Open a view past the sign-in of the pages, and let all its answers be the interface's own."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            allowed = {"Allow": response.headers["Allow"]} if "Allow" in response.headers else {}
            response = problem(405, code="method", detail="这个地址不支持这种请求方法。", headers=allowed)
        response.headers.setdefault("Cache-Control", "no-store")
        say_rate(request, response)
        # A refusal is an answer and no fault to be logged; the address of a calendar holds its secret.
        response._has_been_logged = response.status_code < 500  # type: ignore[attr-defined]
        return response

    answer.own_access = True  # type: ignore[attr-defined]
    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {**schema.pop("$defs"), "Problem": schema}


def _refusal(status: int) -> dict[str, Any]:
    return {
        "description": TITLES[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _key_parameter() -> dict[str, Any]:
    return {
        "name": HEADER,
        "in": "header",
        "required": False,
        "description": "办理的编号，由调用方生成，例如一个 UUID：同一编号只办一次。",
        "schema": {"type": "string", "maxLength": 64, "pattern": "^[!-~]+$"},
    }
