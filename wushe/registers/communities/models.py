"""Communities as the base of the linkage: a council 大党委 with member units, and backbone roles with vacancies."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person


class Community(Placed):
    """What a community says of itself; its name and place are those of its area."""

    SCOPE = Scope(area="")

    name = models.CharField("名称", max_length=80)
    initials = models.CharField("名称拼音首字母", max_length=60, default="", blank=True)
    urban = models.BooleanField("城市社区", default=True)
    residents = models.IntegerField("常住人口", default=0)
    households = models.IntegerField("户数", default=0)
    phone = models.CharField("值班电话", max_length=20, blank=True, default="")
    office = models.CharField("办公地址", max_length=120, blank=True, default="")
    council_since = models.DateField("大党委成立日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "communities_community"
        constraints = [models.UniqueConstraint(fields=["area_code"], name="communities_once")]
        indexes = [models.Index(fields=["district_code", "id"], name="communities_district")]

    def __str__(self) -> str:
        return self.name


class SeatKind(models.TextChoices):
    """Seats of the council, and the backbone roles of the source policies."""

    SECRETARY = "secretary", "大党委书记"
    DEPUTY = "deputy", "大党委副书记"
    MEMBER = "member", "大党委委员"
    PART_TIME = "part_time", "兼职委员"
    PARTY_MEMBER = "party_member", "社区党员骨干"
    COMMUNITY_WORKER = "community_worker", "社区工作者"
    BUILDING_HEAD = "building_head", "楼门长"
    GRID_WORKER = "grid_worker", "网格员"
    SOCIAL_WORKER = "social_worker", "社工"
    VOLUNTEER = "volunteer", "志愿者骨干"
    GROUP_MEMBER = "group_member", "社区社会组织骨干"
    OWNERS = "owners", "业委会成员"
    UNIT_LIAISON = "unit_liaison", "驻区单位联络员"


COUNCIL = (SeatKind.SECRETARY, SeatKind.DEPUTY, SeatKind.MEMBER, SeatKind.PART_TIME)
"""The seats that make the council; the others are backbone roles."""


class Seat(Placed):
    """One seat of a council or one backbone role at a place. It is vacant while nobody's term is open."""

    SCOPE = Scope(area="")

    kind = models.CharField("角色", max_length=20, choices=SeatKind.choices)
    title = models.CharField("名称", max_length=60)
    initials = models.CharField("名称拼音首字母", max_length=60, default="", blank=True)
    since = models.DateField("设立日期")
    closed_on = models.DateField("撤销日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "communities_seat"
        indexes = [
            models.Index(fields=["community_code", "kind"], name="communities_seat_kind"),
            models.Index(fields=["district_code", "id"], name="communities_seat_district"),
            models.Index(fields=["street_code", "id"], name="communities_seat_street"),
        ]

    def __str__(self) -> str:
        return self.title


class Term(models.Model):
    """Somebody in a seat over a period; one person may hold several seats. A unit is named where they stand for it."""

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="terms")
    person = models.ForeignKey(Person, models.PROTECT, related_name="terms")
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="terms")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)

    class Meta:
        db_table = "communities_term"
        constraints = [
            models.UniqueConstraint(fields=["seat"], condition=Q(ends_on=None), name="communities_one_holder"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")), name="communities_term_order"
            ),
        ]
