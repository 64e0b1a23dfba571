"""Stars once a year: the steps are a preset, everything counts that was served, and each is on notice for working days."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain

from django.db import connection
from django.db.models import Count, F, QuerySet
from django.utils.timezone import localdate

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import visible
from wushe.foundation.workdays.selectors import working_days
from wushe.registers.desk.finding import held_by
from wushe.registers.volunteers.models import Volunteer, VolunteerSkill

from .mine import my_hours
from .models import Award, Star
from .own import own_volunteer
from .states import HourState

_HIGHEST = 5
STEPS = "volunteers.star.hours"
Steps = tuple[tuple[int, int], ...]
"""Minutes and the stars that they give."""

# One pass over the hours: the database adds up and writes; millions of volunteers never come here one by one.
_AWARD = """
INSERT INTO volunteering_star (volunteer_id, year, stars, minutes, reached_on, notice_until)
WITH step (minutes, stars) AS (VALUES {steps}),
served AS (
    SELECT volunteer_id, SUM(minutes) AS minutes FROM volunteering_hours
    WHERE state = %s AND day <= %s GROUP BY volunteer_id
),
reached AS (
    SELECT v.id, v.earlier_minutes + COALESCE(served.minutes, 0) AS minutes
    FROM volunteers_volunteer v LEFT JOIN served ON served.volunteer_id = v.id
    WHERE v.left_on IS NULL AND v.district_code IN ({districts})
)
SELECT reached.id, %s, MAX(step.stars), MAX(reached.minutes), {day}, {day}
FROM reached JOIN step ON reached.minutes >= step.minutes
WHERE NOT EXISTS (SELECT 1 FROM volunteering_star s WHERE s.volunteer_id = reached.id AND s.year = %s)
GROUP BY reached.id
"""


@domain_call("jobs:run")
def award_stars(*, actor: Actor, at: datetime, year: int, on: date) -> int:
    """Give the stars of a year to those whose hours reach them by its last day; a second run adds nobody twice.

    Returns how many volunteers got stars. Hours before the register count; the steps are those of the volunteer's place.
    """
    given = 0
    for (steps, notice), districts in sorted(_places(on).items()):
        given += _award(steps, districts, year=year, on=on, notice=notice)
    if given:
        record_all([Act("star.award", "star", year, actor.area_code, actor, at, {"year": year, "volunteers": given})])
    return given


def _places(on: date) -> dict[tuple[Steps, date], list[str]]:
    """Return the districts that have volunteers, by their steps and the last day of their notice."""
    found: dict[tuple[Steps, date], list[str]] = {}
    for district in Volunteer.objects.order_by("district_code").values_list("district_code", flat=True).distinct():
        hours = sorted(preset(STEPS, area_code=district, on=on))[:_HIGHEST]
        steps = tuple((60 * step, stars) for stars, step in enumerate(hours, 1))
        days = preset("volunteers.star.notice", area_code=district, on=on)
        notice = working_days(area_code=district, since=on).after(on, days)
        found.setdefault((steps, notice), []).append(district)
    return found


def _award(steps: Steps, districts: list[str], *, year: int, on: date, notice: date) -> int:
    """Give the stars of some districts in one statement; return how many."""
    text = _AWARD.format(
        steps=", ".join(["(%s, %s)"] * len(steps)), districts=", ".join(["%s"] * len(districts)),
        day="CAST(%s AS date)" if connection.vendor == "postgresql" else "%s",
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(text, [
            *chain.from_iterable(steps), HourState.COUNTED.value, date(year, 12, 31), *districts, year, on, notice, year,
        ])  # fmt: skip
        return int(cursor.rowcount)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a volunteer stands: the hours, the stars that they reach by now, and how far the next one is."""

    minutes: int
    stars: int
    missing: int | None
    """Minutes to the next star; None with all five."""


def stars_given(*, actor: Actor, year: int, stars: int = 0, text: str = "") -> QuerySet[Star]:
    """Return the stars of a year within the actor's scope, newest first, narrowed to so many stars and by name."""
    actor.require("volunteering:view")
    rows = _given(actor, year, text)
    rows = rows.filter(stars=stars) if stars else rows
    return rows.select_related("volunteer__person", "volunteer__team").order_by("-pk")


def star_counts(*, actor: Actor, year: int, text: str = "") -> dict[int, int]:
    """Return how many volunteers of the actor's scope got how many stars in a year."""
    rows = _given(actor, year, text).values("stars").annotate(n=Count("pk")).order_by()
    return dict.fromkeys(range(1, _HIGHEST + 1), 0) | {row["stars"]: row["n"] for row in rows}


def star_years(*, actor: Actor) -> list[int]:
    """Return the years in which stars were given within the actor's scope, the latest first."""
    return list(visible(Star.objects.all(), actor).values_list("year", flat=True).distinct().order_by("-year"))


def own_standing(*, actor: Actor, at: datetime) -> Standing:
    """Return where the actor's own volunteer stands, by the steps of the place. Raises NoVolunteer."""
    own = own_volunteer(actor)
    minutes = my_hours(actor=actor, at=at).all
    steps = [60 * hours for hours in sorted(preset(STEPS, area_code=own.area_code, on=localdate(at)))[:_HIGHEST]]
    ahead = [step for step in steps if step > minutes]
    return Standing(minutes, len(steps) - len(ahead), ahead[0] - minutes if ahead else None)


def own_record(*, actor: Actor) -> tuple[list[Star], list[VolunteerSkill], list[Award]]:
    """Return the stars, trainings and awards of the actor's own volunteer, the latest first. Raises NoVolunteer."""
    own = own_volunteer(actor)
    skills = own.skills.select_related("skill").order_by(F("trained_on").desc(nulls_last=True), "skill__title")
    return list(own.stars.order_by("-year")), list(skills), list(own.awards.order_by("-given_on", "-pk"))


def _given(actor: Actor, year: int, text: str) -> QuerySet[Star]:
    rows = visible(Star.objects.filter(year=year), actor)
    found = held_by(text, person="volunteer__person", codes=("volunteer__number",))
    return rows.filter(found) if found is not None else rows
