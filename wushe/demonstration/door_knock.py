"""A door-knock of the demonstration, half done: a form, a campaign over one community, what was found, and a conflict."""

import random
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import Actor
from wushe.practice.door_knock.lists import agree_measure, finish_line
from wushe.practice.door_knock.models import Aim, Campaign, ListLine, Reason, Target
from wushe.practice.door_knock.receiving import people_at
from wushe.practice.door_knock.services import PhoneReport, open_campaign, take_report
from wushe.registers.forms.models import Form
from wushe.registers.forms.services import create_form, publish_version

from .registers import own_dice
from .source import World

KNOCKED = 36
YES = [{"code": "yes", "label": "是", "score": 1}, {"code": "no", "label": "否", "score": 0}]
ABILITY = [("0", "都能自己做"), ("1", "少数要人帮"), ("2", "多数要人帮"), ("3", "几乎都要人帮"), ("4", "完全要人照护")]
WORDS = [
    "想找人每周陪着说说话",
    "腿脚不便，想有人帮忙买菜",
    "家里灯坏了好久没人修",
    "想学用手机挂号",
    "想请人上门理发",
    "晚上怕摔倒，想装个扶手",
]
SERVICES = ["上门理发", "助餐送餐", "陪同就医", "代买代办"]
PROBLEMS = ["楼道堆了杂物", "三楼感应灯不亮", "单元门关不上", "下水道反味"]
OFFERS = ["会修小家电", "周末能教孩子写字", "有空能陪老人下棋", "能帮邻居量血压"]


def question(name: str, kind: str, label: str, **more: Any) -> dict[str, Any]:
    """Return one question."""
    return {"name": name, "kind": kind, "label": label, **more}


QUESTIONS = [
    question("alone", "one", "老人是不是一个人住", required=True, choices=YES, fills="tag:living_alone"),
    question("callers", "integer", "最近一周有几个人来看过", relevant="${alone} = 'yes'", constraint=". >= 0 and . <= 50",
             constraint_message="请填0到50。"),
    question("ability", "one", "日常生活要不要人帮", fills="person:ability_level",
             choices=[{"code": code, "label": words, "score": int(code)} for code, words in ABILITY]),
    question("needs", "repeat", "需要什么", children=[
        question("words", "text", "居民原话", required=True, fills="need"),
        question("service", "text", "想要的服务", fills="service"),
    ]),
    question("danger", "text", "家里或楼里有什么问题", fills="problem"),
    question("offer", "text", "能为邻里出什么力", fills="resource:people"),
    question("agree", "one", "同意为提供服务使用个人信息", choices=YES, fills="consent:service"),
    question("photo", "photo", "楼道或隐患照片（不拍人脸）"),
]  # fmt: skip


def knock_at_doors(world: World) -> int:
    """Open the campaign and send what phones wrote down so far; return how many doors were knocked at."""
    dice = own_dice(world, "door_knock")
    worker, colleague = _actor("shequ"), _actor("shegong")
    made = world.now - timedelta(days=6)
    draft = create_form(
        actor=colleague, at=made, title="老年人入户走访表", lead="敲门行动用：家里情况、需要什么、能出什么力",
        questions=QUESTIONS,
    )  # fmt: skip
    version = publish_version(actor=colleague, at=made, form_id=draft.form_id)
    Form.objects.filter(pk=draft.form_id).update(demonstration=True)
    campaign = open_campaign(
        actor=worker, at=made, title="“敲门行动”入户走访", version_id=version.pk, aim=Aim.HOUSEHOLDS,
        area_code=worker.area_code, starts_on=made.date(), ends_on=world.today + timedelta(days=12),
        worker_ids=[worker.user_id, colleague.user_id],
    )  # fmt: skip
    Campaign.objects.filter(pk=campaign.pk).update(demonstration=True)
    targets = list(campaign.targets.order_by("turn"))[:KNOCKED]
    for number, target in enumerate(targets):
        _knock(world, dice, worker, target, made + timedelta(hours=3 + number * 3))
    _differ(dice, colleague, targets[0], world.now - timedelta(hours=20))
    _put_into_effect(world, worker)
    return len(targets)


def _actor(username: str) -> Actor:
    user = User.objects.get(username=username)
    grant = Grant.objects.filter(user=user).earliest("pk")
    return Actor(user.pk, user.name, grant.role_code, grant.area_code, grant_id=grant.pk)


def _knock(world: World, dice: random.Random, worker: Actor, target: Target, done: datetime) -> None:
    done = min(done, world.now - timedelta(minutes=30))
    chance, arrives = dice.random(), done + timedelta(minutes=dice.randint(1, 25))
    if chance < 0.12:
        said = _said(
            dice, "nobody", done, sent_at=arrives, revisit_on=world.today + timedelta(days=dice.randint(-1, 3))
        )
    elif chance < 0.2:
        said = _said(
            dice, "not_reached", done, sent_at=arrives, reason=dice.choice([Reason.AWAY, Reason.EMPTY, Reason.REFUSED])
        )
    else:
        people = list(people_at(target))
        first = people[0] if people else None
        said = _said(dice, "reached", done, sent_at=arrives, person_id=first, answers=_answers(dice))
    take_report(actor=worker, at=arrives, target_id=target.pk, report=said)


def _differ(dice: random.Random, colleague: Actor, target: Target, done: datetime) -> None:
    """Let a second phone say something else about a door, without having seen the first."""
    said = _said(dice, "reached", done, device="phone-b", answers={"alone": "yes", "callers": 2})
    take_report(actor=colleague, at=done, target_id=target.pk, report=said)


def _said(dice: random.Random, outcome: str, done: datetime, **more: Any) -> PhoneReport:
    given = {"device": "phone-a", "turn": 1, "sent_at": done, **more}
    return PhoneReport(client_id=UUID(int=dice.getrandbits(128), version=4), outcome=outcome, device_at=done, **given)


def _answers(dice: random.Random) -> dict[str, Any]:
    answers: dict[str, Any] = {"alone": dice.choice(["yes", "no", "no"]), "agree": "yes"}
    if answers["alone"] == "yes":
        answers["callers"] = dice.randint(0, 6)
    if dice.random() < 0.35:
        answers["needs"] = [{"id": "n1", "words": dice.choice(WORDS), "service": dice.choice(SERVICES)}]
    if dice.random() < 0.2:
        answers["danger"] = dice.choice(PROBLEMS)
    if dice.random() < 0.25:
        answers["offer"] = dice.choice(OFFERS)
    return answers


def _put_into_effect(world: World, worker: Actor) -> None:
    """Give some lines their measure, owner and day, and finish one with proof."""
    lines = list(ListLine.objects.filter(kind="problem", need=None).order_by("pk")[:3])
    for line in lines:
        agree_measure(
            actor=worker, at=world.now, line_id=line.pk, measure="联系物业，三天内处理", owner=worker.name,
            due_on=world.today + timedelta(days=3),
        )  # fmt: skip
    for line in lines[:1]:
        finish_line(actor=worker, at=world.now, line_id=line.pk, proof="物业已处理，楼门长现场确认")
