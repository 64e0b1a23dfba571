"""What a volunteer sees of their own: shifts to come and gone, hours with how they came about, wishes to swap."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor

from .models import HourRecord, SignUp, Swap
from .own import own_volunteer
from .states import HourState, Origin, SignUpState, SwapState

HERE = (SignUpState.TAKEN, SignUpState.QUEUED, SignUpState.SERVED)


@dataclass(frozen=True, slots=True)
class MyHours:
    """How long somebody served: counted, of this year and month, waiting to be looked at, and before the register."""

    counted: int
    year: int
    month: int
    held: int
    times: int
    earlier: int
    imported: int

    @property
    def all(self) -> int:
        """Return everything that counts, wherever it was served."""
        return self.counted + self.earlier


def my_coming(*, actor: Actor, on: date) -> list[SignUp]:
    """Return the own sign-ups from a day on, the next first, with `place_in_line` for who waits."""
    volunteer = own_volunteer(actor)
    rows = SignUp.objects.filter(volunteer=volunteer, state__in=HERE, shift__day__gte=on)
    found = list(rows.select_related("shift__activity").order_by("shift__day", "shift__start", "pk"))
    for row in found:
        row.place_in_line = line_before(row) + 1 if row.state == SignUpState.QUEUED else 0  # type: ignore[attr-defined]
        row.running = row.hours.filter(state=HourState.RUNNING).exists()  # type: ignore[attr-defined]
        row.over = row.hours.exclude(state=HourState.RUNNING).exists()  # type: ignore[attr-defined]
    return found


def line_before(row: SignUp) -> int:
    """Return how many wait before somebody."""
    return row.shift.sign_ups.filter(state=SignUpState.QUEUED, turn__lt=row.turn).count()


def my_past(*, actor: Actor, before: date) -> QuerySet[SignUp]:
    """Return the own sign-ups of earlier days."""
    rows = SignUp.objects.filter(volunteer=own_volunteer(actor), shift__day__lt=before)
    return rows.exclude(state=SignUpState.WITHDRAWN).select_related("shift__activity")


def my_records(*, actor: Actor) -> QuerySet[HourRecord]:
    """Return the own hour records, newest first."""
    return HourRecord.objects.filter(volunteer=own_volunteer(actor)).prefetch_related("corrections").order_by("-pk")


def my_hours(*, actor: Actor, at: datetime) -> MyHours:
    """Return the sums of the own hours; raise NoVolunteer."""
    volunteer = own_volunteer(actor)
    today = localdate(at)
    counted = Q(state=HourState.COUNTED)
    sums = HourRecord.objects.filter(volunteer=volunteer).aggregate(
        counted=Sum("minutes", filter=counted),
        year=Sum("minutes", filter=counted & Q(day__year=today.year)),
        month=Sum("minutes", filter=counted & Q(day__gte=today.replace(day=1), day__lt=_next_month(today))),
        held=Sum("minutes", filter=Q(state=HourState.HELD)),
        times=Count("pk", filter=counted),
        imported=Sum("minutes", filter=counted & Q(origin=Origin.IMPORTED)),
    )
    return MyHours(earlier=volunteer.earlier_minutes, **{name: value or 0 for name, value in sums.items()})


def my_swaps(*, actor: Actor) -> list[Swap]:
    """Return the swaps that wait for the own answer."""
    rows = Swap.objects.filter(theirs__volunteer=own_volunteer(actor), state=SwapState.ASKED)
    return list(rows.select_related("mine__shift__activity", "theirs__shift", "mine__volunteer__person").order_by("pk"))


def swap_partners(*, actor: Actor, row: SignUp) -> list[SignUp]:
    """Return who has a place in another coming shift of the same activity: whom one could ask to swap."""
    own = own_volunteer(actor)
    others = SignUp.objects.filter(
        shift__activity_id=row.shift.activity_id, state=SignUpState.TAKEN, shift__day__gte=row.shift.day - timedelta(days=31)
    )  # fmt: skip
    later = others.exclude(shift_id=row.shift_id).exclude(volunteer=own)
    return list(later.select_related("shift", "volunteer__person").order_by("shift__day", "shift__start", "pk")[:30])


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
