"""Settling many visits together: a run for each community, one verdict for each visit, and a journal that tells of runs."""

from itertools import chain
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from tests.factories import people, visits
from tests.factories.cast import actor_of, world
from tests.factories.places import COMMUNITY, DISTRICT, NEXT_COMMUNITY
from tests.factories.visits import clock
from wushe.chain.settlement import services
from wushe.chain.settlement.models import Settlement, SettlementRun
from wushe.chain.settlement.runs import false_runs, parts_of_run
from wushe.chain.visits.models import Visit
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import StateChanged
from wushe.ledgers.models import Entry
from wushe.ledgers.selectors import faults
from wushe.oversight.selectors.journal import JournalFilter, journal
from wushe.oversight.selectors.timeline import need_timeline

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> Any:
    return world()


@pytest.fixture
def accepted(here: Any) -> list[Visit]:
    """Return three visits in one community and two in the next, all of them with money."""
    neighbour = people.person("李秀", area_code=NEXT_COMMUNITY)
    return [
        funded(here, person, start=480 + 70 * number)
        for number, person in enumerate([here.elder, here.elder, here.elder, neighbour, neighbour])
    ]


def funded(here: Any, person: Any, *, start: int, fen: int = 100_000) -> Visit:
    appointment = visits.planned(person, here.carer, start=start)
    if fen:
        visits.budget_line(appointment.order, fen=fen)
    appointment.refresh_from_db()
    return visits.accepted(visits.ended(appointment), verifier=actor_of("verifier"))


def settle_all(minute: int = 900, **given: Any) -> services.BatchResult:
    return services.settle_all(actor=actor_of("settlement_clerk"), at=clock(minute), area_code=DISTRICT, **given)


def test_each_community_has_a_run_and_each_visit_its_own_verdict(accepted: list[Visit]) -> None:
    assert settle_all() == services.BatchResult(5, 0, 0)
    runs = {run.area_code: run for run in SettlementRun.objects.all()}
    assert {code: run.settled for code, run in runs.items()} == {COMMUNITY: 3, NEXT_COMMUNITY: 2}
    for settlement in Settlement.objects.all():
        assert settlement.run == runs[settlement.area_code[:12]]
        assert (settlement.state, settlement.settled_at) == ("settled", clock(900))
        entry = settlement.time_entry
        assert entry is not None
        assert entry.key == f"settlement:{settlement.pk}:time_entry"
        assert sum(leg.amount for leg in entry.legs.all() if leg.amount > 0) == settlement.paid_minutes
    assert {run.paid_minutes for run in runs.values()} == {3 * 120, 2 * 120}
    assert set(Visit.objects.values_list("state", flat=True)) == {"settled"}
    assert faults() == []
    assert false_runs() == []


def test_the_journal_tells_of_runs_and_not_of_each_visit(accepted: list[Visit]) -> None:
    settle_all()
    rows = JournalEntry.objects.filter(at=clock(900)).exclude(kind__startswith="ledger.")
    told = sorted((row.kind, row.subject_kind, row.area_code, row.data["count"]) for row in rows)
    assert told == [
        ("settlement.settle", "settlementrun", COMMUNITY, 3), ("settlement.settle", "settlementrun", NEXT_COMMUNITY, 2),
        ("visit.settle", "settlementrun", COMMUNITY, 3), ("visit.settle", "settlementrun", NEXT_COMMUNITY, 2),
    ]  # fmt: skip
    assert JournalEntry.objects.filter(kind="ledger.post", at=clock(900)).count() == 1
    run = SettlementRun.objects.get(area_code=COMMUNITY)
    said = rows.get(kind="settlement.settle", subject_id=run.pk).data
    ids = list(run.settlements.order_by("pk").values_list("pk", flat=True))
    assert (said["first"], said["last"], said["digest"], said["payable"]) == (
        ids[0],
        ids[-1],
        run.digest,
        run.payable_fen,
    )


def test_the_timeline_and_the_journal_of_a_visit_show_its_run(accepted: list[Visit]) -> None:
    settle_all()
    visit, auditor = accepted[3], actor_of("auditor")
    run = Settlement.objects.get(visit=visit).run
    assert run is not None
    timeline = need_timeline(actor=actor_of("dispatcher"), need_id=visit.appointment.order.need_id, at=timezone.now())
    steps = [(step.stage, step.title) for step in timeline.record if step.subject_kind == "settlementrun"]
    assert steps == [("settlement", "结算")] * 2
    for thing, number in (("visit", visit.pk), ("settlement", Settlement.objects.get(visit=visit).pk)):
        rows = journal(actor=auditor, where=JournalFilter(thing=thing, number=number))
        assert {"settlement.settle", "visit.settle"} <= set(rows.values_list("kind", flat=True))
        assert {row.subject_id for row in rows if row.subject_kind == "settlementrun"} == {run.pk}


def test_what_cannot_be_paid_is_told_by_itself_and_joins_a_later_run(here: Any, accepted: list[Visit]) -> None:
    poor = funded(here, here.elder, start=900, fen=0)
    Visit.objects.filter(pk__in=[visit.pk for visit in accepted[1:]]).update(state="ended")
    item = poor.appointment.order.item
    type(item).objects.filter(pk=item.pk).update(responsible_party="government")
    assert settle_all() == services.BatchResult(1, 1, 0)
    due = Settlement.objects.get(visit=poor)
    assert (due.state, due.run, due.settled_at) == ("due", None, None)
    opened = JournalEntry.objects.get(kind="settlement.open", at=clock(900))
    assert (opened.subject_id, opened.data["blocked_by"]) == (due.pk, due.blocked_by)
    visits.budget_line(poor.appointment.order, fen=100_000)
    assert settle_all(950) == services.BatchResult(1, 0, 0)
    due.refresh_from_db()
    assert (due.state, due.blocked_by, due.settled_at, due.run is not None) == ("settled", "", clock(950), True)
    assert false_runs() == []


def test_what_was_tried_in_vain_keeps_nobody_waiting(here: Any) -> None:
    poor = [funded(here, here.elder, start=480 + 70 * number, fen=0) for number in range(2)]
    item = poor[0].appointment.order.item
    type(item).objects.filter(pk=item.pk).update(responsible_party="government")
    assert settle_all(limit=2).blocked == 2
    funded(here, here.elder, start=700)
    assert settle_all(950, limit=1) == services.BatchResult(1, 0, 2)


def test_one_of_a_run_is_reversed_and_settled_anew_by_hand(accepted: list[Visit]) -> None:
    settle_all()
    clerk, first = actor_of("settlement_clerk"), Settlement.objects.get(visit=accepted[0])
    services.reverse(actor=clerk, at=clock(950), settlement_id=first.pk, reason="分钟记错")
    assert faults() == []
    assert false_runs() == []
    assert settle_all(960).settled == 0
    again = services.settle(actor=clerk, at=clock(970), visit_id=accepted[0].pk)
    assert (again.state, again.run) == ("settled", None)
    assert JournalEntry.objects.get(kind="settlement.settle", at=clock(970)).subject_id == again.pk


def test_a_settlement_that_was_changed_is_found_by_the_digest_of_its_run(accepted: list[Visit]) -> None:
    settle_all()
    chosen = Settlement.objects.filter(visit=accepted[4])
    chosen.update(paid_minutes=121)
    assert false_runs() == [SettlementRun.objects.get(area_code=NEXT_COMMUNITY).pk]
    chosen.update(paid_minutes=120, run=SettlementRun.objects.get(area_code=COMMUNITY))
    assert len(false_runs()) == 2


def test_a_run_is_never_changed(accepted: list[Visit]) -> None:
    settle_all()
    for statement in ("UPDATE settlement_run SET settled = 9", "DELETE FROM settlement_run"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture
def taken_in_between(monkeypatch: pytest.MonkeyPatch, accepted: list[Visit]) -> Visit:
    """Let somebody else move a visit after it was read, and before it is moved."""
    right = services.post_verdicts

    def late(*given: Any, **named: Any) -> Any:
        Visit.objects.filter(pk=accepted[2].pk).update(state="settled")
        return right(*given, **named)

    monkeypatch.setattr(services, "post_verdicts", late)
    return accepted[2]


def test_nothing_is_kept_of_a_batch_in_which_one_was_taken_by_another(taken_in_between: Visit) -> None:
    entries, rows = Entry.objects.count(), JournalEntry.objects.count()
    with pytest.raises(StateChanged):
        settle_all()
    assert not Settlement.objects.exists()
    assert not SettlementRun.objects.exists()
    assert (Entry.objects.count(), JournalEntry.objects.count()) == (entries, rows)


def test_a_visit_has_one_settlement_that_stands(accepted: list[Visit]) -> None:
    settle_all()
    one = Settlement.objects.get(visit=accepted[0])
    one.pk, one.money_entry, one.time_entry = None, None, None
    one.state = "due"
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


def test_a_run_is_handed_on_in_the_same_parts_each_time(accepted: list[Visit], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wushe.chain.settlement.runs._PART", 2)
    settle_all()
    run = SettlementRun.objects.get(area_code=COMMUNITY)
    kind = accepted[0].worker.kind
    parts = list(parts_of_run(run_id=run.pk, worker_kinds=[kind]))
    assert [len(part) for part in parts] == [2, 1]
    assert sorted(chain.from_iterable(parts)) == sorted(run.settlements.values_list("pk", flat=True))
    assert list(parts_of_run(run_id=run.pk, worker_kinds=[])) == []
