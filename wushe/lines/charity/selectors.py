"""Read charity money at the desk: funds, donations, expenses, questions, and where each yuan of a donation went."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, TextChoices

from wushe.foundation.access.models import User
from wushe.foundation.actor import Actor
from wushe.foundation.counting import capped_counts
from wushe.foundation.errors import NotFound
from wushe.foundation.scope import covering, obtain, visible, within
from wushe.registers.organisations.models import Organisation, OrganisationKind
from wushe.registers.people.finding import matching
from wushe.registers.people.models import Person

from .donations import donation_for
from .enums import DonationState, ExpenseState, FundState, QuestionState
from .funds import fund_for, funds_of
from .models import Allocation, BookQuestion, CommitteeSeat, Declaration, Donation, Expense, Fund, ReliefNotice

SHORT_TAIL = 4
PAID = (ExpenseState.PAID, ExpenseState.RECEIPTED)


@dataclass(frozen=True, slots=True)
class Sums:
    """What came into a fund, what went out, what is promised and what is left."""

    came: int
    went: int
    promised: int
    left: int


def find_funds(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[Fund]:
    """Return the funds that serve the actor's area, newest first; raise NotAllowed without `charity:view`."""
    actor.require("charity:view")
    rows = funds_of(actor).select_related("host", "account")
    rows = rows.filter(state=state) if state else rows
    return (rows.filter(title__contains=text.strip()) if text.strip() else rows).order_by("-pk")


def fund_counts(*, actor: Actor, text: str = "") -> dict[str, int]:
    """Return capped counts of funds by state."""
    return _counts(FundState, find_funds(actor=actor, text=text))


def fund_of(*, actor: Actor, fund_id: int) -> Fund:
    """Return one fund; raise NotAllowed without `charity:view`, NotFound."""
    actor.require("charity:view")
    return fund_for(actor, fund_id)


def sums_of(fund: Fund) -> Sums:
    """Return the sums of a fund; came less went is what the books say is left."""
    came = fund.donations.exclude(state=DonationState.REFUNDED).aggregate(fen=Sum("amount_fen"))["fen"] or 0
    totals = fund.expenses.aggregate(
        went=Sum("amount_fen", filter=Q(state__in=PAID)),
        promised=Sum("amount_fen", filter=~Q(state__in=[*PAID, ExpenseState.REFUSED])),
    )
    return Sums(came, totals["went"] or 0, totals["promised"] or 0, fund.account.balance)


def find_donations(*, actor: Actor, state: str = "", fund_id: int | None = None, text: str = "") -> QuerySet[Donation]:
    """Return the donations to funds that serve the actor's area, newest first; raise NotAllowed."""
    actor.require("charity:view")
    rows = Donation.objects.filter(fund__in=funds_of(actor)).select_related("fund", "donor")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(fund=fund_id) if fund_id else rows
    if text := text.strip():
        rows = rows.filter(Q(number__icontains=text) | Q(donor__name__contains=text) | Q(payer__contains=text))
    return rows.order_by("-pk")


def donation_counts(*, actor: Actor, fund_id: int | None = None, text: str = "") -> dict[str, int]:
    """Return capped counts of donations by state."""
    return _counts(DonationState, find_donations(actor=actor, fund_id=fund_id, text=text))


def donation_of(*, actor: Actor, donation_id: int) -> Donation:
    """Return one donation; raise NotAllowed without `charity:view`, NotFound."""
    actor.require("charity:view")
    return donation_for(actor, donation_id)


def followed(donation: Donation) -> list[Allocation]:
    """Return what each yuan of a donation paid for, in the order of payment; what moved on is followed there."""
    lots = [donation.pk]
    for pk in lots:
        lots += Donation.objects.filter(origin=pk).values_list("pk", flat=True)
    rows = Allocation.objects.filter(donation__in=lots).select_related("expense__fund", "expense__payee_organisation")
    return list(rows.order_by("pk"))


def find_expenses(*, actor: Actor, state: str = "", fund_id: int | None = None, text: str = "") -> QuerySet[Expense]:
    """Return the expenses of the actor's area, newest first; raise NotAllowed without `charity:view`."""
    actor.require("charity:view")
    rows = visible(Expense.objects.all(), actor).select_related("fund", "payee_person", "payee_organisation")
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(fund=fund_id) if fund_id else rows
    if text := text.strip():
        rows = rows.filter(
            Q(title__contains=text) | Q(fund__title__contains=text) | Q(payee_organisation__name__contains=text)
        )
    return rows.order_by("-pk")


def expense_counts(*, actor: Actor, text: str = "") -> dict[str, int]:
    """Return capped counts of expenses by state."""
    return _counts(ExpenseState, find_expenses(actor=actor, text=text))


def expense_of(*, actor: Actor, expense_id: int) -> Expense:
    """Return one expense of the actor's area; raise NotAllowed without `charity:view`, NotFound."""
    actor.require("charity:view")
    rows = Expense.objects.select_related(
        "fund__host", "fund__account", "payee_person", "payee_organisation", "project"
    )
    return obtain(rows, actor, pk=expense_id)


def find_questions(*, actor: Actor, state: str = "", text: str = "") -> QuerySet[BookQuestion]:
    """Return what was asked about the books of the actor's area, newest first; raise NotAllowed."""
    actor.require("charity:view")
    rows = BookQuestion.objects.filter(within(actor.area_code) | covering(actor.area_code)).select_related("fund")
    rows = rows.filter(state=state) if state else rows
    if text := text.strip():
        rows = rows.filter(Q(text__contains=text) | Q(answer__contains=text) | Q(fund__title__contains=text))
    return rows.order_by("-pk")


def question_counts(*, actor: Actor, text: str = "") -> dict[str, int]:
    """Return capped counts of questions by state."""
    return _counts(QuestionState, find_questions(actor=actor, text=text))


def _counts(states: type[TextChoices], rows: "QuerySet[Any]") -> dict[str, int]:
    """Return capped counts of rows by state."""
    return capped_counts({state: rows.filter(state=state) for state in states.values})


def declarations(*, actor: Actor) -> QuerySet[Declaration]:
    """Return who is declared within the actor's area; raise NotAllowed without `charity:declare`."""
    actor.require("charity:declare")
    users = User.objects.filter(grants__area_code__startswith=actor.area_code).values("pk")
    return Declaration.objects.filter(user_id__in=users).select_related("person").order_by("-pk")


def undeclared(*, actor: Actor) -> list[tuple[int, str]]:
    """Return the accounts of the actor's area whose role handles charity money and who are not declared."""
    actor.require("charity:declare")
    roles = ("community_worker", "social_worker", "street_manager", "charity_officer", "district_manager",
             "settlement_clerk")  # fmt: skip
    rows = User.objects.filter(
        grants__role_code__in=roles, grants__area_code__startswith=actor.area_code, is_active=True
    ).exclude(pk__in=Declaration.objects.values("user_id")).exclude(pk=actor.user_id).distinct().order_by("name", "pk")  # fmt: skip
    return [(user.pk, f"{user.name}（{user.username}）") for user in rows[:500]]


def waiting_counts(*, actor: Actor) -> dict[str, int]:
    """Return how many expenses wait for each step, for the desk's first sight."""
    rows = visible(Expense.objects.all(), actor).values("state").annotate(n=Count("pk"))
    return {row["state"]: row["n"] for row in rows}


def question_of(*, actor: Actor, question_id: int) -> BookQuestion:
    """Return one question about the books of the actor's area; raise NotAllowed, NotFound."""
    question = find_questions(actor=actor).filter(pk=question_id).first()
    if question is None:
        raise NotFound
    return question


def residents_named(*, actor: Actor, text: str) -> list[Person]:
    """Return up to two residents of the actor's area whom a text names exactly; a part of a name is not enough."""
    actor.require("charity:view")
    people = visible(Person.objects.filter(died_on=None), actor)
    text = text.strip()
    if not any(character.isdigit() for character in text):
        return list(people.filter(name=text)[:2])
    condition = matching(text)
    return list(people.filter(condition)[:2]) if condition and len(text) > SHORT_TAIL else []


def possible_hosts(*, actor: Actor) -> QuerySet[Organisation]:
    """Return the charities that may host a fund; raise NotAllowed without `charity:open`."""
    actor.require("charity:open")
    return Organisation.objects.filter(kind=OrganisationKind.CHARITY, left_on=None).order_by("name")


def who_may_vote(expense: Expense) -> list[CommitteeSeat]:
    """Return the members of the committee who have not voted on a relief payout yet."""
    voted = expense.relief_votes.values("seat")
    members = expense.fund.seats.filter(until=None, supervisor=False).exclude(pk__in=voted)
    return list(members.select_related("person").order_by("pk"))


def seats_of(fund: Fund) -> list[CommitteeSeat]:
    """Return who sits in the committee of a fund today, the supervisors last."""
    return list(fund.seats.filter(until=None).select_related("person").order_by("supervisor", "pk"))


def lots_behind(expense: Expense) -> list[Allocation]:
    """Return which donations paid for an expense."""
    return list(expense.allocations.select_related("donation__donor").order_by("pk"))


def relief_of(expense: Expense) -> dict[str, Any]:
    """Return the visits, votes and notice of a relief payout."""
    return {
        "visits": list(expense.relief_visits.order_by("pk")),
        "votes": list(expense.relief_votes.select_related("seat__person").order_by("pk")),
        "notice": ReliefNotice.objects.filter(expense=expense).first(),
    }
