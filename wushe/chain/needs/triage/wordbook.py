"""The words of triage are data: how residents say what a service answers, and which words make a request urgent."""

import json
from dataclasses import dataclass
from functools import cache
from re import Pattern
from typing import Any

from django.conf import settings

from .reading import sign


@dataclass(frozen=True, slots=True)
class Sign:
    """One kind of danger, the patterns of the words that tell of it, and whom to call at once, if anybody."""

    why: str
    call: str
    patterns: tuple[Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class UrgencySigns:
    """The signs that something must be answered within two hours, or within a day; and what sounds worse than it is."""

    now: tuple[Sign, ...]
    day: tuple[Sign, ...]
    calm: tuple[Pattern[str], ...]
    later: tuple[str, ...]


@cache
def expressions() -> dict[str, list[str]]:
    """Return how residents say it, by the code of the service."""
    found: dict[str, list[str]] = _read("expressions")["expressions"]
    return found


@cache
def urgency_signs() -> UrgencySigns:
    """Return the signs of urgency."""
    document = _read("urgency")

    def signs(level: str) -> tuple[Sign, ...]:
        return tuple(Sign(row["why"], row.get("call", ""), tuple(map(sign, row["words"]))) for row in document[level])

    return UrgencySigns(signs("now"), signs("day"), tuple(map(sign, document["calm"])), tuple(document["later"]))


@cache
def entitlement_rows() -> list[dict[str, Any]]:
    """Return what a person may be entitled to, with the conditions, dates, region and source of each."""
    rows: list[dict[str, Any]] = _read("entitlements")["entitlements"]
    return rows


def _read(name: str) -> dict[str, Any]:
    path = settings.BASE_DIR / "data" / "triage" / f"{name}.json"
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
