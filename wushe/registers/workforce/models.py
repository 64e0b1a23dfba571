"""The workforce: paid carers, social workers, and everyone else who performs visits; skills, shifts, absences."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person


class WorkerKind(models.TextChoices):
    """The four kinds of people who can be planned into a day."""

    PAID_CARER = "paid_carer", "护理员"
    SOCIAL_WORKER = "social_worker", "社会工作者"
    VOLUNTEER = "volunteer", "志愿者"
    NEIGHBOUR = "neighbour", "邻里互助员"


class TravelMode(models.TextChoices):
    """How a worker gets from door to door."""

    WALK = "walk", "步行"
    EBIKE = "ebike", "电动车"
    CAR = "car", "汽车"


class Qualification(models.TextChoices):
    """The levels of the national examination for social workers."""

    ASSISTANT = "assistant", "助理社会工作师"
    PROFESSIONAL = "professional", "社会工作师"
    SENIOR = "senior", "高级社会工作师"


class Skill(models.Model):
    """A skill that an item of the catalogue may ask for."""

    code = models.CharField("编码", max_length=40, unique=True)
    title = models.CharField("名称", max_length=40)

    class Meta:
        db_table = "workforce_skill"

    def __str__(self) -> str:
        return self.title


class Worker(Placed):
    """One person's post. Employer, workplace (`area_code`) and supervisor may all be different (街道招聘、社区使用).

    A volunteer who takes visits has a worker row as well, so that the day is planned over all kinds together.
    """

    SCOPE = Scope(area="", organisation="organisation_id", holders={
        "carer": lambda pk: Q(pk=pk), "volunteer": lambda pk: Q(pk=pk)
    })  # fmt: skip

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    kind = models.CharField("类别", max_length=16, choices=WorkerKind.choices)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="workers")
    number = models.CharField("工号", max_length=20, unique=True)
    travel_mode = models.CharField("出行方式", max_length=8, choices=TravelMode.choices, default=TravelMode.EBIKE)
    base_longitude = models.FloatField("出发经度")
    base_latitude = models.FloatField("出发纬度")
    shift_start = models.IntegerField("上班（当日分钟数）", default=480)
    shift_end = models.IntegerField("下班（当日分钟数）", default=1080)
    weekdays = models.CharField("工作日（1-7）", max_length=7, default="12345")
    break_minutes = models.IntegerField("午休分钟", default=60)
    week_cap_minutes = models.IntegerField("每周上限（分钟）", default=2400)
    qualification = models.CharField("资格证书", max_length=40, blank=True, default="")
    qualification_until = models.DateField("证书有效期", null=True, blank=True)
    level = models.CharField("资格级别", max_length=12, choices=Qualification.choices, blank=True, default="")
    certificate_number = models.CharField("证书管理号", max_length=30, blank=True, default="")
    registered_on = models.DateField("登记日期", null=True, blank=True)
    supervisor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="supervised", verbose_name="督导"
    )
    starts_on = models.DateField("到岗日期")
    ends_on = models.DateField("离岗日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "workforce_worker"
        indexes = [
            models.Index(fields=["street_code", "kind"], name="workforce_street_kind"),
            models.Index(fields=["district_code", "kind"], name="workforce_district_kind"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(shift_end__gt=models.F("shift_start")), name="workforce_shift_order")
        ]

    def __str__(self) -> str:
        return self.number


class WorkerSkill(models.Model):
    """A worker's skill, until a day if the certificate expires."""

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.PROTECT)
    valid_until = models.DateField("有效期至", null=True, blank=True)

    class Meta:
        db_table = "workforce_worker_skill"
        constraints = [models.UniqueConstraint(fields=["worker", "skill"], name="workforce_skill_once")]


class Absence(models.Model):
    """A worker is away: sick, on leave, training."""

    class Reason(models.TextChoices):
        SICK = "sick", "生病"
        LEAVE = "leave", "请假"
        TRAINING = "training", "培训"
        OTHER = "other", "其他"

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="absences")
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    reason = models.CharField("原因", max_length=10, choices=Reason.choices)
    withdrawn = models.BooleanField("已撤销", default=False)

    class Meta:
        db_table = "workforce_absence"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="workforce_absence_order")
        ]


class Learning(models.Model):
    """Hours of a worker that count towards registration or supervision. A wrong record is struck out, never deleted."""

    class Kind(models.TextChoices):
        EDUCATION = "education", "继续教育"
        SUPERVISION = "supervision", "接受督导"

    worker = models.ForeignKey(Worker, models.CASCADE, related_name="learning")
    kind = models.CharField("类别", max_length=12, choices=Kind.choices)
    title = models.CharField("内容", max_length=80)
    on = models.DateField("日期")
    minutes = models.IntegerField("时长（分钟）")
    struck_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        db_table = "workforce_learning"
        indexes = [models.Index(fields=["worker", "kind", "on"], name="workforce_learning_worker")]
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="workforce_learning_positive")]
