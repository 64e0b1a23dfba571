"""Who could stand by somebody: volunteers and younger neighbours nearby, the nearest and least burdened first, with reasons."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q

from wushe.chain.dispatch.travel import metres_between
from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import COMMUNITY, visible
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person, Relation
from wushe.registers.people.selectors import find_people
from wushe.registers.volunteers.models import Volunteer

from .models import LookIn, Pair, PairState

MOST, LOOKED_AT = 20, 400
OLDEST = 75
"""Past this age nobody is proposed to look after somebody else; who is asked for by name may still do it."""


@dataclass
class Candidate:
    """A person who could stand by somebody, and why."""

    person: Person
    volunteer: bool
    metres: int | None
    pairs: int
    reasons: list[str] = field(default_factory=list)


def candidates_for(*, actor: Actor, person: Person, on: date) -> list[Candidate]:
    """Return who could stand by a resident whom the caller has seen: no relatives, no minors, nobody with too many pairs."""
    actor.require("due_visits:view")
    adult = preset("volunteers.guardian.age", area_code=person.area_code, on=on)
    most = preset("care.pair.most", area_code=person.area_code, on=on)
    near = preset("care.pair.metres", area_code=person.area_code, on=on)
    bonds = Relation.objects.filter(Q(person=person) | Q(relative=person)).values_list("person", "relative")
    kin = {pk for bond in bonds for pk in bond}
    already = Pair.objects.filter(person=person, state=PairState.STANDING).values("helper")
    pool = visible(Person.objects.filter(community_code=person.area_code[:COMMUNITY]), actor).filter(
        died_on=None, moved_out_on=None, born_on__gt=person.born_on
    )
    helpers = Volunteer.objects.filter(left_on=None).values("person")
    building = Q(area_code=person.area_code) if len(person.area_code) > COMMUNITY else Q(pk=None)
    pool = pool.filter(Q(pk__in=helpers) | building).exclude(pk__in=kin | {person.pk}).exclude(pk__in=already)
    if person.household_id:
        pool = pool.exclude(household=person.household_id)
    standing = Count("pairs_helped", filter=Q(pairs_helped__state=PairState.STANDING))
    rows = pool.select_related("household").annotate(n=standing).filter(n__lt=most)
    people = [one for one in rows.order_by("pk")[:LOOKED_AT] if adult <= full_years(one.born_on, on) <= OLDEST]
    registered = set(Volunteer.objects.filter(left_on=None, person__in=people).values_list("person_id", flat=True))
    found = [_case(one, person, one.pk in registered, near) for one in people]
    return sorted(found, key=_order)[:MOST]


def found_helper(*, actor: Actor, text: str) -> list[Person]:
    """Return the residents of the actor's scope that a text names, two at most: one is the helper that was meant."""
    return list(find_people(actor=actor, text=text)[:2])


def own_pairs(*, actor: Actor) -> list[Pair]:
    """Return the standing pairs of the helper who acts, what is due first."""
    actor.require("due_visits:look_in")
    rows = visible(Pair.objects.filter(state=PairState.STANDING), actor)
    return list(rows.select_related("person").distinct().order_by("due_on", "pk")[:100])


def own_pair(*, actor: Actor, pair_id: int) -> Pair | None:
    """Return one pair of the helper who acts."""
    actor.require("due_visits:look_in")
    return visible(Pair.objects.select_related("person"), actor).filter(pk=pair_id).first()


def look_ins_of(*, pair: Pair) -> list[LookIn]:
    """Return the last look-ins of a pair that the caller has seen."""
    return list(pair.look_ins.order_by("-pk")[:50])


def _case(one: Person, person: Person, volunteer: bool, near: int) -> Candidate:
    metres = _apart(one, person)
    pairs: int = one.n  # type: ignore[attr-defined]  # an annotation
    case = Candidate(one, volunteer, metres, pairs, ["志愿者" if volunteer else "邻居"])
    if one.area_code == person.area_code and len(person.area_code) > COMMUNITY:
        case.reasons.append("住得最近，同一片楼")
    elif metres is not None and metres <= near:
        case.reasons.append(f"走路就到，{metres}米")
    case.reasons.append(f"已结对{pairs}户" if pairs else "还没有结对")
    return case


def _apart(one: Person, other: Person) -> int | None:
    """Return the metres between two homes, None where one is not on the map."""
    homes = [person.household for person in (one, other)]
    points = [(home.longitude, home.latitude) for home in homes if home and home.longitude and home.latitude]
    return metres_between(points[0], points[1]) if len(points) == len(homes) else None


def _order(case: Candidate) -> tuple[int, int, int, int]:
    far = 10**9 if case.metres is None else case.metres
    return (case.pairs, far, 0 if case.volunteer else 1, case.person.pk)
