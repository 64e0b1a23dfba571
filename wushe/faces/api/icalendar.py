"""Calendars after RFC 5545: appointments as a telephone's calendar reads them, with no more of a person than it needs."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person, Sex

_LONGEST_LINE = 75  # octets
_OLD = 60
_STATUS = {AppointmentState.OPEN: "TENTATIVE"}


def calendar(
    *, title: str, appointments: Iterable[Appointment], places: dict[str, str], at: datetime, worker: bool
) -> str:
    """Return the appointments as one calendar; a worker reads for whom, a resident by whom."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//wushe//appointments//ZH", "CALSCALE:GREGORIAN", "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(title)}", "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
    ]  # fmt: skip
    for one in appointments:
        lines += _event(one, places.get(one.community_code, ""), at, worker=worker)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def respectfully(person: Person, *, on: date) -> str:
    """Return how a person is called without the given name: 王奶奶, 李先生."""
    old = full_years(person.born_on, on) >= _OLD
    female = person.sex == Sex.FEMALE
    return person.name[:1] + (("奶奶" if female else "爷爷") if old else ("女士" if female else "先生"))


def _event(one: Appointment, place: str, at: datetime, *, worker: bool) -> list[str]:
    start = one.planned_start if one.planned_start is not None else one.window_start
    who = respectfully(one.order.person, on=one.day)
    organisation = one.order.organisation.name if one.order.organisation else ""
    note = "" if one.state != AppointmentState.OPEN else "时间待定，以通知为准。"
    return [
        "BEGIN:VEVENT",
        f"UID:appointment-{one.pk}@wushe",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART:{_moment(one.day, start)}",
        f"DTEND:{_moment(one.day, start + one.minutes)}",
        f"SUMMARY:{_escaped(f'{one.order.item.name} {who}')}",
        f"DESCRIPTION:{_escaped(note if worker else f'{organisation}。{note}'.lstrip('。'))}",
        f"LOCATION:{_escaped(place)}",
        f"STATUS:{_STATUS.get(AppointmentState(one.state), 'CONFIRMED')}",
        "END:VEVENT",
    ]


def _moment(day: date, minute: int) -> str:
    midnight = timezone.make_aware(datetime.combine(day, time()))
    return f"{(midnight + timedelta(minutes=minute)).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\r", "").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 75 octets; those after the first begin with a blank. No letter is cut."""
    part, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LONGEST_LINE:
            yield part
            part, size = " ", 1
        part, size = part + letter, size + octets
    yield part
