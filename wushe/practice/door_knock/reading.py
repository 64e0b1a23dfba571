"""Opening a record: what was answered at a door is personal data, and each look at it is journalled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.scope import obtain
from wushe.registers.forms.questions import Question

from .models import DoorPhoto, Report, Target
from .receiving import answers_of


@dataclass(frozen=True, slots=True)
class Opened:
    """One record in plain: question and answer in words, in the order of the form."""

    report: Report
    lines: list[tuple[str, str]]


@domain_call("door_knock:visit")
def open_report(*, actor: Actor, at: datetime, target_id: int, client_id: str) -> Opened:
    """Return what a record says; raise NotFound out of scope or for another door's record."""
    target = obtain(Target, actor, pk=target_id)
    report = next((one for one in target.reports.select_related("version") if str(one.client_id) == client_id), None)
    if report is None:
        raise NotFound
    record(kind="target.open_report", subject=target, actor=actor, at=at, data={"report": report.pk})
    return Opened(report, list(told(report.version.questions, answers_of(report))))


def told(questions: Sequence[Question], answers: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Yield question and answer in words; the rows of a repetition are numbered."""
    for question in questions:
        value = answers.get(question["name"])
        if question["kind"] == "group":
            yield from told(question["children"], answers, before)
        elif question["kind"] == "repeat":
            for number, row in enumerate(value or [], start=1):
                yield from told(question["children"], row, f"{question['label']}{number}·")
        elif value not in (None, "", []):
            yield f"{before}{question['label'] or question['name']}", _words(question, value)


def places_of_photos(*, target: Target) -> list[DoorPhoto]:
    """Return the pictures of a door, in the order in which they were taken."""
    return list(target.photos.order_by("taken_at", "id"))


def _words(question: Question, value: Any) -> str:
    if question["kind"] == "photo":
        return f"{len(value)}张"
    labels = {choice["code"]: choice["label"] for choice in question.get("choices", [])}
    if isinstance(value, list):
        return "、".join(labels.get(one, str(one)) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(labels.get(value, value))
