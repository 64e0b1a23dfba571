"""Donors: a person or an organisation that gives, named as they wish to be named."""

from django.db import models
from django.db.models import Q

from wushe.foundation.protected import ProtectedField, mask_name
from wushe.foundation.scope import Placed, Scope
from wushe.registers.organisations.models import Organisation


class DonorKind(models.TextChoices):
    """What a donor is."""

    PERSON = "person", "个人"
    COMPANY = "company", "企业"
    ORGANISATION = "organisation", "社会组织"
    UNIT = "unit", "机关事业单位"


class Donor(Placed):
    """Who gives. A person is shown masked to others, and by no name at all if they wish to stay unnamed."""

    SCOPE = Scope(area="", organisation="organisation_id")

    name = models.CharField("名称", max_length=80)
    initials = models.CharField("名称拼音首字母", max_length=60, default="", blank=True)
    kind = models.CharField("类型", max_length=12, choices=DonorKind.choices)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="donor_entries", verbose_name="对应的组织"
    )
    unnamed = models.BooleanField("不公开姓名", default=False)
    contact_name = models.CharField("联系人", max_length=40, default="", blank=True)
    contact_phone = ProtectedField("联系电话", kind="phone")
    phone_tail_index = models.CharField(max_length=32, default="", blank=True)
    wishes = models.CharField("捐赠意愿", max_length=200, blank=True, default="")
    since = models.DateField("登记日期")
    ended_on = models.DateField("停止日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "donors_donor"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"], condition=Q(organisation__isnull=False, ended_on=None), name="donors_once"
            )
        ]
        indexes = [models.Index(fields=["district_code", "id"], name="donors_district")]

    def __str__(self) -> str:
        return self.public_name

    @property
    def public_name(self) -> str:
        """Return how the donor is named in public."""
        if self.unnamed:
            return "爱心人士" if self.kind == DonorKind.PERSON else "爱心单位"
        return mask_name(self.name) if self.kind == DonorKind.PERSON else self.name
