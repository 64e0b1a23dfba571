"""Units and people registered with the communities of the first street; names of units and people are invented."""

import random
from dataclasses import replace
from datetime import timedelta

from wushe.governance.check_in.models import CheckIn, Standing
from wushe.governance.check_in.services import check_in_member, check_in_unit, confirm_check_in
from wushe.governance.check_in.undertaking import open_wishes, undertake_wish
from wushe.registers.volunteers.models import Volunteer

from .history import Cast
from .source import World

SEED, DAYS, MOST_PEOPLE = 1357, 80, 24
UNITS = [
    ("演示区图书馆", "机关第一支部", 14, "周末绘本课，借会议室"), ("演示供电所", "运维支部", 22, "查线路，换灯泡"),
    ("演示税务所", "税源支部", 18, "讲政策，帮老人用手机"), ("演示中心卫生院", "医技支部", 31, "义诊，送药上门"),
    ("演示第三小学", "教师支部", 26, "四点半课堂"), ("演示司法所", "司法支部", 7, "法律问题进社区讲堂"),
    ("演示公交公司", "车队支部", 40, "陪老人出行"), ("演示农商银行支行", "营业支部", 12, "防骗讲座"),
]  # fmt: skip


def load_check_ins(world: World, cast: Cast) -> int:
    """Register units and people over a quarter; most are confirmed, some have claimed a wish, a few wait. Return how many."""
    dice = random.Random(SEED)  # noqa: S311 — dice of its own: the rest of the district stays as it is
    street = min(cast.community)
    desk = replace(cast.community[street], area_code=street)
    helpers = Volunteer.objects.filter(street_code=street, left_on=None, guardian=None).select_related("person")
    people = dice.sample(sorted(helpers.order_by("pk")[:400], key=lambda one: one.pk), MOST_PEOPLE)
    communities = sorted({one.area_code[:12] for one in people})
    rows: list[CheckIn] = []
    for serial, (name, branch, heads, offers) in enumerate(UNITS):
        at = world.now - timedelta(days=DAYS - serial * 7)
        rows.append(check_in_unit(
            actor=desk, at=at, area_code=communities[serial % len(communities)], name=name, branch=branch, headcount=heads,
            offers=offers, contact_phone=f"139000{serial:05d}",
        ))  # fmt: skip
        if serial < len(UNITS) - 1:
            rows[-1] = confirm_check_in(actor=desk, at=at + timedelta(days=1), check_in_id=rows[-1].pk)
    units = list(rows)
    for serial, one in enumerate(people):
        at = world.now - timedelta(days=DAYS - serial * 3)
        standing = Standing.PARTY if serial % 3 else Standing.STAFF
        unit = units[serial % len(units)].pk if serial % 4 else None
        row = check_in_member(actor=desk, at=at, person_id=one.person_id, standing=standing, unit_id=unit)
        if serial < MOST_PEOPLE - 3:
            row = confirm_check_in(actor=desk, at=at + timedelta(days=1), check_in_id=row.pk)
        rows.append(row)
    CheckIn.objects.filter(pk__in=[row.pk for row in rows]).update(demonstration=True)
    for row in rows[:: len(UNITS) - 1]:
        wish = open_wishes(row).first() if row.confirmed_on else None
        if wish:
            undertake_wish(actor=desk, at=world.now - timedelta(days=2), check_in_id=row.pk, wish_id=wish.pk)
    return len(rows)
