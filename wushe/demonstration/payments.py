"""Payments of the demonstration: last month's statements, agreed and disputed, a batch at the bank, one line unexplained."""

import csv
import io
from datetime import timedelta

from wushe.foundation.access.models import Grant, User
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Refusal
from wushe.lines.payments.bank import read_bank_file
from wushe.lines.payments.batches import confirm_batch, draft_batch, take_bank_file
from wushe.lines.payments.disputes import open_dispute
from wushe.lines.payments.models import Payment, Statement
from wushe.lines.payments.payees import confirm_payee, propose_payee
from wushe.lines.payments.statements import agree_statement, issue_statements

from .accounts import actor_of
from .source import World

_HEAD = ("交易日期", "支出金额", "收入金额", "对方户名", "对方账号", "流水号", "摘要")


def load_payments(world: World) -> int:
    """Pay last month through the services themselves; return how many statements there are."""
    clerk, second = (_hand(name) for name in ("jiesuan", "quju"))
    last_month = world.today.replace(day=1) - timedelta(days=1)
    try:
        statements = issue_statements(actor=clerk, at=world.now, month=last_month)
    except Refusal:
        return 0  # a demonstration that begins with the month has no month to pay yet
    for place, statement in enumerate(statements):
        _agree_or_dispute(world, statement, place, clerk, second)
    batch = draft_batch(actor=clerk, at=world.now)
    confirm_batch(actor=second, at=world.now, batch_id=batch.pk)
    paid = take_bank_file(actor=clerk, at=world.now, batch_id=batch.pk)
    read_bank_file(actor=clerk, at=world.now, name="建设银行流水.csv", content=_bank_list(world, paid[:-1] or paid))
    return len(statements)


def _agree_or_dispute(world: World, statement: Statement, place: int, clerk: Actor, second: Actor) -> None:
    """Give the organisation an account, and let it agree; the second one disputes a line, the third is silent."""
    organisation = statement.organisation
    payee = propose_payee(
        actor=clerk, at=world.now, organisation_id=organisation.pk, holder=organisation.name, bank="建设银行广安分行",
        number=f"5105016400000000{organisation.pk:04d}",
    )  # fmt: skip
    if place != 2:
        confirm_payee(actor=second, at=world.now, payee_id=payee.pk)
    grant = Grant.objects.filter(role_code="organisation_manager", organisation_id=organisation.pk).order_by("pk")[0]
    manager = actor_of(User.objects.get(pk=grant.user_id), grant)
    if place == 1:
        line = statement.lines.order_by("pk")[0]
        open_dispute(actor=manager, at=world.now, line_id=line.pk, reason="这次是两个人去的，只记了一个人")
    elif place != 2:
        agree_statement(actor=manager, at=world.now, statement_id=statement.pk)


def _bank_list(world: World, paid: list[Payment]) -> bytes:
    """Return the bank's list of the day: the payments, and a transfer that says nothing."""
    text = io.StringIO()
    rows = [
        (world.today, f"{p.amount_fen / 100:.2f}", "", p.payee.holder, "", f"B{p.pk:08d}", f"结算款{p.reference}")
        for p in paid
    ]
    rows.append((world.today, "", "286.00", "（演示）某单位", "", "B90000001", "往来款"))
    csv.writer(text).writerows([_HEAD, *rows])
    return text.getvalue().encode("utf-8-sig")


def _hand(username: str) -> Actor:
    user = User.objects.get(username=username)
    return actor_of(user, Grant.objects.filter(user=user).order_by("pk")[0])
