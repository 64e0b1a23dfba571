"""Who may not benefit: those who decide on money, who gave it, and whoever is close to them (慈善法 40、59)."""

from collections.abc import Iterable

from django.db.models import Q

from wushe.foundation.errors import Conflict
from wushe.registers.donors.models import Donor, DonorKind
from wushe.registers.people.models import Person, Relation

from .enums import UseCategory
from .models import Declaration, Expense, Fund


class NotDeclared(Conflict):
    """Whoever handles charity money must be known as a person first."""

    message = "您的账号还没有申报本人身份和利益关系，请先请同事代为登记，再办理慈善资金。"


class RelatedParty(Conflict):
    """The payee is, or is close to, somebody who decides on this money or gave it."""


def declaration_of(user_id: int) -> Declaration:
    """Return who stands behind an account; raise NotDeclared."""
    found = Declaration.objects.select_related("person").filter(user_id=user_id).first()
    if found is None:
        raise NotDeclared
    return found


def close_to(person_ids: Iterable[int]) -> set[int]:
    """Return these people, their relatives in either direction, and who lives in one household with them."""
    own = set(person_ids)
    pairs = Relation.objects.filter(Q(person__in=own) | Q(relative__in=own)).values_list("person_id", "relative_id")
    homes = list(Person.objects.filter(pk__in=own).exclude(household=None).values_list("household", flat=True))
    together = Person.objects.filter(household__in=homes).values_list("pk", flat=True)
    return own | {pk for pair in pairs for pk in pair} | set(together)


def check_payee(*, fund: Fund, expense: Expense, handlers: Iterable[int]) -> None:
    """Raise RelatedParty if the payee is close to a handler, to the committee, or to a giver of the fund.

    Relief may go to a relative of a member, who is then recused from the vote; never to a member.
    """
    declared = list(Declaration.objects.filter(user_id__in=set(handlers)).prefetch_related("interests"))
    handling = {one.person_id for one in declared}
    members = set(fund.seats.filter(until=None).values_list("person_id", flat=True))
    barred = close_to(handling) | (members if expense.category == UseCategory.RELIEF else close_to(members))
    if expense.payee_organisation_id:
        _check_organisation(fund, expense, handling | members, declared)
    elif expense.payee_person_id in barred:
        raise RelatedParty("收款人是经办人、审批人或管委会成员本人，或者是他们的亲属、同住人，不能受益。")
    elif expense.payee_person is not None and _gave(fund, expense.payee_person):
        raise RelatedParty("收款人是这只基金的捐赠人，不能从中受益。")


def _check_organisation(fund: Fund, expense: Expense, deciding: set[int], declared: list[Declaration]) -> None:
    interests = {organisation.pk for one in declared for organisation in one.interests.all()}
    seated = Declaration.objects.filter(person__in=close_to(deciding)).prefetch_related("interests")
    interests |= {organisation.pk for one in seated for organisation in one.interests.all()}
    if expense.payee_organisation_id in interests:
        raise RelatedParty("经办人、审批人、管委会成员或其亲属与收款单位有利益关系，不能付给它。")
    if Donor.objects.filter(donations__fund=fund, organisation=expense.payee_organisation_id).exists():
        raise RelatedParty("收款单位是这只基金的捐赠人，不能从中受益。")


def _gave(fund: Fund, person: Person) -> bool:
    """Say whether a person is a giver of the fund: the same name and the same end of the telephone number."""
    givers = Donor.objects.filter(donations__fund=fund, kind=DonorKind.PERSON, name=person.name)
    return givers.filter(Q(phone_tail_index=person.phone_tail_index) | Q(phone_tail_index="")).exists()
