"""What is asked on somebody's behalf: under a consent it is a need, without one it waits for the person's word; all is invented."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.utils import timezone

from wushe.chain.needs.basis import standing_consent
from wushe.chain.needs.models import Application, Channel, Need
from wushe.chain.needs.on_behalf import apply_on_behalf
from wushe.chain.needs.services import record_need
from wushe.foundation.actor import Actor
from wushe.registers.people.consents import give_consent, notice_for
from wushe.registers.people.enums import ConsentPurpose

from .demand import Wish
from .history import Cast
from .source import World

WAITING = [
    ("邻居罗孃", "邻居", "楼上的老人出院回家了，一个人做不了饭"),
    ("侄女小唐", "侄女", "想给姑妈申请每周打扫一次"),
    ("老同事", "朋友", "他眼睛看不清了，想请人陪着去医院复查"),
]  # fmt: skip


def recorded(actor: Actor, at: datetime, tale: Wish) -> Need:
    """Record a need by its channel; one on somebody's behalf under the person's consent."""
    person = tale.person
    if tale.channel != Channel.ON_BEHALF:
        return record_need(actor=actor, at=at, person_id=person.pk, channel=tale.channel, words=tale.words)
    if standing_consent(person=person, at=at) is None:
        give_consent(
            actor=actor, at=at, person_id=person.pk, purpose=ConsentPurpose.ON_BEHALF, given_by_id=person.pk,
            notice_version=notice_for(person, on=timezone.localdate(at)),
        )  # fmt: skip
    made = apply_on_behalf(
        actor=actor, at=at, person_id=person.pk, applicant_name="家里亲戚", tie="亲戚", words=tale.words
    )
    Application.objects.filter(pk=made.pk).update(demonstration=True)
    assert made.need is not None
    return made.need


def wait_for_word(world: World, cast: Cast) -> int:
    """Take applications without a ground in the first street; return how many wait."""
    street = min(cast.community)
    desk = replace(cast.community[street], area_code=street)
    elders = [one for one in world.elders if one.area_code.startswith(street)][5:]
    for serial, (name, tie, words) in enumerate(WAITING):
        at = world.now - timedelta(hours=40 - 18 * serial)
        made = apply_on_behalf(
            actor=desk,
            at=at,
            person_id=elders[serial].pk,
            applicant_name=name,
            tie=tie,
            words=words,
            asker_name="何网格员",
        )
        Application.objects.filter(pk=made.pk).update(demonstration=True)
    return len(WAITING)
