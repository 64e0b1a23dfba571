"""Residents and households: one person across communities and organisations, with dated tags."""

from django.db import models
from django.db.models import Q

from wushe.foundation.protected import ProtectedField, mask_name
from wushe.foundation.scope import Placed, Scope


class Sex(models.TextChoices):
    """Sex as on the ID card."""

    FEMALE = "F", "女"
    MALE = "M", "男"


class AbilityLevel(models.IntegerChoices):
    """Ability of an older person, GB/T 42195-2022."""

    INTACT = 0, "能力完好"
    MILD = 1, "轻度失能"
    MODERATE = 2, "中度失能"
    SEVERE = 3, "重度失能"
    TOTAL = 4, "完全失能"


class Household(Placed):
    """People who live together at one address."""

    SCOPE = Scope(area="")

    address = ProtectedField("详细地址", kind="address")
    address_index = models.CharField(max_length=32, default="", blank=True, db_index=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)

    class Meta:
        db_table = "people_household"


class Person(Placed):
    """A resident. ID number and telephone are protected; they are found by blind index."""

    SCOPE = Scope(
        area="",
        holders={"resident": lambda pk: Q(pk=pk) | Q(relations__relative_id=pk, relations__may_act=True)},
    )

    name = models.CharField("姓名", max_length=40)
    initials = models.CharField("姓名拼音首字母", max_length=20, default="", blank=True)
    sex = models.CharField("性别", max_length=1, choices=Sex.choices)
    born_on = models.DateField("出生日期")
    household = models.ForeignKey(Household, models.PROTECT, null=True, blank=True, related_name="members")
    id_number = ProtectedField("身份证号", kind="id_number")
    id_number_index = models.CharField(max_length=32, default="", blank=True)
    phone = ProtectedField("联系电话", kind="phone")
    phone_index = models.CharField(max_length=32, default="", blank=True)
    phone_tail_index = models.CharField(max_length=32, default="", blank=True)
    ability_level = models.IntegerField("能力等级", choices=AbilityLevel.choices, null=True, blank=True)
    lives_alone = models.BooleanField("独居", default=False)
    died_on = models.DateField("去世日期", null=True, blank=True)
    moved_out_on = models.DateField("迁出日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "people_person"
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"], condition=~Q(id_number_index=""), name="people_one_id_number"
            )
        ]
        indexes = [
            models.Index(fields=["community_code", "name"], name="people_community_name"),
            models.Index(fields=["street_code", "id"], name="people_street"),
            models.Index(fields=["district_code", "id"], name="people_district"),
            models.Index(fields=["name"], name="people_name"),
            models.Index(fields=["initials"], name="people_initials"),
            models.Index(fields=["phone_index"], name="people_phone"),
            models.Index(fields=["phone_tail_index"], name="people_phone_tail"),
        ]

    def __str__(self) -> str:
        return mask_name(self.name)


class TagKind(models.Model):
    """A category of people as policy names it: 独居, 低保, 失能 and others."""

    code = models.CharField("编码", max_length=40, unique=True)
    title = models.CharField("名称", max_length=40)
    evidence = models.CharField("认定依据", max_length=200, blank=True, default="")
    review_months = models.IntegerField("复核周期（月）", null=True, blank=True)
    sensitive = models.BooleanField("敏感", default=False)

    class Meta:
        db_table = "people_tag_kind"

    def __str__(self) -> str:
        return self.title


class Tag(models.Model):
    """A person's category over a period, with its evidence and the day it must be looked at again."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="tags")
    kind = models.ForeignKey(TagKind, models.PROTECT)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    evidence = models.CharField("依据", max_length=200, blank=True, default="")
    review_on = models.DateField("复核日期", null=True, blank=True)

    class Meta:
        db_table = "people_tag"
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(ends_on=None), name="people_one_open_tag")
        ]


class Relation(models.Model):
    """`relative` is to `person` what `kind` says; with `may_act` the relative may order and sign for the person."""

    class Kind(models.TextChoices):
        SPOUSE = "spouse", "配偶"
        CHILD = "child", "子女"
        PARENT = "parent", "父母"
        GUARDIAN = "guardian", "监护人"
        CARER = "carer", "照护人"
        OTHER = "other", "其他亲属"

    person = models.ForeignKey(Person, models.CASCADE, related_name="relations")
    relative = models.ForeignKey(Person, models.CASCADE, related_name="relative_of")
    kind = models.CharField("关系", max_length=12, choices=Kind.choices)
    may_act = models.BooleanField("可代办", default=False)

    class Meta:
        db_table = "people_relation"
        constraints = [
            models.UniqueConstraint(fields=["person", "relative", "kind"], name="people_relation_once"),
            models.CheckConstraint(condition=~Q(person=models.F("relative")), name="people_relation_other"),
        ]


class Consent(models.Model):
    """What a person agreed to: purpose, version of the notice, when, through whom; and when it was withdrawn."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="consents")
    purpose = models.CharField("用途", max_length=40)
    notice_version = models.CharField("告知书版本", max_length=20)
    given_at = models.DateTimeField("同意时间")
    given_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True, blank=True)

    class Meta:
        db_table = "people_consent"
