"""A unit or a person that has registered with a community, and the wishes that it has taken upon itself."""

from django.db import models
from django.db.models import Q

from wushe.foundation.protected import ProtectedField
from wushe.foundation.scope import Placed, Scope
from wushe.lines.wishes.models import Claim
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person


class CheckInKind(models.TextChoices):
    """Who registers: a unit where it is asked to help, a person where they live."""

    UNIT = "unit", "单位报到"
    MEMBER = "member", "个人报到"


class Standing(models.TextChoices):
    """As what a person registers."""

    PARTY = "party", "在职党员"
    STAFF = "staff", "职工"


class CheckInState(models.TextChoices):
    """Where a registration stands."""

    ASKED = "asked", "待社区确认"
    STANDING = "standing", "已报到"
    DECLINED = "declined", "未接收"
    ENDED = "ended", "已结束"


OPEN = (CheckInState.ASKED, CheckInState.STANDING)


class CheckIn(Placed):
    """A unit or a person registered with the community at `area_code`, from `confirmed_on` until `ended_on`."""

    SCOPE = Scope(
        area="", organisation="organisation", holders={"volunteer": lambda pk: Q(person__posts__pk=pk)}
    )  # fmt: skip

    kind = models.CharField("报到方式", max_length=8, choices=CheckInKind.choices)
    # A unit: its name and the branch behind it. A person stands in the register of people.
    name = models.CharField("单位或党组织", max_length=60, blank=True, default="")
    initials = models.CharField("名称拼音首字母", max_length=60, blank=True, default="")
    branch = models.CharField("党支部", max_length=60, blank=True, default="")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="check_ins", verbose_name="组织台账"
    )
    headcount = models.IntegerField("在职党员人数", default=0)
    contact_name = models.CharField("联系人", max_length=40, blank=True, default="")
    contact_phone = ProtectedField("联系电话", kind="phone")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="check_ins")
    standing = models.CharField("身份", max_length=8, choices=Standing.choices, blank=True, default="")
    unit = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="members")
    offers = models.CharField("能做什么", max_length=200, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=CheckInState.choices, default=CheckInState.ASKED)
    asked_at = models.DateTimeField("报到时间")
    asked_by = models.BigIntegerField("登记账号")
    confirmed_on = models.DateField("确认日期", null=True, blank=True)
    confirmed_by = models.BigIntegerField("确认账号", null=True, blank=True)
    owner_name = models.CharField("社区联系人", max_length=40, blank=True, default="")
    ended_on = models.DateField("结束日期", null=True, blank=True)
    outcome = models.CharField("原因", max_length=200, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "check_in_check_in"
        indexes = [
            models.Index(fields=["community_code", "kind", "state", "-id"], name="check_in_community"),
            models.Index(fields=["street_code", "kind", "state", "-id"], name="check_in_street"),
            models.Index(fields=["district_code", "kind", "state", "-id"], name="check_in_district"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["area_code", "name"], condition=Q(kind="unit", state__in=["asked", "standing"]),
                name="check_in_unit_once",
            ),
            models.UniqueConstraint(
                fields=["area_code", "person"], condition=Q(kind="member", state__in=["asked", "standing"]),
                name="check_in_member_once",
            ),
            models.CheckConstraint(
                condition=Q(kind="unit", person=None, unit=None) & ~Q(name="") | Q(kind="member", person__isnull=False),
                name="check_in_who",
            ),
            models.CheckConstraint(
                condition=~Q(state="standing") | Q(confirmed_on__isnull=False), name="check_in_confirmed_has_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(confirmed_on__isnull=False, ended_on__isnull=False),
                name="check_in_ended_has_day",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.person.name if self.person else self.name


class Undertaking(models.Model):
    """A wish that a registered unit or person has claimed as such."""

    SCOPE = Scope(area="check_in")

    check_in = models.ForeignKey(CheckIn, models.PROTECT, related_name="undertakings")
    claim = models.OneToOneField(Claim, models.PROTECT, related_name="undertaking")

    class Meta:
        db_table = "check_in_undertaking"
