"""Each night: who newly falls under the rules is taken in, whose risk changed is fitted, nobody is left without a name."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone

from wushe.foundation.access.selectors import who_may
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.scope import within
from wushe.registers.people.models import AbilityLevel, Person, Tag

from .frequency import GROUNDS, Frequency, RulesInForce, facts_of, rules_at, strictest
from .models import PlanState, VisitPlan
from .reckoning import Reckoning, reckoning_at
from .visiting import RIGHT, fit, plan_of

BATCH = 1000


@domain_call("due_visits:order")
def refresh_plans(*, actor: Actor, at: datetime, area_code: str = "", limit: int = 20_000) -> int:
    """Take in whom the rules name and no plan holds, and fit plans whose risk or days changed; return how many."""
    on = timezone.localdate(at)
    places = _Places(on)
    return _take_in(area_code, places, actor=actor, at=at, limit=limit) + _fit_anew(area_code, places, limit=limit)


class _Places:
    """What holds at each community, looked up once a run."""

    def __init__(self, on: date) -> None:
        self.on = on
        self._known: dict[str, tuple[RulesInForce, Reckoning, tuple[int, str] | None]] = {}

    def at(self, code: str) -> tuple[RulesInForce, Reckoning, tuple[int, str] | None]:
        """Return the rules, the reckoning and who answers for visits, None where nobody may."""
        if code not in self._known:
            able = who_may(RIGHT, area_code=code)
            owner = (able[0].pk, able[0].name) if able else None
            self._known[code] = rules_at(code, self.on), reckoning_at(code, self.on), owner
        return self._known[code]

    def frequency(self, person: Person) -> Frequency | None:
        """Return how often a person must be seen."""
        codes = {tag.kind.code for tag in person.standing}  # type: ignore[attr-defined]
        return strictest(self.at(person.community_code)[0], facts_of(person, codes, self.on))


def _take_in(area_code: str, places: _Places, *, actor: Actor, at: datetime, limit: int) -> int:
    plans = []
    for person in _with_tags(_candidates(area_code))[:limit]:
        _, reckoning, owner = places.at(person.community_code)
        frequency = places.frequency(person)
        if frequency and owner:
            plans.append(plan_of(person, frequency, owner=owner, reckoning=reckoning, on=places.on))
    for part in (plans[start : start + BATCH] for start in range(0, len(plans), BATCH)):
        VisitPlan.objects.bulk_create(part)
        data = [{"to": plan.state, "risk": plan.risk, "days": plan.interval_days} for plan in part]
        record_all(
            Act("visit_plan.enrol", "visitplan", plan.pk, plan.area_code, actor, at, said)
            for plan, said in zip(part, data, strict=True)
        )
    return len(plans)


def _fit_anew(area_code: str, places: _Places, *, limit: int) -> int:
    """Fit what nobody has set by hand; what changed only in its days is reckoned anew from the same last contact."""
    plans = VisitPlan.objects.filter(within(area_code), state=PlanState.ACTIVE, by_hand=False, begun_on__lt=places.on)
    people = {one.pk: one for one in _with_tags(Person.objects.filter(visit_plans__in=plans))[:limit]}
    changed = []
    for plan in plans.filter(person__in=people)[:limit]:
        frequency = places.frequency(people[plan.person_id])
        if frequency and (plan.risk, plan.why, plan.interval_days) != (frequency.risk, frequency.why, frequency.days):
            fit(plan, frequency, reckoning=places.at(plan.community_code)[1])
            changed.append(plan)
    VisitPlan.objects.bulk_update(changed, ["risk", "why", "interval_days", "due_on", "late_on"], batch_size=BATCH)
    return len(changed)


def reckon_anew(plans: "QuerySet[VisitPlan]", *, on: date) -> int:
    """Reckon the days of plans anew from their last contact; return how many moved."""
    moved, places = [], _Places(on)
    for plan in plans:
        dates = places.at(plan.community_code)[1].after(plan.seen_on or plan.begun_on, plan.interval_days)
        if (plan.due_on, plan.late_on) != dates:
            plan.due_on, plan.late_on = dates
            moved.append(plan)
    VisitPlan.objects.bulk_update(moved, ["due_on", "late_on"], batch_size=BATCH)
    return len(moved)


def _candidates(area_code: str) -> "QuerySet[Person]":
    """Return living residents whom a rule may name and who are in no plan."""
    tagged = Tag.objects.filter(person=OuterRef("pk"), ends_on=None, kind__code__in=GROUNDS)
    planned = VisitPlan.objects.filter(person=OuterRef("pk")).exclude(state=PlanState.ENDED)
    grounds = Q(lives_alone=True) | Q(ability_level__gte=AbilityLevel.MODERATE) | Exists(tagged)
    living = Person.objects.filter(within(area_code), died_on=None, moved_out_on=None)
    return living.filter(grounds).exclude(Exists(planned)).order_by("pk")


def _with_tags(people: "QuerySet[Person]") -> "QuerySet[Person]":
    tags = Tag.objects.filter(ends_on=None).select_related("kind")
    return people.prefetch_related(Prefetch("tags", queryset=tags, to_attr="standing"))
