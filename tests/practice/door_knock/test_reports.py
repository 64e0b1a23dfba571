"""One record fills everything, once; a correction takes away what it takes back; two different records wait for a person."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from tests.factories.cast import World, actor_of, world
from tests.factories.doors import campaign, said, send
from tests.factories.places import NOON, TODAY
from wushe.chain.needs.models import Need
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.idempotency.services import KeyReused
from wushe.foundation.journal.delivery import begin_at_end, deliver
from wushe.foundation.workflow import MoveNotAllowed
from wushe.practice.door_knock import lists, services
from wushe.practice.door_knock.models import ListLine, Report, TagProposal, Target
from wushe.registers.people.models import Consent, Person, Tag

pytestmark = pytest.mark.django_db
FULL = {
    "alone": "yes", "days": 3, "phone": "13900001234", "needs": [{"id": "r1", "words": "想请人理发", "item": "理发"}],
    "danger": "楼道堆了杂物", "offer": "会修小家电", "agree": "yes", "note": "精神好",
}  # fmt: skip


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def target(here: World) -> Target:
    return campaign().targets.get(household=here.elder.household)


def lines(**where: object) -> list[tuple[str, str, str]]:
    return list(ListLine.objects.filter(**where).order_by("pk").values_list("kind", "text", "state"))


def test_one_record_fills_the_registers_and_the_four_lists(here: World, target: Target) -> None:
    sent = said(answers=FULL, person_id=here.elder.pk, at=NOON - timedelta(hours=3))
    done = send(target, sent)
    assert (done.state, done.reached_at, done.leftovers) == ("reached", sent.device_at, [])
    need = Need.objects.get()
    assert (need.words, need.channel, need.person_id) == ("想请人理发", "door_knock", here.elder.pk)
    assert lines() == [
        ("problem", "想请人理发", "open"), ("service", "理发", "open"), ("problem", "楼道堆了杂物", "open"),
        ("resource", "会修小家电", "open"),
    ]  # fmt: skip
    assert ListLine.objects.get(text="想请人理发").need_id == need.pk
    assert Person.objects.get(pk=here.elder.pk).phone.reveal() == "13900001234"
    assert Consent.objects.filter(person=here.elder, purpose="service", withdrawn_at=None).count() == 1
    assert not TagProposal.objects.exists(), "she has the category already"
    report = Report.objects.get()
    assert (report.score, report.skew_seconds, report.received_at) == (4, -10800, NOON)
    assert "理发".encode() not in bytes(report.answers)


def test_the_same_record_twice_changes_nothing_and_another_under_its_number_is_refused(
    here: World, target: Target
) -> None:
    sent = said(answers=FULL, person_id=here.elder.pk)
    send(target, sent)
    send(target, sent)
    assert (Report.objects.count(), Need.objects.count(), ListLine.objects.count()) == (1, 1, 4)
    for report in (said(client_id=sent.client_id, answers={"alone": "yes"}), said("nobody", client_id=sent.client_id)):
        with pytest.raises(KeyReused):
            send(target, report)
    assert (Report.objects.count(), Target.objects.get(pk=target.pk).state) == (1, "reached")
    other = campaign_second(here)
    with pytest.raises(KeyReused):
        send(other, sent)


def campaign_second(here: World) -> Target:
    version = Report.objects.get().version
    return campaign(version=version, version_id=version.pk, title="第二轮").targets.get(household=here.elder.household)


def test_a_correction_takes_back_what_it_takes_back(here: World, target: Target) -> None:
    first = said(answers=FULL, person_id=here.elder.pk)
    send(target, first)
    shorter = {**FULL, "needs": [], "danger": "楼道杂物已清", "offer": ""}
    send(target, said(answers=shorter, person_id=here.elder.pk, after=[str(first.client_id)]))
    assert lines() == [
        ("problem", "想请人理发", "dropped"), ("service", "理发", "dropped"), ("problem", "楼道杂物已清", "open"),
        ("resource", "会修小家电", "dropped"),
    ]  # fmt: skip
    assert Need.objects.get().state == "closed"
    assert Report.objects.count() == 2


def test_a_correction_that_arrives_first_counts_and_what_it_corrects_changes_nothing(
    here: World, target: Target
) -> None:
    first, at = said(answers=FULL, person_id=here.elder.pk), NOON + timedelta(days=3)
    second = said(answers={**FULL, "needs": []}, person_id=here.elder.pk, after=[str(first.client_id)], at=NOON)
    send(target, second)
    send(target, first, at=at)
    assert {text for _, text, state in lines() if state == "open"} == {"楼道堆了杂物", "会修小家电"}
    assert not Need.objects.exists()
    assert (Report.objects.count(), Target.objects.get(pk=target.pk).conflict) == (2, False)


def test_two_phones_say_different_things_and_a_person_settles_it(here: World, target: Target) -> None:
    one = said(answers=FULL, person_id=here.elder.pk)
    other = said(answers={"alone": "no"}, device="phone-b")
    send(target, one)
    send(target, other, who="social_worker")
    shown = Target.objects.get(pk=target.pk)
    assert (shown.conflict, shown.state) == (True, "reached")
    assert len([row for row in lines() if row[2] == "open"]) == 4, "nothing is taken away before somebody decides"
    for wrong in (str(uuid4()), "x"):
        with pytest.raises(Invalid):
            services.settle_conflict(actor=actor_of("social_worker"), at=NOON, target_id=target.pk, client_id=wrong)
    services.settle_conflict(
        actor=actor_of("social_worker"), at=NOON, target_id=target.pk, client_id=str(other.client_id)
    )
    assert not Target.objects.get(pk=target.pk).conflict
    assert {state for _, _, state in lines()} == {"dropped"}
    with pytest.raises(Conflict):
        services.settle_conflict(
            actor=actor_of("social_worker"), at=NOON, target_id=target.pk, client_id=str(one.client_id)
        )


def test_a_record_is_never_lost_for_what_a_register_does_not_take(here: World, target: Target) -> None:
    done = send(target, said(answers={**FULL, "phone": "12"}, person_id=here.elder.pk))
    assert [row["path"] for row in done.leftovers] == ["phone"]
    assert Need.objects.count() == 1
    nobody = send(
        target, said(answers={"alone": "yes", "phone": "13900001234"}, after=[str(Report.objects.get().client_id)])
    )
    assert [row["path"] for row in nobody.leftovers] == ["phone", "alone"]


def test_a_category_is_proposed_and_a_person_confirms_it(here: World, target: Target) -> None:
    Tag.objects.all().delete()
    send(target, said(answers={"alone": "yes"}, person_id=here.elder.pk))
    proposal = TagProposal.objects.get()
    assert not Tag.objects.exists()
    boss = actor_of("community_worker")
    with pytest.raises(Invalid):
        lists.settle_proposal(actor=boss, at=NOON, proposal_id=proposal.pk, confirm=True, evidence=" ")
    assert TagProposal.objects.get().state == "proposed"
    lists.settle_proposal(actor=boss, at=NOON, proposal_id=proposal.pk, confirm=True, evidence="入户看到一人居住")
    assert Tag.objects.get().source == "visit"
    with pytest.raises(MoveNotAllowed):
        lists.settle_proposal(actor=boss, at=NOON, proposal_id=proposal.pk, confirm=False)


def test_what_cannot_be_kept_is_refused_whole(here: World, target: Target) -> None:
    wrong = [
        said(answers={}), said(answers={"alone": "yes", "days": 99}), said("somewhere"), said("not_reached"),
        said(answers={"alone": "no"}, person_id=here.far_elder.pk), said(answers={"alone": "no"}, version_id=0),
    ]  # fmt: skip
    for report in wrong:
        with pytest.raises(Invalid):
            send(target, report)
    for who, error in (("stranger", NotFound), ("dispatcher", NotAllowed), ("carer", NotAllowed)):
        with pytest.raises(error):
            send(target, said(), who=who)
    assert (Report.objects.count(), Target.objects.get(pk=target.pk).state) == (0, "waiting")


def test_a_report_is_never_changed(here: World, target: Target) -> None:
    send(target, said())
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.update(outcome="nobody")
    with pytest.raises(DatabaseError), transaction.atomic():
        Report.objects.all().delete()


def test_a_line_gets_measure_owner_and_day_and_is_finished_with_proof(here: World, target: Target) -> None:
    send(target, said(answers=FULL, person_id=here.elder.pk))
    line, boss = ListLine.objects.get(text="楼道堆了杂物"), actor_of("community_worker")
    for wrong in ({"measure": " "}, {"owner": ""}, {"due_on": TODAY - timedelta(days=1)}):
        with pytest.raises(Invalid):
            lists.agree_measure(
                actor=boss,
                at=NOON,
                line_id=line.pk,
                **{"measure": "联系物业", "owner": "刘社区", "due_on": TODAY, **wrong},
            )
    lists.agree_measure(actor=boss, at=NOON, line_id=line.pk, measure="联系物业清理", owner="刘社区", due_on=TODAY)
    with pytest.raises(Invalid):
        lists.finish_line(actor=boss, at=NOON, line_id=line.pk, proof=" ")
    lists.finish_line(actor=boss, at=NOON, line_id=line.pk, proof="9月14日清理，楼长在场")
    line.refresh_from_db()
    assert (line.state, line.owner, line.due_on, line.proof) == ("done", "刘社区", TODAY, "9月14日清理，楼长在场")
    lists.reopen_line(actor=boss, at=NOON, line_id=line.pk)
    lists.drop_line(actor=boss, at=NOON, line_id=line.pk, reason="重复")
    with pytest.raises(NotFound):
        lists.reopen_line(actor=actor_of("stranger"), at=NOON, line_id=line.pk)


def test_problems_become_a_project_that_keeps_their_needs(here: World, target: Target) -> None:
    send(target, said(answers=FULL, person_id=here.elder.pk))
    problems = list(ListLine.objects.filter(kind="problem").values_list("pk", flat=True))
    boss = actor_of("social_worker")
    project = lists.make_project(
        actor=boss, at=NOON, line_ids=problems, title="楼道清爽行动", purpose="清楼道、上门理发"
    )
    assert list(project.needs.all()) == list(Need.objects.all())
    assert lines(kind="project") == [("project", "楼道清爽行动", "open")]
    assert ListLine.objects.filter(kind="problem", project=project).count() == 2
    with pytest.raises(Conflict):
        lists.make_project(actor=boss, at=NOON, line_ids=problems, title="再来一个", purpose="同样的事")


def test_a_need_that_ends_finishes_its_line(here: World, target: Target) -> None:
    begin_at_end()
    send(target, said(answers=FULL, person_id=here.elder.pk))
    from wushe.chain.needs.services import refer_need

    refer_need(actor=actor_of("social_worker"), at=NOON, need_id=Need.objects.get().pk, where="街道民政办")
    deliver()
    line = ListLine.objects.get(text="想请人理发")
    assert (line.state, line.proof) == ("done", "需求已转介。转介：街道民政办")
