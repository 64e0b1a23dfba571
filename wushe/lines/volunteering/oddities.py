"""What looks wrong about a stretch of service: two places at once, too far, one phone for many, too long, at work time.

What cannot be true holds the record until the organiser has looked at it; hours at work time are shown, not held.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils.timezone import localtime

from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.presets.selectors import preset
from wushe.foundation.protected import blind_index
from wushe.foundation.workdays.selectors import working_days
from wushe.registers.people.identity import full_years

from .distances import metres_between
from .models import HourRecord
from .states import HourState, Oddity, Origin

HOLDING = frozenset({Oddity.OVERLAP, Oddity.FAR, Oddity.SPEED, Oddity.DEVICE, Oddity.LONG, Oddity.NO_SIGN_OUT})
HOUR = timedelta(hours=1)


def oddities_of(record: HourRecord) -> list[Oddity]:
    """Return what looks wrong about a record that has its end; the limits are presets."""
    checks = {
        Oddity.OVERLAP: _overlaps(record),
        Oddity.FAR: _far(record, _limit(record, "far")),
        Oddity.SPEED: _too_fast(record, _limit(record, "speed")),
        Oddity.DEVICE: _one_phone(record) > _limit(record, "device"),
        Oddity.LONG: record.minutes > _limit(record, "longest"),
        Oddity.WORK_TIME: _at_work(record),
    }
    return [oddity for oddity, found in checks.items() if found]


def is_sampled(record: HourRecord) -> bool:
    """Say whether a record is drawn for checking: by a keyed digest, so that nobody can know it before."""
    percent = preset("volunteers.hours.sample", area_code=record.area_code, on=record.day)
    return int(blind_index(str(record.pk), purpose="volunteering.sample")[:8], 16) % 100 < percent


def _limit(record: HourRecord, name: str) -> int:
    return int(preset(f"volunteers.odd.{name}", area_code=record.area_code, on=record.day))


def _overlaps(record: HourRecord) -> bool:
    """Say whether the volunteer served elsewhere at the same time, in another record or on a visit of the chain."""
    during = Q(started_at__lt=record.ended_at, ended_at__gt=record.started_at)
    others = HourRecord.objects.filter(during, volunteer_id=record.volunteer_id).exclude(state=HourState.STRUCK)
    if others.exclude(pk=record.pk).exists():
        return True
    visits = Visit.objects.filter(during, worker__person_id=record.volunteer.person_id)
    return visits.exclude(state=VisitState.REJECTED).exclude(pk=record.visit_id).exists()


def _far(record: HourRecord, most: int) -> bool:
    if record.sign_up_id is None or record.sign_up is None:
        return False
    activity = record.sign_up.shift.activity
    metres = metres_between(record.longitude, record.latitude, activity.longitude, activity.latitude)
    return metres is not None and metres > most


def _too_fast(record: HourRecord, most: int) -> bool:
    """Say whether nobody could have come here from the last known place in the time between."""
    placed = HourRecord.objects.filter(
        volunteer_id=record.volunteer_id, ended_at__lte=record.started_at, longitude__isnull=False,
        started_at__gte=record.started_at - 12 * HOUR,
    ).exclude(state=HourState.STRUCK)  # fmt: skip
    last = placed.exclude(pk=record.pk).order_by("-ended_at").first()
    if last is None or last.ended_at is None:
        return False
    metres = metres_between(record.longitude, record.latitude, last.longitude, last.latitude)
    hours = max((record.started_at - last.ended_at) / HOUR, 1 / 60)
    return metres is not None and metres / 1000 / hours > most


def _one_phone(record: HourRecord) -> int:
    """Return for how many volunteers the same phone signed on that day."""
    if not record.device:
        return 0
    same = HourRecord.objects.filter(device=record.device, day=record.day).exclude(state=HourState.STRUCK)
    return same.values("volunteer_id").distinct().count()


def _at_work(record: HourRecord) -> bool:
    """Say whether somebody of working age served in the working hours of a working day."""
    if record.origin in {Origin.VISIT, Origin.IMPORTED} or record.ended_at is None:
        return False
    if full_years(record.volunteer.person.born_on, record.day) >= _limit(record, "work_age"):
        return False
    start, end = localtime(record.started_at), localtime(record.ended_at)
    begins, ends = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    in_hours = begins < _limit(record, "work_until") and ends > _limit(record, "work_from")
    return in_hours and working_days(area_code=record.area_code, since=record.day).worked(record.day)
