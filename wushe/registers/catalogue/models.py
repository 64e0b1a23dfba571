"""The service catalogue: editions with effective dates, items, and versioned packages 套餐."""

from django.db import models

from wushe.foundation.scope import Scope


class Edition(models.Model):
    """One edition of the catalogue. A published edition is never changed; a revision is a new edition."""

    SCOPE = Scope(area=None)

    number = models.IntegerField("版次", unique=True)
    title = models.CharField("名称", max_length=80)
    effective_from = models.DateField("生效日期")
    effective_to = models.DateField("失效日期", null=True, blank=True)
    source = models.CharField("依据", max_length=300)
    published = models.BooleanField("已发布", default=False)

    class Meta:
        db_table = "catalogue_edition"

    def __str__(self) -> str:
        return f"{self.title}（第{self.number}版）"


class Responsibility(models.TextChoices):
    """The party that answers for a service (四方责任)."""

    FAMILY = "family", "家庭"
    SOCIETY = "society", "社会"
    MARKET = "market", "市场"
    GOVERNMENT = "government", "政府"


class Unit(models.TextChoices):
    """The unit in which an item is counted."""

    VISIT = "visit", "次"
    SESSION = "session", "节"
    TRIP = "trip", "趟"
    CALL = "call", "通电话"
    CASE = "case", "件"
    EVENT = "event", "场"
    MEAL = "meal", "餐"
    HOUR = "hour", "小时"
    HALF_DAY = "half_day", "半天"


class Item(models.Model):
    """One service of one edition."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="items")
    code = models.CharField("编码", max_length=20)
    name = models.CharField("名称", max_length=60)
    plain = models.CharField("说明", max_length=300, blank=True, default="")
    category = models.CharField("大类", max_length=40)
    subcategory = models.CharField("小类", max_length=40, blank=True, default="")
    unit = models.CharField("计量单位", max_length=8, choices=Unit.choices)
    minutes = models.IntegerField("最少服务分钟")
    skills = models.JSONField("技能", default=list)
    performers = models.JSONField("可由谁服务", default=list)
    two_people = models.BooleanField("需两人", default=False)
    price_fen = models.BigIntegerField("单价（分）", default=0)
    photos = models.IntegerField("照片张数", default=0)
    signature = models.BooleanField("需签字", default=False)
    responsible_party = models.CharField("责任方", max_length=12, choices=Responsibility.choices)
    keywords = models.JSONField("居民常用说法", default=list)

    class Meta:
        db_table = "catalogue_item"
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="catalogue_item_once"),
            models.CheckConstraint(condition=models.Q(minutes__gte=0, price_fen__gte=0), name="catalogue_item_amounts"),
        ]

    def __str__(self) -> str:
        return self.name


class ItemMapping(models.Model):
    """What became of an item of an earlier edition, so that running plans and history still resolve."""

    class Change(models.TextChoices):
        RENAMED = "renamed", "更名"
        REPLACED = "replaced", "替换"
        RETIRED = "retired", "停用"

    old = models.ForeignKey(Item, models.CASCADE, related_name="became")
    new = models.ForeignKey(Item, models.CASCADE, null=True, blank=True, related_name="came_from")
    change = models.CharField("变化", max_length=10, choices=Change.choices)

    class Meta:
        db_table = "catalogue_item_mapping"


class Package(models.Model):
    """One version of a package 套餐: a set of items for people of a kind. `eligibility` is data (see services)."""

    SCOPE = Scope(area=None)

    code = models.CharField("编码", max_length=20)
    version = models.IntegerField("版本")
    name = models.CharField("名称", max_length=60)
    plain = models.CharField("说明", max_length=300, blank=True, default="")
    eligibility = models.JSONField("适用条件", default=dict)
    effective_from = models.DateField("生效日期")
    effective_to = models.DateField("失效日期", null=True, blank=True)

    class Meta:
        db_table = "catalogue_package"
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="catalogue_package_once")]

    def __str__(self) -> str:
        return self.name


class PackageLine(models.Model):
    """An item of a package: how many in which period."""

    class Period(models.TextChoices):
        WEEK = "week", "每周"
        MONTH = "month", "每月"
        QUARTER = "quarter", "每季度"
        YEAR = "year", "每年"

    package = models.ForeignKey(Package, models.CASCADE, related_name="lines")
    item = models.ForeignKey(Item, models.PROTECT)
    quantity = models.IntegerField("数量")
    period = models.CharField("周期", max_length=8, choices=Period.choices)

    class Meta:
        db_table = "catalogue_package_line"
        constraints = [models.UniqueConstraint(fields=["package", "item"], name="catalogue_package_line_once")]
