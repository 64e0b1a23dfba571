"""Volunteers: a number that is not the ID number, skills, teams, standing posts."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope
from wushe.registers.people.models import Person


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
    registered_on = models.DateField("注册日期")
    left_on = models.DateField("退出日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "volunteers_volunteer"
        indexes = [models.Index(fields=["community_code", "id"], name="volunteers_community")]


class Post(Placed):
    """A standing post for volunteers (相对稳定的志愿服务岗位) at a facility or a community, with places to fill."""

    SCOPE = Scope(area="")

    title = models.CharField("岗位", max_length=60)
    places = models.IntegerField("人数")
    open_from = models.DateField("开始日期")
    open_until = models.DateField("结束日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "volunteers_post"


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
