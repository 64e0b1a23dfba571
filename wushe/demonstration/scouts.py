"""Leads of scouts in the first street: some became needs, one was joined, one closed, a few wait; all is invented."""

from dataclasses import replace
from datetime import timedelta

from wushe.practice.scouts.models import Lead
from wushe.practice.scouts.selectors import alike
from wushe.practice.scouts.services import close_lead, enter_lead, join_lead, raise_lead

from .history import Cast
from .source import World

LEADS = [
    ("楼上的老人买菜提不动，饭也做得少了", "raise"), ("隔壁嬢嬢腿肿了，去医院没人陪", "raise"),
    ("一楼那家窗户坏了好久，一个人修不了", "join"), ("小区门口常坐着一位老人，好像没人管", "close"),
    ("二单元的爷爷说夜里睡不好，想有人说说话", "raise"), ("六栋有户人家灶具漏气味道，自己不会修", ""),
    ("奶奶一个人带两个孙子，放学没人接", ""),
]  # fmt: skip
SCOUTS = ("唐德明", "罗素华", "蒋国才")


def load_leads(world: World, cast: Cast) -> int:
    """Send the leads over a month and answer the earlier ones; return how many."""
    street = min(cast.community)
    desk = replace(cast.community[street], area_code=street)
    elders = [one for one in world.elders if one.area_code.startswith(street) and one.household_id][:: len(LEADS)]
    for serial, (words, step) in enumerate(LEADS):
        person, at = elders[serial], world.now - timedelta(days=28 - serial * 4, hours=3)
        lead = enter_lead(
            actor=desk, at=at, area_code=person.area_code[:12], scout_name=SCOUTS[serial % len(SCOUTS)], words=words
        )
        Lead.objects.filter(pk=lead.pk).update(demonstration=True)
        told = {"actor": desk, "at": at + timedelta(hours=20), "lead_id": lead.pk}
        same = alike(lead=lead, person=person, at=at)
        if step == "close":
            close_lead(**told, answer="上门看过，老人和女儿同住，每天出来晒太阳。")
        elif step == "join" and same:
            join_lead(**told, person_id=person.pk, need_id=same[0].need.pk, answer="已经登记过，正在安排师傅。")
        elif step:
            raise_lead(**told, person_id=person.pk, answer="已经上门核实，正在安排服务，谢谢您。", apart=True)
    return len(LEADS)
