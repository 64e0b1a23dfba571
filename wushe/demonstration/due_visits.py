"""Three months of regular visits in the first street, lived through the product's own services; all people are invented.

Most were seen in time, some visits are due or late under somebody's name, a few people are away, and two do not answer.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from wushe.foundation.access.models import Grant
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Refusal
from wushe.practice.due_visits.enrolling import refresh_plans
from wushe.practice.due_visits.models import CarePeriodKind, Contact, VisitPlan, Way
from wushe.practice.due_visits.ordering import order_due
from wushe.practice.due_visits.pairs import end_pair, note_look_in, pair
from wushe.practice.due_visits.periods import declare_period
from wushe.practice.due_visits.reckoning import reckoning_at
from wushe.practice.due_visits.searching import search_on
from wushe.practice.due_visits.visiting import pause_plan, record_contact, update_plan
from wushe.registers.organisations.selectors import takers_at
from wushe.registers.workforce.models import Worker

from .history import Cast
from .source import World

DAYS, SEED, MOST, LIVED = 90, 20811, 400, 12
PAIRS, PAIRED_AGO = 12, 40
NOTES = [
    "精神好，屋里收拾得干净，药按时吃。", "血压有点高，提醒复查。", "灶具老化，已提醒子女更换。", "想找人说说话，坐了半个钟头。",
    "天冷加了被子，取暖器离床太近，已挪开。", "说膝盖疼，下楼费劲。", "", "",
]  # fmt: skip


def load_due_visits(world: World, cast: Cast) -> int:
    """Take in the elders of the first street, let three months of contacts pass, and leave some of everything open."""
    world = replace(world, dice=random.Random(SEED))  # noqa: S311 — dice of its own: the rest of the district stays as it is
    street = min(cast.community)
    desk = replace(cast.community[street], area_code=street)
    begun = world.now - timedelta(days=DAYS)
    count = refresh_plans(actor=desk, at=begun, area_code=street, limit=MOST)
    plans = list(VisitPlan.objects.filter(street_code=street).order_by("pk"))
    _live(world, desk, plans)
    _leave_open(world, desk, plans)
    _pair(world, desk, plans)
    return count


def _live(world: World, desk: Actor, plans: list[VisitPlan]) -> None:
    """Let each person be seen about as often as the rules ask; the contacts are written together."""
    reckoning = reckoning_at(desk.area_code, world.today)
    contacts = []
    for plan in plans:
        day = plan.begun_on + timedelta(days=world.dice.randint(0, plan.interval_days))
        stop = world.today - timedelta(days=world.dice.choice([0, 0, 0, 0, 0, 0, 1, 2, plan.interval_days]))
        while day < stop:
            contacts.append(_seen(world, plan, desk, day))
            plan.seen_on = day
            day += timedelta(days=max(1, plan.interval_days - world.dice.randint(0, 2)))
        plan.due_on, plan.late_on = reckoning.after(plan.seen_on or plan.begun_on, plan.interval_days)
    Contact.objects.bulk_create(contacts, batch_size=1000)
    VisitPlan.objects.bulk_update(plans, ["seen_on", "due_on", "late_on"], batch_size=1000)


def _seen(world: World, plan: VisitPlan, desk: Actor, day: object) -> Contact:
    way = world.dice.choices([Way.HOME, Way.PAIRING, Way.SERVICE], [6, 3, 1])[0]
    return Contact(
        plan=plan, on=day, way=way, answered=True, counts=True, note=world.dice.choice(NOTES), by_id=plan.owner_id,
        by_name=plan.owner_name, recorded_at=world.now,
    )  # fmt: skip


def _leave_open(world: World, desk: Actor, plans: list[VisitPlan]) -> None:
    """Leave people away, visits ordered, a cold spell ahead, and two who do not answer."""
    chosen = world.dice.sample(plans, min(LIVED, len(plans)))
    morning = world.now - timedelta(hours=2)
    for plan, reason in zip(chosen[:3], ("hospital", "away", "care_home"), strict=False):
        pause_plan(actor=desk, at=world.now - timedelta(days=6), plan_id=plan.pk, reason=reason)
    for plan in chosen[3:5]:
        for minutes in (0, 40):
            _no_answer(desk, plan, morning + timedelta(minutes=minutes))
    for plan in chosen[4:5]:
        search = plan.searches.first()
        if search:
            search_on(actor=desk, at=world.now, search_id=search.pk, note="敲门十分钟无人应，邻居昨晚见过灯亮。")
    for plan in chosen[5:]:
        carriers = takers_at(area_code=plan.area_code, on=world.today)
        if carriers:
            update_plan(actor=desk, at=world.now, plan_id=plan.pk, changes={"carrier_id": carriers[0].pk})
    order_due(actor=desk, at=world.now)
    declare_period(
        actor=desk, at=world.now, title="入冬寒潮", kind=CarePeriodKind.WEATHER, area_code=desk.area_code,
        starts_on=world.today + timedelta(days=2), ends_on=world.today + timedelta(days=6),
    )  # fmt: skip


def _no_answer(desk: Actor, plan: VisitPlan, at: datetime) -> None:
    record_contact(actor=desk, at=at, plan_id=plan.pk, way=Way.CALL, answered=False, note="电话响了很久没人接。")


def _pair(world: World, desk: Actor, plans: list[VisitPlan]) -> None:
    """Let volunteers stand by some: most looked in lately, some are late; one found nobody, one bond has ended."""
    own = Worker.objects.filter(pk__in=Grant.objects.filter(user__username="zhiyuan").values("holder_id"))
    first = own.values_list("person_id", flat=True).first()
    near = [one for one in world.volunteers if one.area_code.startswith(desk.area_code) or one.person_id == first]
    near.sort(key=lambda one: one.person_id != first)  # whoever logs in as a volunteer finds somebody to look in on
    chosen = world.dice.sample(plans, min(PAIRS, len(plans), len(near)))
    for number, (plan, helper) in enumerate(zip(chosen, near, strict=False)):
        begun = world.now - timedelta(days=PAIRED_AGO)
        try:
            made = pair(
                actor=desk, at=begun, person_id=plan.person_id, helper_id=helper.person_id, kind="volunteer",
                interval_days=world.dice.choice([3, 7, 7, 14]), words="常去坐坐，看看缺什么",
            )  # fmt: skip
        except Refusal:
            continue  # a volunteer who is too young
        days = world.dice.choice([1, 2, 4, 9, 20])
        note_look_in(
            actor=desk, at=world.now - timedelta(days=days), pair_id=made.pk, finding=("seen", "called")[number % 2]
        )
        if number == 1:
            note_look_in(actor=desk, at=world.now, pair_id=made.pk, finding="no_answer", note="敲门没人应，灯亮着")
        if number == 2:
            end_pair(actor=desk, at=world.now, pair_id=made.pk, reason="care", words="已转入家庭养老床位")
