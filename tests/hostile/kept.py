"""The posted forms of a page, filled in wrongly: refused with a summary, and what was typed stands there still."""

import re
from html import escape
from html.parser import HTMLParser

from django.test import Client

from tests.factories.showcase import undone

BY_KIND = {
    "date": "2026-02-30", "time": "二十五点", "month": "十三月", "number": "很多", "email": "不是邮箱", "tel": "电话在家里",
}  # fmt: skip
"""What people type into a field of this kind that is not what it asks for."""
NOT_FILLED = {"hidden", "submit", "button", "checkbox", "radio", "file", "password", "search"}


class Forms(HTMLParser):
    """The posted forms of a page: where each goes, and its fields by name with what they ask for."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, list[dict[str, str]]]]] = []
        self._open: dict[str, list[dict[str, str]]] | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or note a field of the open one."""
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = {} if given.get("method", "").lower() == "post" else None
            if self._open is not None:
                self.found.append((given.get("action", ""), self._open))
        elif tag in {"input", "textarea", "select"} and self._open is not None and given.get("name"):
            kind = given.get("type", "text") if tag == "input" else tag
            self._open.setdefault(given["name"], []).append({**given, "kind": kind})

    def handle_endtag(self, tag: str) -> None:
        """End a form."""
        if tag == "form":
            self._open = None


def flat(fields: dict[str, list[dict[str, str]]]) -> list[dict[str, str]]:
    return [one for some in fields.values() for one in some]


def try_out(client: Client, goal: str, fields: dict[str, list[dict[str, str]]]) -> list[str]:
    """Send a form with something wrong in every field; return what is missing in the answer."""
    sent, typed = filled(fields)
    with undone():
        answer = client.post(goal, sent)
    if answer.status_code in (200, 302) and not any(kind in BY_KIND for kind in kinds(fields)):
        return []  # only words were asked for, and words were given
    if answer.status_code not in (409, 422):
        return [f"answers {answer.status_code} to {sent}"]
    page = answer.content.decode()
    found = [f"{name}: “{value}” is gone" for name, value in typed.items() if escape(value) not in page]
    # Where nothing is typed but only chosen, an untrue choice is no slip of a person: a page that says so is enough.
    if not re.search(r'role="alert"|error-summary', page) and (typed or "没有办成" not in page):
        found.append("no summary of what is wrong")
    return found


def kinds(fields: dict[str, list[dict[str, str]]]) -> set[str]:
    return {one["kind"] for one in flat(fields)}


def filled(fields: dict[str, list[dict[str, str]]]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is sent, and of it what a person has typed and must find again."""
    sent: dict[str, str] = {}
    typed: dict[str, str] = {}
    for number, (name, shown) in enumerate(fields.items()):
        kind = shown[0]["kind"]
        if kind == "hidden":
            sent[name] = shown[0].get("value", "")
        elif kind in {"checkbox", "radio", "select"}:
            sent[name] = "no-such-choice"
        elif kind not in NOT_FILLED:
            sent[name] = typed[name] = BY_KIND.get(kind, f"甲乙<{number}>丙")
    sent.pop("csrfmiddlewaretoken", None)
    return sent, typed
