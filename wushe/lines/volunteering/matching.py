"""People for shifts and posts for people, by the engine: all shifts of a day at once, nobody asked twice, each with reasons.

The only place where volunteering meets the engine. The problem carries ids alone; the same facts give the same answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import cos, radians
from typing import Any

from wushe_engine.matching import (
    Ban,
    Explainer,
    MatchProblem,
    MatchReason,
    Need,
    Provider,
    Role,
    Rules,
    Tie,
    check_match,
    find_candidates,
)
from wushe_engine.matching import match as solve

from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.registers.volunteers.models import Volunteer

from .fitness import against, known_of
from .models import Shift
from .near_home import centre_of, shifts_near
from .own import own_volunteer
from .states import ActivityState, SignUpState
from .suggesting import Case, cases_of, pool_of
from .times import begins

DEGREE = 111_195
"""Metres in a degree of latitude."""
HELPER = "volunteer"
MOST_OTHERS = 4
Pair = tuple[int, int]
_YES = {
    "only_candidate": "只有这一位合适又有空",
    "nearest": "{count}人合适，数这一位离得最近",
    "existing_tie": "{count}人合适，这一位最熟",
}
_BEST = "{count}人合适，各班放在一起看，排这一班最好"
_TAKEN = "合适的人都排到别的班了，可以加人或挪班。"
_FAR = {"not_worth_it": "合适的人都太远。", "too_far": "合适的人都太远。"}
_NOBODY = "没有合适又有空的志愿者：年龄、培训、保险、时间至少差一样。可以放宽要求，或请邻近社区。"


@dataclass
class Suggestion:
    """A volunteer who could take a place, and why; `chosen` if the engine gives them this very shift."""

    volunteer: Volunteer
    reasons: list[str]
    chosen: bool = False


@dataclass
class Filling:
    """A shift that lacks people: whom the engine gives it, who else could come, and why it stays short."""

    shift: Shift
    people: list[Suggestion] = field(default_factory=list)
    short: int = 0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Invitation:
    """A shift for one volunteer, how far away, and why."""

    shift: Shift
    metres: int | None
    reasons: list[str]


def fill(*, actor: Actor, at: datetime, shifts: Sequence[Shift]) -> list[Filling]:
    """Find people for shifts of one day that lack some, in the order given; nobody is given two of them.

    Those who may not come (age, guardian, training, insurance, another place at that time) are not named at all.
    Raises NotAllowed without `volunteering:organise`.
    """
    actor.require("volunteering:organise")
    open_ones = [s for s in shifts if s.free and s.activity.state == ActivityState.OPEN and begins(s) > at]
    if not open_ones:
        return []
    first = open_ones[0]
    weights = preset("volunteers.matching.points", area_code=first.area_code, on=first.day)
    pool = pool_of(actor=actor, shifts=open_ones)
    cases = cases_of(pool=pool, shifts=open_ones, weights=weights)
    fit = {pair: cases[pair] for pair in _fit(pool, open_ones)}
    reasons = _solved(open_ones, [(one, 1) for one in pool], fit, weights)
    people = {one.pk: one for one in pool}
    return [_filling(shift, reasons[shift.pk], people, fit, weights["points_per_km"]) for shift in open_ones]


def invitations(*, actor: Actor, at: datetime, most: int) -> list[Invitation]:
    """Return the shifts that suit the actor's own volunteer best: near home, known, at the usual time; one an activity.

    Raises NoVolunteer.
    """
    own = own_volunteer(actor)
    mine = own.sign_ups.exclude(state=SignUpState.WITHDRAWN).values("shift_id")
    coming = [s for s in shifts_near(own, at).exclude(pk__in=mine).select_related("activity__skill") if s.free]
    suited = [shift for _, shift in sorted(_first_of_each(own, coming).items())]
    if not suited:
        return []
    weights = preset("volunteers.matching.points", area_code=own.area_code, on=suited[0].day)
    cases = cases_of(pool=[own], shifts=suited, weights=weights)
    reasons = _solved(suited, [(own, most)], cases, weights)
    found = [
        Invitation(shift, cases[shift.pk, own.pk].metres, cases[shift.pk, own.pk].reasons)
        for shift in suited
        if any(reason.provider for reason in reasons[shift.pk])
    ]
    rate = weights["points_per_km"]
    return sorted(found, key=lambda one: (-_score(cases[one.shift.pk, own.pk], rate), one.shift.day, one.shift.pk))


def _first_of_each(own: Volunteer, coming: Sequence[Shift]) -> dict[int, Shift]:
    """Return the first shift of each activity that the volunteer may take."""
    found: dict[int, Shift] = {}
    known = {day: known_of([own], day=day, area_code=own.area_code) for day in {shift.day for shift in coming}}
    for shift in coming:
        if shift.activity_id in found or against(shift, own, known[shift.day]):
            continue
        if known[shift.day].free(own, shift):
            found[shift.activity_id] = shift
    return found


def _fit(pool: Sequence[Volunteer], shifts: Sequence[Shift]) -> set[Pair]:
    """Return the pairs of shift and volunteer against which nothing speaks."""
    there = {
        (s.pk, pk)
        for s in shifts
        for pk in s.sign_ups.exclude(state=SignUpState.WITHDRAWN).values_list("volunteer_id", flat=True)
    }
    known = known_of(pool, day=shifts[0].day, area_code=shifts[0].area_code)
    return {
        (shift.pk, one.pk) for shift in shifts for one in pool
        if (shift.pk, one.pk) not in there and known.free(one, shift) and not against(shift, one, known)
    }  # fmt: skip


def _solved(
    shifts: Sequence[Shift], people: Sequence[tuple[Volunteer, int]], cases: dict[Pair, Case], weights: dict[str, Any]
) -> dict[int, tuple[MatchReason, ...]]:
    """Let the engine match; a pair without a case must not be made."""
    middle = next(
        ((s.activity.longitude, s.activity.latitude) for s in shifts if s.activity.longitude and s.activity.latitude),
        (0.0, 0.0),
    )
    names = {shift.pk: f"s{shift.pk}" for shift in shifts}
    problem = MatchProblem.of(
        [Need(names[s.pk], (Role(HELPER, count=s.free, points=weights["worth"]),), whole=False,
              place=_metres(s.activity.longitude, s.activity.latitude, middle)) for s in shifts],
        [Provider(f"v{one.pk}", frozenset({HELPER}), place=_metres(*centre_of(one.area_code), middle), places=places)
         for one, places in people],
        ties=[Tie(names[s], f"v{v}", case.points) for (s, v), case in cases.items() if case.points],
        bans=[Ban(names[s.pk], f"v{one.pk}") for s in shifts for one, _ in people if (s.pk, one.pk) not in cases],
        rules=Rules(points_per_km=weights["points_per_km"], candidates=len(people)),
    )  # fmt: skip
    candidates = find_candidates(problem)
    found = solve(problem, candidates=candidates)
    report = check_match(problem, found)
    assert report.ok, f"the engine returned a match that its own check refuses: {report}"
    explainer = Explainer(problem, found, candidates)
    return {pk: explainer.explain(name) for pk, name in names.items()}


def _filling(
    shift: Shift, reasons: Sequence[MatchReason], people: dict[int, Volunteer], fit: dict[Pair, Case], rate: int
) -> Filling:
    """Put the engine's answer about one shift into words, and name who else could come."""
    filling = Filling(shift)
    given = [reason for reason in reasons if reason.provider]
    for reason in given:
        pk = int((reason.provider or "")[1:])
        why = _YES.get(reason.code, _BEST).format(count=reason.candidates)
        filling.people.append(Suggestion(people[pk], [why, *fit[shift.pk, pk].reasons], chosen=True))
    taken = {one.volunteer.pk for one in filling.people}
    others = [pk for s, pk in fit if s == shift.pk and pk not in taken]
    others.sort(key=lambda pk: (-_score(fit[shift.pk, pk], rate), pk))
    filling.people += [Suggestion(people[pk], fit[shift.pk, pk].reasons) for pk in others[:MOST_OTHERS]]
    filling.short = shift.free - len(given)
    if filling.short:
        code = next((reason.code for reason in reasons if not reason.provider), "")
        filling.why = _TAKEN if others else _FAR.get(code, _NOBODY)
    return filling


def _score(case: Case, points_per_km: int) -> int:
    return case.points - points_per_km * (case.metres or 0) // 1000


def _metres(longitude: float | None, latitude: float | None, middle: tuple[float, float]) -> tuple[int, int] | None:
    if longitude is None or latitude is None:
        return None
    east = (longitude - middle[0]) * DEGREE * cos(radians(middle[1]))
    return round(east), round((latitude - middle[1]) * DEGREE)
