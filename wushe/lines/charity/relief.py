"""A relief payout: two visitors, a vote with recusal, a public notice without the name; only then is it paid (F115)."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.scope import obtain

from .enums import Choice, ExpenseState, UseCategory
from .models import Expense, ReliefNotice, ReliefVisit, ReliefVote
from .relations import close_to, declaration_of


class MustRecuse(Conflict):
    """Who is close to the person in need does not vote on them."""

    message = "这位委员与申请人是亲属、同住人或本人，只能回避。"


@refusals_noted("expense", "expense_id")
@domain_call("charity:visit")
def record_relief_visit(*, actor: Actor, at: datetime, expense_id: int, visited_on: date, found: str) -> ReliefVisit:
    """Write down what the actor found at the applicant's home; each visitor writes once, the applicant's clerk never.

    Raises NotFound, Conflict for whoever asked or is close to the person, Invalid.
    """
    expense = _relief(actor, expense_id)
    if expense.requested_by == actor.user_id:
        raise Conflict("登记申请的人不能做入户核实人，请另两位同事入户。")
    if declaration_of(actor.user_id).person_id in close_to([expense.payee_person_id or 0]):
        raise Conflict("您与申请人是亲属或同住人，不能做入户核实人。")
    if not found.strip() or len(found.strip()) > 300:
        raise Invalid(fields={"found": "请写明核实到的情况（300字以内）。"})
    if visited_on > timezone.localdate(at):
        raise Invalid(fields={"visited_on": "入户日期不能晚于今天。"})
    if expense.relief_visits.filter(visitor=actor.user_id).exists():
        raise Conflict("您已经登记过入户情况。")
    visit = ReliefVisit.objects.create(
        expense=expense, visitor=actor.user_id, visited_on=visited_on, found=found.strip()
    )
    record(kind="expense.relief_visit", subject=expense, actor=actor, at=at)
    return visit


@refusals_noted("expense", "expense_id")
@domain_call("charity:seat")
def record_relief_vote(*, actor: Actor, at: datetime, expense_id: int, seat_id: int, choice: str) -> ReliefVote:
    """Write down how a member voted; a supervisor has no vote, and who is close to the person may only be recused.

    Raises NotFound, Invalid, MustRecuse, Conflict for a second vote.
    """
    expense = _relief(actor, expense_id)
    seat = expense.fund.seats.filter(pk=seat_id, until=None, supervisor=False).first()
    if seat is None:
        raise NotFound
    if choice not in Choice.values:
        raise Invalid(fields={"choice": "请选择同意、不同意或回避。"})
    if choice != Choice.RECUSED and seat.person_id in close_to([expense.payee_person_id or 0]):
        raise MustRecuse
    if expense.requested_by == actor.user_id:
        raise Conflict("登记申请的人不能记录表决。")
    if expense.relief_votes.filter(seat=seat).exists():
        raise Conflict("这位委员已经表决过。")
    vote = ReliefVote.objects.create(
        expense=expense, seat=seat, choice=choice, recorded_at=at, recorded_by=actor.user_id
    )
    record(kind="expense.relief_vote", subject=expense, actor=actor, at=at, data={"seat": seat.pk, "choice": choice})
    return vote


@refusals_noted("expense", "expense_id")
@domain_call("charity:publish")
def publish_relief(*, actor: Actor, at: datetime, expense_id: int) -> ReliefNotice:
    """Put the payout on public notice, from today; raise NotFound, Conflict before visits and vote are done."""
    expense = _relief(actor, expense_id)
    today = timezone.localdate(at)
    if fault := _before_notice(expense, today):
        raise Conflict(fault)
    if is_published(expense):
        raise Conflict("已经公示过。")
    days = preset("funds.notice.days", area_code=expense.area_code, on=today)
    notice = ReliefNotice.objects.create(
        expense=expense, starts_on=today, ends_on=today + timedelta(days=days), published_by=actor.user_id
    )
    record(kind="expense.notice", subject=expense, actor=actor, at=at, data={"until": notice.ends_on.isoformat()})
    return notice


def is_published(expense: Expense) -> bool:
    """Say whether a relief payout was put on public notice."""
    return ReliefNotice.objects.filter(expense=expense).exists()


def relief_fault(expense: Expense, *, on: date, to_pay: bool) -> str:
    """Return what a relief payout still lacks before a signature, or before payment; "" for any other expense."""
    if expense.category != UseCategory.RELIEF:
        return ""
    if fault := _before_notice(expense, on):
        return fault
    notice = ReliefNotice.objects.filter(expense=expense).first()
    if notice is None:
        return "还没有公示，请先公示。"
    if to_pay and on <= notice.ends_on:
        return f"公示到{notice.ends_on:%Y年%-m月%-d日}，期满以后才能付款。"
    return ""


def _before_notice(expense: Expense, on: date) -> str:
    least = preset("funds.visit.people", area_code=expense.area_code, on=on)
    visits = expense.relief_visits.count()
    if visits < least:
        return f"要有{least}人分别入户核实，现有{visits}人。"
    votes = list(expense.relief_votes.values_list("choice", flat=True))
    members = expense.fund.seats.filter(until=None, supervisor=False).count()
    entitled = members - votes.count(Choice.RECUSED)
    if not entitled or votes.count(Choice.FOR) * 2 <= entitled:
        return f"管委会应有过半数同意（回避的不算），现有{votes.count(Choice.FOR)}票同意，应有{entitled}人表决。"
    return ""


def _relief(actor: Actor, expense_id: int) -> Expense:
    expense = obtain(Expense.objects.select_related("fund"), actor, pk=expense_id)
    if expense.category != UseCategory.RELIEF:
        raise NotFound
    if expense.state != ExpenseState.AT_COMMUNITY:
        raise Conflict("这笔救助已经过了社区这一级。")
    return expense
