"""Receiving accounts: registered by one person from the organisation's letter, in use when another has confirmed it."""

import re
from datetime import datetime

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, SecondPerson
from wushe.foundation.protected import blind_index
from wushe.foundation.refusals import refusals_noted
from wushe.foundation.saying import said
from wushe.foundation.scope import obtain
from wushe.registers.organisations.models import Organisation

from .models import PayeeAccount
from .states import PayeeState
from .workflow import PAYEE

_NUMBER = re.compile(r"\d{8,30}")


class AlreadyWaiting(Conflict):
    """One change of an account waits at a time."""

    message = "这家机构已有一个账户在等复核，先办完那一个。"


def plain_number(text: str) -> str:
    """Return an account number without the blanks and hyphens in which it is written."""
    return re.sub(r"[\s\-]+", "", text)


def index_of(number: str) -> str:
    """Return by what an account number is found again."""
    return blind_index(number, purpose="bank_account")


@refusals_noted("payee_account", "organisation_id")
@domain_call("payments:prepare")
def propose_payee(
    *, actor: Actor, at: datetime, organisation_id: int, holder: str, bank: str, number: str
) -> PayeeAccount:
    """Register the account of an organisation; the name of the holder must be that of the organisation.

    Raises NotFound, Invalid beside each field, AlreadyWaiting.
    """
    organisation = obtain(Organisation.objects.select_for_update(), actor, pk=organisation_id)
    number = plain_number(number)
    faults = {}
    if holder.strip() != organisation.name:
        faults["holder"] = "户名应与机构登记的名称完全一致，不能付到别的户名。"
    if not 2 <= len(bank.strip()) <= 80:
        faults["bank"] = "请填写开户银行（2到80个字）。"
    if not (number.isascii() and _NUMBER.fullmatch(number)):
        faults["number"] = "账号是8到30位数字，请核对。"
    if faults:
        raise Invalid(fields=faults)
    if organisation.payee_accounts.filter(state=PayeeState.PROPOSED).exists():
        raise AlreadyWaiting
    payee = PayeeAccount(
        organisation=organisation, area_code=organisation.area_code, holder=holder.strip(), bank=bank.strip(),
        number=number, number_index=index_of(number), proposed_by=actor.user_id, proposed_at=at,
    )  # fmt: skip
    PAYEE.start(payee, event="propose", actor=actor, at=at, data={"organisation": organisation.pk})
    return payee


@refusals_noted("payee_account", "payee_id")
@domain_call("payments:confirm")
def confirm_payee(*, actor: Actor, at: datetime, payee_id: int, answer: str = "") -> PayeeAccount:
    """Take an account into use, and the one before it out; raise NotFound, SecondPerson, MoveNotAllowed."""
    payee = _waiting(actor, payee_id, "confirm")
    for former in PayeeAccount.objects.filter(organisation=payee.organisation_id, state=PayeeState.ACTIVE):
        PAYEE.move(former, "replace", actor=actor, at=at, data={"by": payee.pk})
    changes = {"decided_by": actor.user_id, "answer": answer.strip()[:200]}
    PAYEE.move(payee, "confirm", actor=actor, at=at, changes=changes)
    return payee


@refusals_noted("payee_account", "payee_id")
@domain_call("payments:confirm")
def refuse_payee(*, actor: Actor, at: datetime, payee_id: int, answer: str) -> PayeeAccount:
    """Refuse an account; raise NotFound, Invalid without a reason, SecondPerson, MoveNotAllowed."""
    payee = _waiting(actor, payee_id, "refuse")
    changes = {"decided_by": actor.user_id, "answer": said(answer, "answer", most=200)}
    PAYEE.move(payee, "refuse", actor=actor, at=at, changes=changes)
    return payee


def _waiting(actor: Actor, payee_id: int, event: str) -> PayeeAccount:
    payee = obtain(PayeeAccount, actor, pk=payee_id)
    Organisation.objects.select_for_update().get(pk=payee.organisation_id)
    payee.refresh_from_db()
    PAYEE.edge(payee.state, event)
    if payee.proposed_by == actor.user_id:
        raise SecondPerson
    return payee
