"""Residents and households: one person across communities and organisations, with dated tags."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Length, Substr
from django.db.models.lookups import GreaterThan

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


# A longer name is not met by its first three beginnings alone: 阿卜杜热依木·买买提.
SHORT_NAME = 4


class Household(Placed):
    """People who live together at one address."""

    SCOPE = Scope(area="")

    address = ProtectedField("详细地址", kind="address")
    address_index = models.CharField(max_length=32, default="", blank=True, db_index=True)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    # Who stands first on the household's papers; who no longer lives here counts as none.
    head = models.ForeignKey("Person", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="户主")
    # Nobody lives here any more: hidden, not deleted, so that what was can be restored.
    closed_on = models.DateField("空户日期", null=True, blank=True)

    class Meta:
        db_table = "people_household"


class Standing(models.Manager["Person"]):
    """People who stand for themselves: without records that were merged into another's."""

    def get_queryset(self) -> models.QuerySet["Person"]:
        """Return the people without merged records."""
        return super().get_queryset().filter(merged_into=None)


class Person(Placed):
    """A resident. ID number and telephone are protected; they are found by blind index."""

    SCOPE = Scope(
        area="",
        holders={"resident": lambda pk: Q(pk=pk) | Q(relations__relative_id=pk, relations__may_act=True)},
    )

    name = models.CharField("姓名", max_length=40)
    # Any two characters that follow each other begin the name, or the name from its second or third character on.
    name_second = models.GeneratedField(
        expression=Substr("name", 2), output_field=models.CharField(max_length=40), db_persist=True
    )
    name_third = models.GeneratedField(
        expression=Substr("name", 3), output_field=models.CharField(max_length=40), db_persist=True
    )
    name_is_long = models.GeneratedField(
        expression=GreaterThan(Length("name"), SHORT_NAME), output_field=models.BooleanField(), db_persist=True
    )
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
    # Almost always empty: an index over all of it would only mislead the planner of every list.
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name="已并入"
    )
    # When this record was last compared with the others; empty again as soon as what it is known by changes.
    compared_at = models.DateTimeField("查重时间", null=True, blank=True)

    objects = Standing()
    with_merged = models.Manager["Person"]()

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
            *(
                # The class of operators lets PostgreSQL find a beginning in any collation.
                models.Index(fields=[column], name=f"people_{column}_start", opclasses=["varchar_pattern_ops"])
                for column in ("name", "name_second", "name_third", "initials")
            ),
            models.Index(fields=["id"], condition=Q(name_is_long=True), name="people_long_names"),
            models.Index(fields=["born_on", "name"], name="people_born"),
            models.Index(fields=["compared_at", "id"], name="people_compared_id"),
            models.Index(fields=["merged_into"], condition=Q(merged_into__isnull=False), name="people_merged"),
            models.Index(
                fields=["district_code", "ability_level"],
                condition=Q(ability_level__isnull=False),
                name="people_district_ability",
            ),
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

    class Source(models.TextChoices):
        """Who said so."""

        VISIT = "visit", "入户走访"
        ROLL = "roll", "部门名册"
        DOCUMENT = "document", "证件或文书"
        OWN = "own", "本人或家属申报"
        ASSESSMENT = "assessment", "评估"

    person = models.ForeignKey(Person, models.CASCADE, related_name="tags")
    kind = models.ForeignKey(TagKind, models.PROTECT)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True, blank=True)
    evidence = models.CharField("依据", max_length=200, blank=True, default="")
    source = models.CharField("来源", max_length=12, choices=Source.choices, blank=True, default="")
    review_on = models.DateField("复核日期", null=True, blank=True)
    reviewed_on = models.DateField("上次复核", null=True, blank=True)

    class Meta:
        db_table = "people_tag"
        indexes = [
            models.Index(fields=["review_on", "id"], condition=Q(ends_on=None), name="people_tag_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], condition=Q(ends_on=None), name="people_one_open_tag")
        ]


class Relation(models.Model):
    """`relative` is to `person` what `kind` says; with `may_act` the relative may order and sign for the person."""

    class Kind(models.TextChoices):
        SPOUSE = "spouse", "配偶"
        CHILD = "child", "子女"
        PARENT = "parent", "父母"
        GRANDPARENT = "grandparent", "祖父母、外祖父母"
        GRANDCHILD = "grandchild", "孙子女、外孙子女"
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
