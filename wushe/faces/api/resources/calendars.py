"""Calendar feeds: the secret stands in the address, because a telephone's calendar can send nothing else."""

from datetime import timedelta
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from pydantic import Field

from wushe.chain.dispatch.calendar import own_appointments
from wushe.faces.api.authentication import ask
from wushe.faces.api.icalendar import calendar
from wushe.faces.api.operations import Resource
from wushe.foundation.errors import NotFound
from wushe.foundation.tokens.models import TokenKind
from wushe.foundation.tokens.selectors import actor_of, standing_token
from wushe.foundation.tokens.services import note_use
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

router = Resource("日历")

MEDIA_TYPE = "text/calendar"
_BEFORE, _AHEAD = timedelta(days=14), timedelta(days=60)
Secret = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")]


@router.open("/calendars/{secret}.ics", name="calendar", summary="日历订阅", media_type=MEDIA_TYPE)
def feed(request: HttpRequest, secret: Secret) -> HttpResponse:
    """Return the appointments of who opened this feed, of the last two weeks and the next sixty days."""
    today = timezone.localdate()
    token = standing_token(secret=secret, kind=TokenKind.CALENDAR, on=today)
    if token is None:
        raise NotFound("这个日历地址已经停用。")
    ask(token)
    note_use(token=token, on=today)
    actor = actor_of(token=token)
    found = list(own_appointments(actor=actor, first=today - _BEFORE, last=today + _AHEAD))
    places = place_names(codes=[one.community_code for one in found], from_level=Level.COMMUNITY)
    worker = actor.role_code != "resident"
    text = calendar(
        title="上门安排" if worker else "上门服务", appointments=found, places=places, at=timezone.now(), worker=worker
    )
    return HttpResponse(text, content_type=f"{MEDIA_TYPE}; charset=utf-8", headers={
        "Content-Disposition": 'inline; filename="wushe.ics"', "Referrer-Policy": "no-referrer",
    })  # fmt: skip
