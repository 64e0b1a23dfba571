"""The same doors asked by another field application: its form, lists of the own doors, and records that come back."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from io import StringIO
from uuid import UUID, uuid5
from xml.etree.ElementTree import Element

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid, NotFound
from wushe.registers.forms.models import FormVersion
from wushe.registers.forms.submissions import Submission, answers_in, child, photos_in, text_of
from wushe.registers.forms.xforms import Rows, rows_of, xform

from . import merging
from .models import Campaign, Reason, Target
from .packets import PacketDoor, packet_of, take_packet
from .photos import add_photo
from .selectors import own_open_targets, target_at
from .services import PhoneReport, take_report

DEVICE = "collect"
LISTS = ("doors.csv", "people.csv")
_ID = "wushe-door-"
# No question of a form begins so: a record is never taken for its envelope.
_DOOR, _OUTCOME, _REASON, _DAY, _PERSON, _ANSWERS = (
    f"__{name}" for name in ("door", "outcome", "reason", "revisit_on", "person", "answers")
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The form of one campaign as an XForm."""

    campaign_id: int
    form_id: str
    title: str
    version: str
    content: bytes


def sheets(*, actor: Actor) -> list[Sheet]:
    """Return the forms of the campaigns in which the actor has doors; raise NotAllowed."""
    campaigns = {target.campaign_id: target.campaign for target in own_open_targets(actor=actor)}
    return [sheet_of(campaign=campaigns[pk]) for pk in sorted(campaigns)]


def own_campaign(*, actor: Actor, campaign_id: int) -> Campaign:
    """Return a campaign in which the actor has doors; raise NotAllowed, NotFound."""
    target = own_open_targets(actor=actor).filter(campaign_id=campaign_id).first()
    if target is None:
        raise NotFound
    return target.campaign


def sheet_of(*, campaign: Campaign) -> Sheet:
    """Return the form of a campaign; raise NoXForm for one that asks what an XForm cannot."""
    form_id, version = f"{_ID}{campaign.pk}", _version(campaign.version)
    return Sheet(
        campaign.pk, form_id, campaign.title, version, _written(form_id, campaign.title, version, campaign.version_id)
    )


def lists_of(*, actor: Actor, campaign_id: int) -> dict[str, bytes]:
    """Return the lists of the actor's doors and of who lives behind them, by the names of their files."""
    return _lists(packet_of(actor=actor).doors, campaign_id)


def take_list(*, actor: Actor, at: datetime, campaign_id: int, name: str) -> bytes:
    """Return one of these lists to be taken along; the taking is journalled. Raises NotFound."""
    if name not in LISTS:
        raise NotFound
    return _lists(take_packet(actor=actor, at=at, device=DEVICE).doors, campaign_id)[name]


def take_submission(
    *, actor: Actor, at: datetime, submission: Submission, files: Mapping[str, bytes], sent_at: datetime | None = None
) -> Target:
    """Take a filled form and those of its pictures that came with it; the rest may come later, in any order.

    Raises NotFound for a door that is not the actor's to see, Invalid, KeyReused and Conflict as take_report does.
    """
    root, number = submission.root, submission.number
    target = target_at(actor=actor, campaign_id=_campaign_id(submission.form_id), target_id=_whole(root, _DOOR))
    version = target.campaign.version
    if submission.version != _version(version):
        raise Invalid("走访表已经换了版本，请在走访软件里更新表格后再提交。")
    if strange := files.keys() - photos_in(child(root, _ANSWERS), version.questions):
        raise Invalid(f"记录里没有提到这些附件：{'、'.join(sorted(strange))[:120]}。")
    report = _report(submission, version, at, sent_at)
    target = take_report(actor=actor, at=at, target_id=target.pk, report=report)
    for name, content in sorted(files.items()):
        add_photo(
            actor=actor, at=at, target_id=target.pk, client_id=photo_number(number, name), content=content,
            taken_at=report.device_at,
        )  # fmt: skip
    return target


def photo_number(number: UUID, name: str) -> UUID:
    """Return the number of a picture of a record: the same however often and in whichever post it comes."""
    return uuid5(number, name)


def _report(submission: Submission, version: FormVersion, at: datetime, sent_at: datetime | None) -> PhoneReport:
    root, number = submission.root, submission.number
    answers = answers_in(child(root, _ANSWERS), version.questions, lambda name: str(photo_number(number, name)))
    person = text_of(root, _PERSON)
    outcome = text_of(root, _OUTCOME)
    return PhoneReport(
        client_id=number, device=DEVICE, turn=0, outcome=outcome, device_at=_moment(text_of(root, "end")) or at,
        sent_at=sent_at, after=[str(submission.corrects)] if submission.corrects else (),
        reason=text_of(root, _REASON) if outcome == merging.NOT_REACHED else "",
        revisit_on=_day(text_of(root, _DAY)) if outcome == merging.NOBODY else None,
        person_id=_whole(root, _PERSON) if person and outcome == merging.REACHED else None, version_id=version.pk,
        answers=answers if outcome == merging.REACHED else {},
    )  # fmt: skip


def _version(version: FormVersion) -> str:
    return f"{version.number}.{version.digest[:8]}"


@lru_cache(maxsize=64)
def _written(form_id: str, title: str, version: str, version_id: int) -> bytes:
    """Return the text of a form. A published version never changes, so each is written once by a process."""
    questions = FormVersion.objects.get(pk=version_id).questions
    asked, offered = rows_of(questions)
    survey: Rows = [
        {"type": "start", "name": "start"}, {"type": "end", "name": "end"},
        {"type": "select_one_from_file doors.csv", "name": _DOOR, "label": "哪一户", "required": "yes",
         "appearance": "autocomplete"},
        {"type": "select_one outcomes", "name": _OUTCOME, "label": "这次怎么样", "required": "yes"},
        {"type": "select_one reasons", "name": _REASON, "label": "为什么走访不到", "required": "yes",
         "relevant": f"${{{_OUTCOME}}} = '{merging.NOT_REACHED}'"},
        {"type": "date", "name": _DAY, "label": "约哪天再去（可不填）", "relevant": f"${{{_OUTCOME}}} = '{merging.NOBODY}'"},
        {"type": "select_one_from_file people.csv", "name": _PERSON, "label": "和谁谈的",
         "choice_filter": f"door = ${{{_DOOR}}}", "relevant": f"${{{_OUTCOME}}} = '{merging.REACHED}'"},
        {"type": "begin_group", "name": _ANSWERS, "label": title, "relevant": f"${{{_OUTCOME}}} = '{merging.REACHED}'"},
        *asked,
        {"type": "end_group", "name": _ANSWERS},
    ]  # fmt: skip
    choices = [{"list_name": "outcomes", "name": code, "label": words} for code, words in merging.OUTCOMES.items()]
    choices += [{"list_name": "reasons", "name": str(code), "label": str(words)} for code, words in Reason.choices]
    return xform(form_id=form_id, title=title, version=version, survey=survey, choices=choices + offered).encode()


def _lists(doors: list[PacketDoor], campaign_id: int) -> dict[str, bytes]:
    own = [door for door in doors if door.target.campaign_id == campaign_id]
    homes = [(door.target.pk, f"{door.target.turn}. {door.target.building} {door.address}".strip()) for door in own]
    people = [(person.pk, person.name, door.target.pk) for door in own for person in door.people]
    return {
        LISTS[0]: _table(["name", "label"], homes),
        LISTS[1]: _table(["name", "label", "door"], people),
    }


def _table(heads: list[str], rows: Sequence[tuple[object, ...]]) -> bytes:
    kept = StringIO()
    csv.writer(kept, lineterminator="\n").writerows([heads, *rows])
    return kept.getvalue().encode()


def _campaign_id(form_id: str) -> int:
    text = form_id.removeprefix(_ID)
    if text == form_id or not (text.isascii() and text.isdigit() and len(text) < 19):
        raise NotFound("没有这张表，可能行动已经结束。请在走访软件里更新表格。")
    return int(text)


def _whole(root: Element, name: str) -> int:
    text = text_of(root, name)
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid("这份记录没有写明是哪一户、和谁谈的，没有收下。")
    return int(text)


def _moment(text: str) -> datetime | None:
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is None or timezone.is_aware(found) else timezone.make_aware(found)


def _day(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None
