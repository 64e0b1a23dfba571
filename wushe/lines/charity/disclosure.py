"""What everybody may see of the same books: no names that were to be kept, by Article 82; every line can be asked about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_urlsafe

from django.db.models import QuerySet
from django.utils import timezone

from wushe.chain.needs.models import NeedState
from wushe.chain.projects.models import Project, ProjectState
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.presets.selectors import preset
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.saying import said
from wushe.foundation.scope import covering, within
from wushe.foundation.workdays.selectors import end_after_working_days
from wushe.registers.donors.models import Donor, DonorKind
from wushe.registers.people.models import Person

from .enums import DonationState, ExpenseState, FundState, QuestionState, UseCategory, Way
from .models import BookQuestion, Donation, Expense, Fund
from .workflow import QUESTION

SHOWN = (ExpenseState.PAID, ExpenseState.RECEIPTED)
HIDDEN = "某某"
MOST_A_DAY = 50


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line of the public books: `amount_fen` is positive for what came in, negative for what went out."""

    kind: str
    pk: int
    on: date
    who: str
    what: str
    category: str
    amount_fen: int
    state: str
    document: str


def public_funds(*, text: str = "", source_class: str = "") -> QuerySet[Fund]:
    """Return every fund that has ever been open, newest first."""
    rows = Fund.objects.exclude(state=FundState.DRAFTED).select_related("host", "account")
    rows = rows.filter(source_class=source_class) if source_class else rows
    return (rows.filter(title__contains=text.strip()) if text.strip() else rows).order_by("-pk")


def public_fund(fund_id: int) -> Fund:
    """Return a fund that has ever been open; raise NotFound."""
    fund = public_funds().filter(pk=fund_id).first()
    if fund is None:
        raise NotFound("没有找到这只基金。")
    return fund


def public_projects(*, text: str = "") -> QuerySet[Project]:
    """Return approved, running and closed projects, newest first."""
    rows = Project.objects.exclude(state=ProjectState.DESIGNED).select_related("carrier")
    rows = rows.prefetch_related("budget_lines__account")
    return (rows.filter(title__contains=text.strip()) if text.strip() else rows).order_by("-pk")


def public_project(project_id: int) -> Project:
    """Return a project that was approved; raise NotFound."""
    project = public_projects().filter(pk=project_id).first()
    if project is None:
        raise NotFound("没有找到这个项目。")
    return project


class Veil:
    """Takes the names that must not be published out of what was typed."""

    def __init__(self, names: set[str]) -> None:
        # By the first character, the longest first: a page looks through few of many thousand names.
        begun: dict[str, list[str]] = {}
        for name in sorted((name for name in names if len(name) > 1), key=len, reverse=True):
            begun.setdefault(name[0], []).append(re.escape(name[1:]))
        parts = [f"{re.escape(first)}(?:{'|'.join(rests)})" for first, rests in begun.items()]
        self._names = re.compile("|".join(parts)) if parts else None

    def over(self, text: str) -> str:
        """Return the text without the names."""
        return self._names.sub(HIDDEN, text) if self._names else text


def veil_of(expenses: "QuerySet[Expense]", donations: "QuerySet[Donation]") -> Veil:
    """Return the veil over lines: people who give or are paid, and every giver who wants to stay unnamed."""
    gave = Donor.objects.filter(donations__in=donations)
    names = set(gave.filter(kind=DonorKind.PERSON).values_list("name", flat=True))
    names |= set(gave.filter(unnamed=True).values_list("name", flat=True))
    names |= set(Donor.objects.filter(donations__in=donations.filter(unnamed=True)).values_list("name", flat=True))
    names |= set(gave.exclude(contact_name="").values_list("contact_name", flat=True))
    paid = Person.with_merged.filter(charity_payments__in=expenses)
    return Veil(names | set(paid.values_list("name", flat=True)))


def veil_of_fund(fund: Fund) -> Veil:
    """Return the veil over all lines of a fund."""
    return veil_of(fund.expenses.all(), fund.donations.all())


def donations_in(fund: Fund) -> QuerySet[Donation]:
    """Return what came into a fund, newest first."""
    return fund.donations.select_related("donor").order_by("-pk")


def expenses_in(fund: Fund) -> QuerySet[Expense]:
    """Return what was paid from a fund, newest first."""
    rows = fund.expenses.filter(state__in=SHOWN).select_related("payee_person", "payee_organisation")
    return rows.order_by("-pk")


def donation_line(lot: Donation, veil: Veil) -> PublicLine:
    """Return a donation as everybody may see it."""
    state = lot.get_state_display() if lot.state != DonationState.RECEIVED else (
        "已用完" if not lot.left_fen else "未用" if lot.left_fen == lot.amount_fen else "部分已用"
    )  # fmt: skip
    category = UseCategory(lot.only_category).label if lot.only_category else ""
    return PublicLine(
        "donation", lot.pk, lot.received_on, giver_of(lot), veil.over(lot.wishes), category, lot.amount_fen, state,
        lot.number,
    )  # fmt: skip


def giver_of(lot: Donation) -> str:
    """Return how the giver is named in public."""
    if lot.way == Way.GRANT and lot.donor is None:
        return lot.payer
    if lot.donor is None:
        return "爱心人士"
    if lot.unnamed or lot.donor.unnamed:
        return "爱心人士" if lot.donor.kind == DonorKind.PERSON else "爱心单位"
    return lot.donor.public_name


def expense_line(expense: Expense, veil: Veil) -> PublicLine:
    """Return an expense as everybody may see it; a person who is paid has no name."""
    who = expense.payee_organisation.name if expense.payee_organisation else "受助居民"
    return PublicLine(
        "expense", expense.pk, timezone.localdate(expense.paid_at or expense.requested_at), who,
        veil.over(expense.title), expense.get_category_display(), -expense.amount_fen, expense.get_state_display(),
        expense.voucher if expense.payee_organisation else "",
    )  # fmt: skip


def lines_of(fund: Fund) -> Iterator[PublicLine]:
    """Yield every public line of a fund, the oldest first: what came in, then what went out."""
    veil = veil_of_fund(fund)
    for lot in donations_in(fund).reverse().iterator(chunk_size=1000):
        yield donation_line(lot, veil)
    for expense in expenses_in(fund).reverse().iterator(chunk_size=1000):
        yield expense_line(expense, veil)


def line_of(fund: Fund, *, kind: str, line_id: int) -> PublicLine:
    """Return one public line of a fund; raise NotFound."""
    veil = veil_of_fund(fund)
    if kind == "donation" and (lot := donations_in(fund).filter(pk=line_id).first()):
        return donation_line(lot, veil)
    if kind == "expense" and (expense := expenses_in(fund).filter(pk=line_id).first()):
        return expense_line(expense, veil)
    raise NotFound("没有找到这一笔。")


def donations_behind(expenses: "QuerySet[Expense]") -> "QuerySet[Donation]":
    """Return the donations to the funds from which these expenses were paid."""
    return Donation.objects.filter(fund__in=expenses.values("fund"))


def progress_of(project: Project) -> dict[str, int]:
    """Return how many needs a project answers and how many of them are met."""
    states = list(project.needs.values_list("state", flat=True))
    return {"all": len(states), "met": states.count(NeedState.MET)}


def notices_of(fund: Fund, *, on: date) -> QuerySet[Expense]:
    """Return the relief payouts that are on public notice today."""
    return fund.expenses.filter(notice__starts_on__lte=on, notice__ends_on__gte=on).select_related("notice")


def answered_in(fund: Fund) -> QuerySet[BookQuestion]:
    """Return the questions about a fund that were answered, newest first."""
    return fund.questions.filter(state=QuestionState.ANSWERED).order_by("-answered_at", "-pk")


def gift(token: str) -> Donation:
    """Return the donation whose receipt carries this secret; raise NotFound."""
    lot = Donation.objects.select_related("fund__host", "donor").filter(token=token).first() if token else None
    if lot is None:
        raise NotFound("没有找到这张收据，请核对收据上的二维码。")
    return lot


def question_by(token: str) -> BookQuestion:
    """Return the question that was handed this secret; raise NotFound."""
    question = BookQuestion.objects.select_related("fund").filter(token=token).first()
    if question is None:
        raise NotFound("没有找到这个提问。")
    return question


@domain_call(None)
def ask_about(
    *, actor: Actor, at: datetime, fund_id: int, text: str, kind: str = "", line_id: int | None = None
) -> BookQuestion:
    """Ask about a fund or one of its lines, without signing in; the answer is due in working days.

    Raises NotFound, Invalid, Conflict for the same question twice or too many in a day.
    """
    fund = public_fund(fund_id)
    text = text.strip()
    if not 4 <= len(text) <= 300:
        raise Invalid(fields={"text": "请写下您的问题（4到300个字）。"})
    day = timezone.localdate(at)
    today = fund.questions.filter(asked_at__date=day)
    if today.filter(text=text).exists():
        raise Conflict("同样的问题今天已经有人问过，请等答复。")
    if today.count() >= MOST_A_DAY:
        raise Conflict("今天关于这只基金的提问太多，请明天再来。")
    donation = donations_in(fund).filter(pk=line_id or 0).first() if kind == "donation" else None
    expense = expenses_in(fund).filter(pk=line_id or 0).first() if kind == "expense" else None
    if line_id and donation is None and expense is None:
        raise NotFound("没有找到这一笔。")
    days = preset("funds.question.days", area_code=fund.area_code, on=day)
    question = BookQuestion(
        fund=fund, area_code=fund.area_code, donation=donation, expense=expense, text=text, token=token_urlsafe(32),
        asked_at=at, due_at=end_after_working_days(at=at, count=days, area_code=fund.area_code),
    )  # fmt: skip
    QUESTION.start(question, event="ask", actor=actor, at=at, data={"fund": fund.pk})
    return question


@refusals_noted("book_question", "question_id")
@domain_call("charity:answer")
def answer_question(*, actor: Actor, at: datetime, question_id: int, answer: str) -> BookQuestion:
    """Answer a question about the books; raise NotFound, Invalid, MoveNotAllowed."""
    rows = BookQuestion.objects.filter(within(actor.area_code) | covering(actor.area_code))
    question = rows.filter(pk=question_id).first()
    if question is None:
        raise NotFound
    answer = said(answer, "answer", most=500, ask="请写答复")
    changes = {"answer": answer, "answered_at": at, "answered_by": actor.user_id}
    QUESTION.move(question, "answer", actor=actor, at=at, changes=changes)
    return question
