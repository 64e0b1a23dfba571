"""Open meetings 坝坝会, what residents asked there and were answered, and the grades that residents give."""

from django.db import models
from django.db.models import Q

from wushe.chain.needs.models import Need
from wushe.foundation.scope import Placed, Scope
from wushe.registers.people.models import Person


class MeetingState(models.TextChoices):
    """Where an open meeting stands."""

    ANNOUNCED = "announced", "已公告"
    HELD = "held", "已召开"
    CALLED_OFF = "called_off", "已取消"


class QuestionState(models.TextChoices):
    """Where a question stands."""

    ASKED = "asked", "待交办"
    TAKEN = "taken", "办理中"
    ANSWERED = "answered", "已答复"
    DECLINED = "declined", "不予公开"


PUBLIC = (QuestionState.TAKEN, QuestionState.ANSWERED)
OPEN = (QuestionState.ASKED, QuestionState.TAKEN)


class Meeting(Placed):
    """An open meeting of the community at `area_code`: announced with its time and place, then held."""

    SCOPE = Scope(area="")

    title = models.CharField("议题", max_length=60)
    place_name = models.CharField("地点", max_length=60)
    starts_at = models.DateTimeField("时间")
    host_name = models.CharField("主持人", max_length=40)
    state = models.CharField("状态", max_length=12, choices=MeetingState.choices, default=MeetingState.ANNOUNCED)
    present = models.IntegerField("到场居民人数", default=0)
    note = models.CharField("会议情况", max_length=500, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "judging_meeting"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="judging_meeting_community"),
            models.Index(fields=["street_code", "state", "-id"], name="judging_meeting_street"),
            models.Index(fields=["district_code", "state", "-id"], name="judging_meeting_district"),
        ]

    def __str__(self) -> str:
        return self.title


class Question(Placed):
    """What a resident asked at a meeting. Somebody answers for it by name and day from the first moment."""

    SCOPE = Scope(area="", holders={"resident": lambda pk: Q(person_id=pk)})

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="questions", verbose_name="坝坝会")
    subject = models.CharField("公开的问题", max_length=60)
    words = models.TextField("居民原话")
    asker_name = models.CharField("提问人", max_length=40, blank=True, default="")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="meeting_questions")
    state = models.CharField("状态", max_length=10, choices=QuestionState.choices, default=QuestionState.ASKED)
    asked_at = models.DateTimeField("提问时间")
    owner_name = models.CharField("责任人", max_length=40)
    due_on = models.DateField("答复期限")
    need = models.OneToOneField(Need, models.PROTECT, null=True, blank=True, related_name="meeting_question")
    answer = models.CharField("答复", max_length=1000, blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "judging_question"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="judging_question_community"),
            models.Index(fields=["street_code", "state", "-id"], name="judging_question_street"),
            models.Index(fields=["district_code", "state", "-id"], name="judging_question_district"),
            models.Index(fields=["state", "due_on"], name="judging_question_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(owner_name=""), name="judging_question_has_owner"),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "declined"]) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="judging_question_answered",
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class Aspect(models.TextChoices):
    """What of a street's year is graded: its work for older people, and how it deals with everybody."""

    MEALS = "meals", "吃饭助餐"
    HOME = "home", "上门服务"
    HEALTH = "health", "看病拿药"
    PLACES = "places", "活动场所"
    SAFETY = "safety", "平安和环境"
    MANNERS = "manners", "办事态度"


class Grade(Placed):
    """One voice of one person, on an answer or on one aspect of a street's year; nobody looks at single voices."""

    SCOPE = Scope(area=None, holders={"resident": lambda pk: Q(person_id=pk)})

    person = models.ForeignKey(Person, models.PROTECT, related_name="grades")
    question = models.ForeignKey(Question, models.PROTECT, null=True, blank=True, related_name="grades")
    year = models.SmallIntegerField("年份", null=True, blank=True)
    aspect = models.CharField("方面", max_length=10, choices=Aspect.choices, blank=True, default="")
    score = models.SmallIntegerField("分数")
    graded_at = models.DateTimeField("评分时间")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "judging_grade"
        indexes = [models.Index(fields=["street_code", "year", "aspect"], name="judging_grade_street")]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "question"], condition=Q(question__isnull=False), name="judging_once_an_answer"
            ),
            models.UniqueConstraint(
                fields=["person", "year", "aspect"], condition=Q(year__isnull=False), name="judging_once_a_year"
            ),
            models.CheckConstraint(
                condition=Q(question__isnull=False, year=None, aspect="")
                | (Q(question=None, year__isnull=False) & ~Q(aspect="")),
                name="judging_of_one_thing",
            ),
            models.CheckConstraint(condition=Q(score__range=(1, 5)), name="judging_score_range"),
        ]
