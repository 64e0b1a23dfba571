"""Leads of scouts, through the services that take them."""

from datetime import datetime

from tests.factories.cast import actor_of
from tests.factories.places import COMMUNITY, NOON
from wushe.practice.scouts.models import Lead
from wushe.practice.scouts.services import enter_lead, send_lead

WORDS = "3栋的王婆婆好久没洗澡了，一个人弄不了，想请人上门帮忙"


def sent(words: str = WORDS, *, by: str = "volunteer", at: datetime = NOON) -> Lead:
    """Return a lead that one of the cast sent from the phone."""
    return send_lead(actor=actor_of(by), at=at, words=words)


def entered(words: str = WORDS, *, area_code: str = COMMUNITY, at: datetime = NOON) -> Lead:
    """Return a lead that the desk entered for a scout."""
    return enter_lead(actor=actor_of("social_worker"), at=at, area_code=area_code, scout_name="李大爷", words=words)


def about(title: str, *, area_code: str) -> Lead:
    """Return a lead with this word in it."""
    return entered(f"{title}旁边有位老人没有人照顾", area_code=area_code)
