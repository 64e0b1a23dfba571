"""Residents judge: a meeting's questions end in the queue or in a public answer; one voice a person, never shown."""

from datetime import timedelta

import pytest

from tests.factories import judging, people
from tests.factories.cast import World, actor_of, client_of, world
from tests.factories.places import COMMUNITY, NEXT_COMMUNITY, NOON, OTHER_COMMUNITY, STREET, TODAY
from wushe.chain.needs.models import Need
from wushe.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.scope import visible
from wushe.foundation.workdays.selectors import working_days
from wushe.foundation.workflow import MoveNotAllowed
from wushe.governance.judging import grading, meetings
from wushe.governance.judging.models import Grade, Meeting, MeetingState, Question, QuestionState
from wushe.governance.judging.selectors import meetings_ahead, public_questions

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=20)


@pytest.fixture(autouse=True)
def here() -> World:
    return world()


def again(question: Question) -> Question:
    return Question.objects.get(pk=question.pk)


def test_announced_changed_held_and_called_off() -> None:
    worker, one, other = actor_of("social_worker"), judging.announced(), judging.announced("电梯")
    assert meetings_ahead(at=NOON) == [one, other]
    meetings.change_meeting(actor=worker, at=NOON, meeting_id=one.pk, changes={"place_name": "活动室"})
    with pytest.raises(Invalid):
        meetings.hold_meeting(actor=worker, at=NOON, meeting_id=one.pk, present=40)
    meetings.hold_meeting(actor=worker, at=NOON + timedelta(days=2), meeting_id=one.pk, present=40)
    meetings.call_off(actor=worker, at=NOON, meeting_id=other.pk, note="下大雨")
    assert [m.state for m in Meeting.objects.order_by("pk")] == [MeetingState.HELD, MeetingState.CALLED_OFF]
    assert Meeting.objects.get(pk=one.pk).place_name == "活动室"
    with pytest.raises(Conflict):
        meetings.change_meeting(actor=worker, at=NOON, meeting_id=one.pk, changes={"title": "别的"})
    with pytest.raises(Conflict):
        judging.asked(other)
    for fault in ({"area_code": STREET}, {"area_code": OTHER_COMMUNITY}, {"title": ""}, {"host_name": " "}):
        told = {
            "area_code": COMMUNITY,
            "title": "电梯",
            "place_name": "院坝",
            "host_name": "周书记",
            "starts_at": NOON,
            **fault,
        }
        with pytest.raises(Invalid) as refusal:
            meetings.announce_meeting(actor=worker, at=NOON, **told)
        assert list(refusal.value.fields) == list(fault)
    assert Meeting.objects.count() == 2


def test_a_question_has_a_name_and_a_day_from_the_first_moment_and_becomes_a_need(here: World) -> None:
    worker, question = actor_of("social_worker"), judging.asked()
    fifth = working_days(area_code=COMMUNITY, since=TODAY).after(TODAY, 5)
    assert (question.owner_name, question.due_on) == ("周书记", fifth)
    assert list(public_questions()) == []
    told = {"owner_name": "李所长", "due_on": LATER}
    with pytest.raises(NotFound):
        meetings.raise_question(
            actor=actor_of("stranger"), at=NOON, question_id=question.pk, person_id=here.elder.pk, **told
        )
    meetings.raise_question(actor=worker, at=NOON, question_id=question.pk, person_id=here.elder.pk, **told)
    need = Need.objects.get()
    assert (need.channel, need.words, need.person) == ("meeting", judging.WORDS, here.elder)
    assert (again(question).state, again(question).need, again(question).due_on) == (QuestionState.TAKEN, need, LATER)
    with pytest.raises(MoveNotAllowed):
        meetings.raise_question(actor=worker, at=NOON, question_id=question.pk, person_id=here.elder.pk, **told)
    assert Need.objects.count() == 1
    [shown] = public_questions()
    assert (shown.subject, shown.owner_name, shown.get_deferred_fields() >= {"words", "asker_name", "person_id"}) == (
        question.subject, "李所长", True,
    )  # fmt: skip
    judging.answered(again(question))
    assert (again(question).state, again(question).answer) == (QuestionState.ANSWERED, judging.ANSWER)


def test_taken_handed_on_or_declined_and_no_number_in_public() -> None:
    worker, one, other = actor_of("social_worker"), judging.asked(), judging.asked(subject="邻居家的私事")
    for bad in ({"owner_name": "", "due_on": LATER}, {"owner_name": "李所长", "due_on": TODAY - timedelta(days=1)}):
        with pytest.raises(Invalid):
            meetings.take_question(actor=worker, at=NOON, question_id=one.pk, **bad)
    meetings.take_question(actor=worker, at=NOON, question_id=one.pk, owner_name="李所长", due_on=LATER)
    meetings.take_question(actor=worker, at=NOON, question_id=one.pk, owner_name="王主任", due_on=LATER)
    assert again(one).owner_name == "王主任"
    for said in ("", "请打13900001111"):
        with pytest.raises(Invalid):
            meetings.answer_question(actor=worker, at=NOON, question_id=one.pk, owner_name="王主任", answer=said)
    with pytest.raises(Invalid):
        meetings.change_question(actor=worker, at=NOON, question_id=one.pk, changes={"subject": "打13900001111"})
    meetings.decline_question(actor=worker, at=NOON, question_id=other.pk, answer="涉及隐私，已当面答复")
    assert [shown.pk for shown in public_questions()] == [one.pk]


def test_one_voice_a_person_and_answer(here: World) -> None:
    answer = judging.answered(judging.asked())
    elder = actor_of("elder")
    grading.grade_answer(actor=elder, at=NOON, question_id=answer.pk, score=5)
    for again_score in (1, 5):
        with pytest.raises(NotFound):
            grading.grade_answer(actor=elder, at=NOON, question_id=answer.pk, score=again_score)
    with pytest.raises(grading.GradedAlready):
        grading._cast([Grade(person=here.elder, area_code=COMMUNITY, question=answer, score=1, graded_at=NOON)])
    with pytest.raises(NotFound):  # the daughter lives in the next community
        grading.grade_answer(actor=actor_of("daughter"), at=NOON, question_id=answer.pk, score=1)
    with pytest.raises(NotAllowed):
        grading.grade_answer(actor=actor_of("social_worker"), at=NOON, question_id=answer.pk, score=1)
    assert grading.judged_answers(questions=[answer], on=TODAY) == {answer.pk: grading.Judgement(1, None)}
    for person, score in zip(judging.neighbours(9), [1, 2, 3, 4, 5, 5, 5, 5, 5], strict=True):
        grading.grade_answer(actor=judging.voice(person), at=NOON, question_id=answer.pk, score=score)
    assert grading.judged_answers(questions=[answer], on=TODAY) == {answer.pk: grading.Judgement(10, 4.0)}
    assert not visible(Grade.objects.all(), actor_of("district_manager")).exists()
    said = JournalEntry.objects.filter(kind="grade.answer")
    assert said.count() == 10
    assert not any("score" in one.data for one in said)


def test_a_streets_year_by_distinct_persons(here: World) -> None:
    year, street = grading.year_to_grade(TODAY), STREET
    everybody = judging.neighbours(10)
    for score, person in enumerate(everybody):
        scores = {"meals": score % 5 + 1, **({"home": 4} if score < 2 else {})}
        grading.grade_year(actor=judging.voice(person), at=NOON, scores=scores)
    with pytest.raises(grading.GradedAlready):
        grading.grade_year(actor=judging.voice(everybody[0]), at=NOON, scores={"places": 1})
    assert Grade.objects.count() == 12
    judged = grading.judged_years(year=year, on=TODAY)
    assert judged[street]["meals"] == grading.Judgement(10, 3.0)
    assert judged[street]["home"] == grading.Judgement(2, None)
    assert (judged[street][""].persons, round(judged[street][""].average or 0, 2)) == (10, 3.17)
    for wrong in ({}, {"meals": 6}, {"other": 3}):
        with pytest.raises(Invalid):
            grading.grade_year(actor=actor_of("elder"), at=NOON, scores=wrong)
    gone = people.person("周德明", died_on=TODAY)
    with pytest.raises(NotFound):
        grading.grade_year(actor=judging.voice(gone), at=NOON, scores={"meals": 1})
    assert grading.years_graded() == [year]


def test_the_pages(here: World) -> None:
    desk, elder, answer = client_of("social_worker"), client_of("elder"), judging.answered(judging.asked())
    listed = desk.get("/answers/").content.decode()
    assert judging.ANSWER in listed
    assert judging.WORDS not in listed
    assert "刘大爷" not in listed
    assert "没有符合条件的问题" in desk.get("/answers/?q=没有这个字").content.decode()
    assert elder.post("/answers/mine/year/", {}).status_code == 422
    assert elder.post("/answers/mine/year/", {"meals": "5", "home": ""}).status_code == 302
    assert "您已经评过了" in elder.get("/answers/mine/year/").content.decode()
    assert elder.post(f"/answers/mine/{answer.pk}/", {"score": "9"}).status_code == 422
    assert elder.post(f"/answers/mine/{answer.pk}/", {"score": "2"}).status_code == 302
    assert "1 人评过" in desk.get(f"/answers/{answer.pk}/").content.decode()
    years = desk.get("/answers/years/").content.decode()
    assert "人数太少" in years
    assert "5.00" not in years
    wrong = desk.post("/registers/meetings/new/", {"title": "电梯", "area_code": NEXT_COMMUNITY})
    assert (wrong.status_code, "电梯" in wrong.content.decode()) == (422, True)
    right = {
        "title": "电梯",
        "area_code": NEXT_COMMUNITY,
        "starts_at": "2026-09-01T19:00",
        "place_name": "院坝",
        "host_name": "周书记",
    }
    assert desk.post("/registers/meetings/new/", right).status_code == 302
    meeting = Meeting.objects.get(title="电梯")
    asked = {"subject": "电梯何时修", "words": "电梯坏了半年"}
    assert desk.post(f"/registers/meetings/{meeting.pk}/ask/", asked).status_code == 302
    assert "电梯何时修" in desk.get(f"/registers/meetings/{meeting.pk}/").content.decode()
