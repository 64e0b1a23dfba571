"""People under regular visits, through the services that take them in."""

from datetime import date, datetime, timedelta

from tests.factories import people
from tests.factories.cast import World, actor_of
from tests.factories.places import COMMUNITY, NOON, TODAY
from wushe.practice.due_visits import pairs
from wushe.practice.due_visits.models import CarePeriodKind, NoAnswer, Pair, VisitPlan
from wushe.practice.due_visits.periods import declare_period
from wushe.practice.due_visits.visiting import enrol, record_contact
from wushe.registers.people.models import Person
from wushe.registers.workforce.models import Worker


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


def pair(person: Person, helper: Person, *, at: datetime = NOON, **fields: object) -> Pair:
    """Return a pair begun by the social worker, weekly unless something else is said."""
    values: dict[str, object] = {"kind": "neighbour", "interval_days": 7, **fields}
    return pairs.pair(actor=actor_of("social_worker"), at=at, person_id=person.pk, helper_id=helper.pk, **values)  # type: ignore[arg-type]


def paired(name: str, *, area_code: str) -> Pair:
    """Return a pair of two people of a place."""
    elder = people.person(f"郑{name[0]}", area_code=area_code)
    return pair(elder, people.person(f"邻{name[0]}", area_code=area_code, born_on=date(1970, 1, 1)))


def one_of_each(w: World, *, at: datetime = NOON) -> dict[str, int | str]:
    """Return the keys of a plan, of a search for somebody else, and of a care period."""
    found = plan(w.elder, at=at)
    lost = plan(people.person("郑素芳", lives_alone=True), at=at)
    period = declare_period(
        actor=actor_of("social_worker"), at=at, title="寒潮", kind=CarePeriodKind.WEATHER, area_code=COMMUNITY,
        starts_on=TODAY, ends_on=TODAY + timedelta(days=5),
    )  # fmt: skip
    bond = pair(w.elder, Worker.objects.get(person__name="孙立").person, at=at, kind="volunteer", words="每周看一次")
    return {"pair": bond.pk, "due_visit": found.pk, "no_answer": unanswered(lost, at=at).pk, "care_period": period.pk}
