"""Read verification: the queue by suspicion, what may pass together, who is to be called, and the rate of errors."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from wushe.chain.visits.models import Evidence
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain, visible

from .models import CallBack, CallBackState, Check, CheckState
from .sampling import wilson

# What of the checks is asked for: those a person must look at, clean ones, those refused, and everything decided.
PICKED, CLEAN, REFUSED, DECIDED = "picked", "clean", "rejected", "accepted"
TABS = (PICKED, CLEAN, REFUSED, DECIDED)


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """The rate of refused visits in the random sample, with its 95 % interval."""

    errors: int
    looked_at: int
    rate: float
    low: float
    high: float


def find_checks(
    *, actor: Actor, tab: str = PICKED, text: str = "", picked_for: str = "", after: tuple[int, int] | None = None
) -> QuerySet[Check]:
    """Return checks within the actor's scope; raise NotAllowed without `verification:view`.

    Waiting ones come with the most suspicious first, decided ones with the latest first; `after` is the score and
    the number of the last one already shown.
    """
    actor.require("verification:view")
    rows = _of_tab(visible(Check.objects.all(), actor), tab)
    if picked_for:
        rows = rows.filter(picked_for=picked_for)
    if text := text.strip():
        order = "visit__appointment__order__"
        rows = rows.filter(
            Q(**{f"{order}person__name__startswith": text})
            | Q(**{f"{order}item__name__icontains": text})
            | Q(**{f"{order}organisation__name__icontains": text})
            | Q(visit__worker__person__name__startswith=text)
        )
    waiting = tab in (PICKED, CLEAN)
    if after:
        score, pk = after
        rows = rows.filter(Q(score__lt=score) | Q(score=score, pk__gt=pk)) if waiting else rows.filter(pk__lt=pk)
    return _with_visit(rows).order_by(*(("-score", "pk") if waiting else ("-pk",)))


def check_counts(*, actor: Actor) -> dict[str, int]:
    """Return how many checks stand under each tab, counted up to a bound; raise NotAllowed without the right."""
    actor.require("verification:view")
    return capped_counts({tab: _of_tab(visible(Check.objects.all(), actor), tab) for tab in TABS})


def check_of(*, actor: Actor, visit_id: int) -> Check:
    """Return the check of a visit with its evidence; raise NotAllowed, or NotFound outside the actor's scope."""
    actor.require("verification:view")
    evidence = Prefetch("visit__evidence", queryset=Evidence.objects.order_by("taken_at", "pk"))
    rows = _with_visit(Check.objects.all()).select_related("visit__rating", "visit__call_back")
    return obtain(rows.prefetch_related(evidence), actor, visit_id=visit_id)


def twins_of(*, check: Check) -> list[Evidence]:
    """Return earlier photos that are the same as this visit's; the caller has already seen the check within scope."""
    photos = [one for one in check.visit.evidence.all() if one.kind != "signature"]
    same = Q(digest__in=[p.digest for p in photos]) | Q(
        picture_hash__in=[p.picture_hash for p in photos if p.picture_hash]
    )
    rows = Evidence.objects.filter(same).exclude(visit=check.visit_id).exclude(kind="signature")
    return list(rows.select_related("visit").order_by("-pk")[:8])


def fence_of(*, check: Check) -> int:
    """Return how many metres from the home a sign-in of that day may be; the caller has seen the check in scope."""
    return int(preset("visits.geofence.radius", area_code=check.area_code, on=check.visit.appointment.day))


def next_in_queue(*, actor: Actor, after: Check) -> Check | None:
    """Return the check that a verifier sees next; None at the end of the queue."""
    waiting = _of_tab(visible(Check.objects.all(), actor), PICKED).exclude(pk=after.pk)
    later = waiting.filter(Q(score__lt=after.score) | Q(score=after.score, pk__gt=after.pk))
    order = ("-score", "pk")
    return later.order_by(*order).first() or waiting.order_by(*order).first()


def clean_waiting(*, actor: Actor, at: datetime) -> tuple[QuerySet[Check], datetime]:
    """Return the clean checks that wait, oldest first, and the time before which one passes by rule."""
    actor.require("verification:view")
    after = int(preset("verification.auto_pass.after", area_code=actor.area_code, on=timezone.localdate(at)))
    rows = _with_visit(_of_tab(visible(Check.objects.all(), actor), CLEAN))
    return rows.order_by("opened_at", "pk"), at - timedelta(minutes=after)


def find_call_backs(*, actor: Actor, state: str = CallBackState.DUE, text: str = "") -> QuerySet[CallBack]:
    """Return call-backs within the actor's scope, those due first; raise NotAllowed without `verification:call_back`."""
    actor.require("verification:call_back")
    rows = visible(CallBack.objects.all(), actor)
    if state:
        rows = rows.filter(state=state)
    if text := text.strip():
        order = "visit__appointment__order__"
        rows = rows.filter(
            Q(**{f"{order}person__name__startswith": text}) | Q(visit__worker__person__name__startswith=text)
        )
    return rows.select_related(
        "visit__appointment__order__person", "visit__appointment__order__item", "visit__worker__person"
    ).order_by(*(("due_at", "pk") if state == CallBackState.DUE else ("-pk",)))


def call_back_counts(*, actor: Actor) -> dict[str, int]:
    """Return how many call-backs of each state there are; raise NotAllowed without `verification:call_back`."""
    actor.require("verification:call_back")
    mine = visible(CallBack.objects.all(), actor)
    return capped_counts({state: mine.filter(state=state) for state in CallBackState.values})


def one_call_back(*, actor: Actor, call_back_id: int) -> CallBack:
    """Return one call-back; raise NotAllowed, or NotFound outside the actor's scope."""
    rows = find_call_backs(actor=actor, state="").select_related("visit__appointment__order__organisation")
    return obtain(rows, actor, pk=call_back_id)


def error_rate(*, actor: Actor, first: date, last: date) -> ErrorRate:
    """Return the rate of errors among the visits that chance picked and a person decided in a period.

    Only the random sample counts: the visits picked for suspicion would make the rate look worse than it is.
    """
    actor.require("verification:view")
    sample = visible(Check.objects.filter(random_sample=True), actor).filter(
        decided_at__date__gte=first, decided_at__date__lte=last
    )
    by_people = sample.exclude(state=CheckState.WAITING).exclude(decided_by=SYSTEM.user_id)
    counts = dict(by_people.order_by().values_list("state").annotate(n=Count("pk")))
    errors, looked_at = counts.get(CheckState.REJECTED, 0), sum(counts.values())
    low, high = wilson(hits=errors, total=looked_at)
    return ErrorRate(errors, looked_at, errors / looked_at if looked_at else 0.0, low, high)


def findings_by_rule(*, actor: Actor, first: date, last: date) -> list[tuple[str, int]]:
    """Return how often each rule found something in a period, the most frequent first."""
    actor.require("verification:view")
    rows = visible(Check.objects.filter(score__gt=0), actor).filter(
        opened_at__date__gte=first, opened_at__date__lte=last
    )
    counts: dict[str, int] = {}
    for found in rows.values_list("findings", flat=True):
        for one in found:
            counts[one["rule"]] = counts.get(one["rule"], 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _of_tab(rows: QuerySet[Check], tab: str) -> QuerySet[Check]:
    if tab == PICKED:
        return rows.filter(state=CheckState.WAITING).exclude(picked_for="")
    if tab == CLEAN:
        return rows.filter(state=CheckState.WAITING, picked_for="")
    return rows.filter(state=CheckState.REJECTED if tab == REFUSED else CheckState.ACCEPTED)


def _with_visit(rows: QuerySet[Check]) -> QuerySet[Check]:
    order = "visit__appointment__order__"
    return rows.select_related(
        f"{order}person__household", f"{order}item", f"{order}organisation", "visit__worker__person"
    )
