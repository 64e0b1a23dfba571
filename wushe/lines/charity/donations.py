"""Money comes in: posted in double entry, receipted, given back before use, put to another use only by consent."""

from datetime import date, datetime
from secrets import token_urlsafe
from typing import Any

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.scope import obtain
from wushe.ledgers.models import Account, AccountKind, LedgerUnit
from wushe.ledgers.postings import Posting
from wushe.ledgers.services import open_account, post_all
from wushe.registers.donors.models import Donor

from .enums import ChangeState, DonationState, UseCategory, Way
from .funds import SecondKey, fund_for
from .models import Donation, Fund, UseChange
from .relations import declaration_of
from .rules import check_open
from .workflow import DONATION, FUND, USE_CHANGE

MOST_FEN = 10_000_000_000_00  # a slip of the keyboard, not a policy


class AlreadySpent(Conflict):
    """What has been spent cannot be given back."""

    message = "这笔捐赠已经用出一部分，不能退回。"


@refusals_noted("fund", "fund_id")
@domain_call("charity:receive")
def receive_donation(
    *,
    actor: Actor,
    at: datetime,
    fund_id: int,
    amount_fen: int,
    way: str,
    received_on: date,
    donor_id: int | None = None,
    payer: str = "",
    unnamed: bool = False,
    only_category: str = "",
    only_area: str = "",
    use_until: date | None = None,
    wishes: str = "",
    reference: str = "",
    client_key: str = "",
) -> Donation:
    """Book money that came in, once for a client key; without a donor it is anonymous, or a grant of `payer`.

    Raises NotFound for a fund or donor out of scope, Invalid beside each field at fault, FundNotOpen.
    """
    fund = fund_for(actor, fund_id)
    donor = obtain(Donor.objects.filter(ended_on=None), actor, pk=donor_id) if donor_id else None
    lot = Donation(
        fund=fund, area_code=fund.area_code, donor=donor, payer=payer.strip(), way=way, amount_fen=amount_fen,
        left_fen=amount_fen, received_on=received_on, only_category=only_category, only_area=only_area,
        use_until=use_until, wishes=wishes.strip(), reference=reference.strip(), handled_by=actor.user_id,
        unnamed=unnamed or (donor is not None and donor.unnamed) or (donor is None and way != Way.GRANT),
    )  # fmt: skip
    _check_new(lot, actor, timezone.localdate(at))

    def effect() -> dict[str, Any]:
        _book(lot, actor=actor, at=at, source=outside_account(fund, actor, at), key=f"donation:{token_urlsafe(12)}")
        return {"donation": lot.pk}

    body = {"fund": fund.pk, "amount": amount_fen, "reference": lot.reference}
    answer = once(actor=actor, at=at, key=client_key, call="charity.receive_donation", body=body, effect=effect)
    return Donation.objects.get(pk=answer["donation"])


def _check_new(lot: Donation, actor: Actor, on: date) -> None:
    if faults := _faults_of(lot, on):
        raise Invalid(fields=faults)
    check_open(lot.fund, on=lot.received_on)
    declaration_of(actor.user_id)


def _faults_of(lot: Donation, on: date) -> dict[str, str]:
    faults = {}
    if not 0 < lot.amount_fen <= MOST_FEN:
        faults["amount"] = "金额应大于零，请以元为单位填写。"
    if lot.way not in set(Way.values) - {Way.MOVED}:
        faults["way"] = "请选择到账方式。"
    if lot.way == Way.GRANT and not lot.payer:
        faults["payer"] = "拨款请写明拨款单位。"
    if lot.way in (Way.BANK, Way.ONLINE) and not lot.reference:
        faults["reference"] = "请填银行流水号或平台订单号，便于核对。"
    if lot.reference and Donation.objects.filter(fund=lot.fund, reference=lot.reference).exists():
        faults["reference"] = "这个凭证号已经入过账。"
    return faults | _bad_limits(lot, on)


def _bad_limits(lot: Donation, on: date) -> dict[str, str]:
    """Return what is wrong with the giver's limits: category, area and until when."""
    faults = {}
    if lot.received_on > on:
        faults["received_on"] = "到账日期不能晚于今天。"
    if lot.only_category and lot.only_category not in UseCategory.values:
        faults["only_category"] = "请选择限定用途。"
    if lot.only_category and lot.fund.categories and lot.only_category not in lot.fund.categories:
        faults["only_category"] = "这只基金不能用于捐赠人指定的用途，请换一只基金。"
    if not lot.only_area.startswith(lot.fund.area_code) and lot.only_area:
        faults["only_area"] = "限定地区应在基金的地区之内。"
    if lot.use_until and lot.use_until < lot.received_on:
        faults["use_until"] = "使用期限不能早于到账日期。"
    if len(lot.wishes) > 200 or len(lot.payer) > 80 or len(lot.reference) > 60:
        faults["wishes"] = "填写的文字太长，请写短一些。"
    return faults


def _book(lot: Donation, *, actor: Actor, at: datetime, source: Account, key: str) -> None:
    """Post a lot and keep it; its receipt number counts within the year of the fund."""
    legs = ((source.pk, -lot.amount_fen), (lot.fund.account_id, lot.amount_fen))
    lot.entry = post_all(actor=actor, at=at, postings=[Posting(key, "捐赠入账", legs)])[0]
    lot.token = token_urlsafe(32)
    lot.number = f"{lot.received_on:%Y}-{lot.fund_id:04d}-{lot.entry.pk:07d}"
    DONATION.start(lot, event="receive", actor=actor, at=at, data={"fund": lot.fund_id, "fen": lot.amount_fen})


def outside_account(fund: Fund, actor: Actor, at: datetime, *, what: str = "given") -> Account:
    """Return the account of the world outside: of those who give, or of those who are paid."""
    title = {"given": "捐赠和拨款来源", "paid": "慈善资金已付"}[what]
    district = fund.area_code[:6]
    return open_account(
        actor=actor, at=at, code=f"charity:{what}:{district}", title=title, unit=LedgerUnit.FEN,
        kind=AccountKind.OUTSIDE, area_code=district, may_go_below=True,
    )  # fmt: skip


@refusals_noted("donation", "donation_id")
@domain_call("charity:receive")
def ask_refund(*, actor: Actor, at: datetime, donation_id: int, reason: str) -> Donation:
    """Ask that a donation nothing of which was used goes back to its giver; raise NotFound, Invalid, AlreadySpent."""
    lot = donation_for(actor, donation_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明退回原因。"})
    if lot.left_fen != lot.amount_fen:
        raise AlreadySpent
    if lot.way == Way.MOVED or (lot.donor is None and lot.way != Way.GRANT):
        raise Conflict("匿名捐赠和转入的余款没有可退回的捐赠人。")
    changes = {"refund_asked_by": actor.user_id}
    DONATION.move(lot, "ask_refund", actor=actor, at=at, changes=changes, data={"reason": reason.strip()[:200]})
    return lot


@refusals_noted("donation", "donation_id")
@domain_call("charity:pay")
def refund_donation(*, actor: Actor, at: datetime, donation_id: int) -> Donation:
    """Give a donation back by reversing its entry: another person than who booked it or asked.

    Raises NotFound, SecondKey, AlreadySpent, FundNotOpen, MoveNotAllowed.
    """
    lot = donation_for(actor, donation_id)
    if actor.user_id in (lot.refund_asked_by, lot.handled_by):
        raise SecondKey("申请或经手这笔捐赠的人不能自己办理退回。")
    declaration_of(actor.user_id)
    check_open(lot.fund, on=timezone.localdate(at))
    if Donation.objects.filter(pk=lot.pk, left_fen=lot.amount_fen).update(left_fen=0) != 1:
        raise AlreadySpent
    lot.left_fen = 0
    DONATION.move(lot, "refund", actor=actor, at=at)
    legs = ((lot.fund.account_id, -lot.amount_fen), (outside_account(lot.fund, actor, at).pk, lot.amount_fen))
    post_all(actor=actor, at=at, postings=[Posting(f"refund:{lot.pk}", "捐赠退回", legs)])
    return lot


@refusals_noted("donation", "donation_id")
@domain_call("charity:receive")
def keep_donation(*, actor: Actor, at: datetime, donation_id: int) -> Donation:
    """Take the wish to refund back; raise NotFound, MoveNotAllowed."""
    lot = donation_for(actor, donation_id)
    DONATION.move(lot, "keep", actor=actor, at=at, changes={"refund_asked_by": None})
    return lot


@refusals_noted("donation", "donation_id")
@domain_call("charity:receive")
def ask_use_change(
    *, actor: Actor, at: datetime, donation_id: int, only_category: str, use_until: date | None, reason: str
) -> UseChange:
    """Put another use to the giver, who answers on the page of their receipt; raise NotFound, Invalid, Conflict."""
    lot = donation_for(actor, donation_id)
    if not reason.strip() or len(reason.strip()) > 200:
        raise Invalid(fields={"reason": "请向捐赠人说明为什么要变更（200字以内）。"})
    if only_category and only_category not in UseCategory.values:
        raise Invalid(fields={"only_category": "请选择用途。"})
    if lot.state != DonationState.RECEIVED or not lot.left_fen:
        raise Conflict("这笔捐赠已经用完或正在退回，不能变更用途。")
    if lot.use_changes.filter(state=ChangeState.ASKED).exists():
        raise Conflict("已有一个变更在等捐赠人答复。")
    change = UseChange(
        donation=lot, only_category=only_category, use_until=use_until, reason=reason.strip(), asked_at=at,
        asked_by=actor.user_id,
    )  # fmt: skip
    USE_CHANGE.start(change, event="ask", actor=actor, at=at, data={"donation": lot.pk})
    return change


@domain_call(None)
def answer_use_change(*, actor: Actor, at: datetime, token: str, agree: bool) -> UseChange:
    """Let the giver, who holds the receipt's secret, agree or not; raise NotFound, MoveNotAllowed."""
    change = UseChange.objects.select_related("donation").filter(
        donation__token=token, state=ChangeState.ASKED
    ).first()  # fmt: skip
    if change is None:
        raise NotFound
    USE_CHANGE.move(change, "agree" if agree else "decline", actor=actor, at=at, changes={"answered_at": at})
    if agree:
        lot = change.donation
        lot.only_category, lot.use_until = change.only_category, change.use_until
        lot.save(update_fields=["only_category", "use_until"])
    return change


def donation_for(actor: Actor, donation_id: int) -> Donation:
    """Return a donation to a fund that serves the actor's area; raise NotFound."""
    lot = Donation.objects.select_related("fund__account", "donor").filter(pk=donation_id).first()
    if lot is None:
        raise NotFound
    fund_for(actor, lot.fund_id)
    return lot


@refusals_noted("fund", "fund_id")
@domain_call("charity:second_key")
def close_fund(*, actor: Actor, at: datetime, fund_id: int) -> Fund:
    """End a fund with the second key; each lot that is left goes on in the successor, with its giver and limits.

    Raises NotFound, SecondKey, FundNotOpen for a successor that has closed since, MoveNotAllowed.
    """
    fund = fund_for(actor, fund_id)
    FUND.edge(fund.state, "close")
    if fund.key_asked_by == actor.user_id:
        raise SecondKey
    declaration_of(actor.user_id)
    lots = list(fund.donations.filter(state=DonationState.RECEIVED, left_fen__gt=0))
    if fund.successor is not None:
        check_open(fund.successor, on=timezone.localdate(at))
        for lot in lots:
            _move_on(lot, fund.successor, fund.account, actor=actor, at=at)
    elif lots:
        raise Conflict("还有余款没有去处，请重新申请终止并选择承接的基金。")
    FUND.move(fund, "close", actor=actor, at=at, data={"lots": len(lots)})
    return fund


def _move_on(lot: Donation, successor: Fund, account: Account, *, actor: Actor, at: datetime) -> None:
    on = timezone.localdate(at)
    moved = Donation(
        fund=successor, area_code=successor.area_code, donor=lot.donor, payer=lot.payer, unnamed=lot.unnamed,
        way=Way.MOVED, amount_fen=lot.left_fen, left_fen=lot.left_fen, received_on=on, only_category=lot.only_category,
        only_area=lot.only_area, use_until=lot.use_until, wishes=lot.wishes, handled_by=actor.user_id, origin=lot,
    )  # fmt: skip
    _book(moved, actor=actor, at=at, source=account, key=f"donation:{lot.pk}:moved")
    lot.left_fen = 0
    lot.save(update_fields=["left_fen"])
