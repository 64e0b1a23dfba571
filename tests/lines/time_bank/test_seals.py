"""Tamper evidence: whoever changes a row behind the product meets neither the seal nor the statement in people's hands."""

import copy
import json
from datetime import timedelta

import pytest
from django.db import connection

from tests.factories.cast import world
from tests.factories.places import NOON, TODAY
from tests.factories.time_bank import acting, asked, bank, done, earned, volunteer
from wushe.foundation.actor import SYSTEM
from wushe.foundation.journal.services import anchor_day
from wushe.ledgers.models import Leg
from wushe.lines.time_bank import proof
from wushe.lines.time_bank.banks import own_holding
from wushe.lines.time_bank.models import Seal
from wushe.lines.time_bank.requests import confirm
from wushe.lines.time_bank.seals import alterations, confirms, proof_of, seal_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed():
    """Three accounts with lines, sealed on two days."""
    w = world()
    bank()
    helper, other = volunteer(), volunteer("钱途")
    for person, minutes in ((w.elder, 600), (helper, 240), (other, 300)):
        earned(person, minutes)
    assert seal_day(actor=SYSTEM, at=NOON, day=TODAY) == 3
    request = done(asked(w.elder), helper)
    confirm(actor=acting(w.elder), at=NOON + timedelta(hours=3), request_id=request.pk)
    assert seal_day(actor=SYSTEM, at=NOON + timedelta(days=1), day=TODAY + timedelta(days=1)) == 2
    return w.elder, helper


@pytest.fixture
def unguarded():
    """Take away the triggers of the database, as somebody would who changes rows behind the product."""

    def act(table, statement):
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            else:
                for verb in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER {table}_no_{verb}")
            cursor.execute(statement)

    return act


def test_a_day_is_sealed_once(sealed):
    assert seal_day(actor=SYSTEM, at=NOON, day=TODAY) == 0
    assert list(Seal.objects.order_by("day").values_list("count", flat=True)) == [3, 2]
    assert alterations(bank=bank()) == []


LAST = "(SELECT MAX(id) FROM ledgers_leg WHERE account_id IN (SELECT account_id FROM time_bank_holding))"
FIRST = "(SELECT MIN(id) FROM {table})"
FIRST_OF_A_PERSON = (
    "(SELECT MIN(id) FROM ledgers_lot_leg WHERE account_id IN (SELECT account_id FROM time_bank_holding))"
)
TAMPERS = {
    "an amount": ("ledgers_leg", "amount = amount + 61", LAST),
    "a memo": ("ledgers_entry", "memo = '服务费'", f"(SELECT entry_id FROM ledgers_leg WHERE id = {LAST})"),
    "an origin": ("ledgers_lot", "origin = 'tb:visit:999'", FIRST),
    "a lot's leg": ("ledgers_lot_leg", "amount = amount + 1", FIRST_OF_A_PERSON),
    "the root": ("time_bank_seal", "root = 'a'", FIRST),
    "a head": ("time_bank_sealed_head", "head = 'b'", FIRST),
}


@pytest.mark.parametrize("what", TAMPERS)
def test_a_changed_row_is_found(sealed, unguarded, what):
    table, change, which = TAMPERS[what]
    unguarded(table, f"UPDATE {table} SET {change} WHERE id = {which.format(table=table)}")
    assert alterations(bank=bank()) != []


def test_a_lost_line_is_found(sealed, unguarded):
    leg = Leg.objects.filter(account=own_holding(sealed[0]).account_id).latest("pk")
    unguarded("ledgers_leg", f"DELETE FROM ledgers_leg WHERE id = {leg.pk}")
    assert [one.subject for one in alterations(bank=bank())] == [own_holding(sealed[0]).number]


def test_a_statement_holds_together_and_leads_to_the_root(sealed):
    anchor_day(day=TODAY + timedelta(days=1))
    told = json.loads(json.dumps(proof_of(own_holding(sealed[0]))))
    assert proof.problems(told) == []
    assert told["balance"] == 540
    assert told["seal"]["root"] == Seal.objects.latest("day").root
    assert told["seal"]["anchor_day"] == (TODAY + timedelta(days=1)).isoformat()
    assert "王" not in json.dumps(told, ensure_ascii=False)


CHANGES = {
    "an amount": lambda t: t["lines"][0].update(amount=999),
    "a balance": lambda t: t.update(balance=999),
    "a lot": lambda t: t["lines"][0]["lots"][0].__setitem__(0, "tb:visit:1"),
    "a time": lambda t: t["lines"][1].update(at="2020-01-01T00:00:00+00:00"),
    "a line less": lambda t: t["lines"].pop(),
    "a line more": lambda t: t["lines"].append(copy.deepcopy(t["lines"][0])),
    "two lines swapped": lambda t: t["lines"].reverse(),
    "the number": lambda t: t.update(number="SJ00000001"),
    "the head": lambda t: t.update(head="0" * 64),
    "the root": lambda t: t["seal"].update(root="0" * 64),
    "the path": lambda t: t["seal"]["path"].clear(),
    "the sealed lines": lambda t: t["seal"].update(lines=1),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_statement_is_found(sealed, what):
    told = json.loads(json.dumps(proof_of(own_holding(sealed[0]))))
    CHANGES[what](told)
    assert proof.problems(told) != []


def test_anybody_checks_their_own_statement_against_the_books(sealed, unguarded):
    told = proof_of(own_holding(sealed[0]))
    asked_for = {"number": told["number"], "lines": len(told["lines"]), "head": told["head"]}
    good, seal = confirms(**asked_for)
    assert (good, seal) == (True, Seal.objects.latest("day"))
    assert confirms(**{**asked_for, "lines": 1}) == (False, None)
    assert confirms(**{**asked_for, "number": "SJ9"}) == (False, None)
    last = Leg.objects.filter(account=own_holding(sealed[0]).account_id).latest("pk").pk
    unguarded("ledgers_leg", f"UPDATE ledgers_leg SET amount = amount + 61 WHERE id = {last}")
    assert confirms(**asked_for) == (False, None)


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8, 13])
def test_every_leaf_climbs_to_the_root(count):
    leaves = [proof.leaf(f"SJ{n}", n, "x") for n in range(count)]
    root = proof.root_of(leaves)
    assert {proof.climb(leaf, proof.path_to(leaves, place)) for place, leaf in enumerate(leaves)} == {root}
    assert proof.climb(proof.leaf("SJ99", 1, "x"), proof.path_to(leaves, 0)) != root


def test_the_program_says_what_it_found(sealed, tmp_path, capsys):
    told = json.loads(json.dumps(proof_of(own_holding(sealed[0]))))
    file = tmp_path / "statement.json"
    file.write_text(json.dumps(told), encoding="utf-8")
    assert proof.main([str(file)]) == 0
    assert "前后相符" in capsys.readouterr().out
    told["lines"][0]["amount"] += 60
    file.write_text(json.dumps(told), encoding="utf-8")
    assert proof.main([str(file)]) == 1
    assert "不符" in capsys.readouterr().out
    assert proof.main([]) == 2
