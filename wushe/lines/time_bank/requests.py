"""Requests for help: time is held when a volunteer takes one, settled when the help is confirmed, released otherwise.

Settling retires the asker's time and brings in the helper's: an hour of help is one hour, no cash on either side.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, Sum
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.scope import obtain
from wushe.ledgers.lots import move, move_on, reverse
from wushe.registers.people.identity import full_years
from wushe.registers.people.models import Person, Relation
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Worker

from .banks import PricedByItem, books, hold_person, own_holding
from .earning import Work, credit
from .models import HelpRequest
from .rules import Rules, are_relatives, rules_of
from .states import HelpKind, RequestState, Source
from .workflow import REQUEST

LONGEST_WORDS, LONGEST_REASON = 200, 100
MOST_DAYS_AHEAD = 60
DAY_END = 24 * 60
RUNNING = (RequestState.HELD, RequestState.STARTED, RequestState.DONE, RequestState.DISPUTED)


class NotForYou(Conflict):
    """The rules of the bank keep this volunteer from this request."""

    message = "这个求助您不能接。"


class TooEarly(Conflict):
    """Help is signed in on its day, not before."""

    message = "还没到约定的日期，不能签到。"


def person_of(actor: Actor) -> Person:
    """Return the person that a resident or a volunteer is; raise NotFound for other roles."""
    found = None
    if actor.role_code == "resident":
        found = Person.objects.filter(pk=actor.holder_id or 0).first()
    elif actor.role_code == "volunteer":
        worker = Worker.objects.select_related("person").filter(pk=actor.holder_id or 0).first()
        found = worker.person if worker else None
    if found is None:
        raise NotFound
    return found


@domain_call("time_bank:own")
def ask(
    *, actor: Actor, at: datetime, kind: str, day: date, start: int, minutes: int, words: str, client_key: str,
    for_spouse: bool = False,
) -> HelpRequest:  # fmt: skip
    """Ask for help for oneself or the spouse; the same key again returns the request it made.

    Raises AccountClosed without an account, PricedByItem, and Invalid for a day, a length or a person that the rules do not allow, or
    without enough time saved.
    """
    person = hold_person(person_of(actor).pk)
    if known := HelpRequest.objects.filter(person=person, client_key=client_key).first():
        return known
    holding, today = own_holding(person), timezone.localdate(at)
    rules = rules_of(area_code=holding.bank.area_code, on=today)
    if rules.by_item:
        raise PricedByItem
    served = _for_whom(person, rules, for_spouse=for_spouse)
    problems = {
        **_wrong_time(day, start, minutes, today, rules),
        **({} if kind in HelpKind.values else {"kind": "请选择需要什么帮助。"}),
        **({} if len(words) <= LONGEST_WORDS else {"words": f"说明最多{LONGEST_WORDS}字。"}),
    }
    if not problems and (problem := _not_enough(person, minutes, day, holding.account.balance, rules)):
        problems["minutes"] = problem
    if problems:
        raise Invalid(fields=problems)
    request = HelpRequest(
        bank=holding.bank, person=person, for_person=served, holding=holding, area_code=served.area_code, kind=kind,
        words=words.strip(), day=day, start=start, minutes=minutes, client_key=client_key, asked_at=at,
    )  # fmt: skip
    REQUEST.start(request, event="ask", actor=actor, at=at, data={"minutes": minutes})
    return request


@domain_call("time_bank:own")
def take(*, actor: Actor, at: datetime, request_id: int) -> HelpRequest:
    """Take a request as a volunteer; the asker's oldest time is held for it.

    Raises NotFound, NotForYou with the reason, StateChanged if somebody was first, InsufficientBalance.
    """
    helper = hold_person(person_of(actor).pk)
    request = HelpRequest.objects.select_related("bank", "holding").filter(pk=request_id).first()
    if request is None or not helper.area_code.startswith(request.bank.area_code):
        raise NotFound
    today = timezone.localdate(at)
    _refuse_helper(request, helper, rules_of(area_code=request.bank.area_code, on=today), today)
    takes = request.takes + 1
    hold = move(
        actor=actor, at=at, key=f"time_request:{request.pk}:hold:{takes}", memo=f"预留 求助{request.pk}",
        source_id=request.holding.account_id, targets=[(books(request.bank)["held"], request.minutes)],
    )  # fmt: skip
    changes = {"helper": helper, "hold": hold, "takes": takes}
    REQUEST.move(request, "take", actor=actor, at=at, changes=changes, data={"helper": helper.pk})
    return request


@domain_call("time_bank:own")
def step_back(*, actor: Actor, at: datetime, request_id: int) -> HelpRequest:
    """Leave a request that one has taken; the asker's time is free again, and others may take it."""
    request = _taken_by(actor, request_id)
    REQUEST.move(request, "step_back", actor=actor, at=at, changes={"helper": None})
    reverse(actor=actor, at=at, entry_id=request.hold_id or 0, memo=f"退回 求助{request.pk}")
    return request


@domain_call("time_bank:own")
def sign_in(*, actor: Actor, at: datetime, request_id: int) -> HelpRequest:
    """Begin the help that one has taken; raise NotFound, MoveNotAllowed, TooEarly before its day."""
    request = _taken_by(actor, request_id)
    if timezone.localdate(at) < request.day:
        raise TooEarly
    REQUEST.move(request, "start", actor=actor, at=at, changes={"started_at": at})
    return request


@domain_call("time_bank:own")
def sign_out(*, actor: Actor, at: datetime, request_id: int) -> HelpRequest:
    """End the help; from now the asker has time to confirm or to object. Raises NotFound, MoveNotAllowed."""
    request = _taken_by(actor, request_id)
    rules = rules_of(area_code=request.bank.area_code, on=timezone.localdate(at))
    changes = {
        "ended_at": at, "confirm_by": at + timedelta(minutes=rules["auto_confirm"]),
        "served": int((at - (request.started_at or at)).total_seconds()) // 60,
    }  # fmt: skip
    REQUEST.move(request, "finish", actor=actor, at=at, changes=changes, data={"served": changes["served"]})
    return request


@domain_call("time_bank:own")
def confirm(*, actor: Actor, at: datetime, request_id: int) -> HelpRequest:
    """Confirm the help that one asked for: time is settled. Raises NotFound, MoveNotAllowed."""
    request = obtain(HelpRequest.objects.select_related("bank", "holding"), actor, pk=request_id)
    return _settle(request, "confirm", actor=actor, at=at)


@domain_call("time_bank:own")
def dispute(*, actor: Actor, at: datetime, request_id: int, reason: str) -> HelpRequest:
    """Object to what the helper reported; a person of the bank decides. Raises NotFound, Invalid, MoveNotAllowed."""
    request = obtain(HelpRequest.objects.select_related("bank"), actor, pk=request_id)
    words = _reason(reason)
    REQUEST.move(request, "dispute", actor=actor, at=at, changes={"words_of_end": words, "confirm_by": None})
    return request


@domain_call("time_bank:decide")
def decide_dispute(*, actor: Actor, at: datetime, request_id: int, pay: bool, minutes: int, reason: str) -> HelpRequest:
    """Decide a dispute: pay so many minutes, or none. Raises NotFound, Invalid, MoveNotAllowed."""
    request = obtain(HelpRequest.objects.select_related("bank", "holding"), actor, pk=request_id)
    words = _reason(reason)
    if not pay:
        REQUEST.move(request, "dismiss", actor=actor, at=at, changes={"words_of_end": words})
        reverse(actor=actor, at=at, entry_id=request.hold_id or 0, memo=f"退回 求助{request.pk}")
        return request
    if not 0 < minutes <= request.minutes:
        raise Invalid(fields={"minutes": f"请填 1 到 {request.minutes} 之间的分钟数。"})
    request.served = minutes
    return _settle(request, "uphold", actor=actor, at=at, changes={"words_of_end": words, "served": minutes})


@domain_call("time_bank:own")
def cancel(*, actor: Actor, at: datetime, request_id: int, reason: str = "") -> HelpRequest:
    """Take one's request back; what was held is free again. Raises NotFound, MoveNotAllowed once the help has begun."""
    request = obtain(HelpRequest.objects.select_related("bank"), actor, pk=request_id)
    held = request.state == RequestState.HELD
    changes = {"words_of_end": reason.strip()[:LONGEST_REASON]}
    REQUEST.move(request, "cancel", actor=actor, at=at, changes=changes)
    if held:
        reverse(actor=actor, at=at, entry_id=request.hold_id or 0, memo=f"退回 求助{request.pk}")
    return request


@domain_call("jobs:run")
def confirm_due(*, actor: Actor, at: datetime, limit: int = 500) -> int:
    """Confirm what nobody has objected to in time; return how many."""
    due = HelpRequest.objects.filter(state=RequestState.DONE, confirm_by__lte=at).select_related("bank", "holding")
    requests = list(due.order_by("confirm_by", "pk")[:limit])
    for request in requests:
        _settle(request, "confirm", actor=actor, at=at)
    return len(requests)


def _settle(
    request: HelpRequest, event: str, *, actor: Actor, at: datetime, changes: dict[str, Any] | None = None
) -> HelpRequest:
    """Retire the held time that was served, free the rest, and bring in the helper's time."""
    REQUEST.move(request, event, actor=actor, at=at, changes=changes)
    spent = min(request.served or 0, request.minutes)
    own = books(request.bank)
    targets = [(own["redeemed"], spent), (request.holding.account_id, request.minutes - spent)]
    move_on(
        actor=actor, at=at, key=f"time_request:{request.pk}:settle", memo=f"兑换 求助{request.pk}",
        entry_id=request.hold_id or 0, source_id=own["held"], targets=[target for target in targets if target[1]],
    )  # fmt: skip
    if spent:
        assert request.helper_id is not None
        assert request.started_at is not None
        assert request.ended_at is not None
        work = Work(
            source=Source.REQUEST, ref=request.pk, person_id=request.helper_id, started_at=request.started_at,
            ended_at=request.ended_at, minutes=spent, title=HelpKind(request.kind).label,
            beneficiary_ids=(request.person_id, request.for_person_id),
        )  # fmt: skip
        credit(actor=actor, at=at, work=work)
    return request


def _taken_by(actor: Actor, request_id: int) -> HelpRequest:
    taken = HelpRequest.objects.select_related("bank", "holding").filter(helper=person_of(actor), pk=request_id)
    if (request := taken.first()) is None:
        raise NotFound
    return request


def _for_whom(person: Person, rules: Rules, *, for_spouse: bool) -> Person:
    """Return who will be helped; raise Invalid for somebody whom the rules do not let redeem."""
    served = person
    if for_spouse:
        bond = Relation.objects.filter(Q(person=person) | Q(relative=person), kind=Relation.Kind.SPOUSE).first()
        if "spouse" not in rules["redeem.for"] or bond is None:
            raise Invalid(fields={"for_spouse": "没有登记配偶，或本地规定不能给配偶用。"})
        served = bond.relative if bond.person_id == person.pk else bond.person
    if not rules.may_redeem(served):
        raise Invalid(fields={"": f"年满{rules['redeem.min_age']}周岁才能用时间换服务；现在可以转给家人或捐出。"})
    return served


def _wrong_time(day: date, start: int, minutes: int, today: date, rules: Rules) -> dict[str, str]:
    problems = {}
    if not today <= day <= today + timedelta(days=MOST_DAYS_AHEAD):
        problems["day"] = f"请选今天起{MOST_DAYS_AHEAD}天内的日期。"
    if minutes < rules["minimum.unit"] or minutes > rules["earn.day_max"]:
        problems["minutes"] = f"请填 {rules['minimum.unit']} 到 {rules['earn.day_max']} 分钟。"
    elif not 0 <= start <= DAY_END - minutes:
        problems["start"] = "开始时间太晚，当天做不完。"
    return problems


def _not_enough(person: Person, minutes: int, day: date, balance: int, rules: Rules) -> str:
    """Return why the person cannot ask for so many minutes, "" if they can."""
    asked = (
        HelpRequest.objects.filter(person=person, state=RequestState.ASKED).aggregate(sum=Sum("minutes"))["sum"] or 0
    )
    if balance - asked < minutes:
        return f"账户里能用的时间不够，还剩 {max(0, balance - asked)} 分钟。"
    month = HelpRequest.objects.filter(person=person, day__year=day.year, day__month=day.month)
    used = month.exclude(state=RequestState.RELEASED).aggregate(sum=Sum(F("minutes")))["sum"] or 0
    if used + minutes > rules["redeem.month_max"]:
        return f"每月最多兑换 {rules['redeem.month_max']} 分钟，这个月还能用 {max(0, rules['redeem.month_max'] - used)} 分钟。"
    return ""


def _refuse_helper(request: HelpRequest, helper: Person, rules: Rules, today: date) -> None:
    """Raise NotForYou unless the rules let this person help with this request."""
    served = {request.person_id, request.for_person_id}
    registered = Volunteer.objects.filter(person=helper, left_on=None).exists()
    busy = HelpRequest.objects.filter(helper=helper, day=request.day, state__in=RUNNING).filter(
        start__lt=request.start + request.minutes, start__gt=request.start - F("minutes")
    )
    reasons: list[tuple[Callable[[], bool], str]] = [
        (lambda: helper.pk in served, "不能接自己的求助。"),
        (lambda: not registered, "先登记为志愿者，才能接求助。"),
        (lambda: full_years(helper.born_on, today) < rules["earn.min_age"], f"年满{rules['earn.min_age']}周岁才能接求助。"),
        (lambda: not rules["earn.relatives"] and are_relatives(helper.pk, served), "为自己的亲属服务不计时间，请让别的志愿者来接。"),
        (lambda: request.day < today, "约定的日期已经过了。"),
        (busy.exists, "这段时间您已经接了另一个求助。"),
    ]  # fmt: skip
    for applies, words in reasons:
        if applies():
            raise NotForYou(words)


def _reason(text: str) -> str:
    if not (words := text.strip()):
        raise Invalid(fields={"reason": "请写明原因。"})
    if len(words) > LONGEST_REASON:
        raise Invalid(fields={"reason": f"原因最多{LONGEST_REASON}字。"})
    return words
