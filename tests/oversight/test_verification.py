"""The journal is proved whole, or the first row that does not follow is named."""

import pytest
from django.db import connection

from tests.factories import needs
from tests.factories.cast import actor_of, world
from tests.factories.places import NOON
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import NotAllowed
from wushe.foundation.jobs.models import Job
from wushe.foundation.journal.models import JournalEntry
from wushe.oversight import verification
from wushe.oversight.jobs import verify_journal
from wushe.oversight.selectors.journal import verifications
from wushe.oversight.verification import ask_verification, check_all

pytestmark = pytest.mark.django_db


def test_a_whole_journal_is_said_to_be_whole() -> None:
    needs.recorded(world().elder)
    verdict = ask_verification(actor=actor_of("auditor"), at=NOON)
    assert verdict is not None
    assert verdict.broken == []
    assert verdict.rows == JournalEntry.objects.count() - 1, "the verdict itself is one row more"
    assert [one.broken for one in verifications(actor=actor_of("auditor"))] == [[]]


@pytest.mark.sqlite
def test_a_changed_row_is_named() -> None:
    needs.recorded(world().elder)
    entry = JournalEntry.objects.get(kind="need.record")
    with connection.cursor() as cursor:
        guards = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in guards:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute("UPDATE journal_entry SET actor_id = 999 WHERE id = %s", [entry.pk])
        for _, definition in guards:
            cursor.execute(definition)
    assert check_all().broken == [(entry.lane_id, entry.seq)]


def test_a_long_journal_is_checked_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    needs.recorded(world().elder)
    monkeypatch.setattr(verification, "AT_ONCE", 0)
    assert ask_verification(actor=actor_of("auditor"), at=NOON) is None
    assert Job.objects.get().name == "oversight.verify_journal"
    keep = verify_journal(at=NOON)
    assert not JournalEntry.objects.filter(kind="journal.verify").exists(), "nothing is written before it ends"
    rows = JournalEntry.objects.count()
    assert keep() == {"rows": rows, "broken": 0}
    assert JournalEntry.objects.get(kind="journal.verify").actor_id == SYSTEM.user_id


def test_who_may_not_see_the_journal_may_not_check_it() -> None:
    world()
    with pytest.raises(NotAllowed):
        ask_verification(actor=actor_of("dispatcher"), at=NOON)
