"""Payments in every state: settled visits, statements, disputes, receiving accounts, batches and lines of the bank."""

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import count

from tests.factories import visits
from tests.factories.cast import World, actor_of
from tests.factories.places import COMMUNITY, DISTRICT, TODAY
from tests.factories.visits import clock
from wushe.chain.orders.models import Order
from wushe.chain.projects.models import SourceClass
from wushe.chain.settlement.models import Settlement
from wushe.chain.settlement.services import settle
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.selectors import actor_for
from wushe.foundation.actor import Actor
from wushe.lines.payments.bank import read_bank_file
from wushe.lines.payments.batches import confirm_batch, draft_batch, take_bank_file
from wushe.lines.payments.disputes import open_dispute
from wushe.lines.payments.models import (
    BankFile,
    BankLine,
    HoldRelease,
    PayeeAccount,
    Payment,
    PaymentBatch,
    Statement,
)
from wushe.lines.payments.payees import confirm_payee, propose_payee
from wushe.lines.payments.statements import agree_statement, issue_statements
from wushe.lines.payments.year_end import score_year
from wushe.registers.organisations.models import Organisation
from wushe.registers.workforce.models import Worker

MONTH = TODAY.replace(day=1)
NEXT_MONTH = (MONTH + timedelta(days=31)).replace(day=1)
LATER = clock(600, day=NEXT_MONTH + timedelta(days=2))
"""A morning when the month of the cast has ended."""
NEXT_YEAR = clock(600, day=date(TODAY.year + 1, 1, 20))
NUMBER = "6222020200112233445"
_minute = count(0)


def clerk(name: str = "settlement_clerk") -> Actor:
    """Return who prepares payments."""
    return actor_of(name)


def second() -> Actor:
    """Return who confirms them."""
    return actor_of("district_manager")


def settled(
    here: World, *, worker: Worker | None = None, price: int = 6000, at: datetime | None = None, day: date = TODAY,
    source: str = SourceClass.GOVERNMENT, as_it_is: bool = False,
) -> Settlement:  # fmt: skip
    """Return the settlement of one visit of an hour by a worker, to 王奶奶 at ability level 2: a subsidy of 70 %.

    `as_it_is` leaves her and the service as they are.
    """
    if not as_it_is:
        type(here.elder).objects.filter(pk=here.elder.pk).update(ability_level=2, lives_alone=False)
        here.elder.tags.all().delete()
    number = next(_minute)
    appointment = visits.planned(here.elder, worker or here.carer, start=480 + number % 9 * 60, day=day)
    order = appointment.order
    if not as_it_is:
        type(order.item).objects.filter(pk=order.item_id).update(responsible_party="market")
    type(appointment).objects.filter(pk=appointment.pk).update(minutes=60)
    Order.objects.filter(pk=order.pk).update(price_fen=price, minutes=60)
    visits.budget_line(order, fen=1_000_000, source=source)
    appointment.refresh_from_db()
    visit = visits.accepted(visits.ended(appointment, minutes=60), verifier=actor_of("verifier"))
    made = settle(actor=clerk(), at=at or clock(1300, day=day), visit_id=visit.pk)
    assert made.state == "settled", made.blocked_by
    return made


def issued(at: datetime = LATER, month: date = MONTH) -> list[Statement]:
    """Return the statements of the month."""
    return issue_statements(actor=clerk(), at=at, month=month)


def payee(organisation: Organisation, number: str = NUMBER, at: datetime = LATER) -> PayeeAccount:
    """Return an account in use."""
    made = propose_payee(
        actor=clerk(), at=at, organisation_id=organisation.pk, holder=organisation.name, bank="建设银行广安支行",
        number=number,
    )  # fmt: skip
    return confirm_payee(actor=second(), at=at, payee_id=made.pk)


def agreed(here: World, at: datetime = LATER, month: date = MONTH) -> list[Statement]:
    """Return the month's statements, agreed by their organisations."""
    names = {here.organisation.pk: "organisation_a", here.second_organisation.pk: "organisation_b"}
    return [
        agree_statement(actor=actor_of(names[one.organisation_id]), at=at, statement_id=one.pk)
        for one in issued(at, month)
    ]


def drafted(here: World, at: datetime = LATER, month: date = MONTH) -> PaymentBatch:
    """Return a batch of what is agreed."""
    agreed(here, at, month)
    payee(here.organisation, at=at)
    return draft_batch(actor=clerk(), at=at)


def sent(here: World, at: datetime = LATER, month: date = MONTH) -> PaymentBatch:
    """Return a batch that the bank has."""
    batch = drafted(here, at, month)
    confirm_batch(actor=second(), at=at, batch_id=batch.pk)
    take_bank_file(actor=clerk(), at=at, batch_id=batch.pk)
    return PaymentBatch.objects.get(pk=batch.pk)


HEAD = ("交易日期", "借方发生额", "贷方发生额", "对方户名", "对方账号", "流水号", "摘要")


def bank_list(*rows: Sequence[object], head: Sequence[str] = HEAD) -> bytes:
    """Return a list of the bank as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue().encode("gb18030")


def read(*rows: Sequence[object], at: datetime = LATER, name: str = "流水.csv") -> BankFile:
    """Return a list of the bank that was taken in."""
    return read_bank_file(actor=clerk(), at=at, name=name, content=bank_list(*rows))


def out(fen: int, *, party: str = "", account: str = "", serial: str = "", words: str = "") -> tuple[object, ...]:
    """Return a row of money that went out."""
    return f"{LATER:%Y-%m-%d}", f"{fen / 100:.2f}", "", party, account, serial, words


def into(fen: int, *, party: str = "", account: str = "", serial: str = "", words: str = "") -> tuple[object, ...]:
    """Return a row of money that came in."""
    return f"{LATER:%Y-%m-%d}", "", f"{fen / 100:.2f}", party, account, serial, words


def another(name: str, role_code: str = "settlement_clerk") -> Actor:
    """Return a further person of a role of the district."""
    user, fresh = User.objects.get_or_create(username=name, defaults={"name": name})
    if fresh:
        Grant.objects.create(user=user, role_code=role_code, area_code=DISTRICT, valid_from=date(2020, 1, 1))
    actor = actor_for(user=user, on=TODAY)
    assert actor is not None
    return actor


def one_of_each(here: World) -> dict[str, int | str]:
    """Return one of each thing of payments; the organisation of the showcase is the first."""
    before = MONTH - timedelta(days=10)
    settled(here, day=before, as_it_is=True)
    batch = sent(here, at=clock(600, day=MONTH + timedelta(days=2)), month=before)
    kept = batch.rows.get()
    for _ in range(2):
        settled(here, day=MONTH + timedelta(days=7), as_it_is=True)
    later = LATER
    statement = next(one for one in issued() if one.organisation_id == here.organisation.pk)
    *_, first, last = statement.lines.order_by("pk")
    dispute = open_dispute(actor=actor_of("organisation_a"), at=later, line_id=first.pk, reason="这次是两个人去的")
    waiting = propose_payee(
        actor=clerk(), at=later, organisation_id=here.second_organisation.pk, holder=here.second_organisation.name,
        bank="农业银行广安支行", number="6228480402564890018",
    )  # fmt: skip
    read(out(1234, words="手续费"), at=later)
    line = BankFile.objects.latest("pk").lines.get()
    release = score_year(
        actor=clerk(), at=NEXT_YEAR, organisation_id=here.organisation.pk, year=TODAY.year, score=85, basis="考核表"
    )
    # All roles of the showcase stand in one community, so what a district keeps stands there as well.
    for model in (Statement, PaymentBatch, Payment, PayeeAccount, BankFile, BankLine, HoldRelease):
        model.objects.update(area_code=COMMUNITY)
    return {
        "pay_statement": statement.pk, "pay_line": last.pk, "pay_dispute": dispute.pk, "payee": waiting.pk,
        "pay_batch": batch.pk, "payment": kept.pk, "bank_line": line.pk, "hold_release": release.pk,
    }  # fmt: skip
