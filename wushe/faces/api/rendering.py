"""Answers as JSON: Chinese is written as Chinese, times with their zone, sealed values as their masks."""

import json
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja.renderers import BaseRenderer

from wushe.foundation.protected import Sealed


def written(content: Any) -> str:
    """Return a value as JSON text."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Sealed):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no part of an answer")


class ChineseJson(BaseRenderer):
    """The renderer of the interface."""

    media_type = "application/json"

    def render(self, request: HttpRequest, data: Any, *, response_status: int) -> str:
        """Return the content of an answer."""
        return written(data)
