"""What is certified about a volunteer by Order 67: certificates with a number, stars, and awards."""

from django.db import models
from django.db.models import Q

from wushe.foundation.scope import Placed, Scope
from wushe.lines.volunteering.states import CertificateState
from wushe.registers.volunteers.models import Volunteer


class Certificate(Placed):
    """A certificate of service: for which time, how many hours, who issued it, and until when it is on notice."""

    SCOPE = Scope(area="", holders={"volunteer": lambda pk: Q(volunteer__person__posts__pk=pk)})

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="certificates")
    number = models.CharField("证明编号", max_length=30, blank=True, default="")
    code = models.CharField("查验码", max_length=32, blank=True, default="")
    state = models.CharField("状态", max_length=10, choices=CertificateState.choices, default=CertificateState.APPLIED)
    since = models.DateField("起")
    until = models.DateField("止")
    purpose = models.CharField("用途", max_length=60)
    minutes = models.IntegerField("累计分钟", default=0)
    times = models.IntegerField("服务次数", default=0)
    lines = models.JSONField("服务记录", default=list)
    issuer = models.CharField("开具单位", max_length=80, blank=True, default="")
    in_charge = models.CharField("负责人", max_length=30, blank=True, default="")
    handler = models.CharField("经办人", max_length=30, blank=True, default="")
    contact = models.CharField("联系电话", max_length=30, blank=True, default="")
    applied_at = models.DateTimeField("申请时间")
    posted_on = models.DateField("公示开始", null=True, blank=True)
    notice_until = models.DateField("公示到", null=True, blank=True)
    issued_at = models.DateTimeField("生效时间", null=True, blank=True)
    reason = models.CharField("原因", max_length=120, blank=True, default="")

    class Meta:
        db_table = "volunteering_certificate"
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="volunteering_certificate_number"),
            models.UniqueConstraint(
                fields=["volunteer"], condition=Q(state="applied"), name="volunteering_certificate_one_waits"
            ),
        ]
        indexes = [
            models.Index(fields=["district_code", "state", "-id"], name="volunteering_cert_district"),
            models.Index(fields=["community_code", "state", "-id"], name="volunteering_cert_community"),
        ]


class Star(models.Model):
    """The stars that a volunteer's hours reached in the run of a year, on notice until a day."""

    SCOPE = Scope(area="volunteer", holders={"volunteer": lambda pk: Q(volunteer__person__posts__pk=pk)})

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="stars")
    year = models.IntegerField("年度")
    stars = models.IntegerField("星级")
    minutes = models.BigIntegerField("累计分钟")
    reached_on = models.DateField("认定日期")
    notice_until = models.DateField("公示到")

    class Meta:
        db_table = "volunteering_star"
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "year"], name="volunteering_star_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="volunteering_star_range"),
        ]


class Award(models.Model):
    """A commendation of a volunteer: who gave it, for what, on which day."""

    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="awards")
    title = models.CharField("表彰", max_length=60)
    given_by = models.CharField("授予单位", max_length=60)
    given_on = models.DateField("日期")
    recorded_by = models.BigIntegerField("登记账号")

    class Meta:
        db_table = "volunteering_award"
        constraints = [
            models.UniqueConstraint(fields=["volunteer", "title", "given_on"], name="volunteering_award_once")
        ]
