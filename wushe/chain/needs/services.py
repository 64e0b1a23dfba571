"""A need is found, triaged, and followed to its end; every channel leads into the one queue."""

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Invalid, NotAllowed
from wushe.foundation.idempotency.services import once
from wushe.foundation.scope import obtain
from wushe.registers.catalogue.models import Item, Package, Responsibility
from wushe.registers.catalogue.selectors import eligible_packages, items_on
from wushe.registers.people.models import Person
from wushe.registers.people.services import person_in_scope

from .basis import refuse_without_basis
from .deadlines import due_after
from .models import Channel, Need, NeedState, Urgency
from .triage.teaching import note_choice
from .workflow import NEED

MOST_WORDS = 2000
DAY = 24 * 60


class DuplicateOfItself(Invalid):
    """A need cannot repeat itself, nor one that repeats another, nor one of another home."""

    message = "请选择同一位居民或同一家庭的另一条需求作为原需求。"


@domain_call(None)
def record_need(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    channel: str,
    words: str,
    wanted_on: date | None = None,
    wanted_from: int | None = None,
    wanted_until: int | None = None,
    scene: str = "",
    relative_id: int | None = None,
    client_key: str = "",
) -> Need:
    """Record what a person asks for or is found to need; the same client key again gives the need it made.

    A resident records for themself or for whom they may act (代办申请), whatever channel is named; staff on behalf only
    with a ground on record. Raises NotAllowed without `needs:record` or `needs:record_own`, NotFound, and Invalid.
    """
    own = not actor.may("needs:record")
    if own and not actor.may("needs:record_own"):
        raise NotAllowed
    person = person_in_scope(actor=actor, person_id=person_id)
    if own:
        channel = Channel.SELF_ORDER if person.pk == actor.holder_id else Channel.ON_BEHALF
    _check_ground(person, channel, relative_id, own=own, at=at)
    _check_request(channel, words, wanted_on, wanted_from, wanted_until, today=timezone.localdate(at))
    need = Need(
        person=person, area_code=person.area_code, channel=channel, words=words.strip(), scene=scene,
        wanted_on=wanted_on, wanted_from=wanted_from, wanted_until=wanted_until,
        recorded_at=at, recorded_by=actor.user_id, client_key=client_key,
    )  # fmt: skip

    def effect() -> dict[str, Any]:
        NEED.start(need, event="record", actor=actor, at=at, data={"channel": channel, "person": person.pk})
        return {"need": need.pk}

    body = {"person": person.pk, "channel": channel, "words": words.strip(), "on": wanted_on, "from": wanted_from}
    answer = once(actor=actor, at=at, key=client_key, call="needs.record_need", body=body, effect=effect)
    return Need.objects.get(pk=answer["need"])


@domain_call("needs:triage")
def triage_need(
    *,
    actor: Actor,
    at: datetime,
    need_id: int,
    item_id: int,
    urgency: str,
    responsible_party: str,
    package_id: int | None = None,
    duplicate_of_id: int | None = None,
) -> Need:
    """Say which service answers a need, how soon, and which of the four parties is responsible.

    A need that repeats another is closed in its favour, so that nobody is served twice. Raises NotFound out of
    scope, Invalid for an item or package that does not apply, DuplicateOfItself, MoveNotAllowed if it is triaged.
    """
    need = obtain(Need.objects.select_related("person"), actor, pk=need_id)
    today = timezone.localdate(at)
    item = items_on(day=today).filter(pk=item_id).first()
    package = _package(need, package_id, today)
    _check_triage(item, urgency, responsible_party)
    changes: dict[str, Any] = {
        "item": item,
        "package": package,
        "urgency": urgency,
        "responsible_party": responsible_party,
        "triaged_at": at,
        "due_at": due_after(need.recorded_at, urgency=urgency, area_code=need.area_code, on=today),
    }
    assert item is not None
    note_choice(actor=actor, at=at, need=need, item=item, urgency=urgency)
    data = {"item": item.code, "urgency": urgency, "party": responsible_party}
    if duplicate_of_id is None:
        NEED.move(need, "triage", actor=actor, at=at, changes=changes, data=data)
        return need
    original = _original(actor, need, duplicate_of_id)
    changes |= {"duplicate_of": original, "outcome": f"与需求 {original.pk} 重复，并入办理。"}
    NEED.move(need, "close", actor=actor, at=at, changes=changes, data={**data, "duplicate_of": original.pk})
    return need


@domain_call("needs:triage")
def refer_need(*, actor: Actor, at: datetime, need_id: int, where: str) -> Need:
    """Hand a need over to another body; raise NotFound out of scope, Invalid without a name, MoveNotAllowed."""
    need = obtain(Need, actor, pk=need_id)
    if not where.strip():
        raise Invalid(fields={"where": "请写明转给哪个部门或单位。"})
    outcome = f"转介：{where.strip()}"[:300]
    NEED.move(need, "refer", actor=actor, at=at, changes={"outcome": outcome}, data={"reason": outcome})
    return need


@domain_call(None)
def close_need(*, actor: Actor, at: datetime, need_id: int, reason: str) -> Need:
    """Close a need that is not in service. A resident may take back their own.

    Raises NotAllowed, NotFound out of scope, Invalid without a reason, MoveNotAllowed while it is served.
    """
    if not actor.may("needs:close") and not actor.may("needs:record_own"):
        raise NotAllowed
    need = obtain(_distinct_needs(actor), actor, pk=need_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明关闭的原因。"})
    outcome = reason.strip()[:300]
    NEED.move(need, "close", actor=actor, at=at, changes={"outcome": outcome}, data={"reason": outcome})
    return need


@domain_call("needs:close")
def reopen_need(*, actor: Actor, at: datetime, need_id: int, reason: str = "") -> Need:
    """Take a closed or referred need up again, to be triaged anew; raise NotFound out of scope, MoveNotAllowed."""
    need = obtain(Need, actor, pk=need_id)
    afresh = {"triaged_at": None, "due_at": None, "duplicate_of": None, "outcome": ""}
    NEED.move(need, "reopen", actor=actor, at=at, changes=afresh, data={"reason": reason.strip()})
    return need


@domain_call(None)
def mark_linked(*, actor: Actor, at: datetime, need_id: int) -> Need:
    """Move a need that has got its linkage; a linked one is linked anew. Called by resources."""
    need = Need.objects.get(pk=need_id)
    NEED.move(need, "relink" if need.state == NeedState.LINKED else "link", actor=actor, at=at)
    return need


@domain_call(None)
def mark_in_service(*, actor: Actor, at: datetime, need_id: int) -> Need:
    """Move a linked need into service; called when its order is placed. Raises MoveNotAllowed if it is not linked."""
    need = Need.objects.get(pk=need_id)
    NEED.move(need, "serve", actor=actor, at=at)
    return need


@domain_call(None)
def mark_released(*, actor: Actor, at: datetime, need_id: int) -> Need:
    """Return a need to the linked ones when its last order is cancelled. Called by orders."""
    need = Need.objects.get(pk=need_id)
    NEED.move(need, "release", actor=actor, at=at)
    return need


@domain_call(None)
def mark_unwanted(*, actor: Actor, at: datetime, need_id: int, reason: str) -> Need:
    """Close a need whose person no longer wants it or is no longer here. Called by orders once nothing of it runs."""
    need = Need.objects.get(pk=need_id)
    outcome = reason.strip()[:300]
    NEED.move(need, "close", actor=actor, at=at, changes={"outcome": outcome}, data={"reason": outcome})
    return need


@domain_call(None)
def mark_met(*, actor: Actor, at: datetime, need_id: int) -> Need:
    """Move a need to met when its last ordered visit is accepted. Called by orders."""
    need = Need.objects.get(pk=need_id)
    NEED.move(need, "meet", actor=actor, at=at, changes={"met_at": at})
    return need


def _distinct_needs(actor: Actor) -> QuerySet[Need]:
    """Return all needs; a relative's scope joins relations, so a need could appear twice."""
    return Need.objects.distinct() if actor.role_code == "resident" else Need.objects.all()


def _check_ground(person: Person, channel: str, relative_id: int | None, *, own: bool, at: datetime) -> None:
    """Raise NoBasis where staff ask on behalf of a person without a ground; a resident's scope is one already."""
    if channel == Channel.ON_BEHALF and not own:
        refuse_without_basis(person=person, relative_id=relative_id, at=at)


def _check_request(
    channel: str, words: str, wanted_on: date | None, start: int | None, until: int | None, *, today: date
) -> None:
    faults = {}
    if channel not in Channel.values:
        faults["channel"] = "请选择来源。"
    if not words.strip():
        faults["words"] = "请写下居民需要什么，用居民自己的话就行。"
    elif len(words.strip()) > MOST_WORDS:
        faults["words"] = f"内容太长，请控制在{MOST_WORDS}字以内。"
    if wanted_on and wanted_on < today:
        faults["wanted_on"] = "希望日期不能早于今天。"
    if start is not None and not 0 <= start < DAY:
        faults["wanted_from"] = "时间不对，应在0点到24点之间。"
    if until is not None and not (start or 0) < until <= DAY:
        faults["wanted_until"] = "最晚时间应晚于最早时间。"
    if faults:
        raise Invalid(fields=faults)


def _check_triage(item: Item | None, urgency: str, responsible_party: str) -> None:
    faults = {}
    if item is None:
        faults["item_id"] = "请从现行服务目录里选一项服务。"
    if urgency not in Urgency.values:
        faults["urgency"] = "请选择紧急程度。"
    if responsible_party not in Responsibility.values:
        faults["responsible_party"] = "请选择责任方。"
    if faults:
        raise Invalid(fields=faults)


def _package(need: Need, package_id: int | None, today: date) -> Package | None:
    """Return the chosen package; raise Invalid if the person does not qualify for it."""
    if package_id is None:
        return None
    for package in eligible_packages(person=need.person, day=today):
        if package.pk == package_id:
            return package
    raise Invalid(fields={"package_id": "这位居民不符合该套餐的条件，或套餐已停用。"})


def _original(actor: Actor, need: Need, duplicate_of_id: int) -> Need:
    """Return the need that this one repeats: of the same person or home, and itself no repetition."""
    original = obtain(Need.objects.select_related("person"), actor, pk=duplicate_of_id)
    here, there = need.person.household_id, original.person.household_id
    same = original.person_id == need.person_id or (here is not None and here == there)
    if original.pk == need.pk or not same or original.duplicate_of_id is not None:
        raise DuplicateOfItself(DuplicateOfItself.message)
    return original
