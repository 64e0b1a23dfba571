"""From settled visits to the bank and back: statements, disputes, two hands, each sum once, and books that add up."""

from datetime import timedelta

import pytest

from tests.factories import payments
from tests.factories.cast import actor_of, world
from tests.factories.payments import LATER, MONTH, NEXT_MONTH, clerk, into, issued, out, read, second, settled
from tests.factories.places import DISTRICT
from wushe.chain.settlement.models import SettlementState
from wushe.chain.settlement.services import reverse
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, SecondPerson
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.presets.models import Preset
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.models import Account, Entry
from wushe.ledgers.selectors import faults
from wushe.lines.payments import batches, disputes, payees, statements, suspense
from wushe.lines.payments.models import BankLine, Payment, PaymentBatch, Statement, StatementLine
from wushe.lines.payments.printing import statement_pdf, sums_by_service
from wushe.lines.payments.states import PaymentState, StatementState

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return world()


def balance(code):
    return Account.objects.get(code=code).balance


def state(thing):
    return type(thing).objects.get(pk=thing.pk).state


# --- statements -----------------------------------------------------------------------------------------------------


def test_a_statement_lists_what_was_settled_once(here):
    settled(here)
    settled(here, worker=here.third_carer)
    first, other = issued()
    # 6000: a subsidy of 4200, an own share of 1800, a tenth of the subsidy held back.
    assert (first.payable_fen, first.subsidy_fen, first.own_fen, first.hold_fen, first.net_fen) == (
        6000, 4200, 1800, 420, 5580,
    )  # fmt: skip
    assert {first.organisation_id, other.organisation_id} == {here.organisation.pk, here.second_organisation.pk}
    assert first.area_code == DISTRICT
    with pytest.raises(statements.NothingToList):
        issued()
    assert JournalEntry.objects.filter(kind="pay_statement.issue").count() == 2


def test_what_was_settled_late_stands_on_the_next(here):
    settled(here)
    issued()
    settled(here, at=LATER)
    (late,) = issued(LATER + timedelta(days=31), NEXT_MONTH)
    assert (late.month, late.lines_count) == (NEXT_MONTH, 1)


def test_a_month_that_goes_on_has_no_statement(here):
    settled(here)
    with pytest.raises(Invalid):
        issued(at=LATER - timedelta(days=5))
    assert not Statement.objects.exists()


def test_only_the_district_pays(here):
    with pytest.raises(NotAllowed):
        statements.issue_statements(actor=second(), at=LATER, month=MONTH)
    street = payments.another("street_clerk")
    object.__setattr__(street, "area_code", DISTRICT + "001")
    with pytest.raises(statements.Conflict):
        statements.issue_statements(actor=street, at=LATER, month=MONTH)


def test_where_the_organisation_takes_the_own_share_it_is_not_paid_again(here):
    Preset.objects.filter(key="payments.own_share.kept").update(value=True)
    settled(here)
    batch = payments.sent(here)
    assert batch.total_fen == 6000 - 420 - 1800
    assert (balance(f"payable:{here.organisation.pk}"), balance(f"outside:residents:{DISTRICT}")) == (0, 0)
    assert faults() == []


def test_silence_agrees_after_its_days_but_not_over_a_dispute(here):
    settled(here)
    settled(here, worker=here.third_carer)
    mine, theirs = issued()
    disputes.open_dispute(
        actor=actor_of("organisation_a"), at=LATER, line_id=mine.lines.get().pk, reason="时长少记了半小时"
    )
    assert statements.agree_silent(actor=SYSTEM, at=LATER + timedelta(days=5)) == 0
    assert statements.agree_silent(actor=SYSTEM, at=LATER + timedelta(days=6)) == 1
    assert (state(mine), state(theirs)) == (StatementState.ISSUED, StatementState.AGREED)


def test_another_organisation_finds_nothing(here):
    settled(here)
    (mine,) = issued()
    with pytest.raises(NotFound):
        statements.agree_statement(actor=actor_of("organisation_b"), at=LATER, statement_id=mine.pk)
    with pytest.raises(NotFound):
        disputes.open_dispute(
            actor=actor_of("organisation_b"), at=LATER, line_id=mine.lines.get().pk, reason="不是我们的"
        )
    assert state(mine) == StatementState.ISSUED


# --- disputes -------------------------------------------------------------------------------------------------------


def disputed(here):
    settled(here)
    kept = settled(here)
    (statement,) = issued()
    line = statement.lines.get(settlement=kept)
    made = disputes.open_dispute(actor=actor_of("organisation_a"), at=LATER, line_id=line.pk, reason="价格记错了")
    return statement, kept, made


def test_an_upheld_dispute_reverses_and_takes_the_line_off(here):
    statement, settlement, made = disputed(here)
    with pytest.raises(statements.StillDisputed):
        statements.agree_statement(actor=actor_of("organisation_a"), at=LATER, statement_id=statement.pk)
    disputes.answer_dispute(actor=clerk(), at=LATER, dispute_id=made.pk, answer="已核对，确实记错")
    with pytest.raises(SecondPerson):
        disputes.uphold_dispute(actor=clerk(), at=LATER, dispute_id=made.pk, verdict="成立")
    disputes.uphold_dispute(actor=second(), at=LATER, dispute_id=made.pk, verdict="成立")
    settlement.refresh_from_db()
    statement.refresh_from_db()
    assert settlement.state == SettlementState.REVERSED
    assert (statement.lines_count, statement.net_fen) == (1, 5580)
    service, whole = sums_by_service(actor=actor_of("organisation_a"), statement=statement)
    assert (service[1], service[-1]) == (whole[1], whole[-1]) == ("1", "¥55.80")
    printed = statement_pdf(actor=actor_of("organisation_a"), statement=statement, issuer="广安区")
    assert printed.startswith(b"%PDF-")
    assert balance(f"payable:{here.organisation.pk}") == 5580
    assert faults() == []
    statements.agree_statement(actor=actor_of("organisation_a"), at=LATER, statement_id=statement.pk)


def test_a_rejected_dispute_leaves_everything(here):
    statement, settlement, made = disputed(here)
    disputes.answer_dispute(actor=clerk(), at=LATER, dispute_id=made.pk, answer="价格与目录一致")
    disputes.reject_dispute(actor=second(), at=LATER, dispute_id=made.pk, verdict="与目录一致")
    settlement.refresh_from_db()
    assert settlement.state == SettlementState.SETTLED
    assert statements.agree_statement(
        actor=actor_of("organisation_a"), at=LATER, statement_id=statement.pk
    ).net_fen == 11160  # fmt: skip
    with pytest.raises(disputes.TooLate):
        disputes.open_dispute(actor=actor_of("organisation_a"), at=LATER, line_id=made.line_id, reason="再提一次")


def test_a_line_is_disputed_once_unless_withdrawn(here):
    _, _, made = disputed(here)
    with pytest.raises(disputes.AlreadyDisputed):
        disputes.open_dispute(actor=actor_of("organisation_a"), at=LATER, line_id=made.line_id, reason="再提一次")
    disputes.withdraw_dispute(actor=actor_of("organisation_a"), at=LATER, dispute_id=made.pk)
    disputes.open_dispute(actor=actor_of("organisation_a"), at=LATER, line_id=made.line_id, reason="再提一次")


# --- receiving accounts -----------------------------------------------------------------------------------------------


def test_an_account_counts_when_a_second_person_agrees_and_is_never_shown(here):
    made = payees.propose_payee(
        actor=clerk(), at=LATER, organisation_id=here.organisation.pk, holder=here.organisation.name, bank="农业银行",
        number="6222 0202 0011 2233 445",
    )  # fmt: skip
    with pytest.raises(SecondPerson):
        payees.confirm_payee(actor=clerk(), at=LATER, payee_id=made.pk)
    payees.confirm_payee(actor=second(), at=LATER, payee_id=made.pk)
    later = payments.payee(here.organisation, number="6222020200119999999")
    made.refresh_from_db()
    assert (made.state, later.state) == ("replaced", "active")
    assert "6222020200112233445" not in str(made.number)
    assert str(made.number).endswith("3445")


@pytest.mark.parametrize(
    ("field", "value"),
    [("holder", "张三"), ("number", "12ab"), ("number", "６２２２０２０２００１１２２３３"), ("bank", "")],
)
def test_an_account_of_somebody_else_is_refused(here, field, value):
    said = {"holder": here.organisation.name, "bank": "农业银行", "number": payments.NUMBER, field: value}
    with pytest.raises(Invalid) as refused:
        payees.propose_payee(actor=clerk(), at=LATER, organisation_id=here.organisation.pk, **said)
    assert set(refused.value.fields) == {field}


# --- batches --------------------------------------------------------------------------------------------------------


def test_a_payment_goes_through_two_hands_to_the_bank_and_is_found_again(here):
    settled(here)
    batch = payments.drafted(here)
    with pytest.raises(MoveNotAllowed):
        batches.take_bank_file(actor=clerk(), at=LATER, batch_id=batch.pk)
    with pytest.raises(SecondPerson):
        batches.confirm_batch(actor=clerk(), at=LATER, batch_id=batch.pk)
    batches.confirm_batch(actor=second(), at=LATER, batch_id=batch.pk)
    assert (balance(f"payable:{here.organisation.pk}"), balance(f"paying:{DISTRICT}")) == (0, 5580)
    (payment,) = batches.take_bank_file(actor=clerk(), at=LATER, batch_id=batch.pk)
    assert payment.payee.number.reveal() == payments.NUMBER
    batches.take_bank_file(actor=clerk(), at=LATER, batch_id=batch.pk)
    assert JournalEntry.objects.filter(kind="payment_batch.file").count() == 2
    file = read(out(5580, words=f"结算款{payment.reference}"))
    assert (file.matched, file.suspended) == (1, 0)
    assert (balance(f"paying:{DISTRICT}"), balance(f"bank:{DISTRICT}")) == (0, 5580)
    assert [state(one) for one in (payment, batch, Statement.objects.get())] == ["paid", "done", "paid"]
    assert faults() == []


def test_without_a_confirmed_account_nothing_is_paid(here):
    settled(here)
    payments.agreed(here)
    with pytest.raises(batches.NothingToPay):
        batches.draft_batch(actor=clerk(), at=LATER)


def test_what_is_in_a_batch_is_in_no_other(here):
    settled(here)
    payments.drafted(here)
    with pytest.raises(batches.NothingToPay):
        batches.draft_batch(actor=clerk(), at=LATER)
    assert Payment.objects.count() == 1


def test_a_cancelled_batch_frees_its_statements(here):
    settled(here)
    batch = payments.drafted(here)
    batches.cancel_batch(actor=clerk(), at=LATER, batch_id=batch.pk, answer="重新制单")
    assert (state(batch), state(Payment.objects.get()), state(Statement.objects.get())) == (
        "cancelled", "dropped", "agreed",
    )  # fmt: skip
    assert batches.draft_batch(actor=clerk(), at=LATER).total_fen == 5580


def test_a_line_reversed_meanwhile_stops_the_batch(here):
    settled(here)
    wrong = settled(here)
    batch = payments.drafted(here)
    reverse(actor=clerk(), at=LATER, settlement_id=wrong.pk, reason="重复")
    entries = Entry.objects.count()
    with pytest.raises(batches.Changed):
        batches.confirm_batch(actor=second(), at=LATER, batch_id=batch.pk)
    assert (state(batch), Entry.objects.count()) == ("drafted", entries)
    batches.cancel_batch(actor=second(), at=LATER, batch_id=batch.pk, answer="金额变了")
    assert batches.draft_batch(actor=clerk(), at=LATER).total_fen == 5580


def test_an_account_replaced_meanwhile_stops_the_batch(here):
    settled(here)
    batch = payments.drafted(here)
    payments.payee(here.organisation, number="6222020200119999999")
    with pytest.raises(batches.Changed):
        batches.confirm_batch(actor=second(), at=LATER, batch_id=batch.pk)


def test_what_was_paid_and_reversed_is_taken_back_from_the_next(here):
    wrong = settled(here)
    batch = payments.sent(here)
    read(out(5580, words=batch.rows.get().reference))
    settled(here, day=NEXT_MONTH)
    settled(here, day=NEXT_MONTH)
    later = LATER + timedelta(days=31)
    reverse(actor=clerk(), at=later, settlement_id=wrong.pk, reason="多付")
    (statement,) = payments.agreed(here, later, NEXT_MONTH)
    assert (statement.lines_count, statement.net_fen) == (3, 5580)
    again = batches.draft_batch(actor=clerk(), at=later)
    batches.confirm_batch(actor=second(), at=later, batch_id=again.pk)
    assert (again.total_fen, balance(f"payable:{here.organisation.pk}")) == (5580, 0)
    assert faults() == []


def test_a_bounced_payment_is_owed_again(here):
    settled(here)
    batch = payments.sent(here)
    payment = batch.rows.get()
    with pytest.raises(SecondPerson):
        batches.bounce_payment(actor=clerk(), at=LATER, payment_id=payment.pk, reason="户名不符")
    batches.bounce_payment(actor=second(), at=LATER, payment_id=payment.pk, reason="户名不符")
    assert [state(one) for one in (payment, batch, Statement.objects.get())] == ["returned", "done", "agreed"]
    assert (balance(f"payable:{here.organisation.pk}"), balance(f"paying:{DISTRICT}")) == (5580, 0)
    assert batches.draft_batch(actor=clerk(), at=LATER).total_fen == 5580
    assert faults() == []


# --- the bank's list ------------------------------------------------------------------------------------------------


def test_a_list_read_twice_books_nothing_twice(here):
    settled(here)
    payment = payments.sent(here).rows.get()
    rows = (out(5580, words=payment.reference), out(100, words="账户管理费"), out(100, words="账户管理费"))
    read(*rows)
    entries = Entry.objects.count()
    again = read(*rows)
    assert (again.known, again.matched, again.suspended, Entry.objects.count()) == (3, 0, 0, entries)
    assert BankLine.objects.count() == 3


def test_without_a_reference_sum_and_receiver_tell(here):
    settled(here)
    payments.sent(here)
    name = here.organisation.name
    file = read(
        out(5580, party="别的单位"), out(5580, party=name, account="9999999999"), out(5581, party=name),
        out(5580, party=name, account=payments.NUMBER), out(5580, party=name),
    )  # fmt: skip
    assert (file.matched, file.suspended) == (1, 4)
    whys = list(BankLine.objects.filter(state="suspense").order_by("pk").values_list("why", flat=True))
    assert whys == [
        "有同样金额的付款，收款人不同",
        "有同样金额的付款，收款人不同",
        "没有这个金额的付款",
        "没有这个金额的付款",
    ]


def test_a_reference_with_another_sum_is_not_taken_for_paid(here):
    settled(here)
    payment = payments.sent(here).rows.get()
    read(out(5500, words=payment.reference))
    assert state(payment) == PaymentState.SENT
    assert balance(f"suspense:{DISTRICT}") == -5500


def test_what_the_bank_sends_back_is_owed_again(here):
    settled(here)
    payment = payments.sent(here).rows.get()
    file = read(out(5580, words=payment.reference), into(5580, words=f"退汇 {payment.reference}"))
    assert file.matched == 2
    assert (state(payment), state(Statement.objects.get())) == ("returned", "agreed")
    assert (balance(f"payable:{here.organisation.pk}"), balance(f"paying:{DISTRICT}"), balance(f"bank:{DISTRICT}")) == (
        5580, 0, 0,
    )  # fmt: skip
    assert faults() == []


def resolve(line, outcome, **more):
    return suspense.resolve_line(actor=clerk(), at=LATER, line_id=line.pk, outcome=outcome, note="电话核对", **more)


def test_a_person_explains_what_nobody_recognised(here):
    settled(here)
    payment = payments.sent(here).rows.get()
    read(out(5580), out(1500, words="手续费"), out(300, words="错付"), into(300, words="错付退回"))
    paid, fee, wrong, back = BankLine.objects.order_by("pk")
    resolve(paid, "payment", reference=payment.reference)
    resolve(fee, "charge")
    resolve(wrong, "offset", other=back.pk)
    assert state(payment) == PaymentState.PAID
    assert not BankLine.objects.filter(state="suspense").exists()
    assert (balance(f"suspense:{DISTRICT}"), balance(f"bank_charge:{DISTRICT}"), balance(f"bank:{DISTRICT}")) == (
        0, -1500, 7080,
    )  # fmt: skip
    with pytest.raises(MoveNotAllowed):
        resolve(fee, "charge")
    assert faults() == []


@pytest.mark.parametrize(
    ("outcome", "more", "field"),
    [("charge", {}, "outcome"), ("payment", {"reference": "WS000"}, "reference"), ("offset", {"other": 1}, "other"),
     ("offset", {}, "other"), ("gift", {}, "outcome"), ("return", {"reference": "mine"}, "reference")],
)  # fmt: skip
def test_an_explanation_that_does_not_fit_is_refused(here, outcome, more, field):
    settled(here)
    payment = payments.sent(here).rows.get()
    if more.get("reference") == "mine":
        more = {"reference": payment.reference}
    read(out(99_000))
    line = BankLine.objects.get()
    with pytest.raises(Invalid) as refused:
        resolve(line, outcome, **more)
    assert set(refused.value.fields) == {field}
    assert (state(line), balance(f"suspense:{DISTRICT}")) == ("suspense", -99_000)


def test_suspense_is_always_the_sum_of_its_lines(here):
    read(out(5), into(7), out(11))
    resolve(BankLine.objects.earliest("pk"), "charge")
    open_lines = BankLine.objects.filter(state="suspense").values_list("amount_fen", flat=True)
    assert balance(f"suspense:{DISTRICT}") == sum(open_lines) == -4


def test_conflicts_are_refusals_in_words():
    for refusal in (statements.StillDisputed, batches.NothingToPay, SecondPerson, payees.AlreadyWaiting):
        assert issubclass(refusal, Conflict)
        assert refusal.message


def test_a_line_of_a_statement_stands_once(here):
    made = settled(here)
    (statement,) = issued()
    assert StatementLine.objects.get(settlement=made).statement == statement
    assert PaymentBatch.objects.count() == 0
