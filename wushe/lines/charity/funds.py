"""Open, freeze and close funds: the district's host and the street hold one key each, and both have to turn."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wushe.chain.projects.models import SourceClass
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.scope import covering, covers, obtain, within
from wushe.ledgers.models import AccountKind, LedgerUnit
from wushe.ledgers.services import open_account
from wushe.registers.organisations.models import Organisation, OrganisationKind
from wushe.registers.people.models import Person

from .enums import ExpenseState, FundState, Side, UseCategory
from .models import CommitteeSeat, Declaration, Fund
from .relations import declaration_of
from .rules import ban_on
from .workflow import FUND


class SecondKey(Conflict):
    """The second key is another person's than the first."""

    message = "两把钥匙要由两个人分别确认：您已经用过第一把。"


class CommitteeNotWhole(Conflict):
    """A community fund has a committee of an odd number, large enough, and somebody who watches it."""


def funds_of(actor: Actor) -> QuerySet[Fund]:
    """Return the funds inside the actor's area, and those above it, which serve it too."""
    return Fund.objects.filter(within(actor.area_code) | covering(actor.area_code))


def fund_for(actor: Actor, fund_id: int) -> Fund:
    """Return a fund that serves the actor's area; raise NotFound."""
    fund = funds_of(actor).select_related("account", "host").filter(pk=fund_id).first()
    if fund is None:
        raise NotFound
    return fund


@refusals_noted("declaration")
@domain_call("charity:declare")
def declare(*, actor: Actor, at: datetime, user_id: int, person_id: int, interests: Sequence[int] = ()) -> Declaration:
    """Write down who stands behind an account and where they have a share; never for oneself, never changed by oneself.

    Raises NotFound for a person out of scope, Conflict for oneself or a person who stands behind another account.
    """
    if user_id == actor.user_id:
        raise Conflict("不能替自己申报，请让另一位同事登记。")
    person = obtain(Person, actor, pk=person_id)
    if Declaration.objects.filter(person=person).exclude(user_id=user_id).exists():
        raise Conflict("这个人已经对应另一个账号，一个人只能有一个经办账号。")
    known = Declaration.objects.filter(user_id=user_id).first()
    if known and known.person_id != person.pk:
        raise Conflict("这个账号已经对应另一个人，不能更换。")
    declaration = known or Declaration.objects.create(
        user_id=user_id, person=person, declared_at=at, declared_by=actor.user_id
    )
    declaration.interests.add(*Organisation.objects.filter(pk__in=interests))
    data = {"user": user_id, "interests": sorted(interests)}
    record(kind="declaration.declare", subject=declaration, actor=actor, at=at, data=data)
    return declaration


@refusals_noted("fund")
@domain_call("charity:open")
def open_fund(
    *,
    actor: Actor,
    at: datetime,
    title: str,
    area_code: str,
    source_class: str,
    host_id: int,
    purpose: str,
    starts_on: date,
    ends_on: date | None = None,
    categories: Sequence[str] = (),
    community_fund: bool = False,
    raises_publicly: bool = False,
    emergency: bool = False,
    trustee: str = "",
    plan_filed_on: date | None = None,
    client_key: str = "",
) -> Fund:
    """Draft a fund with the first key; it waits for the second. Raises Invalid beside each field at fault."""
    fund = Fund(
        title=title.strip(), area_code=area_code, source_class=source_class, host_id=host_id, purpose=purpose.strip(),
        starts_on=starts_on, ends_on=ends_on, categories=list(dict.fromkeys(categories)), community_fund=community_fund,
        raises_publicly=raises_publicly, emergency=emergency, trustee=trustee.strip(), plan_filed_on=plan_filed_on,
        opened_by=actor.user_id,
    )  # fmt: skip
    if faults := _faults_of(fund, actor, timezone.localdate(at)):
        raise Invalid(fields=faults)

    def effect() -> dict[str, Any]:
        _open_books(fund, actor, at)
        FUND.start(fund, event="open", actor=actor, at=at, data={"source": source_class})
        return {"fund": fund.pk}

    body = {"title": fund.title, "area_code": area_code, "source_class": source_class}
    answer = once(actor=actor, at=at, key=client_key, call="charity.open_fund", body=body, effect=effect)
    return Fund.objects.get(pk=answer["fund"])


def _open_books(fund: Fund, actor: Actor, at: datetime) -> None:
    last = Fund.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    fund.account = open_account(
        actor=actor, at=at, code=f"fund:{fund.area_code}:{last + 1}", title=fund.title[:80], unit=LedgerUnit.FEN,
        kind=AccountKind.FUND, area_code=fund.area_code, organisation_ref=fund.host_id,
    )  # fmt: skip


def _faults_of(fund: Fund, actor: Actor, on: date) -> dict[str, str]:
    faults = {}
    if not 4 <= len(fund.title) <= 80:
        faults["title"] = "请填写基金名称（4到80个字）。"
    elif Fund.objects.filter(host=fund.host_id, title=fund.title).exists():
        faults["title"] = "这家慈善组织已有同名基金。"
    if not covers(actor, fund.area_code) or len(fund.area_code) < 6:
        faults["area_code"] = "请选择本辖区内的区、街道或社区。"
    if fund.source_class not in SourceClass.values:
        faults["source_class"] = "请选择资金来源。"
    if not Organisation.objects.filter(pk=fund.host_id, kind=OrganisationKind.CHARITY, left_on=None).exists():
        faults["host_id"] = "请选择托管的慈善组织：基金没有自己的账户，钱都在它的账上。"
    if not fund.purpose or len(fund.purpose) > 300:
        faults["purpose"] = "请写明基金的宗旨（300字以内）。"
    return faults | _bad_terms(fund, on) | _bad_categories(fund, on)


def _bad_terms(fund: Fund, on: date) -> dict[str, str]:
    faults = {}
    if fund.ends_on and fund.ends_on < fund.starts_on:
        faults["ends_on"] = "结束日期不能早于开始日期。"
    if fund.raises_publicly and not fund.emergency and not fund.plan_filed_on:
        faults["plan_filed_on"] = "公开募捐要先备案募捐方案（慈善法第二十四条），请填备案日期。"
    if fund.plan_filed_on and fund.plan_filed_on > on:
        faults["plan_filed_on"] = "备案日期不能晚于今天。"
    if fund.source_class == SourceClass.TRUST and not fund.trustee:
        faults["trustee"] = "慈善信托要写明受托人。"
    return faults


def _bad_categories(fund: Fund, on: date) -> dict[str, str]:
    for category in fund.categories:
        if category not in UseCategory.values:
            return {"categories": "请从列表中选择用途。"}
        rule = ban_on(source_class=fund.source_class, category=category, area_code=fund.area_code, on=on)
        if rule:
            return {"categories": f"{UseCategory(category).label}：{rule.title}（{rule.source}）。"}
    return {}


@refusals_noted("fund", "fund_id")
@domain_call("charity:seat")
def seat_member(
    *, actor: Actor, at: datetime, fund_id: int, person_id: int, side: str, supervisor: bool = False
) -> CommitteeSeat:
    """Seat a member or a supervisor; raise NotFound, Invalid, Conflict if the person has a seat or the fund ended."""
    fund = fund_for(actor, fund_id)
    if fund.state == FundState.CLOSED:
        raise Conflict("基金已终止，不能再变更管委会。")
    if side not in Side.values:
        raise Invalid(fields={"side": "请选择代表哪一方。"})
    own = Declaration.objects.filter(user_id=actor.user_id).first()
    if own and own.person_id == person_id:
        raise Conflict("不能把自己登记为管委会成员，请让另一位同事登记。")
    person = Person.objects.filter(pk=person_id, died_on=None).first()
    if person is None:
        raise NotFound
    if fund.seats.filter(person=person, until=None).exists():
        raise Conflict("这个人已经在管委会里。")
    seat = CommitteeSeat.objects.create(
        fund=fund, person=person, side=side, supervisor=supervisor, since=timezone.localdate(at)
    )
    record(kind="fund.seat", subject=fund, actor=actor, at=at, data={"seat": seat.pk, "supervisor": supervisor})
    return seat


@refusals_noted("fund", "fund_id")
@domain_call("charity:seat")
def leave_seat(*, actor: Actor, at: datetime, fund_id: int, seat_id: int) -> CommitteeSeat:
    """End a seat; raise NotFound, CommitteeNotWhole if an open community fund would be left without enough members."""
    fund = fund_for(actor, fund_id)
    seat = fund.seats.filter(pk=seat_id, until=None).first()
    if seat is None:
        raise NotFound
    seat.until = timezone.localdate(at)
    seat.save(update_fields=["until"])
    record(kind="fund.leave_seat", subject=fund, actor=actor, at=at, data={"seat": seat.pk})
    return seat


def committee_faults(fund: Fund, *, on: date) -> str:
    """Return what the committee of a community fund still lacks, "" if it is whole."""
    if not fund.community_fund:
        return ""
    seats = list(fund.seats.filter(until=None))
    members = sum(not seat.supervisor for seat in seats)
    least = preset("funds.committee.min", area_code=fund.area_code, on=on)
    if members < least or members % 2 == 0:
        return f"管委会应有至少{least}人且为单数，现有{members}人。"
    return "" if len(seats) > members else "管委会还没有监督员，至少要有一名。"


@refusals_noted("fund", "fund_id")
@domain_call("charity:second_key")
def confirm_fund(*, actor: Actor, at: datetime, fund_id: int) -> Fund:
    """Turn the second key: the fund opens. Raises NotFound, SecondKey, NotDeclared, CommitteeNotWhole, MoveNotAllowed."""
    fund = fund_for(actor, fund_id)
    _another(fund.opened_by, actor)
    if fault := committee_faults(fund, on=timezone.localdate(at)):
        raise CommitteeNotWhole(fault)
    FUND.move(fund, "confirm", actor=actor, at=at, changes={"confirmed_by": actor.user_id})
    return fund


@refusals_noted("fund", "fund_id")
@domain_call("charity:freeze")
def freeze_fund(*, actor: Actor, at: datetime, fund_id: int, reason: str) -> Fund:
    """Stop all payments of a fund at once; one key is enough. Raises NotFound, Invalid, MoveNotAllowed."""
    fund = fund_for(actor, fund_id)
    changes = {"key_asked_by": actor.user_id}
    FUND.move(fund, "freeze", actor=actor, at=at, changes=changes, data={"reason": _reason(reason)})
    return fund


@refusals_noted("fund", "fund_id")
@domain_call("charity:second_key")
def thaw_fund(*, actor: Actor, at: datetime, fund_id: int, reason: str) -> Fund:
    """Let a frozen fund pay again: another person than the one who froze it. Raises SecondKey and as freeze_fund."""
    fund = fund_for(actor, fund_id)
    _another(fund.key_asked_by, actor)
    FUND.move(fund, "thaw", actor=actor, at=at, changes={"key_asked_by": None}, data={"reason": _reason(reason)})
    return fund


@refusals_noted("fund", "fund_id")
@domain_call("charity:open")
def ask_closing(*, actor: Actor, at: datetime, fund_id: int, successor_id: int | None, reason: str) -> Fund:
    """Ask that a fund ends and what is left goes to a fund of the same or a near purpose (慈善法第五十八条).

    Raises NotFound, Invalid, Conflict while expenses are under way.
    """
    fund = fund_for(actor, fund_id)
    if fund.expenses.exclude(
        state__in=[ExpenseState.PAID, ExpenseState.RECEIPTED, ExpenseState.REFUSED]
    ).exists():  # fmt: skip
        raise Conflict("还有支出没有办完，不能申请终止。")
    successor = fund_for(actor, successor_id) if successor_id else None
    if fund.account.balance and successor is None:
        raise Invalid(fields={"successor_id": "还有余款，请选择用途相同或相近的基金承接。"})
    if successor and (successor.pk == fund.pk or not same_aim(fund, successor)):
        raise Invalid(fields={"successor_id": "余款只能转给资金来源相同、用途相同或相近的基金。"})
    changes = {"key_asked_by": actor.user_id, "successor": successor}
    FUND.move(fund, "ask_closing", actor=actor, at=at, changes=changes, data={"reason": _reason(reason)})
    return fund


def same_aim(fund: Fund, other: Fund) -> bool:
    """Say whether money of one fund may go on in another: the same source, open, and no use that the first forbids."""
    narrower = not fund.categories or (bool(other.categories) and set(other.categories) <= set(fund.categories))
    return other.state == FundState.OPEN and other.source_class == fund.source_class and narrower


def _another(first: int | None, actor: Actor) -> None:
    """Raise SecondKey unless the actor is another person than who turned the first key; both must be declared."""
    if first == actor.user_id:
        raise SecondKey
    declaration_of(actor.user_id)


def _reason(reason: str) -> str:
    if not reason.strip() or len(reason.strip()) > 200:
        raise Invalid(fields={"reason": "请写明原因（200字以内）。"})
    return reason.strip()
