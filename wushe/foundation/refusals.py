"""A refused try to open, move or spend money is written down, although nothing else of it remains."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

from .actor import Actor
from .calls import domain_call
from .errors import Refusal
from .journal.services import Act, record_all

P = ParamSpec("P")
R = TypeVar("R")

# Of what was tried only numbers and codes are kept, never what was typed.
_KEPT = ("amount_fen", "category", "agreed", "source_class", "way", "score", "year")


def refusals_noted(kind: str, subject: str = "") -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Declare a service whose refusals are journalled; `subject` names the argument that says which thing it was."""

    def declare(service: Callable[P, R]) -> Callable[P, R]:
        @wraps(service)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return service(*args, **kwargs)
            except Refusal as refusal:
                given = {name: kwargs[name] for name in _KEPT if isinstance(kwargs.get(name), int | str)}
                note_refusal(
                    actor=kwargs["actor"],  # type: ignore[arg-type]
                    at=kwargs["at"],  # type: ignore[arg-type]
                    tried=service.__name__, kind=kind, subject_id=kwargs.get(subject) or 0,  # type: ignore[arg-type]
                    why=type(refusal).__name__, given=given,
                )  # fmt: skip
                raise

        return call

    return declare


@domain_call(None)
def note_refusal(
    *, actor: Actor, at: datetime, tried: str, kind: str, subject_id: int, why: str, given: dict[str, object]
) -> None:
    """Journal that somebody tried something and was refused, and by which rule."""
    data = {"tried": tried, "why": why, **given}
    record_all([Act(f"{kind}.refused_try", kind, subject_id, actor.area_code, actor, at, data)])
