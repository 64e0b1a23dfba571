"""Load the demonstration district, step by step; the same seed and day give the same district."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import F

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import Order, OrderState
from wushe.chain.settlement.services import settle_all
from wushe.chain.visits.models import Visit, VisitState
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.journal.delivery import begin_at_end
from wushe.foundation.journal.services import Act, record_all
from wushe.foundation.statistics import count_anew
from wushe.oversight.services import refresh_indicators
from wushe.oversight.standing import refresh_standing
from wushe.registers.catalogue.models import Item
from wushe.registers.reference import load_reference_data

from .accounts import DISTRICT, load_accounts, open_log_ins
from .areas import load_areas
from .carriers import load_carriers
from .charity import load_charity
from .check_in import load_check_ins
from .children import load_children
from .demand import choose_service_users, wishes
from .door_knock import knock_at_doors
from .due_visits import load_due_visits
from .goods import load_goods
from .grid import load_grid_cases
from .history import Cast, Crew, Story, journal_appointments, keep_appointments, plan_days, tell_stories
from .hotline import load_hotline
from .judging import load_meetings
from .money import load_money
from .on_behalf import wait_for_word
from .outcomes import make_visits
from .payments import load_payments
from .people import load_people
from .registers import load_registers
from .scouts import load_leads
from .selections import load_selections
from .source import World, read
from .time_bank import load_time_bank
from .today import fresh_needs, live_until_now, plan_today
from .tranches import load_tranches
from .volunteering import load_volunteering
from .wishes import load_wishes

Say = Callable[[str], None]
FRESH = timedelta(hours=36)


def load(*, now: datetime, say: Say, before_planning: Callable[[], object] = lambda: None) -> None:
    """Load everything in one transaction, then plan and live today; raise RuntimeError if the data files are missing."""
    world = World(now=now, dice=random.Random(read("district")["seed"]))  # noqa: S311 — a seed, not a secret
    with transaction.atomic():
        load_reference_data(actor=SYSTEM, at=now, folder=Path(settings.BASE_DIR) / "data")
        say(f"区划 {load_areas(world)} 个")
        say(f"居民 {load_people(world):,} 人")
        load_carriers(world)
        organisations = len(world.organisations) + len(world.stations)
        say(f"组织 {organisations} 家，服务人员 {len(world.workers)} 人，志愿者 {len(world.volunteers):,} 人")
        cast = load_accounts(world)
        count_anew()
        load_money(actor=_approver(), world=world)
        say(f"社区 {load_registers(world)} 个，大党委、骨干、床位、技能和捐赠人已配齐")
        say(f"慈善支出 {load_charity(world)} 笔")
        past, fresh = _tales(world)
        acts: list[Act] = []
        crew = Crew(world)
        stories = tell_stories(world, cast, crew, past, acts)
        say(f"需求与订单 {len(stories):,} 件")
        visits = _live_the_past(world, cast, crew, stories, acts)
        say(f"上门服务 {visits:,} 次，操作日志 {len(acts):,} 条")
        say(f"今日新需求 {sum(fresh_needs(world, cast, fresh).values())} 件，待同意 {wait_for_word(world, cast)} 件")
        say(f"热线工单 {load_hotline(world, cast)} 件，网格事项 {load_grid_cases(world, cast)} 件")
    before_planning()
    plan_today(world, cast)
    with transaction.atomic():
        say(f"今日已排班，已签到 {live_until_now(world)} 次")
        open_log_ins(world)
        say(f"志愿活动 {load_volunteering(world)} 项，班次、候补、时长已配齐")
        say(f"敲门行动已走访 {knock_at_doors(world)} 户")
        say(f"微心愿 {load_wishes(world, cast)} 个，双报到 {load_check_ins(world, cast)} 件")
        say(f"儿童档案 {load_children(world)} 份，排困员线索 {load_leads(world, cast)} 条")
        say(f"定期探访 {load_due_visits(world, cast)} 人")
        say(f"坝坝会提问 {load_meetings(world, cast)} 条，项目拨款 {load_tranches(world)} 批")
        say(f"创投和购买申报 {load_selections(world)} 份，时间银行 {load_time_bank(world)} 户")
        say(f"慈善物资 {load_goods(world)} 份，对账单 {load_payments(world)} 张")
        for back in (60, 30, 0):
            refresh_indicators(actor=SYSTEM, at=now, as_of=world.today - timedelta(days=back))
        refresh_standing(actor=SYSTEM, at=now, on=world.today)


def _approver() -> Actor:
    return Actor(user_id=0, name="区民政局", role_code="social_worker", area_code=DISTRICT)


def _tales(world: World) -> tuple[list, list]:  # type: ignore[type-arg]
    """Return the needs of the past and those of the last hours, each in the order of time."""
    items = {item.code: item for item in Item.objects.filter(edition__number=2)}
    tales = sorted(wishes(world, choose_service_users(world), items), key=lambda t: t.recorded_at)
    limit = world.now - FRESH
    return [t for t in tales if t.recorded_at < limit], [t for t in tales if t.recorded_at >= limit]


def _live_the_past(world: World, cast: Cast, crew: Crew, stories: list[Story], acts: list[Act]) -> int:
    """Live each past day, write the journal in the order of time, and settle at the end of each week."""
    days = plan_days(world, stories)
    total = 0
    for day in sorted(days):
        made = keep_appointments(world, cast, crew, day, days[day])
        acts += journal_appointments(world, cast, made)
        pairs, more = make_visits(world, cast, day, made)
        acts += more
        total += len(pairs)
        for story, visit in pairs:
            if visit.appointment.seat == 1 and visit.state == VisitState.ACCEPTED:
                story.order.visits_done += 1
                story.last_day = day
    _close_orders(world, cast, stories, acts)
    acts.sort(key=lambda act: act.at)
    record_all(acts)
    begin_at_end()
    count_anew()
    for week in range(13, -1, -1):
        _settle(world, world.today - timedelta(weeks=week))
    return total


def _settle(world: World, until: date) -> None:
    """Settle what was accepted up to a day; the batch takes the oldest first."""
    due = Visit.objects.filter(state=VisitState.ACCEPTED, appointment__day__lte=until).count()
    at = min(world.now, world.moment(until, 22 * 60))
    if due:
        settle_all(actor=SYSTEM, at=at, area_code=DISTRICT, limit=due)


def _close_orders(world: World, cast: Cast, stories: list[Story], acts: list[Act]) -> None:
    """Fulfil the orders whose visits are all done, and call their needs met."""
    by_count: dict[int, list[int]] = {}
    by_day: dict[datetime, list[Story]] = {}
    for story in stories:
        by_count.setdefault(story.order.visits_done, []).append(story.order.pk)
        if story.over and story.last_day:
            by_day.setdefault(world.moment(min(story.last_day + timedelta(days=1), world.today), 30), []).append(story)
    _cancel(world, cast, [s for s in stories if s.over and not s.last_day], acts)
    for done, pks in by_count.items():
        Order.objects.filter(pk__in=pks).update(visits_done=done)
    for at, ended in by_day.items():
        met = {"state": NeedState.MET, "met_at": at}
        fulfilled = {"state": OrderState.FULFILLED, "ended_at": at, "leg_due_at": None}
        # What was put off by agreement is not ordered any more.
        Order.objects.filter(pk__in=[s.order.pk for s in ended]).update(visits_ordered=F("visits_done"), **fulfilled)
        Need.objects.filter(pk__in=[s.need.pk for s in ended]).update(**met)
        for story in ended:
            order, need = story.order, story.need
            data = {"from": "accepted", "to": "fulfilled"}
            acts.append(Act("order.fulfil", "order", order.pk, order.area_code, cast.verifier, at, data))
            data = {"from": "in_service", "to": "met"}
            acts.append(Act("need.meet", "need", need.pk, need.area_code, cast.verifier, at, data))


def _cancel(world: World, cast: Cast, stories: list[Story], acts: list[Act]) -> None:
    """Cancel the orders of which nothing came: the family had helped itself, or the person had gone away."""
    reasons = [r for r in read("remarks")["reasons"] if r["kind"] == "cancel_by_user"]
    for story in stories:
        order, need, why = story.order, story.need, world.pick(reasons)["text"]
        at = world.moment(order.starts_on + timedelta(days=1), 9 * 60)
        cancelled = {"state": OrderState.CANCELLED, "ended_at": at, "leg_due_at": None}
        closed = {"state": NeedState.CLOSED, "outcome": why}
        Order.objects.filter(pk=order.pk).update(**cancelled)
        Need.objects.filter(pk=need.pk).update(**closed)
        who, area = cast.community[order.area_code[:9]], order.area_code
        data = {"from": "accepted", "to": "cancelled", "reason": why}
        acts.append(Act("order.cancel", "order", order.pk, area, who, at, data))
        acts.append(Act("need.release", "need", need.pk, area, who, at, {"from": "in_service", "to": "linked"}))
        acts.append(
            Act("need.close", "need", need.pk, area, who, at, {"from": "linked", "to": "closed", "reason": why})
        )
