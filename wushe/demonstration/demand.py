"""What people of the demonstration ask for: who, which service, in which rhythm, said in which words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from wushe.registers.catalogue.models import Item
from wushe.registers.people.models import Person

from .source import HISTORY_DAYS, World, read

# Visits a week for each group of demand; below one: a few visits, a week apart.
RHYTHM = {"home_meal": 2, "home_care": 2, "home_bath": 0.5, "medical": 0.25, "visit": 1, "clean": 0.5, "errand": 0.5,
          "social": 0.25, "child": 1, "disabled": 1, "others": 0.25}  # fmt: skip
EVENING, EVENING_HOUR = {"H101-02"}, 17  # washed and in a warm bed before the carers' day ends
SCENE = {"C": "orphan_and_hardship_children", "S2-03": "mediation", "R": "hardship", "H": "old_and_young"}


@dataclass
class Wish:
    """One need of the history before it becomes rows."""

    person: Person
    item: Item
    words: str
    channel: str
    urgency: str
    recorded_at: datetime
    weekdays: str
    visits: int
    window_start: int
    window_end: int


@cache
def _sayings() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in read("utterances")["utterances"]:
        found.setdefault(row["item"], []).append(row)
    return found


def choose_service_users(world: World) -> list[Person]:
    """Return the people with needs, so many of each community as the source says: the frail and the poor first."""
    tags, ages = world.people["tags"], world.people["age"]
    by_community: dict[str, list[Person]] = {}
    for person in world.people["all"]:
        by_community.setdefault(person.area_code[:12], []).append(person)
    chosen = []
    for unit in read("district")["units"]:
        people = by_community[unit["code"]]
        people.sort(
            key=lambda p: (
                -(3 * len(tags[p.pk]) + (ages[p.pk] >= 75) * 4 + (ages[p.pk] >= 60) * 4 + world.dice.random() * 6)
            )
        )
        chosen += people[: unit["service_users"]]
    return chosen


def wishes(world: World, users: list[Person], items: dict[str, Item]) -> Iterator[Wish]:
    """Yield one or two needs of each user over the days of history."""
    for person in users:
        for _ in range(1 if world.chance(780) else 2):
            wish = _wish(world, person, items)
            if wish is not None:
                yield wish


def _wish(world: World, person: Person, items: dict[str, Item]) -> Wish | None:
    group = world.pick(_groups_for(world, person))
    codes = [code for code in group["items"] if code in items and items[code].minutes > 0]
    if not codes:
        return None
    item = items[world.dice.choice(codes)]
    rhythm = RHYTHM[group["group"]]
    day = _recorded_day(world, rhythm)
    minute = world.dice.randint(8 * 60, 18 * 60)
    drawn = world.dice.choices(range(24), group["hour"])[0]
    hour = EVENING_HOUR if item.code in EVENING else drawn
    weekdays = _weekdays(world, group["weekday"], rhythm)
    visits = round(rhythm * world.dice.randint(6, 16)) if rhythm >= 1 else world.dice.choice([1, 1, 2, 4])
    channel = world.pick(read("distributions")["contact_by"])["channel"]
    return Wish(
        person=person, item=item, words=_words(world, item), channel=channel,
        urgency=world.pick(read("distributions")["urgency"])["level"],
        recorded_at=min(world.moment(day, minute), world.now - timedelta(minutes=5)), weekdays=weekdays,
        visits=visits, window_start=hour * 60, window_end=min(hour * 60 + 90 + item.minutes, 21 * 60),
    )  # fmt: skip


def _groups_for(world: World, person: Person) -> list[dict[str, Any]]:
    age, tags = world.people["age"][person.pk], world.people["tags"][person.pk]
    groups = read("distributions")["demand"]
    if age < 18:
        return [g for g in groups if g["group"] == "child"]
    if age < 60:
        names = {"social", "others", "errand"} | ({"disabled"} if "disabled_severe" in tags else set())
        return [g for g in groups if g["group"] in names]
    return [g for g in groups if g["group"] not in ("child", "disabled")]


def _recorded_day(world: World, rhythm: float) -> date:
    """Return when the need was recorded: standing services began early in the history, single ones at any time."""
    longest = HISTORY_DAYS - 1
    back = (
        world.dice.randint(longest // 2, longest)
        if rhythm >= 1 and world.chance(700)
        else world.dice.randint(0, longest)
    )
    return world.today - timedelta(days=back)


def _weekdays(world: World, weights: list[int], rhythm: float) -> str:
    if rhythm < 1:
        return ""
    days: set[int] = set()
    while len(days) < round(rhythm):
        days.add(world.dice.choices(range(1, 8), weights)[0])
    return "".join(str(day) for day in sorted(days))


def _words(world: World, item: Item) -> str:
    said = _sayings().get(item.code)
    return str(world.dice.choice(said)["text"]) if said else f"需要{item.name}：{item.plain}"


def scene_of(code: str) -> str:
    """Return the scene 应用场景 of a service."""
    return next((scene for start, scene in SCENE.items() if code.startswith(start)), "estate_governance")
