"""Somebody does not answer: the door is looked at the same day, then relatives are asked, then the police (每步有时限、有责任人)."""

from datetime import datetime, timedelta

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain

from .models import Contact, NoAnswer, SearchStep, Way
from .visiting import RIGHT, note_contact
from .workflow import NO_ANSWER

_WAY = {SearchStep.DOOR: Way.HOME, SearchStep.FAMILY: Way.NEIGHBOUR, SearchStep.POLICE: Way.POLICE}
_ONWARDS = {SearchStep.DOOR: "no_one_in", SearchStep.FAMILY: "no_word"}


@domain_call(RIGHT)
def search_on(*, actor: Actor, at: datetime, search_id: int, note: str) -> NoAnswer:
    """Write down that a step found nobody, and go to the next with a limit of its own.

    Raises NotFound out of scope, Invalid without words, MoveNotAllowed after the last step.
    """
    search = obtain(NoAnswer.objects.select_related("plan"), actor, pk=search_id)
    text = _given(note, "请写明怎么找的，例如：敲门十分钟无人应，窗帘拉着。")
    edge = _ONWARDS.get(SearchStep(search.state), "no_word")
    way = _WAY.get(SearchStep(search.state), Way.HOME)
    minutes = preset("care.visit.no_answer.step", area_code=search.area_code, on=timezone.localdate(at))
    changes = {"due_at": at + timedelta(minutes=minutes), "owner_name": actor.name}
    NO_ANSWER.move(search, edge, actor=actor, at=at, changes=changes)
    Contact.objects.create(
        plan=search.plan, search=search, on=timezone.localdate(at), way=way, answered=False, counts=False, note=text,
        by_id=actor.user_id, by_name=actor.name, recorded_at=at,
    )  # fmt: skip
    return search


@domain_call(RIGHT)
def find(*, actor: Actor, at: datetime, search_id: int, seen: bool, outcome: str) -> NoAnswer:
    """End a search: the person was seen, or it is known where they are. To have seen them counts as the visit.

    Raises NotFound out of scope, Invalid without words, MoveNotAllowed if it is over.
    """
    search = obtain(NoAnswer.objects.select_related("plan"), actor, pk=search_id)
    text = _given(outcome, "请写明人在哪里、情况怎样。")
    NO_ANSWER.edge(search.state, "find")
    way = Way.HOME if seen else Way.NEIGHBOUR
    note_contact(search.plan, way=way, answered=True, note=text, on=timezone.localdate(at), actor=actor, at=at)
    search.refresh_from_db()
    return search


def _given(text: str, message: str) -> str:
    if not text.strip():
        raise Invalid(fields={"note": message, "outcome": message})
    return text.strip()[:200]
