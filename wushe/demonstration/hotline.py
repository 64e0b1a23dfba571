"""Hotline orders of the last five weeks, lived through the product's own services; every sentence is invented.

Two problems come again and again in one community, so that there is something to take up for the month; some orders
wait, some are disputed, and a few are late under somebody's name.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from wushe.foundation.access.models import User
from wushe.foundation.actor import Actor
from wushe.practice.hotline.deciding import decide_dispute, exclude_order
from wushe.practice.hotline.handling import (
    answer_order,
    ask_extension,
    ask_helper,
    contact_caller,
    dispute_order,
    pause_order,
    record_call,
)
from wushe.practice.hotline.receiving import assign_order, receive_order
from wushe.registers.areas.models import Area, Level

from .history import Cast
from .source import World

CALLS = [
    ("complain", "environment", "3栋楼道堆满纸箱和旧沙发，老人过不去，要求清走。"),
    ("complain", "environment", "垃圾桶三天没人清，天热臭得很。"),
    ("complain", "environment", "楼道里有人养鸡，味道大，早上还叫。"),
    ("complain", "environment", "化粪池满了往外冒，小区门口走不了人。"),
    ("complain", "parking", "电动车停在楼道里充电，怕起火。"),
    ("complain", "parking", "消防通道天天被车占，打了几次电话。"),
    ("suggest", "parking", "建议在7栋旁边的空地划几个电动车位。"),
    ("complain", "noise", "楼下烧烤摊半夜两点还在吵。"),
    ("complain", "noise", "广场舞音响开到晚上十点，老人睡不好。"),
    ("help", "works", "单元门口的路灯坏了半个月，晚上老人看不见。"),
    ("help", "works", "水管往下漏水，楼下天花板都湿了，找不到人修。"),
    ("ask", "elder", "八十岁的高龄津贴怎么申请，要带哪些材料？"),
    ("help", "elder", "老人一个人住，想问社区能不能送午饭。"),
    ("ask", "relief", "临时救助要到哪里办？"),
    ("report", "safety", "一楼门面私接电线，线都烤焦了。"),
    ("complain", "property", "物业收了费不打扫，电梯坏了一周没人修。"),
    ("complain", "neighbour", "隔壁装修从早上六点开始打钻。"),
    ("help", "road", "人行道地砖松动，老人绊倒过一回。"),
    ("ask", "child", "暑假社区有没有托管班？"),
    ("suggest", "other", "建议社区大厅中午也留一个窗口。"),
]
UNITS = ["社区居委会", "物业公司", "综合执法队", "社会事务办", "市政维护组"]
OWNERS = ["周建国", "刘志明", "陈晓兰", "何长贵", "唐小琴"]
STEPS = ["closed"] * 9 + ["answered", "assigned", "assigned", "late", "disputed", "paused", "extending", "received"]
DAYS, MOST, SEED = 35, 80, 12345


def load_hotline(world: World, cast: Cast) -> int:
    """Bring the calls to the communities of the first street; return how many."""
    world = replace(world, dice=random.Random(SEED))  # noqa: S311 — dice of its own: the rest of the district stays as it is
    street = min(cast.community)
    desk = cast.community[street]
    head = User.objects.get(username="jiedao")
    manager = replace(desk, user_id=head.pk, name=head.name, role_code="street_manager")
    codes = list(
        Area.objects.filter(level=Level.COMMUNITY, area_code__startswith=street).order_by("area_code")[:4]
        .values_list("area_code", flat=True)
    )  # fmt: skip
    for serial in range(MOST):
        kind, topic, words = CALLS[0 if serial % 6 == 0 else world.dice.randrange(len(CALLS))]
        code = codes[0] if serial % 3 == 0 else world.dice.choice(codes)
        step = world.dice.choice(STEPS)
        back = {"late": 9, "received": 0, "assigned": 1}.get(step, DAYS - serial * DAYS // MOST)
        at = world.now - timedelta(days=back, hours=world.dice.randint(1, 9))
        order = receive_order(
            actor=desk, at=at, kind=kind, topic=topic, words=words, area_code=code,
            urgency="day" if topic in {"safety", "works"} and step == "closed" else "week",
            number=f"SF{at:%y%m%d}{serial:04d}", place=f"{world.dice.randint(1, 20)}栋",
            caller_name=world.dice.choice(["", "张女士", "李先生", "王大爷", "赵阿姨"]),
            caller_phone=f"139{world.dice.randrange(4):08d}" if serial % 2 else "",
        )  # fmt: skip
        if step != "received":
            chosen = world.dice.randrange(len(UNITS))
            assign_order(
                actor=desk,
                at=at + timedelta(minutes=20),
                order_id=order.pk,
                unit=UNITS[chosen],
                owner_name=OWNERS[chosen],
            )
            _live(world, cast, Desk(desk, manager), order.pk, at + timedelta(minutes=40), step)
    _call_for_an_elder(world, desk, codes[0])
    return MOST + 1


def _call_for_an_elder(world: World, desk: Actor, community: str) -> None:
    """Leave one call about a registered elder in the queue of needs, to be triaged; its words tell of danger."""
    elder = next(one for one in world.elders if one.area_code.startswith(community))
    receive_order(
        actor=desk, at=world.now - timedelta(minutes=25), kind="help", topic="elder", urgency="now", area_code="",
        person_id=elder.pk, caller_name="王女士", caller_phone="13900000001",
        words="我妈一个人住，从早上电话就打不通，敲门也没人应，降压药也吃完了，麻烦赶紧上门看看，再帮忙把药取一下。",
    )  # fmt: skip


class Desk:
    """Who works on an order and who decides about it."""

    def __init__(self, worker: Actor, manager: Actor) -> None:
        self.worker, self.manager = worker, manager


def _live(world: World, cast: Cast, desk: Desk, order_id: int, at: datetime, step: str) -> None:
    """Take an order to the step at which it is found today."""
    if step in {"assigned", "late"} and world.dice.random() < 0.5:
        return
    if step == "disputed":
        dispute_order(actor=desk.worker, at=at, order_id=order_id, reason="不在本单位职责范围，应由属地社区办理。")
        if world.dice.random() < 0.5:
            decide_dispute(
                actor=desk.manager, at=at, order_id=order_id, agreed=False, decision="按属地原则由你单位牵头。"
            )
        return
    contacted = at + timedelta(hours=world.dice.choice([1, 2, 5, 5, 9, 30]))
    contact_caller(actor=desk.worker, at=contacted, order_id=order_id, note="电话里问清了位置和要求。")
    if step == "extending":
        until = contacted + timedelta(days=20)
        ask_extension(actor=desk.worker, at=contacted, order_id=order_id, reason="配件要从外地调。", until=until)
    if step == "paused":
        pause_order(actor=desk.worker, at=contacted, order_id=order_id, rule="caller", note="等诉求人补房产材料。")
    if world.dice.random() < 0.3 and step in {"closed", "answered"}:
        ask_helper(actor=desk.worker, at=contacted, order_id=order_id, unit="综合执法队", task="现场一起处理")
    if step in {"closed", "answered"}:
        done = contacted + timedelta(hours=world.dice.randint(3, 90))
        answer_order(actor=desk.worker, at=min(done, world.now), order_id=order_id, answer="已到现场处理，请您验看。")
    if step == "closed":
        _call_back(world, cast, desk, order_id)


def _call_back(world: World, cast: Cast, desk: Desk, order_id: int) -> None:
    chance = world.dice.random()
    reached, solved = chance > 0.08, chance > 0.25
    words = "satisfied" if chance > 0.4 else "basically" if solved else "dissatisfied"
    record_call(
        actor=cast.verifier, at=world.now, order_id=order_id, reached=reached, solved=solved, satisfaction=words
    )  # fmt: skip
    if not solved and reached and world.dice.random() < 0.3:
        exclude_order(
            actor=desk.manager, at=world.now, order_id=order_id, exclusion="in_court", note="双方已经起诉，等判决。"
        )
