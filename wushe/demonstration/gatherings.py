"""Where residents of the demonstration meet: courses, clubs, lectures and campaigns, with rolls and opinions."""

import random
from collections.abc import Sequence
from datetime import timedelta

from wushe.lines.volunteering.models import Activity, Attendee, Presence, Shift
from wushe.registers.areas.selectors import area_at
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.people.models import Person

from .source import World

WHERE, MOST, LENGTH = 8, 16, 90
"""In so many communities; with at most so many residents; minutes of a session."""
_OFFERS = [
    (
        "老年大学书法班",
        "course",
        "楷书入门，笔墨纸由社区准备",
        20,
        540,
        ["横和竖", "撇和捺", "结构", "写春联"],
        "王老师",
    ),
    ("夕阳红歌舞队", "club", "每周排练，重阳节、春节上台", 30, 1140, [""] * 4, ""),
    (
        "法律问题进社区",
        "lecture",
        "听完可以单独问律师",
        50,
        870,
        ["立遗嘱", "赡养", "防养老诈骗", "物业纠纷"],
        "周律师",
    ),
    ("社工宣传周", "campaign", "摆摊讲社工能帮什么忙，现场登记需求", 80, 540, [""] * 4, ""),
]


def load_gatherings(world: World, dice: random.Random, places: Sequence[str]) -> None:
    """Let residents of the first of these communities take part: two sessions gone, two to come."""
    seen: list[Presence] = []
    for number, code in enumerate(places[:WHERE]):
        one, topics, speaker = _activity(world, code, number)
        here = _people(dice, one)
        for gap, topic in zip((-15, -8, 6, 13), topics, strict=True):
            start = _OFFERS[number % len(_OFFERS)][4]
            shift = Shift(
                activity=one, area_code=code, day=world.today + timedelta(days=gap), start=start, end=start + LENGTH,
                capacity=0, topic=topic, speaker=speaker,
            )  # fmt: skip
            if gap < 0:
                shift.walk_ins, shift.attended_at = dice.randint(0, 12), world.moment(shift.day, shift.end)
            shift.save()
            came = [row for row in here if gap < 0 and dice.random() < 0.8]
            seen += [Presence(shift=shift, attendee=row, noted_at=shift.attended_at, noted_by=0) for row in came]
    Presence.objects.bulk_create(seen, batch_size=500)
    said = [row for row in {one.attendee_id: one.attendee for one in seen}.values() if dice.random() < 0.5]
    for row in said:
        row.score = dice.choice([5, 5, 4, 4, 3])
    Attendee.objects.bulk_update(said, ["score"], batch_size=500)


def _activity(world: World, code: str, number: int) -> tuple[Activity, list[str], str]:
    title, kind, words, seats, _, topics, speaker = _OFFERS[number % len(_OFFERS)]
    area = area_at(code=code, on=world.today)
    here = area.name if area else "社区"
    one = Activity.objects.create(
        title=title, kind=kind, words=words, for_whom="本社区居民", area_code=code, place=f"{here}活动室", state="open",
        in_charge="陈社工", seats=seats, budget_fen=60_000, initials=initials_of_title(title), demonstration=True,
        opened_at=world.moment(world.today - timedelta(days=30), 540),
    )  # fmt: skip
    return one, topics, speaker


def _people(dice: random.Random, one: Activity) -> list[Attendee]:
    near = Person.objects.filter(community_code=one.area_code[:12], died_on=None, moved_out_on=None).order_by("pk")
    chosen = list(near[:60])
    chosen = dice.sample(chosen, min(len(chosen), one.seats, MOST))
    rows = [
        Attendee(
            activity=one, person=person, state="enrolled", turn=turn, enrolled_at=one.opened_at, by_desk=turn % 2 == 0
        )
        for turn, person in enumerate(chosen, start=1)
    ]
    Attendee.objects.bulk_create(rows)
    Activity.objects.filter(pk=one.pk).update(enrolled=len(rows), turns=len(rows))
    return rows
