"""Read the journal: the history of a thing, and what an account has done."""

from django.db.models import Model, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible

from .models import JournalEntry


def history_of(*, subject: Model) -> QuerySet[JournalEntry]:
    """Return the journal of one thing, oldest first. The caller has already seen the thing within scope."""
    return JournalEntry.objects.filter(subject_kind=subject._meta.model_name, subject_id=subject.pk).order_by(
        "at", "id"
    )


def history_of_many(*, subjects: list[tuple[str, int]]) -> list[JournalEntry]:
    """Return the journal of several things, given as (kind, id), oldest first, in one query."""
    by_kind: dict[str, list[int]] = {}
    for kind, pk in subjects:
        by_kind.setdefault(kind, []).append(pk)
    about = Q(pk=None)
    for kind, ids in by_kind.items():
        about |= Q(subject_kind=kind, subject_id__in=ids)
    return sorted(JournalEntry.objects.filter(about), key=lambda row: (row.at, row.pk))


def entries(*, actor: Actor) -> QuerySet[JournalEntry]:
    """Return the journal within the actor's scope, newest first; raise NotAllowed without `journal:view`."""
    actor.require("journal:view")
    return visible(JournalEntry.objects.all(), actor).order_by("-id")
