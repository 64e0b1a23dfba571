"""A project worker, a fund manager and a street officer try to pay themselves: each way fails, changes nothing, and is logged.

A way is one call that, if it went through, would bring money to the attacker or open the way for it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.factories import charity, organisations, people
from tests.factories.cast import actor_of, user_of, world
from tests.factories.places import COMMUNITY, DISTRICT, NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, STREET, TODAY
from tests.factories.registers import donor
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotAllowed, Refusal
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import breaks
from wushe.ledgers.models import Account, Entry
from wushe.ledgers.selectors import faults
from wushe.ledgers.services import post, reverse_entry
from wushe.lines.charity.donations import (
    ask_refund,
    ask_use_change,
    close_fund,
    keep_donation,
    receive_donation,
    refund_donation,
)
from wushe.lines.charity.enums import Choice, Side, UseCategory, Way
from wushe.lines.charity.expenses import (
    confirm_receipt,
    freeze_expense,
    request_expense,
    sign_expense,
    thaw_expense,
)
from wushe.lines.charity.funds import (
    ask_closing,
    confirm_fund,
    declare,
    freeze_fund,
    open_fund,
    seat_member,
    thaw_fund,
)
from wushe.lines.charity.models import Allocation, Declaration, Donation, Expense, Fund, Signing
from wushe.lines.charity.paying import pay_expense
from wushe.lines.charity.relief import publish_relief, record_relief_visit, record_relief_vote
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

pytestmark = pytest.mark.django_db
WORKER, MANAGER, OFFICER = "social_worker", "charity_officer", "street_manager"


@dataclass
class Ground:
    """What stands when the attack begins."""

    fund: Fund
    lottery: Fund
    draft: Fund
    own_draft: Fund
    self: Person
    """The attacker as a person."""
    spouse: Person
    flatmate: Person
    friend: Person
    """Nobody's relative."""
    own_firm: Organisation
    spouse_firm: Organisation
    shop: Organisation
    giver_firm: Organisation
    asked: Expense
    """Asked for by the attacker, if a worker; else by a colleague."""
    approved: Expense
    paid: Expense
    relief: Expense
    gift: Donation
    anonymous: Donation
    frozen: Fund


def ground(attacker: str) -> Ground:
    """Lay the ground; the attacker's own interests are declared, as they must be."""
    w = world()
    charity.handlers()
    me = Declaration.objects.get(user_id=actor_of(attacker).user_id)
    spouse = people.person("配偶甲", area_code=COMMUNITY)
    people.relation(me.person, spouse)
    flatmate = people.person("同住乙", area_code=DISTRICT, home=me.person.household)
    own, theirs = (organisations.organisation(name, takes_orders=False) for name in ("自家公司", "配偶公司"))
    me.interests.add(own)
    spouse_account = charity.colleague("spouse", "community_worker", NEXT_COMMUNITY)
    held = Declaration.objects.get(user_id=spouse_account.pk)
    people.relation(me.person, held.person)
    held.interests.add(theirs)
    fund = charity.community_fund()
    giver = organisations.organisation("捐赠公司", takes_orders=False)
    gift = charity.donation(fund, fen=3_000_000, donor_id=donor("捐赠公司", organisation=giver).pk)
    anonymous = charity.donation(fund, fen=500_000, way=Way.CASH, reference="")
    lottery = charity.fund(source_class="lottery")
    charity.donation(lottery, way=Way.GRANT, payer="区财政局")
    frozen = charity.fund()
    charity.donation(frozen)
    freeze_fund(actor=actor_of(OFFICER), at=NOON, fund_id=frozen.pk, reason="核查")
    by = attacker if attacker == WORKER else "community_worker"
    requester = "community_worker" if by != WORKER else WORKER
    friend = charity.payee("路人丙")
    return Ground(
        fund=fund, lottery=lottery, draft=charity.fund(opened=False), self=me.person, spouse=spouse, flatmate=flatmate,
        own_draft=charity.fund(opened=False), friend=friend, own_firm=own, spouse_firm=theirs,
        shop=organisations.organisation("平价超市", takes_orders=False), giver_firm=giver,
        asked=charity.asked(fund, by=requester, fen=60_000), frozen=frozen,
        approved=charity.approved(charity.asked(fund)), paid=charity.paid(charity.asked(fund)),
        relief=charity.relief(fund, w.elder), gift=gift, anonymous=anonymous,
    )  # fmt: skip


Try = Callable[[Ground, Actor], object]


def asks(**more: Any) -> Try:
    """Ask for money; `more` may name attributes of the ground by callables."""

    def attempt(g: Ground, me: Actor) -> object:
        given = {name: value(g) if callable(value) else value for name, value in more.items()}
        values: dict[str, Any] = {
            "fund_id": g.fund.pk, "area_code": COMMUNITY, "category": UseCategory.ACTIVITY, "title": "敬老活动",
            "amount_fen": 50_000, "bank_account": "6222000011112222",
        }  # fmt: skip
        if not given.keys() & {"payee_person_id", "payee_organisation_id"}:
            values |= {"payee_organisation_id": g.shop.pk, "account_holder": g.shop.name}
        return request_expense(actor=me, at=NOON, **(values | given))

    return attempt


def pays_person(who: str, **more: Any) -> Try:
    return asks(payee_person_id=lambda g: getattr(g, who).pk, account_holder=lambda g: getattr(g, who).name, **more)


def pays_firm(which: str, **more: Any) -> Try:
    return asks(
        payee_organisation_id=lambda g: getattr(g, which).pk, account_holder=lambda g: getattr(g, which).name, **more
    )


def signs(which: str, *, agreed: bool = True) -> Try:
    return lambda g, me: sign_expense(actor=me, at=NOON, expense_id=getattr(g, which).pk, agreed=agreed, note="好")


def pays(which: str, voucher: str = "发票00009999") -> Try:
    return lambda g, me: pay_expense(actor=me, at=NOON, expense_id=getattr(g, which).pk, voucher=voucher)


def opens(**more: Any) -> Try:
    def attempt(g: Ground, me: Actor) -> object:
        values = {"title": "我的小金库", "area_code": COMMUNITY, "source_class": "raised", "host_id": charity.host().pk,
                  "purpose": "自用", "starts_on": TODAY} | more  # fmt: skip
        return open_fund(actor=me, at=NOON, **{k: v(g) if callable(v) else v for k, v in values.items()})

    return attempt


def books(**more: Any) -> Try:
    def attempt(g: Ground, me: Actor) -> object:
        values = {"fund_id": g.fund.pk, "amount_fen": 100_000, "way": Way.BANK, "received_on": TODAY,
                  "reference": "流水999999"} | more  # fmt: skip
        return receive_donation(actor=me, at=NOON, **{k: v(g) if callable(v) else v for k, v in values.items()})

    return attempt


def declares(user: Callable[[Ground, Actor], int], person: Callable[[Ground], int]) -> Try:
    return lambda g, me: declare(actor=me, at=NOON, user_id=user(g, me), person_id=person(g))


def by_another_name(role: str, attempt: Try) -> Try:
    """Do it under another role of the same account: switching roles makes nobody another person."""
    return lambda g, me: attempt(g, replace(me, role_code=role))


def posts(g: Ground, me: Actor) -> object:
    legs = [(g.fund.account_id, -1_000), (Account.objects.get(code__startswith="charity:paid").pk, 1_000)]
    return post(actor=me, at=NOON, key="mine", memo="我的", legs=legs)


def reverses(g: Ground, me: Actor) -> object:
    return reverse_entry(actor=me, at=NOON, entry_id=g.paid.entry_id or 0, memo="退给我")


def own_request(g: Ground) -> Any:
    return Expense.objects.filter(pk=g.approved.pk)


# What the triggers and constraints of the database refuse, whoever comes past the services.
BEHIND_THE_SERVICES: dict[str, Callable[[Ground], object]] = {
    "changes a signature": lambda g: Signing.objects.update(signed_by=1),
    "deletes an allocation": lambda g: Allocation.objects.all()._raw_delete("default"),
    "changes an entry": lambda g: Entry.objects.update(memo="改"),
    "raises what is left of a gift": lambda g: Donation.objects.update(left_fen=10**12),
    "takes an account below zero": lambda g: Account.objects.filter(pk=g.fund.account_id).update(balance=-1),
    "marks an expense as paid": lambda g: own_request(g).update(state="paid"),
    "makes the requester the payer": lambda g: own_request(g).update(paid_by=g.approved.requested_by),
    "names two payees": lambda g: own_request(g).update(payee_person=g.self),
    "turns both keys": lambda g: Fund.objects.filter(pk=g.draft.pk).update(confirmed_by=g.draft.opened_by),
    "opens a draft": lambda g: Fund.objects.filter(pk=g.draft.pk).update(state="open"),
}

# What is refused to all three for lack of a right, or because it is themself.
WITHOUT_RIGHT: dict[str, Try] = {
    "pays an approved expense": pays("approved"),
    "pays one that is not approved": pays("asked"),
    "refunds a gift alone": lambda g, me: refund_donation(actor=me, at=NOON, donation_id=g.gift.pk),
    "declares themself": declares(lambda g, me: me.user_id, lambda g: g.friend.pk),
    "acts in a role without any right": by_another_name("auditor", signs("asked")),
}

ASKING: dict[str, Try] = {
    "asks for themself": pays_person("self"),
    "asks for the spouse": pays_person("spouse"),
    "asks for who lives with them": pays_person("flatmate"),
    "asks for their own firm": pays_firm("own_firm"),
    "asks for the spouse's firm": pays_firm("spouse_firm"),
    "sends a friend's money to another name": asks(payee_person_id=lambda g: g.friend.pk, account_holder="我自己"),
    "names a person and a firm": asks(payee_person_id=lambda g: g.friend.pk, payee_organisation_id=lambda g: g.shop.pk,
                                      account_holder="路人丙"),
    "names nobody": asks(payee_person_id=None, account_holder="无"),
    "sends a shop's money to an account known as another's": asks(bank_account=lambda g: g.asked.bank_account.reveal()),
    "types an account of letters": asks(bank_account="我的卡号"),
    "asks for more than is there": asks(amount_fen=900_000_000),
    "asks for less than nothing": asks(amount_fen=-50_000),
    "asks for nothing": asks(amount_fen=0),
    "asks a frozen fund": asks(fund_id=lambda g: g.frozen.pk),
    "asks a draft": asks(fund_id=lambda g: g.draft.pk),
    "asks a fund that never was": asks(fund_id=987_654_321),
    "asks for another street": asks(area_code=OTHER_COMMUNITY),
    "asks for the whole street": asks(area_code=STREET),
    "asks wages of a lottery fund": asks(fund_id=lambda g: g.lottery.pk, category=UseCategory.WAGES),
    "asks a bonus of a lottery fund": asks(fund_id=lambda g: g.lottery.pk, category=UseCategory.BONUS),
    "hides wages behind an activity": asks(fund_id=lambda g: g.lottery.pk, title="活动人员工资"),
    "hides a bonus behind training": asks(fund_id=lambda g: g.lottery.pk, category=UseCategory.TRAINING, title="年终奖"),
    "hides a dinner behind an activity": asks(title="接待用餐"),
    "invents a category": asks(category="gift_to_me"),
    "asks relief for a firm": asks(category=UseCategory.RELIEF),
    "asks more relief than the cap": pays_person("friend", category=UseCategory.RELIEF, amount_fen=500_001),
    "pays the giver's firm back": pays_firm("giver_firm"),
    "books it on a project that never was": asks(project_id=987_654_321),
}  # fmt: skip


def request_and_sign(g: Ground, me: Actor) -> object:
    return sign_expense(actor=replace(me, role_code="community_worker"), at=NOON, expense_id=g.asked.pk, agreed=True)


WORKER_WAYS: dict[str, Try] = {
    "signs at the street's level": signs("asked"),
    "signs their own request in another role": request_and_sign,
    "pays their own request in another role": by_another_name("settlement_clerk", pays("asked")),
    "opens a fund of their own": opens(),
    "turns the second key": lambda g, me: confirm_fund(actor=me, at=NOON, fund_id=g.draft.pk),
    "thaws the fund": lambda g, me: thaw_fund(actor=me, at=NOON, fund_id=g.frozen.pk, reason="要用钱"),
    "visits the home of whom they registered": lambda g, me: record_relief_visit(
        actor=me, at=NOON, expense_id=g.relief.pk, visited_on=TODAY, found="困难"
    ),
    "records the vote alone": lambda g, me: record_relief_vote(
        actor=me, at=NOON, expense_id=g.relief.pk, seat_id=g.fund.seats.first().pk, choice=Choice.FOR  # type: ignore[union-attr]
    ),
    "publishes without a vote": lambda g, me: publish_relief(actor=me, at=NOON, expense_id=g.relief.pk),
}  # fmt: skip

MANAGER_WAYS: dict[str, Try] = {
    "asks for money": asks(),
    "turns the second key of the own draft": by_another_name(
        "street_manager", lambda g, me: confirm_fund(actor=me, at=NOON, fund_id=g.own_draft.pk)
    ),
    "turns it without another role": lambda g, me: confirm_fund(actor=me, at=NOON, fund_id=g.own_draft.pk),
    "signs at the community's level": signs("asked"),
    "signs what is approved already": signs("approved"),
    "opens a fund elsewhere": opens(area_code="510104"),
    "opens a fund of a firm": opens(host_id=lambda g: g.own_firm.pk),
    "opens a lottery fund for wages": opens(source_class="lottery", categories=["wages"]),
    "raises publicly without a plan": opens(raises_publicly=True),
    "names a plan that is filed tomorrow": opens(raises_publicly=True, plan_filed_on=TODAY + timedelta(days=1)),
    "opens a trust without a trustee": opens(source_class="trust"),
    "opens a second fund of the same name": opens(title=lambda g: g.fund.title),
    "sits in the committee themself": lambda g, me: seat_member(
        actor=me, at=NOON, fund_id=g.fund.pk, person_id=g.self.pk, side=Side.HOST
    ),
    "books money that never came": books(amount_fen=-100_000),
    "books a sum twice": books(reference=lambda g: g.gift.reference),
    "books without a voucher": books(reference=""),
    "books for tomorrow": books(received_on=TODAY + timedelta(days=1)),
    "books a grant of nobody": books(way=Way.GRANT),
    "makes up what was moved": books(way=Way.MOVED),
    "refunds an anonymous gift": lambda g, me: ask_refund(actor=me, at=NOON, donation_id=g.anonymous.pk, reason="退"),
    "refunds what is spent": lambda g, me: ask_refund(actor=me, at=NOON, donation_id=g.gift.pk, reason="退"),
    "refunds in the clerk's role": by_another_name(
        "settlement_clerk", lambda g, me: refund_donation(actor=me, at=NOON, donation_id=g.anonymous.pk)
    ),
    "keeps what nobody asked back": lambda g, me: keep_donation(actor=me, at=NOON, donation_id=g.gift.pk),
    "changes the use without a reason": lambda g, me: ask_use_change(
        actor=me, at=NOON, donation_id=g.gift.pk, only_category="", use_until=None, reason=" "
    ),
    "closes the fund while money is under way": lambda g, me: ask_closing(
        actor=me, at=NOON, fund_id=g.fund.pk, successor_id=g.lottery.pk, reason="转走"
    ),
    "moves leftovers to another purpose": lambda g, me: ask_closing(
        actor=me, at=NOON, fund_id=g.lottery.pk, successor_id=g.fund.pk, reason="转走"
    ),
    "moves leftovers nowhere": lambda g, me: ask_closing(
        actor=me, at=NOON, fund_id=g.lottery.pk, successor_id=None, reason="转走"
    ),
    "confirms the receipt of a payment": lambda g, me: confirm_receipt(
        actor=me, at=NOON, expense_id=g.paid.pk, note="我收到了"
    ),
    "votes from a seat that never was": lambda g, me: record_relief_vote(
        actor=me, at=NOON, expense_id=g.relief.pk, seat_id=987_654_321, choice=Choice.FOR
    ),
    "votes for a supervisor": lambda g, me: record_relief_vote(
        actor=me, at=NOON, expense_id=g.relief.pk, seat_id=g.fund.seats.get(supervisor=True).pk, choice=Choice.FOR
    ),
    "publishes without a vote": lambda g, me: publish_relief(actor=me, at=NOON, expense_id=g.relief.pk),
    "stands behind a second account": declares(lambda g, me: user_of("auditor").pk, lambda g: g.self.pk),
    "puts another person behind an account": declares(
        lambda g, me: user_of("settlement_clerk").pk, lambda g: g.friend.pk
    ),
}  # fmt: skip


def _signs_twice(g: Ground, me: Actor) -> object:
    """Sign for the community in another role, then for the street in the own one."""
    large = charity.asked(g.fund, by=WORKER, fen=150_000)
    sign_expense(actor=replace(me, role_code="community_worker"), at=NOON, expense_id=large.pk, agreed=True)
    return sign_expense(actor=me, at=NOON, expense_id=large.pk, agreed=True)


def _asks_and_signs(g: Ground, me: Actor) -> object:
    made = asks()(g, replace(me, role_code="social_worker"))
    assert isinstance(made, Expense)
    return sign_expense(actor=replace(me, role_code="community_worker"), at=NOON, expense_id=made.pk, agreed=True)


def _signs_and_pays(g: Ground, me: Actor) -> object:
    small = charity.asked(g.fund, by=WORKER, fen=10_000, title="买口罩")
    sign_expense(actor=replace(me, role_code="community_worker"), at=NOON, expense_id=small.pk, agreed=True)
    return pay_expense(
        actor=replace(me, role_code="settlement_clerk"), at=NOON, expense_id=small.pk, voucher="发票77777777"
    )


def _thaws_own(g: Ground, me: Actor) -> object:
    freeze_expense(actor=me, at=NOON, expense_id=g.approved.pk, reason="核查")
    return thaw_expense(actor=me, at=NOON, expense_id=g.approved.pk)


OFFICER_WAYS: dict[str, Try] = {
    "asks for money": asks(),
    "signs at the community's level before it is late": signs("asked"),
    "signs what is approved already": signs("approved"),
    "signs what is paid already": signs("paid"),
    "signs relief without visits": by_another_name("community_worker", signs("relief")),
    "signs as community and street": _signs_twice,
    "opens a fund": opens(),
    "asks and signs in two roles": _asks_and_signs,
    "signs and pays in two roles": _signs_and_pays,
    "thaws what they froze": lambda g, me: thaw_fund(actor=me, at=NOON, fund_id=g.frozen.pk, reason="要用钱"),
    "thaws an expense they froze": _thaws_own,
    "closes an open fund": lambda g, me: close_fund(actor=me, at=NOON, fund_id=g.fund.pk),
    "books money": books(),
    "asks a refund": lambda g, me: ask_refund(actor=me, at=NOON, donation_id=g.anonymous.pk, reason="退"),
    "changes the use": lambda g, me: ask_use_change(
        actor=me, at=NOON, donation_id=g.gift.pk, only_category="", use_until=None, reason="改"
    ),
    "confirms the receipt of a payment": lambda g, me: confirm_receipt(
        actor=me, at=NOON, expense_id=g.paid.pk, note="我收到了"
    ),
    "sits in the committee themself": lambda g, me: seat_member(
        actor=me, at=NOON, fund_id=g.fund.pk, person_id=g.self.pk, side=Side.STREET
    ),
    "publishes without a vote": lambda g, me: publish_relief(actor=me, at=NOON, expense_id=g.relief.pk),
    "pays with a voucher that was used": by_another_name(
        "settlement_clerk", lambda g, me: pay_expense(actor=me, at=NOON, expense_id=g.approved.pk, voucher=g.paid.voucher)
    ),
    "pays without a voucher": by_another_name("settlement_clerk", pays("approved", "")),
    "pays a second time": by_another_name("settlement_clerk", pays("paid")),
    "freezes without a reason": lambda g, me: freeze_expense(actor=me, at=NOON, expense_id=g.approved.pk, reason=""),
    "stands behind a second account": declares(lambda g, me: user_of("auditor").pk, lambda g: g.self.pk),
    "votes from no seat in the charity's role": by_another_name("charity_officer", lambda g, me: record_relief_vote(
        actor=me, at=NOON, expense_id=g.relief.pk, seat_id=987_654_321, choice=Choice.FOR
    )),
}  # fmt: skip


AS_WORKER = {name: by_another_name(WORKER, attempt) for name, attempt in ASKING.items()}
WAYS: dict[str, dict[str, Try]] = {
    WORKER: WITHOUT_RIGHT | ASKING | WORKER_WAYS,
    MANAGER: WITHOUT_RIGHT | AS_WORKER | MANAGER_WAYS,
    OFFICER: WITHOUT_RIGHT | AS_WORKER | OFFICER_WAYS,
}


@pytest.fixture(scope="module", params=list(WAYS))
def scene(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[str, Ground]]:
    """Lay the ground once for each attacker; every try works in a savepoint of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield request.param, ground(request.param)
        transaction.set_rollback(True)


def money() -> tuple[Any, ...]:
    """Return all that money is: balances, what is left of gifts, what was paid to whom, and which funds are open."""
    return (
        list(Account.objects.order_by("pk").values_list("pk", "balance")),
        list(Donation.objects.order_by("pk").values_list("pk", "left_fen", "state", "only_category")),
        list(Expense.objects.filter(entry__isnull=False).values_list("pk", "amount_fen", "payee_person_id")),
        list(Fund.objects.order_by("pk").values_list("pk", "state", "confirmed_by")),
        list(Declaration.objects.order_by("pk").values_list("user_id", "person_id")),
    )


def tries_noted(me: Actor) -> int:
    return JournalEntry.objects.filter(kind__endswith=".refused_try", actor_id=me.user_id).count()


def test_every_way_fails_changes_nothing_and_is_logged(scene: tuple[str, Ground]) -> None:
    attacker, g = scene
    me, before = actor_of(attacker), money()
    went_through, silent, moved = [], [], []
    for name, attempt in WAYS[attacker].items():
        point, noted = transaction.savepoint(), tries_noted(me)
        try:
            attempt(g, me)
            went_through.append(name)
        except Refusal:
            if tries_noted(me) != noted + 1:
                silent.append(name)
            if money() != before:
                moved.append(name)
        transaction.savepoint_rollback(point)
    assert len(WAYS[attacker]) >= 40
    assert went_through == []
    assert silent == []
    assert moved == []
    assert money() == before
    assert faults() == []
    assert breaks() == []


def test_no_role_posts_or_reverses_by_hand(scene: tuple[str, Ground]) -> None:
    """There is no page for it; the right itself is nobody's."""
    attacker, g = scene
    for attempt in (posts, reverses):
        with pytest.raises(NotAllowed):
            attempt(g, actor_of(attacker))


@pytest.mark.parametrize("name", list(BEHIND_THE_SERVICES))
def test_the_database_itself_refuses(scene: tuple[str, Ground], name: str) -> None:
    before = money()
    with pytest.raises(IntegrityError), transaction.atomic():
        BEHIND_THE_SERVICES[name](scene[1])
    assert money() == before
