"""A danger is reported once and for good; a child's file opens only with leave, and each look is counted exactly once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from tests.factories.cast import actor_of, client_of, user_of, world
from tests.factories.children import BORN, asked, file, granted, report
from tests.factories.places import NOON
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.idempotency.services import KeyReused
from wushe.foundation.journal.models import JournalEntry
from wushe.practice.children import reporting, selectors, services
from wushe.practice.children.models import ChildRecord, DangerReport, Note, Reading, Step, Telling

pytestmark = pytest.mark.django_db
READERS = 8


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    world()
    for name in ("street_manager", "district_manager", "social_worker", "community_worker"):
        user_of(name)


def read(
    child: ChildRecord, *, at: timedelta = timedelta(), key: UUID | None = None, who: str = "social_worker"
) -> str:
    opened = services.read_record(actor=actor_of(who), at=NOON + at, record_id=child.pk, key=key or uuid4())
    return "".join(words for _, words in opened.notes)


def test_a_report_keeps_its_moment_and_who_was_told() -> None:
    key = uuid4()
    sent = report(key=key)
    assert (sent.reported_at, bytes(sent.words).find("烫伤".encode())) == (NOON, -1)
    told = Telling.objects.filter(report=sent)
    assert sorted(told.exclude(told="").values_list("told", "told_at")) == [("police", NOON)]
    managers = {user_of("street_manager").pk, user_of("district_manager").pk}
    assert set(told.filter(told="").values_list("user_id", flat=True)) == managers
    entry = JournalEntry.objects.get(kind="danger.report")
    assert (entry.subject_id, set(entry.data["accounts"])) == (sent.pk, managers)
    assert "烫伤" not in str(entry.data)
    assert report(key=key) == sent
    with pytest.raises(KeyReused):
        report(key=key, words="别的话")
    with pytest.raises(Invalid) as refusal:
        reporting.report_danger(actor=actor_of("carer"), at=NOON, key=uuid4(), sign="x", words=" ", told=["nobody"])
    assert set(refusal.value.fields) == {"sign", "words", "told"}
    with pytest.raises(NotAllowed):
        report(who="elder")
    assert (DangerReport.objects.count(), told.count()) == (1, 3)
    assert report(who="carer").area_code == world_place("carer")


def world_place(name: str) -> str:
    from wushe.registers.workforce.models import Worker

    return Worker.objects.get(pk=actor_of(name).holder_id).area_code


def test_nothing_that_was_sent_is_changed() -> None:
    report()
    child = file()
    granted(child)
    read(child)
    reporting.add_step(
        actor=actor_of("street_manager"),
        at=NOON,
        report_id=DangerReport.objects.get().pk,
        words="已到场",
        told=["women"],
    )
    for model, change in (
        (DangerReport, {"sign": "other"}), (Step, {"done_by": 1}), (Telling, {"told_at": NOON}), (Note, {"written_by": 1}),
        (Reading, {"user_id": 1}),
    ):  # fmt: skip
        for act in (
            lambda model=model, change=change: model.objects.update(**change),
            lambda model=model: model.objects.all().delete(),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                act()
    assert DangerReport.objects.get().sign == "hurt"


def test_who_may_see_a_report() -> None:
    sent = report()
    opened = reporting.open_report(actor=actor_of("street_manager"), at=NOON, report_id=sent.pk)
    assert (opened.words, opened.steps) == ("孩子手臂上有烫伤", [])
    assert JournalEntry.objects.filter(kind="danger.open", subject_id=sent.pk).count() == 1
    for name in ("community_worker", "social_worker", "carer", "daughter", "auditor", "dispatcher"):
        with pytest.raises(NotAllowed):
            reporting.open_report(actor=actor_of(name), at=NOON, report_id=sent.pk)
    own = client_of("community_worker").get(reverse("children:report_child")).content.decode()
    assert "身上有伤" in own
    assert "烫伤" not in own
    listed = client_of("street_manager").get(reverse("children:child_reports")).content.decode()
    assert "烫伤" not in listed


def test_a_file_opens_only_with_leave_that_stands() -> None:
    child = file()
    leave = asked(child)
    for again in (lambda: read(child), lambda: read(child, who="street_manager")):
        with pytest.raises(services.NoLeave):
            again()
    with pytest.raises(NotAllowed):
        services.grant_leave(actor=actor_of("social_worker"), at=NOON, leave_id=leave.pk, hours=2)
    with pytest.raises(Invalid):
        services.grant_leave(actor=actor_of("street_manager"), at=NOON, leave_id=leave.pk, hours=9999)
    own = asked(child, who="street_manager")
    with pytest.raises(services.OwnWish):
        services.grant_leave(actor=actor_of("street_manager"), at=NOON, leave_id=own.pk, hours=2)
    with pytest.raises(Conflict):
        asked(child)
    assert Reading.objects.count() == 0
    services.grant_leave(actor=actor_of("street_manager"), at=NOON, leave_id=leave.pk, hours=2)
    key = uuid4()
    assert read(child, key=key, at=timedelta(minutes=119)) == "父母在外务工。"
    with pytest.raises(services.ReadBefore):
        read(child, key=key)
    with pytest.raises(services.NoLeave):
        read(child, at=timedelta(hours=2))
    services.end_leave(actor=actor_of("street_manager"), at=NOON, leave_id=leave.pk)
    with pytest.raises(services.NoLeave):
        read(child)
    assert [one.user_id for one in Reading.objects.all()] == [user_of("social_worker").pk]
    assert len(selectors.readings_of(actor=actor_of("street_manager"), child=child)) == 1
    assert selectors.readings_of(actor=actor_of("social_worker"), child=child) == []
    for name in ("community_worker", "daughter", "carer", "auditor"):
        with pytest.raises(NotAllowed):
            selectors.child_records(actor=actor_of(name))
    with pytest.raises((NotFound, NotAllowed)):
        services.write_note(actor=actor_of("stranger"), at=NOON, record_id=child.pk, words="x")


def test_a_file_is_begun_once_and_for_a_child() -> None:
    file()
    given = {"actor": actor_of("social_worker"), "at": NOON, "group": "orphan", "words": "情况"}
    with pytest.raises(Conflict):
        services.begin_record(name="张小雨", born_on=BORN, **given)  # type: ignore[arg-type]
    for name, born in (("王桂芳", BORN.replace(year=1944, month=2, day=11)), ("没有的人", BORN)):
        with pytest.raises(Invalid):
            services.begin_record(name=name, born_on=born, **given)  # type: ignore[arg-type]
    assert (ChildRecord.objects.count(), Note.objects.count()) == (1, 1)


def test_the_journey_of_a_look() -> None:
    child = file()
    worker, manager = client_of("social_worker"), client_of("street_manager")
    page = reverse("children:record", args=[child.pk])
    assert "父母在外务工" not in worker.get(page).content.decode()
    assert worker.post(reverse("children:ask", args=[child.pk]), {"reason": "走访"}).status_code == 302
    leave = child.leaves.get()
    assert manager.post(reverse("children:grant", args=[leave.pk]), {"hours": "2"}).status_code == 302
    key = str(uuid4())
    shown = worker.post(reverse("children:read", args=[child.pk]), {"key": key})
    assert "父母在外务工" in shown.content.decode()
    again = worker.post(reverse("children:read", args=[child.pk]), {"key": key})
    assert (again.status_code, "父母在外务工" in again.content.decode()) == (409, False)
    assert Reading.objects.count() == 1
    assert "陈社工" in manager.get(page).content.decode()


@pytest.mark.django_db(transaction=True)
def test_eight_readers_at_once_are_eight_readings() -> None:
    child = file()
    granted(child)
    actor, shared = actor_of("social_worker"), uuid4()
    keys = [uuid4() for _ in range(READERS)] + [shared] * READERS

    def look(key: UUID) -> str:
        try:
            services.read_record(actor=actor, at=NOON, record_id=child.pk, key=key)
        except services.ReadBefore:
            return "recorded before"
        finally:
            connection.close()
        return "shown"

    with ThreadPoolExecutor(READERS) as pool:
        seen = Counter(pool.map(look, keys))
    assert seen == {"shown": READERS + 1, "recorded before": READERS - 1}
    assert Reading.objects.count() == READERS + 1
    entries = JournalEntry.objects.filter(kind="child_record.read")
    assert {entry.data["reading"] for entry in entries} == set(Reading.objects.values_list("pk", flat=True))
    assert entries.count() == READERS + 1
