"""A project worker, a fund manager and a street officer try to pay themselves out of what organisations are owed.

They try with their own rights, and with the two that pay, as if somebody had given them these in another role of the same
account: who does the one half never does the other. Each way is refused, moves nothing and is logged.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.db import transaction

from tests.factories import payments
from tests.factories.cast import World, actor_of, world
from tests.factories.payments import LATER, MONTH, NEXT_YEAR
from tests.factories.places import DISTRICT
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Refusal
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.journal.services import breaks
from wushe.ledgers.models import Account
from wushe.ledgers.selectors import faults
from wushe.lines.payments import bank, batches, disputes, payees, statements, suspense, year_end
from wushe.lines.payments.models import HoldRelease, PayeeAccount, Payment, PaymentBatch, Statement
from wushe.registers.organisations.models import Organisation

pytestmark = pytest.mark.django_db
MINE = "6217000011112222333"


@dataclass
class Ground:
    """What stands when the attack begins; `draft` and `proposed` were made by the attacker in the clerk's role."""

    organisation: Organisation
    other: Organisation
    statement: Statement
    sent: PaymentBatch
    draft: PaymentBatch
    proposed: PayeeAccount
    scored: HoldRelease


def ground(me: Actor, here: World) -> Ground:
    clerk = as_clerk(me)
    payments.settled(here)
    sent = payments.sent(here)
    payments.settled(here, worker=here.third_carer)
    payments.payee(here.second_organisation, "6222020200998877665")
    (open_one,) = payments.issued()
    proposed = payees.propose_payee(
        actor=clerk,
        at=LATER,
        organisation_id=here.organisation.pk,
        holder=here.organisation.name,
        bank="某银行",
        number=MINE,
    )
    scored = year_end.score_year(
        actor=clerk, at=NEXT_YEAR, organisation_id=here.organisation.pk, year=MONTH.year, score=100, basis="满分"
    )
    statements.agree_statement(actor=actor_of("organisation_b"), at=LATER, statement_id=open_one.pk)
    draft = batches.draft_batch(actor=clerk, at=LATER)
    payments.settled(here, at=LATER)
    (last,) = payments.issued(NEXT_YEAR, payments.NEXT_MONTH)
    return Ground(here.organisation, here.second_organisation, last, sent, draft, proposed, scored)


def as_clerk(me: Actor) -> Actor:
    return replace(me, role_code="settlement_clerk", area_code=DISTRICT)


def as_second(me: Actor) -> Actor:
    return replace(me, role_code="district_manager", area_code=DISTRICT)


Try = Callable[[Ground, Actor], object]


def proposes(**more: Any) -> Try:
    def attempt(g: Ground, me: Actor) -> object:
        values = {"organisation_id": g.other.pk, "holder": g.other.name, "bank": "某银行", "number": MINE} | more
        return payees.propose_payee(actor=me, at=LATER, **values)

    return attempt


def scores(**more: Any) -> Try:
    def attempt(g: Ground, me: Actor) -> object:
        values = {"organisation_id": g.other.pk, "year": MONTH.year, "score": 100, "basis": "满分"} | more
        return year_end.score_year(actor=me, at=NEXT_YEAR, **values)

    return attempt


def disputed_line(g: Ground) -> int:
    return g.statement.lines.get().pk


STEPS: dict[str, Try] = {
    "puts a batch together": lambda g, me: batches.draft_batch(actor=me, at=LATER),
    "confirms a batch": lambda g, me: batches.confirm_batch(actor=me, at=LATER, batch_id=g.draft.pk),
    "gives a batch up": lambda g, me: batches.cancel_batch(actor=me, at=LATER, batch_id=g.draft.pk, answer="不付了"),
    "takes the bank's file": lambda g, me: batches.take_bank_file(actor=me, at=LATER, batch_id=g.sent.pk),
    "says that a payment came back": lambda g, me: batches.bounce_payment(
        actor=me, at=LATER, payment_id=g.sent.rows.get().pk, reason="账号不符"
    ),
    "names an account": proposes(),
    "confirms the account": lambda g, me: payees.confirm_payee(actor=me, at=LATER, payee_id=g.proposed.pk),
    "refuses an account": lambda g, me: payees.refuse_payee(actor=me, at=LATER, payee_id=g.proposed.pk, answer="换我的"),
    "issues statements": lambda g, me: statements.issue_statements(actor=me, at=NEXT_YEAR, month=MONTH),
    "agrees for the organisation": lambda g, me: statements.agree_statement(actor=me, at=LATER, statement_id=g.statement.pk),
    "disputes for the organisation": lambda g, me: disputes.open_dispute(
        actor=me, at=LATER, line_id=disputed_line(g), reason="时长少记了半小时"
    ),
    "scores a year": scores(),
    "confirms the score": lambda g, me: year_end.confirm_release(actor=me, at=NEXT_YEAR, release_id=g.scored.pk),
    "sends a score back": lambda g, me: year_end.refuse_release(
        actor=me, at=NEXT_YEAR, release_id=g.scored.pk, answer="重评"
    ),
    "explains a line of the bank": lambda g, me: suspense.resolve_line(
        actor=me, at=LATER, line_id=1, outcome="charge", note="手续费"
    ),
    "brings a list of the bank": lambda g, me: bank.read_bank_file(actor=me, at=LATER, name="x.csv", content=b"a,b"),
}  # fmt: skip


def with_role(role: Callable[[Actor], Actor], attempt: Try) -> Try:
    return lambda g, me: attempt(g, role(me))


IN_OTHER_ROLES: dict[str, Try] = {
    "confirms the own batch": with_role(as_second, STEPS["confirms a batch"]),
    "confirms the own account": with_role(as_second, STEPS["confirms the account"]),
    "refuses the own account": with_role(as_second, STEPS["refuses an account"]),
    "confirms the own score": with_role(as_second, STEPS["confirms the score"]),
    "sends the own score back": with_role(as_second, STEPS["sends a score back"]),
    "takes the file of an unconfirmed batch": with_role(
        as_clerk, lambda g, me: batches.take_bank_file(actor=me, at=LATER, batch_id=g.draft.pk)
    ),
    "pays a batch a second time": with_role(
        as_second, lambda g, me: batches.confirm_batch(actor=me, at=LATER, batch_id=g.sent.pk)
    ),
    "sends it to another name": with_role(as_clerk, proposes(holder="我自己")),
    "types an account of letters": with_role(as_clerk, proposes(number="我的卡号")),
    "names an account of nobody": with_role(as_clerk, proposes(organisation_id=987_654_321)),
    "puts together what is not agreed": with_role(as_clerk, STEPS["puts a batch together"]),
    "scores above a hundred": with_role(as_clerk, scores(score=1_000)),
    "scores a year that goes on": with_role(as_clerk, scores(year=NEXT_YEAR.year)),
    "scores twice": with_role(as_clerk, lambda g, me: scores(organisation_id=g.organisation.pk)(g, me)),
    "agrees as the clerk": with_role(as_clerk, STEPS["agrees for the organisation"]),
    "brings a list that says nothing": with_role(as_clerk, STEPS["brings a list of the bank"]),
    "brings a payment back in both roles": with_role(
        as_second, lambda g, me: batches.bounce_payment(actor=me, at=LATER, payment_id=g.draft.rows.get().pk, reason="账号不符")
    ),
}  # fmt: skip
WAYS = STEPS | IN_OTHER_ROLES


def money() -> tuple[Any, ...]:
    return (
        list(Account.objects.order_by("pk").values_list("pk", "balance")),
        *(list(model.objects.order_by("pk").values_list("pk", "state"))  # type: ignore[attr-defined]
          for model in (Payment, PaymentBatch, PayeeAccount, HoldRelease, Statement)),
    )  # fmt: skip


@pytest.fixture(scope="module", params=["social_worker", "charity_officer", "street_manager"])
def scene(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Actor, Ground]]:
    """Lay the ground once for each attacker; every try works in a savepoint of it."""
    with django_db_blocker.unblock(), transaction.atomic():
        here, me = world(), actor_of(request.param)
        yield me, ground(me, here)
        transaction.set_rollback(True)


def tries_noted(me: Actor) -> int:
    return JournalEntry.objects.filter(kind__endswith=".refused_try", actor_id=me.user_id).count()


def test_every_way_fails_moves_nothing_and_is_logged(scene: tuple[Actor, Ground]) -> None:
    me, g = scene
    before = money()
    wrong = []
    for name, attempt in WAYS.items():
        point, noted = transaction.savepoint(), tries_noted(me)
        try:
            attempt(g, me)
            wrong.append(f"{name}: went through")
        except Refusal:
            if tries_noted(me) != noted + 1:
                wrong.append(f"{name}: not logged")
            if money() != before:
                wrong.append(f"{name}: moved something")
        transaction.savepoint_rollback(point)
    assert wrong == []
    assert (faults(), breaks()) == ([], [])
