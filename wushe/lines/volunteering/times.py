"""Times of shifts: minutes of a local day become moments."""

from datetime import datetime, time, timedelta

from django.utils.timezone import make_aware

from .models import Shift


def begins(shift: Shift) -> datetime:
    """Return the moment at which a shift begins."""
    return make_aware(datetime.combine(shift.day, time())) + timedelta(minutes=shift.start)


def ends(shift: Shift) -> datetime:
    """Return the moment at which a shift ends."""
    return make_aware(datetime.combine(shift.day, time())) + timedelta(minutes=shift.end)
