"""Volunteering of the demonstration: activities with shifts gone and to come, a waiting list, hours of every origin."""

import random
from datetime import date, timedelta

from django.utils.timezone import localtime

from wushe.foundation.access.models import Grant
from wushe.foundation.actor import SYSTEM
from wushe.lines.volunteering.models import Activity, HourRecord, Message, Shift, SignUp
from wushe.lines.volunteering.near_home import centre_of
from wushe.lines.volunteering.starring import award_stars
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.volunteers.models import Team, Volunteer
from wushe.registers.workforce.models import Worker

from .gatherings import load_gatherings
from .registers import own_dice
from .source import World

WHERE = 26
"""In so many communities something is offered."""
_OFFERS = [
    ("助餐点送餐", "activity", "给不方便出门的老人送午饭，两人一组", "独居、高龄老人", 660, 750, 4, ""),
    ("老年食堂帮厨", "standing", "择菜、分餐、收碗，食堂有人带", "就餐老人", 600, 720, 3, ""),
    ("周六陪聊", "project", "陪独居老人说说话，顺便看看家里缺什么", "独居老人", 540, 660, 6, ""),
    ("手机课小老师", "course", "手把手教老人用微信、打车、挂号", "社区老人", 870, 960, 5, ""),
    ("四点半课堂", "project", "放学后看护孩子写作业", "双职工家庭的孩子", 990, 1080, 3, ""),
    ("楼道清洁日", "campaign", "清理楼道堆物，擦扶手", "本小区居民", 540, 630, 12, ""),
    ("重阳节包饺子", "activity", "和老人一起包饺子、拍合影", "社区老人", 540, 690, 15, "double_ninth"),
    ("防骗讲座秩序员", "lecture", "签到、倒水、帮老人找座位", "社区老人", 870, 960, 4, ""),
]
_ORIGINS = ["qr", "qr", "qr", "qr", "place", "place", "roll"]


def load_volunteering(world: World) -> int:
    """Insert activities, shifts, sign-ups and hours; return how many activities there are."""
    dice = own_dice(world, "volunteering")
    near: dict[str, list[Volunteer]] = {}
    for one in world.volunteers:
        near.setdefault(one.area_code[:12], []).append(one)
    places = sorted(near, key=lambda code: (-len(near[code]), code))[: WHERE - 1]
    own = _own()
    if own is not None and own.area_code[:12] not in places:
        places.append(own.area_code[:12])
        near.setdefault(own.area_code[:12], [own])
    activities = [_activity(world, dice, code, number) for number, code in enumerate(sorted(places))]
    Activity.objects.bulk_create(activities)
    shifts = [shift for activity in activities for shift in _shifts(world, dice, activity)]
    Shift.objects.bulk_create(shifts)
    rows = [row for shift in shifts for row in _people(world, dice, shift, near[shift.area_code[:12]])]
    SignUp.objects.bulk_create(rows, batch_size=500)
    HourRecord.objects.bulk_create([_hours(world, dice, row) for row in rows if row.state == "served"], batch_size=500)
    load_gatherings(world, dice, sorted(places))
    _bring_in(world, [row for row in world.volunteers if row.area_code.startswith(places[0])][:6])
    if own is not None:
        _own_day(world, own, activities)
    award_stars(actor=SYSTEM, at=world.now, year=world.today.year - 1, on=date(world.today.year, 1, 5))
    return len(activities)


def _bring_in(world: World, volunteers: list[Volunteer]) -> None:
    """Bring in hours of last year that another system kept; half of the volunteers' wait for a second person."""
    for number, one in enumerate(volunteers):
        start = world.moment(world.today - timedelta(days=200 + number), 540)
        HourRecord.objects.create(
            volunteer=one, area_code=one.area_code, title="图书馆值班", day=start.date(), state="held" if number % 2 else "counted",
            origin="imported", started_at=start, ended_at=start + timedelta(minutes=150), minutes=150, recorded_by=0,
            system="志愿四川（演示）", foreign_number=f"demo-{number}", note="由志愿四川（演示）导入",
        )  # fmt: skip


def _own() -> Volunteer | None:
    """Return the volunteer who has a log-in."""
    grant = Grant.objects.filter(user__username="zhiyuan").first()
    person = Worker.objects.filter(pk=grant.holder_id).values_list("person_id", flat=True).first() if grant else None
    return Volunteer.objects.filter(person_id=person).first()


def _activity(world: World, dice: random.Random, code: str, number: int) -> Activity:
    title, kind, words, whom, start, end, places, season = _OFFERS[number % len(_OFFERS)]
    longitude, latitude = centre_of(code)
    closed = number % 9 == 8
    team = Team.objects.filter(area_code__startswith=code, ended_on=None).order_by("pk").first()
    row = Activity(
        title=title, kind=kind, words=words, for_whom=whom, area_code=code, place="社区党群服务中心门口", team=team,
        state="closed" if closed else "open", in_charge=dice.choice(["陈社工", "李主任", "王站长", "何大姐"]), season=season,
        minimum_age=18 if kind == "standing" else 16, budget_fen=dice.choice([0, 30_000, 80_000, 150_000]),
        longitude=longitude and longitude + dice.uniform(-0.004, 0.004), latitude=latitude and latitude + dice.uniform(-0.004, 0.004),
        initials=initials_of_title(title), opened_at=world.moment(world.today - timedelta(days=40), 540), demonstration=True,
    )  # fmt: skip
    if closed:
        row.report, row.spent_fen = (
            "三周共送餐一百多份，老人反映饭菜热、来得准时；下次提前备好保温箱。",
            row.budget_fen // 2,
        )
        row.ended_at = world.moment(world.today - timedelta(days=2), 1020)
    row.span = (start, end, places)  # type: ignore[attr-defined]
    return row


def _shifts(world: World, dice: random.Random, activity: Activity) -> list[Shift]:
    start, end, places = activity.span  # type: ignore[attr-defined]
    ahead = [] if activity.state == "closed" else [1, dice.choice([2, 3]), 4, 8, 11]
    days = [world.today + timedelta(days=gap) for gap in (-24, -17, -10, -3, *ahead)]
    return [
        Shift(activity=activity, area_code=activity.area_code, day=day, start=start, end=end, capacity=places)
        for day in days
    ]


def _people(world: World, dice: random.Random, shift: Shift, near: list[Volunteer]) -> list[SignUp]:
    gone = shift.day < world.today
    wanted = shift.capacity + 3 if shift.activity.kind == "course" and not gone else dice.randint(1, shift.capacity)
    chosen = dice.sample(near, min(len(near), wanted))
    rows = []
    for turn, one in enumerate(chosen, start=1):
        state = "taken" if turn <= shift.capacity else "queued"
        if gone:
            state = "absent" if dice.random() < 0.06 else "served"
        signed = world.moment(min(shift.day, world.today) - timedelta(days=2), dice.randint(480, 1260))
        row = SignUp(shift=shift, volunteer=one, state=state, turn=turn, signed_at=signed)
        if state == "served" and dice.random() < 0.5:
            row.score, row.praise = dice.choice([5, 5, 5, 4, 4, 3]), dice.choice([5, 5, 4])
        rows.append(row)
    shift.turns, shift.taken = len(rows), sum(row.state != "queued" for row in rows)
    Shift.objects.filter(pk=shift.pk).update(turns=shift.turns, taken=shift.taken)
    return rows


def _hours(world: World, dice: random.Random, row: SignUp) -> HourRecord:
    shift = row.shift
    first, last = shift.start + dice.choice([0, 0, 0, 4, 11]), shift.end - dice.choice([0, 0, 0, 5, 20])
    odd = dice.random() < 0.04
    return HourRecord(
        volunteer=row.volunteer, sign_up=row, area_code=shift.area_code, title=shift.activity.title, day=shift.day,
        state="held" if odd else "counted", oddities=dice.choice(["no_sign_out", "far", "device"]) if odd else "",
        origin=dice.choice(_ORIGINS), started_at=world.moment(shift.day, first), ended_at=world.moment(shift.day, last),
        minutes=last - first, sampled=dice.random() < 0.05, recorded_by=0,
    )  # fmt: skip


def _own_day(world: World, own: Volunteer, activities: list[Activity]) -> None:
    """Give the volunteer with a log-in a shift that runs now, one tomorrow with a reminder, and hours of last week."""
    here = [one for one in activities if one.area_code[:12] == own.area_code[:12] and one.state == "open"]
    activity = (here or [one for one in activities if one.state == "open"])[0]
    clock = localtime(world.now)
    start = min(clock.hour * 60, 21 * 60)
    now = Shift.objects.create(
        activity=activity, area_code=activity.area_code, day=world.today, start=start, end=start + 150, capacity=6, taken=1,
        turns=1,
    )  # fmt: skip
    past, coming = world.today - timedelta(days=6), world.today + timedelta(days=1)
    SignUp.objects.create(shift=now, volunteer=own, turn=1, signed_at=world.now - timedelta(days=1))
    last = Shift.objects.create(
        activity=activity, area_code=activity.area_code, day=past, start=870, end=990, capacity=6, taken=1, turns=1
    )
    done = SignUp.objects.create(
        shift=last, volunteer=own, turn=1, state="served", signed_at=world.moment(past - timedelta(days=2), 600)
    )
    _count(world, own, done, past)
    next_one = Shift.objects.create(
        activity=activity, area_code=activity.area_code, day=coming, start=1110, end=1200, capacity=6, taken=1, turns=1
    )
    SignUp.objects.create(shift=next_one, volunteer=own, turn=1, signed_at=world.now - timedelta(days=1))
    words = f"{coming.month}月{coming.day}日 18:30 {activity.place}"
    Message.objects.create(volunteer=own, kind="reminder", shift=next_one, words=words, sent_at=world.now)


def _count(world: World, own: Volunteer, done: SignUp, day: date) -> None:
    HourRecord.objects.create(
        volunteer=own, sign_up=done, area_code=done.shift.area_code, title=done.shift.activity.title, day=day,
        state="counted", origin="qr", started_at=world.moment(day, 870), ended_at=world.moment(day, 990), minutes=120,
        recorded_by=0,
    )  # fmt: skip
