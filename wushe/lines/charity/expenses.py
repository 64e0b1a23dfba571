"""An expense goes request → community → street → district → payment → receipt, as high as its sum needs.

Each step is another person's; what was asked for is never edited, only refused and asked anew; a late level may be
signed by the one above it; a freeze makes all sign anew.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, Sum
from django.utils import timezone

from wushe.chain.projects.models import Project
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.idempotency.services import once
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.protected import blind_index
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.scope import COMMUNITY, covers, obtain
from wushe.foundation.workdays.selectors import end_after_working_days
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

from .enums import DonationState, ExpenseState, SignLevel, UseCategory
from .funds import fund_for
from .models import Expense, Fund, Signing
from .relations import RelatedParty, check_payee, close_to, declaration_of
from .relief import relief_fault
from .rules import check_open, check_relief_sum, check_use, fits, last_level
from .workflow import EXPENSE

LEVELS = [SignLevel.COMMUNITY, SignLevel.STREET, SignLevel.DISTRICT]
LEVEL_OF = {
    ExpenseState.AT_COMMUNITY: SignLevel.COMMUNITY,
    ExpenseState.AT_STREET: SignLevel.STREET,
    ExpenseState.AT_DISTRICT: SignLevel.DISTRICT,
}
RIGHT_OF = {level: f"charity:sign_{level}" for level in LEVELS}
DONE = (ExpenseState.PAID, ExpenseState.RECEIPTED)
BANK_DIGITS = range(8, 31)


class NotEnough(Conflict):
    """What is left and may be used for this is less than the sum."""


class SamePerson(Conflict):
    """One person takes one step of an expense, no more."""

    message = "您已经办过这笔支出的另一步，同一个人不能经手两步。"


@refusals_noted("expense", "fund_id")
@domain_call("charity:request")
def request_expense(
    *,
    actor: Actor,
    at: datetime,
    fund_id: int,
    area_code: str,
    category: str,
    title: str,
    amount_fen: int,
    bank_account: str,
    account_holder: str,
    payee_person_id: int | None = None,
    payee_organisation_id: int | None = None,
    project_id: int | None = None,
    client_key: str = "",
) -> Expense:
    """Ask for money of a fund; every rule is checked now, not at year-end.

    Raises NotFound, Invalid by field, UseForbidden with its rule, NotEnough, RelatedParty, NotDeclared, FundNotOpen.
    """
    on = timezone.localdate(at)
    fund = fund_for(actor, fund_id)
    expense = Expense(
        fund=fund, area_code=area_code, category=category, title=title.strip(), amount_fen=amount_fen,
        bank_account=bank_account, bank_account_index=blind_index(bank_account, purpose="bank"),
        account_holder=account_holder.strip(), requested_at=at, requested_by=actor.user_id,
        payee_person=Person.objects.filter(pk=payee_person_id, died_on=None).first() if payee_person_id else None,
        payee_organisation=_organisation(payee_organisation_id), project=_project(fund, project_id),
    )  # fmt: skip
    _check_new(expense, actor, bank_account, on)
    expense.last_level = _level_needed(expense, on)
    expense.due_at = _due(expense, at)

    def effect() -> dict[str, Any]:
        EXPENSE.start(expense, event="request", actor=actor, at=at, data={**body, "level": str(expense.last_level)})
        return {"expense": expense.pk}

    body = {"fund": fund.pk, "fen": amount_fen, "category": category}
    answer = once(actor=actor, at=at, key=client_key, call="charity.request_expense", body=body, effect=effect)
    return Expense.objects.get(pk=answer["expense"])


def _check_new(expense: Expense, actor: Actor, bank_account: str, on: date) -> None:
    """Raise the first rule that a new expense breaks: form, hands, fund, use, payee, sum."""
    fund = expense.fund
    if faults := _faults_of(expense, actor, bank_account):
        raise Invalid(fields=faults)
    declaration_of(actor.user_id)
    check_open(fund, on=on)
    check_use(fund=fund, category=expense.category, title=expense.title, area_code=expense.area_code, on=on)
    check_payee(fund=fund, expense=expense, handlers=[actor.user_id])
    _check_sum(expense, on)


def _organisation(pk: int | None) -> Organisation | None:
    return Organisation.objects.filter(pk=pk, left_on=None).first() if pk else None


def _project(fund: Fund, pk: int | None) -> Project | None:
    if pk is None:
        return None
    project = Project.objects.filter(pk=pk).first()
    inside = project and (project.area_code.startswith(fund.area_code) or fund.area_code.startswith(project.area_code))
    if not project or not inside or project.state not in ("approved", "running"):
        raise Invalid(fields={"project_id": "请选择本地区已批准的项目。"})
    return project


def _faults_of(expense: Expense, actor: Actor, bank_account: str) -> dict[str, str]:
    faults = {}
    if not 2 <= len(expense.title) <= 80:
        faults["title"] = "请写明用途（2到80个字）。"
    if not 0 < expense.amount_fen <= 10_000_000_000_00:
        faults["amount"] = "金额应大于零，请以元为单位填写。"
    if len(expense.area_code) != COMMUNITY or not covers(actor, expense.area_code):
        faults["area_code"] = "请选择用在本辖区的哪个社区。"
    elif not expense.area_code.startswith(expense.fund.area_code):
        faults["area_code"] = "这个社区不在基金的地区之内。"
    if (expense.payee_person is None) == (expense.payee_organisation is None):
        faults["payee"] = "请从登记册里选择收款的居民或单位，二者选一。"
    elif expense.account_holder != expense.payee_name:
        faults["account_holder"] = "户名应与收款人登记的姓名或名称完全一致。"
    if not (bank_account.isascii() and bank_account.isdigit() and len(bank_account) in BANK_DIGITS):
        faults["bank_account"] = "收款账号应为8到30位数字。"
    elif _account_of_another(expense):
        faults["bank_account"] = "这个账号在别的支出里属于另一个收款人，请核对。"
    if expense.category == UseCategory.RELIEF and expense.payee_person is None:
        faults["payee"] = "救助金只发给居民本人。"
    return faults


def _account_of_another(expense: Expense) -> bool:
    same = Expense.objects.filter(bank_account_index=expense.bank_account_index)
    return same.exclude(
        payee_person=expense.payee_person, payee_organisation=expense.payee_organisation
    ).exists()  # fmt: skip


def _check_sum(expense: Expense, on: date) -> None:
    """Raise NotEnough unless fitting lots cover the sum beside all that is under way; Invalid above a cap of relief."""
    lots = expense.fund.donations.filter(state=DonationState.RECEIVED, left_fen__gt=0)
    fitting = [lot for lot in lots if fits(lot, category=expense.category, area_code=expense.area_code, on=on)]
    waiting = expense.fund.expenses.exclude(state__in=[*DONE, ExpenseState.REFUSED]).exclude(pk=expense.pk)
    promised = waiting.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    left = expense.fund.account.balance - promised
    if min(left, sum(lot.left_fen for lot in fitting)) < expense.amount_fen:
        raise NotEnough("可用于这项用途的余额不够：要扣除已申请未付的，并遵守捐赠人限定的用途、地区和期限。")
    if expense.category == UseCategory.RELIEF and expense.payee_person_id:
        given = Expense.objects.filter(
            payee_person=expense.payee_person_id, category=UseCategory.RELIEF, requested_at__year=on.year
        ).exclude(state=ExpenseState.REFUSED).exclude(pk=expense.pk)  # fmt: skip
        before = given.aggregate(fen=Sum("amount_fen"))["fen"] or 0
        check_relief_sum(amount_fen=before + expense.amount_fen, area_code=expense.area_code, on=on)


def _level_needed(expense: Expense, on: date) -> SignLevel:
    """Return who signs last; what the same payee was asked for of late counts too, so that splitting helps nobody."""
    days = preset("funds.split.days", area_code=expense.area_code, on=on)
    since = expense.requested_at - timedelta(days=days)
    payee = Q(payee_person=expense.payee_person, payee_organisation=expense.payee_organisation)
    requester = Q(requested_by=expense.requested_by, fund=expense.fund, title=expense.title)
    lately = Expense.objects.filter(payee | requester, requested_at__gte=since).exclude(state=ExpenseState.REFUSED)
    before = lately.aggregate(fen=Sum("amount_fen"))["fen"] or 0
    return last_level(amount_fen=before + expense.amount_fen, area_code=expense.area_code, on=on)


def _due(expense: Expense, at: datetime) -> datetime:
    days = preset("funds.approval.days", area_code=expense.area_code, on=timezone.localdate(at))
    return end_after_working_days(at=at, count=days, area_code=expense.area_code)


def expense_for(actor: Actor, expense_id: int) -> Expense:
    """Return an expense of the actor's area; raise NotFound."""
    rows = Expense.objects.select_related("fund__account", "payee_person", "payee_organisation")
    return obtain(rows, actor, pk=expense_id)


@refusals_noted("expense", "expense_id")
@domain_call(None)
def sign_expense(*, actor: Actor, at: datetime, expense_id: int, agreed: bool, note: str = "") -> Expense:
    """Sign for the level that the expense waits for, or for the one below that let its deadline pass.

    Raises NotFound, NotAllowed, SamePerson, RelatedParty, NotDeclared, FundNotOpen, Conflict if relief is not ready,
    Invalid for a refusal without a reason, MoveNotAllowed.
    """
    expense = expense_for(actor, expense_id)
    level = LEVEL_OF.get(ExpenseState(expense.state))
    if level is None:
        EXPENSE.edge(expense.state, "approve")
        raise NotFound
    substitute = _may_sign(actor, expense, level, at)
    if len(note) > 200 or (not agreed and not note.strip()):
        raise Invalid(fields={"note": "不同意请写明理由（200字以内）。"})
    check_hands(actor, expense)
    if agreed:
        check_open(expense.fund, on=timezone.localdate(at))
        if fault := relief_fault(expense, on=timezone.localdate(at), to_pay=False):
            raise Conflict(fault)
    Signing.objects.create(
        expense=expense, round=expense.round, level=level, agreed=agreed, note=note.strip(), substitute=substitute,
        signed_at=at, signed_by=actor.user_id,
    )  # fmt: skip
    step = "refuse" if not agreed else "approve" if level == expense.last_level else "pass"
    data = {"level": str(level), "substitute": substitute}
    EXPENSE.move(expense, step, actor=actor, at=at, changes={"due_at": _due(expense, at)}, data=data)
    return expense


def may_sign(*, actor: Actor, expense: Expense, at: datetime) -> bool:
    """Say whether an expense waits for the signature of the actor's level."""
    level = LEVEL_OF.get(ExpenseState(expense.state))
    if level is None:
        return False
    try:
        _may_sign(actor, expense, level, at)
    except NotAllowed:
        return False
    return True


def _may_sign(actor: Actor, expense: Expense, level: SignLevel, at: datetime) -> bool:
    """Return whether the actor signs as the substitute of a late level; raise NotAllowed if it is not theirs at all."""
    if actor.may(RIGHT_OF[level]):
        return False
    above = LEVELS[LEVELS.index(level) + 1 :][:1]
    if at > expense.due_at and above and actor.may(RIGHT_OF[above[0]]):
        return True
    raise NotAllowed


def check_hands(actor: Actor, expense: Expense) -> None:
    """Raise SamePerson or RelatedParty if this pair of hands was on the expense, or is close to one that was."""
    hands = hands_on(expense)
    if actor.user_id in hands:
        raise SamePerson
    own = declaration_of(actor.user_id)
    others = {declaration_of(user_id).person_id for user_id in hands}
    if own.person_id in close_to(others):
        raise RelatedParty("您与这笔支出的申请人或前一级审批人是亲属或同住人，请换一位同事办理。")
    check_payee(fund=expense.fund, expense=expense, handlers=[actor.user_id, *hands])


def hands_on(expense: Expense) -> set[int]:
    """Return the accounts that took a step of this expense so far, in its present round."""
    signers = expense.signings.filter(round=expense.round).values_list("signed_by", flat=True)
    hands = {expense.requested_by, *signers}
    return hands | ({expense.paid_by} if expense.paid_by else set())


@refusals_noted("expense", "expense_id")
@domain_call("charity:freeze")
def freeze_expense(*, actor: Actor, at: datetime, expense_id: int, reason: str) -> Expense:
    """Stop an expense that is not yet paid; raise NotFound, Invalid without a reason, MoveNotAllowed."""
    expense = expense_for(actor, expense_id)
    if not reason.strip():
        raise Invalid(fields={"reason": "请写明冻结的原因。"})
    changes = {"frozen_by": actor.user_id}
    EXPENSE.move(expense, "freeze", actor=actor, at=at, changes=changes, data={"reason": reason.strip()[:200]})
    return expense


@refusals_noted("expense", "expense_id")
@domain_call("charity:second_key")
def thaw_expense(*, actor: Actor, at: datetime, expense_id: int) -> Expense:
    """Let a frozen expense go on: all sign anew. Raises NotFound, SamePerson for who froze or asked, MoveNotAllowed."""
    expense = expense_for(actor, expense_id)
    if actor.user_id in (expense.frozen_by, expense.requested_by):
        raise SamePerson
    changes = {"frozen_by": None, "round": expense.round + 1, "due_at": _due(expense, at)}
    EXPENSE.move(expense, "thaw", actor=actor, at=at, changes=changes)
    return expense


@refusals_noted("expense", "expense_id")
@domain_call("charity:receipt")
def confirm_receipt(*, actor: Actor, at: datetime, expense_id: int, note: str) -> Expense:
    """Write down that the payee has it and how that is known; never by who paid. Raises NotFound, SamePerson, Invalid."""
    expense = expense_for(actor, expense_id)
    if actor.user_id == expense.paid_by:
        raise SamePerson("付款人不能自己登记回执。")
    if not note.strip() or len(note.strip()) > 200:
        raise Invalid(fields={"note": "请写明回执：谁、怎样确认收到（200字以内）。"})
    changes = {"receipted_at": at, "receipted_by": actor.user_id, "receipt_note": note.strip()}
    EXPENSE.move(expense, "receipt", actor=actor, at=at, changes=changes)
    return expense


@refusals_noted("expense", "expense_id")
@domain_call("charity:request")
def follow_up(*, actor: Actor, at: datetime, expense_id: int, found: str) -> Expense:
    """Write down how the person fares after a relief payout; raise NotFound, Invalid, Conflict before payment."""
    expense = expense_for(actor, expense_id)
    if expense.category != UseCategory.RELIEF or expense.state not in DONE:
        raise Conflict("发放救助金以后才登记回访。")
    if not found.strip() or len(found.strip()) > 200:
        raise Invalid(fields={"found": "请写回访情况（200字以内）。"})
    expense.followed_up_on, expense.follow_up = timezone.localdate(at), found.strip()
    expense.save(update_fields=["followed_up_on", "follow_up"])
    record(kind="expense.follow_up", subject=expense, actor=actor, at=at)
    return expense
