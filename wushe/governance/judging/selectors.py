"""Read meetings and questions: what everybody sees, without a name of who asked, and what stands behind a meeting."""

from datetime import datetime

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import visible, within

from .models import PUBLIC, Meeting, MeetingState, Question

_SHOWN = ("pk", "subject", "state", "owner_name", "due_on", "answer", "answered_at", "asked_at", "area_code",
          "street_code", "community_code", "meeting__title", "meeting__starts_at")  # fmt: skip


def public_questions(*, text: str = "", state: str = "", area_code: str = "") -> "QuerySet[Question]":
    """Return what everybody sees of questions, the newest first: neither the words nor the name of who asked."""
    rows = Question.objects.filter(state__in=[state] if state in PUBLIC else PUBLIC)
    if area_code:
        rows = rows.filter(within(area_code))
    if text:
        rows = rows.filter(Q(subject__contains=text) | Q(answer__contains=text))
    return rows.select_related("meeting").only(*_SHOWN).order_by("-pk")


def public_question(pk: int) -> Question:
    """Return one question that everybody sees; raise NotFound."""
    question = public_questions().filter(pk=pk).first()
    if question is None:
        raise NotFound
    return question


def meetings_ahead(*, at: datetime, limit: int = 6) -> "list[Meeting]":
    """Return the announced meetings that are still to come, the soonest first."""
    ahead = Meeting.objects.filter(state=MeetingState.ANNOUNCED, starts_at__gte=at)
    return list(ahead.order_by("starts_at", "pk")[:limit])


def streets_with_answers() -> list[str]:
    """Return the codes of the streets that have anything public."""
    rows = Question.objects.filter(state__in=PUBLIC).order_by("street_code").values_list("street_code", flat=True)
    return list(rows.distinct())


def questions_of(*, meeting: Meeting) -> "QuerySet[Question]":
    """Return the questions of a meeting that was seen within scope, in the order in which they were asked."""
    return meeting.questions.order_by("pk")


def meetings_to_ask_at(*, actor: Actor, limit: int = 50) -> list[Meeting]:
    """Return the latest meetings of the actor's area that were not called off; raise NotAllowed."""
    actor.require("judging:view")
    rows = visible(Meeting.objects.exclude(state=MeetingState.CALLED_OFF), actor)
    return list(rows.order_by("-starts_at", "-pk")[:limit])
