"""Open meetings, questions and grades, through the services that make them."""

from datetime import datetime, timedelta

from tests.factories import people
from tests.factories.cast import World, actor_of
from tests.factories.places import COMMUNITY, NOON
from wushe.foundation.actor import Actor
from wushe.governance.judging import meetings
from wushe.governance.judging.grading import grade_answer
from wushe.governance.judging.models import Grade, Meeting, Question
from wushe.registers.people.models import Person

WORDS = "我家楼下路灯坏了三个月，晚上黑得很，老人都不敢下楼"
ANSWER = "路灯已经换成新的，上周五晚上试过，都亮了。"


def announced(title: str = "路灯和电动车", *, area_code: str = COMMUNITY, at: datetime = NOON) -> Meeting:
    """Return a meeting of the next day."""
    return meetings.announce_meeting(
        actor=actor_of("social_worker"), at=at, area_code=area_code, title=title, place_name="社区院坝",
        starts_at=at + timedelta(days=1), host_name="周书记",
    )  # fmt: skip


def asked(meeting: Meeting | None = None, subject: str = "3栋楼下的路灯不亮", *, at: datetime = NOON) -> Question:
    """Return a question that waits for somebody to take it."""
    meeting = meeting or announced(at=at)
    return meetings.ask_question(
        actor=actor_of("social_worker"), at=at, meeting_id=meeting.pk, subject=subject, words=WORDS, asker_name="刘大爷"
    )


def about(title: str, *, area_code: str) -> Question:
    """Return a question with this word in it."""
    return asked(announced(title, area_code=area_code), f"{title}旁边的路灯不亮")


def answered(question: Question, *, at: datetime = NOON) -> Question:
    """Return it with its public answer."""
    return meetings.answer_question(
        actor=actor_of("social_worker"), at=at, question_id=question.pk, owner_name="周书记", answer=ANSWER
    )


def voice(person: Person) -> Actor:
    """Return the resident as who judges."""
    return Actor(user_id=900_000 + person.pk, name=person.name, role_code="resident", holder_id=person.pk)


def neighbours(number: int, *, area_code: str = COMMUNITY) -> list[Person]:
    """Return so many residents of a community."""
    return [people.person(f"邻居{chr(0x4E00 + n)}", area_code=area_code) for n in range(number)]


def one_of_each(w: World, *, at: datetime) -> dict[str, int | str]:
    """Return the keys of a meeting, of a question that waits, and of a public answer nobody has graded."""
    meeting = announced(at=at)
    return {
        "meeting": meeting.pk,
        "question": asked(meeting, at=at).pk,
        "answered_question": answered(asked(meeting, "电动车停哪里", at=at), at=at).pk,
    }


def graded(person: Person, *, score: int = 4) -> Grade:
    """Return a voice of this person on an answer."""
    return grade_answer(actor=voice(person), at=NOON, question_id=answered(asked()).pk, score=score)
