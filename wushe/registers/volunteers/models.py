"""Volunteers: a number that is not the ID number, skills with levels, hours, guardians of minors; teams and posts."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope
from wushe.registers.facilities.models import Facility
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.workforce.models import Skill


class SkillLevel(models.IntegerChoices):
    """How far a volunteer is trained: the gate for tasks that ask for it."""

    BASIC = 1, "能做"
    TRAINED = 2, "经过培训"
    EXPERT = 3, "可带别人"


class Team(Placed):
    """A volunteer team or vanguard of a community, an industry or a unit."""

    SCOPE = Scope(area="")

    class Kind(models.TextChoices):
        COMMUNITY = "community", "社区志愿服务队"
        VANGUARD = "vanguard", "党员先锋队"
        INDUSTRY = "industry", "行业服务队"

    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=Kind.choices)
    speciality = models.CharField("专长", max_length=60, blank=True, default="")
    initials = models.CharField("名称拼音首字母", max_length=60, default="", blank=True)
    emergency = models.BooleanField("应急可调用", default=False)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="teams", verbose_name="主管单位"
    )
    leader = models.ForeignKey(
        "Volunteer", models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name="队长"
    )
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="branches", verbose_name="上级队伍"
    )
    founded_on = models.DateField("成立日期", null=True, blank=True)
    ended_on = models.DateField("解散日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "volunteers_team"

    def __str__(self) -> str:
        return self.name


class Volunteer(Placed):
    """A registered volunteer."""

    SCOPE = Scope(area="", holders={"volunteer": lambda pk: Q(person__posts__pk=pk)})

    number = models.CharField("志愿者编号", max_length=20, unique=True)
    person = models.OneToOneField(Person, models.PROTECT, related_name="volunteer")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="members")
    guardian = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="wards", verbose_name="监护人"
    )
    insured_until = models.DateField("保险到期", null=True, blank=True)
    served_minutes = models.BigIntegerField("累计服务分钟", default=0)
    earlier_minutes = models.BigIntegerField("入册前服务分钟", default=0)
    served_on = models.DateField("最近服务日期", null=True, blank=True)
    registered_on = models.DateField("注册日期")
    left_on = models.DateField("退出日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "volunteers_volunteer"
        indexes = [
            models.Index(fields=["community_code", "id"], name="volunteers_community"),
            models.Index(fields=["street_code", "id"], name="volunteers_street"),
            models.Index(fields=["district_code", "id"], name="volunteers_district"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def all_minutes(self) -> int:
        """Return all service: before entry and since."""
        return self.earlier_minutes + self.served_minutes


class VolunteerSkill(models.Model):
    """What a volunteer can do, how well, and since which training."""

    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT)
    level = models.IntegerField("程度", choices=SkillLevel.choices, default=SkillLevel.BASIC)
    trained_on = models.DateField("培训日期", null=True, blank=True)

    class Meta:
        db_table = "volunteers_skill"
        constraints = [models.UniqueConstraint(fields=["volunteer", "skill"], name="volunteers_skill_once")]


class Post(Placed):
    """A standing post for volunteers (相对稳定的志愿服务岗位) at a facility or a community, with places to fill."""

    SCOPE = Scope(area="")

    title = models.CharField("岗位", max_length=60)
    places = models.IntegerField("人数")
    facility = models.ForeignKey(
        Facility, models.SET_NULL, null=True, blank=True, related_name="volunteer_posts", verbose_name="所在设施"
    )
    weekdays = models.CharField("值班日（1-7）", max_length=7, default="1234567")
    shift_start = models.IntegerField("值班开始（当日分钟数）", default=540)
    shift_end = models.IntegerField("值班结束（当日分钟数）", default=660)
    initials = models.CharField("名称拼音首字母", max_length=60, default="", blank=True)
    open_from = models.DateField("开始日期")
    open_until = models.DateField("结束日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "volunteers_post"
        constraints = [
            models.CheckConstraint(condition=Q(shift_end__gt=models.F("shift_start")), name="volunteers_shift_order")
        ]

    def __str__(self) -> str:
        return self.title


class PostHolder(models.Model):
    """A volunteer in a post over a period."""

    post = models.ForeignKey(Post, models.CASCADE, related_name="holders")
    volunteer = models.ForeignKey(Volunteer, models.CASCADE, related_name="posts")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        db_table = "volunteers_post_holder"
        constraints = [
            models.UniqueConstraint(
                fields=["post", "volunteer"], condition=Q(ends_on=None), name="volunteers_post_once"
            )
        ]
