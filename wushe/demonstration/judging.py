"""Open meetings in the first street, their questions and answers, and residents' grades; all is invented."""

from dataclasses import replace
from datetime import timedelta

from wushe.governance.judging.grading import year_to_grade
from wushe.governance.judging.meetings import (
    announce_meeting,
    answer_question,
    ask_question,
    hold_meeting,
    raise_question,
    take_question,
)
from wushe.governance.judging.models import Aspect, Grade, Meeting, Question

from .history import Cast
from .source import World

QUESTIONS = [
    ("楼道的灯坏了好久", "我们单元楼道灯坏了好久，晚上上楼全靠摸", "answer", "灯管已经全部换成感应灯，再坏就打社区电话，两天内换好。"),
    ("助餐点周末开不开", "助餐点周末不开，我们老的周末吃啥子", "answer", "从下月起周六中午开，周日由志愿者送餐，先登记。"),
    ("电动车停在楼梯口", "电动车都停在楼梯口，走路都绊脚，着火了咋个跑", "take", ""),
    ("想有人陪着去医院", "我一个人去医院挂号不来，想有个人陪", "raise", ""),
    ("健身器材松了", "院坝头的健身器材松了，怕摔到人", "", ""),
]  # fmt: skip
VOICES = 24


def load_meetings(world: World, cast: Cast) -> int:
    """Hold one meeting, announce the next, and let residents grade; return how many questions were asked."""
    street = min(cast.community)
    desk = replace(cast.community[street], area_code=street)
    neighbours = [one for one in world.elders if one.area_code.startswith(street)]
    place = neighbours[0].area_code[:12]
    at = world.now - timedelta(days=12)
    told = {"actor": desk, "area_code": place, "place_name": "社区院坝", "host_name": "唐主任"}
    held = announce_meeting(
        **told, at=at - timedelta(days=7), title="楼院里的老人怎么过得方便", starts_at=at - timedelta(hours=2)
    )
    announce_meeting(**told, at=world.now, title="助餐点办得好不好", starts_at=world.now + timedelta(days=6))
    hold_meeting(actor=desk, at=at, meeting_id=held.pk, present=46, note="居民发言11人次。")
    for subject, words, step, answer in QUESTIONS:
        asked = ask_question(actor=desk, at=at, meeting_id=held.pk, subject=subject, words=words)
        done = {"actor": desk, "at": at + timedelta(days=2), "question_id": asked.pk}
        promise = {"owner_name": "何网格员", "due_on": world.today + timedelta(days=5)}
        if step == "answer":
            answer_question(**done, owner_name="唐主任", answer=answer)
        elif step == "take":
            take_question(**done, **promise)
        elif step == "raise":
            raise_question(**done, person_id=neighbours[0].pk, **promise)
    Meeting.objects.update(demonstration=True)
    Question.objects.update(demonstration=True)
    _grade(world, [one for one in neighbours if one.died_on is None and one.moved_out_on is None][:VOICES])
    return len(QUESTIONS)


def _grade(world: World, voices: list) -> None:  # type: ignore[type-arg]
    """Lay the voices: on each answer those of its community, on the year those of the street."""
    answers = list(Question.objects.exclude(answered_at=None))
    grades = [
        Grade(person=one, area_code=one.area_code[:9], year=year_to_grade(world.today), aspect=aspect,
              score=3 + (serial + part) % 3, graded_at=world.now)
        for serial, one in enumerate(voices) for part, aspect in enumerate(Aspect.values) if (serial + part) % 5
    ]  # fmt: skip
    grades += [
        Grade(person=one, area_code=one.area_code, question=answer, score=3 + serial % 3, graded_at=world.now)
        for answer in answers for serial, one in enumerate(voices) if one.area_code.startswith(answer.community_code)
    ]  # fmt: skip
    for grade in grades:
        grade.demonstration = True
    Grade.objects.bulk_create(grades)
