"""Ninety days of history: orders taken, visits made, missed, late or doubtful, and what people said of them.

The rows are written in bulk, but under the same rules: every row satisfies the constraints of the database, every
move stands in the journal in the order of time, and what was settled went through the ledger's own services.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from math import cos, hypot, radians
from typing import Any

from django.utils import timezone

from wushe.chain.dispatch.appointments import visit_days
from wushe.chain.dispatch.models import Appointment, AppointmentState
from wushe.chain.needs.models import Need, NeedState
from wushe.chain.orders.models import Answer, Offer, Order, OrderState
from wushe.chain.projects.models import BudgetLine
from wushe.chain.resources.models import Linkage
from wushe.foundation.actor import Actor
from wushe.foundation.journal.services import Act
from wushe.registers.catalogue.models import Item
from wushe.registers.organisations.models import Organisation
from wushe.registers.workforce.models import Worker

from .demand import Wish, scene_of
from .source import World, read

KM = 111.32


@dataclass
class Story:
    """One order of the history with everything that became of it."""

    wish: Wish
    need: Need
    linkage: Linkage
    order: Order
    offers: list[Offer]
    regular: Worker | None = None
    over: bool = False
    last_day: date | None = None
    appointments: list[Appointment] = field(default_factory=list)


@dataclass
class Cast:
    """The people who act in the history."""

    community: dict[str, Actor]
    dispatcher: Actor
    organisation: dict[int, Actor]
    verifier: Actor


def tell_stories(world: World, cast: Cast, crew: "Crew", tales: list[Wish], acts: list[Act]) -> list[Story]:
    """Turn wishes into needs, linkages, orders and offers, and insert them; the journal's acts are collected.

    A wish for which nobody at the place has the skill is left out: such needs stand among today's open work.
    """
    told = (_story(world, cast, crew, wish) for wish in tales)
    stories = [story for story in told if story is not None]
    Need.objects.bulk_create([s.need for s in stories], batch_size=400)
    for story in stories:
        story.linkage.need = story.order.need = story.need
    Linkage.objects.bulk_create([s.linkage for s in stories], batch_size=400)
    Order.objects.bulk_create([s.order for s in stories], batch_size=400)
    for story in stories:
        for offer in story.offers:
            offer.order = story.order
    Offer.objects.bulk_create([o for s in stories for o in s.offers], batch_size=400)
    for story in stories:
        _journal_start(cast, story, acts)
    return stories


def takers(world: World, code: str, area_code: str) -> list[Organisation]:
    """Return the organisations that carry this service at this place, nearest kind first."""
    everyone = [*world.organisations.values(), *world.stations.values()]
    return [
        o
        for o in everyone
        if o.takes_orders
        and any(code.startswith(s) for s in o.services)
        and any(area_code.startswith(prefix) for prefix in o.serves)
    ]


def _story(world: World, cast: Cast, crew: "Crew", wish: Wish) -> Story | None:
    area, item = wish.person.area_code, wish.item
    candidates = [o for o in takers(world, item.code, area) if crew.days(o.pk, item)]
    if not candidates:
        return None
    taker = world.dice.choices(candidates, [len(crew.able(o.pk, item)) for o in candidates])[0]
    recorded = wish.recorded_at
    triaged = recorded + timedelta(minutes=world.dice.randint(8, 380))
    linked = triaged + timedelta(minutes=world.dice.randint(10, 600))
    placed = linked + timedelta(minutes=world.dice.randint(5, 200))
    sent = placed + timedelta(minutes=world.dice.randint(3, 50))
    accepted = sent + timedelta(minutes=world.dice.randint(4, 110))
    officer = cast.community[area[:9]].user_id
    days = crew.days(taker.pk, item)
    regular = world.dice.choice([w for w in crew.able(taker.pk, item) if set(w.weekdays) & set(days)])
    days = "".join(day for day in days if day in regular.weekdays)
    weekdays, starts_on, window = _agreed(world, wish, regular, days, placed)
    line = _line(world, item.code, area)
    need = Need(
        area_code=area, person=wish.person, channel=wish.channel, words=wish.words, scene=scene_of(item.code),
        recorded_at=recorded, recorded_by=officer, state=NeedState.IN_SERVICE, item=item, urgency=wish.urgency,
        responsible_party=item.responsible_party, triaged_at=triaged, due_at=triaged + timedelta(days=7),
    )  # fmt: skip
    linkage = Linkage(
        area_code=area, need=need, society=society_of(item.performers), organisation=taker, budget_line=line,
        project=line.project if line else None, reason="就近承接，项目资金可用" if line else "先由机构服务，资金另行落实",
        linked_at=linked, linked_by=officer,
    )  # fmt: skip
    order = Order(
        area_code=area, need=need, person=wish.person, item=item, budget_line=line, organisation=taker,
        state=OrderState.ACCEPTED, visits_ordered=wish.visits, weekdays=weekdays,
        starts_on=starts_on, window_start=window[0], window_end=window[1], minutes=item.minutes,
        price_fen=item.price_fen, two_people=item.two_people, urgency=wish.urgency, placed_at=placed, accepted_at=accepted,
    )  # fmt: skip
    return Story(wish, need, linkage, order, _offers(world, order, taker, candidates, sent, accepted), regular)


def _agreed(
    world: World, wish: Wish, regular: Worker, days: str, placed: datetime
) -> tuple[str, date, tuple[int, int]]:
    """Return weekdays, first day and window as they were agreed with the regular worker on the telephone."""
    weekdays = "".join(day for day in wish.weekdays if day in days)
    if wish.weekdays and not weekdays:
        weekdays = "".join(sorted(world.dice.sample(days, min(len(wish.weekdays), len(days)))))
    starts_on = placed.date() + timedelta(days=1)
    while str(starts_on.isoweekday()) not in (weekdays or days):
        starts_on += timedelta(days=1)
    latest = regular.shift_end - wish.item.minutes - 30
    begin = min(max(wish.window_start, regular.shift_start), max(regular.shift_start, latest))
    return weekdays, starts_on, (begin, min(begin + 120, 24 * 60))


def _line(world: World, code: str, area: str) -> BudgetLine | None:
    """Return the budget line that pays for this service here; a few services were promised without money."""
    own: list[BudgetLine] = [line for line, items in world.budget_lines.get(area[:12], []) if code in items]
    if own and world.chance(500):
        return world.dice.choice(own)
    common: BudgetLine = world.budget_lines[area[:9]][0][0]
    return None if world.chance(25) else common


def society_of(performers: list[str]) -> str:
    """Return which of the five societies meets a need, after who may deliver the service."""
    first = performers[0] if performers else "organisation"
    return {"social_worker": "social_worker", "volunteer": "volunteer", "neighbour": "volunteer"}.get(
        first, "organisation"
    )


def _offers(
    world: World, order: Order, taker: Organisation, candidates: list[Organisation], sent: datetime, accepted: datetime
) -> list[Offer]:
    offers = []
    others = [o for o in candidates if o is not taker]
    for other in world.dice.sample(others, min(len(others), world.dice.choice([0, 1, 1, 2]))):
        refused = world.chance(read("distributions")["irregularities_permille"]["order_refused"] * 3)
        reasons = [r for r in read("remarks")["reasons"] if r["kind"] == "refuse"]
        offers.append(
            Offer(
                order=order,
                organisation=other,
                round=1,
                sent_at=sent,
                due_at=sent + timedelta(hours=2),
                answered_at=accepted,
                answer=Answer.REFUSED if refused else Answer.LOST,
                reason=world.pick(reasons)["text"] if refused else "",
            )
        )
    offers.append(
        Offer(
            order=order,
            organisation=taker,
            round=1,
            sent_at=sent,
            due_at=sent + timedelta(hours=2),
            answer=Answer.ACCEPTED,
            answered_at=accepted,
        )
    )
    return offers


def _journal_start(cast: Cast, story: Story, acts: list[Act]) -> None:
    need, link, order = story.need, story.linkage, story.order
    area = need.area_code
    officer = cast.community[area[:9]]
    assert need.triaged_at and order.accepted_at and order.organisation_id
    manager = cast.organisation.get(order.organisation_id, cast.dispatcher)
    sent = story.offers[-1].sent_at
    acts += [
        Act("need.record", "need", need.pk, area, officer, need.recorded_at,
            {"to": "recorded", "channel": need.channel, "person": need.person_id}),
        Act("need.triage", "need", need.pk, area, officer, need.triaged_at,
            {"from": "recorded", "to": "triaged", "item": order.item.code, "urgency": need.urgency,
             "party": need.responsible_party}),
        Act("linkage.link", "linkage", link.pk, area, officer, link.linked_at,
            {"society": link.society, "organisation": link.organisation_id, "line": link.budget_line_id,
             "resource": link.resource_id, "reason": link.reason}),
        Act("need.link", "need", need.pk, area, officer, link.linked_at, {"from": "triaged", "to": "linked"}),
        Act("order.place", "order", order.pk, area, officer, order.placed_at,
            {"to": "placed", "need": need.pk, "visits": order.visits_ordered}),
        Act("need.serve", "need", need.pk, area, officer, order.placed_at, {"from": "linked", "to": "in_service"}),
        Act("order.send", "order", order.pk, area, cast.dispatcher, sent,
            {"from": "placed", "to": "sent", "round": 1, "organisations": [one.organisation_id for one in story.offers]}),
        *_refusals(cast, story),
        Act("order.accept", "order", order.pk, area, manager, order.accepted_at,
            {"from": "sent", "to": "accepted", "organisation": order.organisation_id}),
    ]  # fmt: skip


def _refusals(cast: Cast, story: Story) -> list[Act]:
    """Return the refusals that came before the order was taken."""
    order = story.order
    return [
        Act("offer.refuse", "order", order.pk, order.area_code, cast.organisation.get(one.organisation_id, cast.dispatcher),
            one.answered_at, {"organisation": one.organisation_id})
        for one in story.offers
        if one.answer == Answer.REFUSED and one.answered_at
    ]  # fmt: skip


def plan_days(world: World, stories: list[Story]) -> dict[date, list[tuple[Story, int]]]:
    """Return for each past day the orders that had a visit on it, with the visit's number."""
    days: dict[date, list[tuple[Story, int]]] = defaultdict(list)
    for story in stories:
        assert story.order.accepted_at is not None
        earliest = timezone.localdate(story.order.accepted_at) + timedelta(days=1)
        begin = visit_days(order=story.order, after=None, earliest=earliest)
        due = list(islice(begin, story.order.visits_ordered))
        for number, day in enumerate(due, start=1):
            if day < world.today:
                days[day].append((story, number))
        story.over = due[-1] < world.today
    return days


class Crew:
    """Who can go where on a past day: a simple roster by hand, as it was before the engine."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.skills: dict[int, set[str]] = {
            w.pk: {s.skill.code for s in w.skills.select_related("skill")} for w in world.workers
        }
        self.by_employer: dict[int, list[Worker]] = defaultdict(list)
        for worker in world.workers:
            self.by_employer[worker.organisation_id or 0].append(worker)
        self.busy: dict[int, list[tuple[int, int]]] = {}
        self.known: dict[tuple[int, int], list[Worker]] = {}

    def new_day(self) -> None:
        """Forget yesterday's times."""
        self.busy = defaultdict(list)

    def able(self, organisation_id: int, item: Item) -> list[Worker]:
        """Return the workers of an organisation who may deliver a service."""
        key = (organisation_id, item.pk)
        if key not in self.known:
            self.known[key] = [
                w
                for w in self.by_employer[organisation_id]
                if w.kind in item.performers and set(item.skills) <= self.skills[w.pk]
            ]
        return self.known[key]

    def days(self, organisation_id: int, item: Item) -> str:
        """Return the weekdays on which enough of them are on duty for the service."""
        able = self.able(organisation_id, item)
        return "".join(
            day for day in "1234567" if sum(day in w.weekdays for w in able) >= (2 if item.two_people else 1)
        )

    def assign(self, story: Story, day: date, taken: Worker | None = None) -> tuple[Worker, int] | None:
        """Return a worker and a start, the regular one and within the window if it can be; None if nobody can go."""
        order = story.order
        on_duty = [
            w for w in self.able(order.organisation_id or 0, story.wish.item) if str(day.isoweekday()) in w.weekdays and w is not taken
        ]  # fmt: skip
        self.world.dice.shuffle(on_duty)
        on_duty.sort(key=lambda w: w is not story.regular)
        for first, last in ((order.window_start, order.window_end), (order.window_start, order.window_end + 150)):
            for worker in on_duty:
                for start in range(max(first, worker.shift_start), min(last, worker.shift_end - order.minutes) + 1, 15):
                    if self._free(worker, start, order.minutes + 15):
                        self.busy[worker.pk].append((start, start + order.minutes + 15))
                        return worker, start
        return None

    def _free(self, worker: Worker, start: int, minutes: int) -> bool:
        return all(start + minutes <= begin or start >= end for begin, end in self.busy[worker.pk])


def distance(a_lon: float, a_lat: float, b_lon: float, b_lat: float) -> int:
    """Return metres between two near points."""
    return round(1000 * hypot((a_lon - b_lon) * KM * cos(radians(a_lat)), (a_lat - b_lat) * KM))


def keep_appointments(
    world: World, cast: Cast, crew: Crew, day: date, due: list[tuple[Story, int]]
) -> list[tuple[Story, Appointment]]:
    """Make the appointments of one past day: kept by someone, or missed because nobody could go."""
    crew.new_day()
    made = []
    for story, number in sorted(due, key=lambda pair: pair[0].order.window_start):
        seats: list[Appointment] = []
        for seat in (1, 2) if story.order.two_people else (1,):
            found = crew.assign(story, day, taken=seats[0].worker if seats else None)
            if found is None and not world.chance(60):
                break  # put off by agreement; only some were simply forgotten
            missed = found is None or world.chance(read("distributions")["irregularities_permille"]["visit_no_show"])
            appointment = Appointment(
                area_code=story.order.area_code, order=story.order, number=number, seat=seat, day=day,
                window_start=story.order.window_start, window_end=story.order.window_end, minutes=story.order.minutes,
                state=AppointmentState.MISSED if missed else AppointmentState.KEPT, worker=found[0] if found else None,
                planned_start=found[1] if found else None,
            )  # fmt: skip
            seats.append(appointment)
        if len(seats) == (2 if story.order.two_people else 1):
            made += [(story, seat) for seat in seats]
    Appointment.objects.bulk_create([appointment for _, appointment in made], batch_size=400)
    return made


def journal_appointments(world: World, cast: Cast, made: list[tuple[Story, Appointment]]) -> list[Act]:
    """Return the acts of one day's appointments: opened the day before, set by the dispatcher, kept or missed."""
    acts = []
    for story, one in made:
        opened, planned = world.moment(one.day - timedelta(days=1), 17 * 60), world.moment(one.day, 7 * 60 + 20)
        area = one.area_code
        acts.append(
            Act(
                "appointment.open",
                "appointment",
                one.pk,
                area,
                cast.dispatcher,
                opened,
                {"order": story.order.pk, "day": str(one.day)},
            )
        )
        if one.worker_id:
            data: dict[str, Any] = {
                "from": "open", "to": "confirmed", "worker": one.worker_id, "start": one.planned_start,
                "worker_before": None, "start_before": None,
            }  # fmt: skip
            acts.append(Act("appointment.confirm", "appointment", one.pk, area, cast.dispatcher, planned, data))
        if one.state == AppointmentState.MISSED:
            was = "confirmed" if one.worker_id else "open"
            late = world.moment(one.day, 20 * 60)
            acts.append(
                Act(
                    "appointment.miss",
                    "appointment",
                    one.pk,
                    area,
                    cast.dispatcher,
                    late,
                    {"from": was, "to": "missed", "day": str(one.day)},
                )
            )
    return acts
