"""People under regular visits, through the services that take them in."""

from datetime import datetime, timedelta

from tests.factories import people
from tests.factories.cast import World, actor_of
from tests.factories.places import COMMUNITY, NOON, TODAY
from wushe.practice.due_visits.models import CarePeriodKind, NoAnswer, VisitPlan
from wushe.practice.due_visits.periods import declare_period
from wushe.practice.due_visits.visiting import enrol, record_contact
from wushe.registers.people.models import Person


def plan(person: Person, *, at: datetime = NOON, **fields: object) -> VisitPlan:
    """Return the plan of a person, taken in by the social worker."""
    return enrol(actor=actor_of("social_worker"), at=at, person_id=person.pk, **fields)  # type: ignore[arg-type]


def unanswered(plan: VisitPlan, *, at: datetime = NOON) -> NoAnswer:
    """Return the search that two tries without an answer begin."""
    for minute in (0, 30):
        record_contact(
            actor=actor_of("social_worker"), at=at + timedelta(minutes=minute), plan_id=plan.pk, way="call", answered=False,
            note="打了没人接",
        )  # fmt: skip
    return NoAnswer.objects.get(plan=plan)


def one_of_each(w: World, *, at: datetime = NOON) -> dict[str, int | str]:
    """Return the keys of a plan, of a search for somebody else, and of a care period."""
    found = plan(w.elder, at=at)
    lost = plan(people.person("郑素芳", lives_alone=True), at=at)
    period = declare_period(
        actor=actor_of("social_worker"), at=at, title="寒潮", kind=CarePeriodKind.WEATHER, area_code=COMMUNITY,
        starts_on=TODAY, ends_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    return {"due_visit": found.pk, "no_answer": unanswered(lost, at=at).pk, "care_period": period.pk}
