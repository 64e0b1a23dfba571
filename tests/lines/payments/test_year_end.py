"""The year's end and the accountant's journal: what a score releases, and vouchers whose trial balance is zero."""

import random
from datetime import date, timedelta

import pytest

from tests.factories import payments
from tests.factories.cast import actor_of, world
from tests.factories.payments import LATER, NEXT_YEAR, clerk, into, out, read, second, settled
from tests.factories.places import DISTRICT, TODAY
from wushe.chain.projects.models import SourceClass
from wushe.chain.settlement.models import Settlement, SettlementState
from wushe.chain.settlement.services import reverse
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, Refusal, SecondPerson
from wushe.foundation.presets.models import Preset
from wushe.foundation.workflow import MoveNotAllowed, all_workflows
from wushe.ledgers.models import Account, AccountKind, LedgerUnit, Leg
from wushe.ledgers.selectors import faults
from wushe.lines.payments import batches, statements, suspense, vouchers, year_end
from wushe.lines.payments.models import BankLine, HoldRelease, Payment, PaymentBatch, Statement

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


def balance(code):
    return Account.objects.get(code=code).balance


def scored(here, score):
    return year_end.score_year(
        actor=clerk(), at=NEXT_YEAR, organisation_id=here.organisation.pk, year=TODAY.year, score=score, basis="考核表"
    )


@pytest.mark.parametrize(("score", "back"), [(100, 420), (80, 420), (79, 332), (60, 252), (59, 0), (0, 0)])
def test_a_score_releases_what_the_preset_says(here, score, back):
    settled(here)
    release = scored(here, score)
    with pytest.raises(SecondPerson):
        year_end.confirm_release(actor=clerk(), at=NEXT_YEAR, release_id=release.pk)
    year_end.confirm_release(actor=second(), at=NEXT_YEAR, release_id=release.pk)
    assert (balance(f"holdback:{here.organisation.pk}"), balance(f"payable:{here.organisation.pk}")) == (0, 5580 + back)
    assert Account.objects.filter(code=f"forfeited:{DISTRICT}", balance=420 - back).exists() == (back < 420)
    assert list(Statement.objects.values_list("kind", "net_fen")) == ([("year_end", back)] if back else [])
    assert faults() == []


def test_a_year_that_goes_on_is_not_scored(here):
    settled(here)
    with pytest.raises(Invalid) as refused:
        year_end.score_year(
            actor=clerk(), at=LATER, organisation_id=here.organisation.pk, year=TODAY.year, score=90, basis="考核表"
        )
    assert set(refused.value.fields) == {"year"}


def test_nothing_is_released_twice_and_a_year_has_one_score(here):
    settled(here)
    year_end.confirm_release(actor=second(), at=NEXT_YEAR, release_id=scored(here, 80).pk)
    with pytest.raises(year_end.NothingHeld):
        scored(here, 80)
    settled(here, at=NEXT_YEAR)
    with pytest.raises(Invalid):
        scored(here, 90)
    release = year_end.confirm_release(actor=second(), at=NEXT_YEAR, release_id=scored(here, 80).pk)
    assert (release.held_fen, release.statement.number) == (420, 2)


def test_a_score_is_confirmed_only_over_the_sum_that_was_scored(here):
    settled(here)
    release = scored(here, 80)
    settled(here, at=NEXT_YEAR)
    with pytest.raises(Conflict):
        year_end.confirm_release(actor=second(), at=NEXT_YEAR, release_id=release.pk)
    year_end.refuse_release(actor=second(), at=NEXT_YEAR, release_id=release.pk, answer="又有结算")
    assert HoldRelease.objects.get().state == "refused"
    assert balance(f"holdback:{here.organisation.pk}") == 840


# --- every state and every move -------------------------------------------------------------------------------------

MINE = [w for w in all_workflows() if w.name in {
    "pay_statement", "pay_dispute", "payee_account", "payment_batch", "payment", "bank_line", "hold_release"}]  # fmt: skip


@pytest.mark.parametrize(
    ("workflow", "event"), [(w, e) for w in MINE for e in w.events], ids=lambda x: getattr(x, "name", x)
)
def test_a_move_exists_from_its_sources_only(workflow, event):
    sources = {edge.source for edge in workflow.edges if edge.event == event}
    for state in workflow.states.values:
        if state in sources:
            assert workflow.edge(state, event).target in workflow.states.values
        else:
            with pytest.raises(MoveNotAllowed):
                workflow.edge(state, event)


def test_there_are_all_seven():
    assert len(MINE) == 7


def moves_on(batch):
    pk = batch.pk
    return {
        "confirm": lambda: batches.confirm_batch(actor=second(), at=LATER, batch_id=pk),
        "cancel": lambda: batches.cancel_batch(actor=second(), at=LATER, batch_id=pk, answer="不付了"),
        "send": lambda: batches.take_bank_file(actor=clerk(), at=LATER, batch_id=pk),
    }


@pytest.mark.parametrize("state", ["drafted", "confirmed", "sent", "done", "cancelled"])
def test_every_move_of_a_batch_in_every_state(here, state):
    settled(here)
    batch = payments.drafted(here)
    act = moves_on(batch)
    if state == "cancelled":
        act["cancel"]()
    elif state != "drafted":
        act["confirm"]()
        if state != "confirmed":
            act["send"]()
        if state == "done":
            read(out(5580, words=Payment.objects.get().reference))
    assert PaymentBatch.objects.get().state == state
    # A batch that the bank has may be taken again as the same file.
    allowed = {"drafted": {"confirm", "cancel"}, "confirmed": {"send"}, "sent": {"send"}}.get(state, set())
    for name in {"confirm", "cancel", "send"} - allowed:
        before = faults(), PaymentBatch.objects.get().state
        with pytest.raises(MoveNotAllowed):
            act[name]()
        assert (faults(), PaymentBatch.objects.get().state) == before


# --- vouchers -------------------------------------------------------------------------------------------------------


def journal(first=date(2026, 1, 1), last=date(2026, 12, 31)):
    return vouchers.voucher_lines(actor=clerk(), first=first, last=last)


def check_balanced(lines):
    for number in {one.voucher for one in lines}:
        assert sum(one.debit - one.credit for one in lines if one.voucher == number) == 0
    sums = vouchers.sums_by_account(lines)
    assert sum(one.balance for one in sums) == 0
    assert vouchers.UNKNOWN not in {one.code for one in sums}
    # Every fen of the books stands in the journal, once: debit less credit is what the books have, turned round.
    legs = Leg.objects.filter(account__unit=LedgerUnit.FEN, amount__gt=0).values_list("amount", "entry__reverses")
    plain = sum(amount for amount, reverses in legs if reverses is None)
    assert sum(one.credit for one in lines if one.credit > 0) == plain


def test_every_kind_of_money_has_an_account():
    world()
    chart = vouchers.chart_of(area_code=DISTRICT, on=TODAY)
    kinds = {"outside", "budget_line", "payable", "holdback", "own_share", "fund", "paying", "bank", "suspense",
             "bank_charge", "forfeited"}  # fmt: skip
    assert set(chart.sides) == kinds
    assert {code for pair in chart.sides.values() for code in pair} <= set(chart.names)
    others = set(AccountKind.values) - kinds
    assert all(kind.startswith(("hours", "issued", "time_", "goods_")) for kind in others)


def test_a_settlement_and_its_payment_as_vouchers(here):
    settled(here)
    payment = payments.sent(here).rows.get()
    read(out(5580, words=payment.reference))
    lines = journal()
    check_balanced(lines)
    sums = {one.code: (one.debit, one.credit) for one in vouchers.sums_by_account(lines)}
    # 4200 of subsidy leave the trust, 1800 are due from residents; 5580 were payable and are paid, 420 are held.
    assert sums["1122"] == (1800, 0)
    assert sums["2202"] == (5580, 5580)
    assert sums["2209"] == (5580, 420 + 5580)
    assert sums["2601"] == (4200, 1_000_000)
    assert sums["1002"] == (1_000_000, 5580)


def test_a_reversal_stands_in_red_on_its_own_side(here):
    reverse(actor=clerk(), at=LATER, settlement_id=settled(here).pk, reason="重复")
    lines = journal()
    check_balanced(lines)
    red = [one for one in lines if "红字" in one.memo]
    assert sorted((one.code, one.debit, one.credit) for one in red) == [
        ("1122", -1800, 0), ("2202", 0, -5580), ("2209", 0, -420), ("2601", -4200, 0),
    ]  # fmt: skip


def test_the_journal_is_for_who_sees_the_books_and_for_a_sensible_time(here):
    with pytest.raises(NotAllowed):
        vouchers.voucher_lines(actor=actor_of("organisation_a"), first=TODAY, last=TODAY)
    for first, last in ((TODAY, TODAY - timedelta(days=1)), (TODAY - timedelta(days=900), TODAY)):
        with pytest.raises(Invalid):
            journal(first, last)


def test_a_chart_that_leaves_an_account_out_says_so(here):
    settled(here)
    Preset.objects.filter(key="accounting.mapping").update(value=["预算科目 贷2601 借2601", "乱写"])
    assert vouchers.UNKNOWN in {one.code for one in journal()}


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_tried_in_whatever_order_the_books_add_up(here, seed):
    """Walk through payments blindly: most steps are refused, and nothing ever comes out of balance."""
    dice = random.Random(seed)
    for _ in range(4):
        settled(here)
        settled(here, worker=here.third_carer, source=SourceClass.RAISED)
    payments.payee(here.organisation)
    payments.payee(here.second_organisation, "6228480402564890018")
    later = LATER + timedelta(days=31)

    def one(model):
        return dice.choice([0, *model.objects.values_list("pk", flat=True)])

    def fen():
        return dice.choice([1, 5580, 11160, *Payment.objects.values_list("amount_fen", flat=True)])

    def reference():
        return dice.choice(["", "WS", *Payment.objects.values_list("reference", flat=True)])

    def settled_one():
        return dice.choice([0, *Settlement.objects.filter(state=SettlementState.SETTLED).values_list("pk", flat=True)])

    def who():
        return dice.choice([clerk(), second(), payments.another("clerk_two"), actor_of("organisation_a")])

    steps = [
        lambda: statements.issue_statements(actor=who(), at=later, month=dice.choice([TODAY, payments.NEXT_MONTH])),
        lambda: statements.agree_statement(actor=actor_of("organisation_a"), at=later, statement_id=one(Statement)),
        lambda: statements.agree_statement(actor=actor_of("organisation_b"), at=later, statement_id=one(Statement)),
        lambda: batches.draft_batch(actor=who(), at=later),
        lambda: batches.confirm_batch(actor=who(), at=later, batch_id=one(PaymentBatch)),
        lambda: batches.cancel_batch(actor=who(), at=later, batch_id=one(PaymentBatch), answer="不付了"),
        lambda: batches.take_bank_file(actor=who(), at=later, batch_id=one(PaymentBatch)),
        lambda: batches.bounce_payment(actor=who(), at=later, payment_id=one(Payment), reason="没有付出"),
        lambda: read(out(fen(), words=reference()), into(fen(), words=reference()), at=later),
        lambda: suspense.resolve_line(
            actor=who(), at=later, line_id=one(BankLine), note="核对", reference=reference(), other=one(BankLine),
            outcome=dice.choice(["payment", "return", "offset", "charge"]),
        ),
        lambda: reverse(actor=clerk(), at=later, settlement_id=settled_one(), reason="多付"),
    ]  # fmt: skip
    done = 0
    for _ in range(120):
        try:
            dice.choice(steps)()
            done += 1
        except Refusal:
            pass
    assert done > 15
    assert faults() == []
    check_balanced(journal())
    hanging = sum(BankLine.objects.filter(state="suspense").values_list("amount_fen", flat=True))
    suspended = Account.objects.filter(code=f"suspense:{DISTRICT}").first()
    assert hanging == (suspended.balance if suspended else 0)
    under_way = sum(Payment.objects.filter(state__in=["ready", "sent"]).values_list("amount_fen", flat=True))
    paying = Account.objects.filter(code=f"paying:{DISTRICT}").first()
    assert under_way == (paying.balance if paying else 0)
    paid = -sum(BankLine.objects.values_list("amount_fen", flat=True))
    assert paid == (Account.objects.get(code=f"bank:{DISTRICT}").balance if paid else 0)
