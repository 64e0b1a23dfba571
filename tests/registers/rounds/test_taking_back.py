"""A whole round is taken back: what it made goes, what it changed is as before, what was worked on since then stays."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from tests.factories import people, places
from tests.factories.places import NOON
from tests.registers.rounds.acting import commit, registered, upload
from tests.registers.rounds.ugly import HERS, HIS, NUMBER, one
from wushe.foundation.actor import SYSTEM, Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.jobs.execution import work_off
from wushe.foundation.jobs.models import Job
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.registers.duplicates.models import Ticket
from wushe.registers.duplicates.refresh import refresh_tickets
from wushe.registers.people.models import Household, Person, Relation, Tag
from wushe.registers.people.services import update_person
from wushe.registers.rounds import parts, services, writing
from wushe.registers.rounds.models import ImportRound, RoundPart
from wushe.registers.volunteers.models import Volunteer
from wushe.registers.workforce.models import Skill, Worker, WorkerSkill

pytestmark = pytest.mark.usefixtures("laid")
HEAD = ["姓名", "身份证号", "联系电话", "家庭住址", "人员类别", "与户主关系"]
SHEET = one(
    HEAD, ["李建国", HIS, "", "幸福巷1号", "", "户主"], ["王桂芳", NUMBER, "13908260001", "幸福巷1号", "低保", "配偶"],
    ["张秀兰", HERS, "13908260002", "幸福巷2号", "优抚", ""],
)  # fmt: skip


def everything() -> tuple[object, ...]:
    homes = sorted((home.address.reveal(), str(home.closed_on)) for home in Household.objects.all())
    where = sorted(Person.objects.values_list("name", "household", "area_code", "lives_alone"))
    return registered(), homes, where, Tag.objects.count(), Relation.objects.count(), Ticket.objects.count()


def back(actor: Actor, round_: ImportRound) -> ImportRound:
    services.take_back_round(actor=actor, at=NOON, round_id=round_.pk)
    round_.refresh_from_db()
    return round_


def test_everything_is_as_before(desk: Actor) -> None:
    home = people.household(address="旧街9号")
    people.person("王桂芳", born_on=people.date(1944, 2, 11), number=NUMBER, telephone="13900000000", home=home)
    before = everything()
    done = commit(desk, upload(desk, SHEET))
    assert (done.created, done.updated) == (2, 1)
    assert Household.objects.get(pk=home.pk).closed_on == places.TODAY
    done = back(desk, done)
    assert everything() == before
    assert (done.state, done.taken_back, done.stayed) == ("returned", 3, [])
    told = JournalEntry.objects.filter(kind="round.taken_back").order_by("id")
    assert [(row.subject_kind, row.data["made"]) for row in told] == [
        ("person", False),
        ("person", True),
        ("person", True),
    ]
    assert not RoundPart.objects.filter(round=done, kind="trail").exists()
    with pytest.raises(MoveNotAllowed):
        back(desk, done)
    assert commit(desk, upload(desk, SHEET)).created == 2


def test_what_was_worked_on_since_stays_and_is_named(desk: Actor) -> None:
    done = commit(desk, upload(desk, SHEET))
    li, wang, zhang = (Person.objects.get(name=name) for name in ("李建国", "王桂芳", "张秀兰"))
    update_person(actor=desk, at=NOON, person_id=wang.pk, changes={"lives_alone": True})
    Volunteer.objects.create(number="51160299", person=zhang, area_code=zhang.area_code, registered_on=places.TODAY)
    done = back(desk, done)
    assert [name for name, *_ in registered()] == ["张秀兰", "王桂芳"]
    assert (list(wang.tags.values_list("kind__code", flat=True)), zhang.tags.count()) == (["dibao"], 1)
    assert not Relation.objects.exists()
    assert Household.objects.count() == 2
    assert done.taken_back == 1
    assert {(pk, why) for label, pk, why in done.stayed if label == "people.person"} == {
        (wang.pk, "后来又改过"), (zhang.pk, "已有后续业务"),
    }  # fmt: skip
    assert not JournalEntry.objects.filter(kind="round.taken_back").exclude(subject_id=li.pk).exists()


def test_tickets_about_who_goes_go_too(desk: Actor) -> None:
    people.person("王桂芳", born_on=people.date(1944, 2, 12), number="", telephone="13908260001")
    before = everything()
    done = commit(desk, upload(desk, SHEET))
    assert refresh_tickets(actor=SYSTEM, at=NOON).opened == 1
    back(desk, done)
    assert everything() == before


def test_workers_and_volunteers_go_with_the_people_that_came_with_them(street: Actor) -> None:
    head = ["工号", "姓名", "身份证号", "人员类别", "社区", "技能"]
    sheet = one(head, ["S001", "王桂芳", NUMBER, "社工", "翠屏路社区", Skill.objects.earliest("pk").title])
    done = commit(street, upload(street, sheet, "workers"))
    assert (done.created, WorkerSkill.objects.count()) == (1, 1)
    back(street, done)
    assert (Worker.objects.count(), WorkerSkill.objects.count(), Person.objects.count()) == (0, 0, 0)
    done = commit(
        street, upload(street, one(["姓名", "身份证号", "社区"], ["李建国", HIS, "翠屏路社区"]), "volunteers")
    )
    assert Volunteer.objects.count() == 1
    back(street, done)
    assert (Volunteer.objects.count(), Person.objects.count()) == (0, 0)


@pytest.fixture
def half(desk: Actor, monkeypatch: pytest.MonkeyPatch) -> ImportRound:
    """A round of three transactions that has been confirmed, of which the third will fail."""
    monkeypatch.setattr(parts, "ROWS", 1)
    monkeypatch.setattr(writing, "PARTS_AT_ONCE", 1)
    monkeypatch.setattr(services, "WRITE_AT_ONCE", 0)
    round_ = upload(desk, SHEET)
    services.commit_round(actor=desk, at=NOON, round_id=round_.pk)
    return round_


def third_fails(monkeypatch: pytest.MonkeyPatch, fault: type[Exception]) -> None:
    keep, written = parts.keep_trail, []

    def keep_or_fail(*given: object) -> None:
        written.append(given)
        if len(written) == 3:
            raise fault
        keep(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(writing.parts, "keep_trail", keep_or_fail)


def test_a_round_that_fails_is_taken_back_whole_and_may_begin_anew(
    desk: Actor, half: ImportRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    with monkeypatch.context() as patch:
        third_fails(patch, ZeroDivisionError)
        work_off(clock=lambda: NOON, limit=1)
    half.refresh_from_db()
    assert (half.state, half.rows_written, Person.objects.count()) == ("returning", 2, 2)
    work_off(clock=lambda: NOON, limit=1)
    half.refresh_from_db()
    assert (half.state, half.rows_written, half.taken_back, everything()) == ("failed", 0, 2, before)
    services.commit_round(actor=desk, at=NOON, round_id=half.pk)
    work_off(clock=lambda: NOON, limit=1)
    half.refresh_from_db()
    assert (half.state, half.created, Person.objects.count()) == ("committed", 3, 3)
    assert back(desk, half).state == "returning"
    work_off(clock=lambda: NOON, limit=1)
    assert everything() == before


def test_a_round_whose_worker_is_lost_for_good_is_taken_back_whole(
    half: ImportRound, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    with monkeypatch.context() as patch:
        third_fails(patch, OperationalError)
        work_off(clock=lambda: NOON, limit=1)
    half.refresh_from_db()
    assert (half.state, half.rows_written) == ("committing", 2), "the queue would try again"
    assert services.end_given_up(actor=SYSTEM, at=NOON) == 0
    Job.objects.filter(pk=half.job).update(outcome="failed", ended_at=NOON)
    assert services.end_given_up(actor=SYSTEM, at=NOON) == 1
    work_off(clock=lambda: NOON, limit=1)
    half.refresh_from_db()
    assert (half.state, half.rows_written, everything()) == ("failed", 0, before)


def test_not_by_another_and_not_after_a_month(desk: Actor, street: Actor) -> None:
    done = commit(desk, upload(desk, SHEET))
    with pytest.raises(NotFound):
        services.take_back_round(actor=street, at=NOON, round_id=done.pk)
    services.forget_old_rounds(actor=SYSTEM, at=NOON + timedelta(days=31))
    with pytest.raises(services.NothingToTakeBack):
        services.take_back_round(actor=desk, at=NOON, round_id=done.pk)
    assert Person.objects.count() == 3
