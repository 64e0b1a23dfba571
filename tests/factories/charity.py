"""Charity money: accounts whose people are declared, funds with two keys, donations, expenses in every state."""

from datetime import timedelta
from itertools import count

from tests.factories import organisations, people
from tests.factories.cast import CAST, actor_of, user_of
from tests.factories.places import COMMUNITY, DISTRICT, NOON, TODAY
from wushe.chain.projects.models import SourceClass
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for
from wushe.foundation.actor import SYSTEM, Actor
from wushe.ledgers.models import Entry
from wushe.lines.charity.disclosure import ask_about
from wushe.lines.charity.donations import ask_use_change, receive_donation
from wushe.lines.charity.enums import Choice, Side, UseCategory, Way
from wushe.lines.charity.expenses import request_expense, sign_expense
from wushe.lines.charity.funds import confirm_fund, declare, open_fund, seat_member
from wushe.lines.charity.models import CommitteeSeat, Donation, Expense, Fund
from wushe.lines.charity.paying import pay_expense
from wushe.lines.charity.relief import publish_relief, record_relief_visit, record_relief_vote
from wushe.registers.donors.models import Donor
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

_serial = count(1)
HANDLERS = (
    "social_worker", "community_worker", "street_manager", "charity_officer", "district_manager", "settlement_clerk",
)  # fmt: skip
SIGNERS = {"community": "community_worker", "street": "street_manager", "district": "charity_officer"}


def declared(user: User, *, interests: tuple[int, ...] = ()) -> Person:
    """Declare who stands behind an account: an invented person who lives elsewhere and is close to nobody."""
    person = people.person(f"经办{next(_serial)}", area_code=DISTRICT)
    teller = "district_manager" if user.username != "district_manager" else "charity_officer"
    declare(
        actor=actor_of(teller), at=NOON, user_id=user.pk, person_id=person.pk, interests=interests
    )  # fmt: skip
    return person


def handlers() -> dict[str, Person]:
    """Declare the whole cast that handles charity money; return who stands behind each."""
    return {name: declared(user_of(name)) for name in HANDLERS if name in CAST}


def colleague(username: str, role_code: str, area_code: str = COMMUNITY) -> User:
    """Return another account with a role, declared."""
    user, fresh = User.objects.get_or_create(username=username, defaults={"name": username})
    if fresh:
        Grant.objects.create(user=user, role_code=role_code, area_code=area_code, valid_from=TODAY)
        declared(user)
    return user


def host() -> Organisation:
    """Return the charity in whose books the funds are."""
    return Organisation.objects.filter(name="广安区慈善会").first() or organisations.charity()


def fund(*, source_class: str = SourceClass.RAISED, opened: bool = True, **fields: object) -> Fund:
    """Return a fund of the community, open by two keys; `handlers()` must have been called."""
    values = {"title": f"翠屏路社区基金{next(_serial)}", "area_code": COMMUNITY, "host_id": host().pk,
              "purpose": "帮助困难老人和儿童", "starts_on": TODAY - timedelta(days=200), **fields}  # fmt: skip
    made = open_fund(actor=actor_of("charity_officer"), at=NOON, source_class=source_class, **values)  # type: ignore[arg-type]
    if opened:
        confirm_fund(actor=actor_of("street_manager"), at=NOON, fund_id=made.pk)
    return Fund.objects.get(pk=made.pk)


def community_fund(**fields: object) -> Fund:
    """Return an open community fund with a committee of five and a supervisor."""
    made = fund(community_fund=True, opened=False, **fields)
    for number in range(6):
        member = people.person(f"委员{next(_serial)}", area_code=COMMUNITY)
        seat_member(
            actor=actor_of("charity_officer"), at=NOON, fund_id=made.pk, person_id=member.pk, side=Side.RESIDENT,
            supervisor=number == 5,
        )  # fmt: skip
    confirm_fund(actor=actor_of("street_manager"), at=NOON, fund_id=made.pk)
    return Fund.objects.get(pk=made.pk)


def donation(fund: Fund, *, fen: int = 1_000_000, **fields: object) -> Donation:
    """Return a donation by bank."""
    values = {"way": Way.BANK, "received_on": TODAY, "reference": f"流水{next(_serial):06d}", **fields}
    return receive_donation(
        actor=actor_of("charity_officer"), at=NOON, fund_id=fund.pk, amount_fen=fen, **values  # type: ignore[arg-type]
    )  # fmt: skip


def payee(name: str = "") -> Person:
    """Return a resident to whom money may go."""
    return people.person(name or f"居民{next(_serial)}")


def asked(fund: Fund, *, fen: int = 50_000, by: str = "social_worker", **fields: object) -> Expense:
    """Return an expense that waits for the community's signature."""
    values: dict[str, object] = {"category": UseCategory.ACTIVITY, "title": "重阳节敬老活动", "area_code": COMMUNITY}
    if not fields.keys() & {"payee_person_id", "payee_organisation_id"}:
        shop = organisations.organisation(f"便民超市{next(_serial)}", takes_orders=False)
        values |= {"payee_organisation_id": shop.pk, "account_holder": shop.name}
    values |= {"bank_account": f"6222{next(_serial):012d}", **fields}
    return request_expense(actor=actor_of(by), at=NOON, fund_id=fund.pk, amount_fen=fen, **values)  # type: ignore[arg-type]


def approved(expense: Expense) -> Expense:
    """Sign an expense at every level that it needs."""
    for level in ("community", "street", "district"):
        sign_expense(actor=actor_of(SIGNERS[level]), at=NOON, expense_id=expense.pk, agreed=True)
        if level == expense.last_level:
            break
    return Expense.objects.get(pk=expense.pk)


def paid(expense: Expense) -> Expense:
    """Sign and pay an expense."""
    approved(expense)
    voucher = f"发票{next(_serial):08d}"
    pay_expense(actor=actor_of("settlement_clerk"), at=NOON, expense_id=expense.pk, voucher=voucher)
    return Expense.objects.get(pk=expense.pk)


def relief(fund: Fund, person: Person, *, fen: int = 80_000, ready: bool = False) -> Expense:
    """Return a relief payout that waits; `ready` with visits, vote and notice done."""
    made = asked(
        fund, fen=fen, category=UseCategory.RELIEF, title="大病救助", payee_person_id=person.pk,
        account_holder=person.name,
    )  # fmt: skip
    if ready:
        for name in ("community_worker", "second_visitor"):
            colleague("second_visitor", "community_worker")
            record_relief_visit(
                actor=_actor(name), at=NOON, expense_id=made.pk, visited_on=TODAY, found="确有困难"
            )  # fmt: skip
        for seat in CommitteeSeat.objects.filter(fund=fund, supervisor=False):
            record_relief_vote(
                actor=actor_of("charity_officer"), at=NOON, expense_id=made.pk, seat_id=seat.pk, choice=Choice.FOR
            )
        publish_relief(actor=actor_of("charity_officer"), at=NOON, expense_id=made.pk)
    return Expense.objects.get(pk=made.pk)


def acting_as(user: User) -> Actor:
    """Return an account as an actor."""
    actor = actor_for(user=user, on=TODAY)
    assert actor is not None
    return actor


def _actor(name: str) -> Actor:
    """Return one of the cast, or a colleague, as an actor."""
    return actor_of(name) if name in CAST else acting_as(User.objects.get(username=name))


def one_of_each(things: dict[str, int | str]) -> dict[str, int | str]:
    """Return one of each thing of charity money in the first community, for the walk over all pages."""
    handlers()
    made = fund()
    lot = donation(made, only_category=UseCategory.GOODS, donor_id=things["donor"])
    donation(made, fen=400_000)
    ask_use_change(
        actor=actor_of("charity_officer"), at=NOON, donation_id=lot.pk, only_category="", use_until=None,
        reason="物资已经够了，想用于敬老活动",
    )  # fmt: skip
    paid(asked(made, fen=30_000, project_id=things["project"]))
    relief(made, payee("秦素梅"))
    waiting = asked(made)
    question = ask_about(
        actor=SYSTEM, at=NOON, fund_id=made.pk, text="这笔钱买了什么？", kind="donation", line_id=lot.pk
    )
    seat = seat_member(
        actor=actor_of("charity_officer"), at=NOON, fund_id=made.pk, person_id=payee("秦委员").pk, side=Side.RESIDENT
    )
    return {
        "fund": made.pk, "donation": lot.pk, "expense": waiting.pk, "book_question": question.pk,
        "question_token": question.token, "gift_token": lot.token, "committee_seat": seat.pk,
    }  # fmt: skip


def laid(fund: Fund, gifts: list[tuple[Donor, str, bool]], *, fen: int) -> list[Donation]:
    """Lay donations as rows, (giver, wish, unnamed) each: for tests that need very many."""
    start = next(_serial)
    entries = Entry.objects.bulk_create(
        Entry(key=f"laid:{start}:{number}", at=NOON, memo="捐赠入账", actor_id=0) for number in range(len(gifts))
    )
    return Donation.objects.bulk_create(
        Donation(
            fund=fund, area_code=fund.area_code, donor=giver, way=Way.CASH, amount_fen=fen, left_fen=fen,
            received_on=TODAY, number=f"L{start}-{entry.pk}", token=f"laid-{entry.pk}", handled_by=0, entry=entry,
            wishes=wish, unnamed=unnamed,
        )
        for (giver, wish, unnamed), entry in zip(gifts, entries, strict=True)
    )  # fmt: skip


def laid_expense(lot: Donation, *, title: str, person: Person) -> Expense:
    """Lay a paid expense as a row: for tests that need very many."""
    number = next(_serial)
    entry = Entry.objects.create(key=f"laid:{number}", at=NOON, memo="慈善支出", actor_id=0)
    return Expense.objects.create(
        fund=lot.fund, area_code=COMMUNITY, category=UseCategory.RELIEF, title=title, amount_fen=lot.amount_fen,
        payee_person=person, bank_account="", bank_account_index="", account_holder=person.name, state="paid",
        last_level="community", due_at=NOON, requested_at=NOON, requested_by=1, paid_at=NOON, paid_by=2, entry=entry,
    )  # fmt: skip
