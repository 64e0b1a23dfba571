"""A wish of one home, who claimed it and until when, and the photos that show it came true."""

from django.db import models
from django.db.models import Q

from wushe.chain.needs.models import Need
from wushe.foundation.protected import ProtectedField
from wushe.foundation.scope import Placed, Scope
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Volunteer


class WishKind(models.TextChoices):
    """What is wished for: a thing, or something done. Never money."""

    GOODS = "goods", "实物类"
    SERVICE = "service", "服务类"


class WishState(models.TextChoices):
    """Where a wish stands."""

    COLLECTED = "collected", "待核实"
    PUBLISHED = "published", "待认领"
    CLAIMED = "claimed", "已认领"
    REALISED = "realised", "待确认"
    CONFIRMED = "confirmed", "已实现"
    WITHDRAWN = "withdrawn", "已撤下"


OPEN = (WishState.COLLECTED, WishState.PUBLISHED, WishState.CLAIMED, WishState.REALISED)
SHOWN = (WishState.PUBLISHED, WishState.CLAIMED, WishState.REALISED, WishState.CONFIRMED)
"""What the public page shows."""


class Wish(Placed):
    """What somebody would be glad of. The public sees `public_name`, `title` and `story`, and nothing else."""

    SCOPE = Scope(area="")

    person = models.ForeignKey(Person, models.PROTECT, related_name="wishes")
    # The same thing in the one queue of needs.
    need = models.OneToOneField(Need, models.PROTECT, null=True, blank=True, related_name="wish")
    kind = models.CharField("类型", max_length=8, choices=WishKind.choices)
    title = models.CharField("心愿", max_length=40)
    story = models.CharField("公开说明", max_length=200, blank=True, default="")
    worth_fen = models.BigIntegerField("大约值多少（分）", default=0)
    public_name = models.CharField("公开称呼", max_length=20)
    state = models.CharField("状态", max_length=10, choices=WishState.choices, default=WishState.COLLECTED)
    collected_at = models.DateTimeField("登记时间")
    collected_by = models.BigIntegerField("登记账号")
    owner_name = models.CharField("责任人", max_length=40)
    phoned_at = models.DateTimeField("电话核实", null=True, blank=True)
    visited_at = models.DateTimeField("上门核实", null=True, blank=True)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    due_on = models.DateField("实现期限", null=True, blank=True)
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)
    thanks = models.CharField("感谢的话", max_length=200, blank=True, default="")
    outcome = models.CharField("撤下原因", max_length=200, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "wishes_wish"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="wishes_community_state"),
            models.Index(fields=["street_code", "state", "-id"], name="wishes_street_state"),
            models.Index(fields=["district_code", "state", "-id"], name="wishes_district_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["collected", "withdrawn"])
                | Q(phoned_at__isnull=False, visited_at__isnull=False, published_at__isnull=False),
                name="wishes_published_is_verified",
            ),
            models.CheckConstraint(condition=Q(worth_fen__gte=0), name="wishes_worth"),
        ]

    def __str__(self) -> str:
        return self.title


class ClaimantKind(models.TextChoices):
    """Who makes a wish come true."""

    MEMBER = "member", "党员"
    UNIT = "unit", "单位"
    VOLUNTEER = "volunteer", "志愿者"


class ClaimOutcome(models.TextChoices):
    """What became of a claim."""

    OPEN = "open", "进行中"
    KEPT = "kept", "已实现"
    EXPIRED = "expired", "到期未联系"
    DROPPED = "dropped", "放弃认领"


class Claim(models.Model):
    """Somebody has taken a wish upon themselves; without contact it runs out and the wish is free again."""

    SCOPE = Scope(area="wish", holders={"volunteer": lambda pk: Q(volunteer__person__posts__pk=pk)})

    wish = models.ForeignKey(Wish, models.CASCADE, related_name="claims")
    kind = models.CharField("认领人", max_length=10, choices=ClaimantKind.choices)
    name = models.CharField("姓名或单位", max_length=60)
    phone = ProtectedField("联系电话", kind="phone")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, null=True, blank=True, related_name="wish_claims")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="wish_claims")
    outcome = models.CharField("结果", max_length=8, choices=ClaimOutcome.choices, default=ClaimOutcome.OPEN)
    claimed_at = models.DateTimeField("认领时间")
    claimed_by = models.BigIntegerField("认领账号")
    expires_at = models.DateTimeField("联系期限")
    contacted_at = models.DateTimeField("联系时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    receipt = models.CharField("票据号", max_length=60, blank=True, default="")
    note = models.CharField("怎么实现的", max_length=200, blank=True, default="")

    class Meta:
        db_table = "wishes_claim"
        indexes = [models.Index(fields=["outcome", "expires_at"], name="wishes_claims_run_out")]
        constraints = [
            models.UniqueConstraint(fields=["wish"], condition=Q(outcome="open"), name="wishes_one_claim"),
            models.CheckConstraint(condition=~Q(name=""), name="wishes_claim_has_name"),
            models.CheckConstraint(
                condition=Q(outcome="open") | Q(ended_at__isnull=False), name="wishes_claim_ended_has_time"
            ),
        ]


class WishPhoto(models.Model):
    """A photo of the handing over. It never leaves the desk: faces and homes are nobody else's business."""

    SCOPE = Scope(area="wish")

    wish = models.ForeignKey(Wish, models.CASCADE, related_name="photos")
    file = models.FileField("照片", upload_to="wishes/%Y/%m/")
    digest = models.CharField(max_length=64)
    taken_at = models.DateTimeField("上传时间")
    taken_by = models.BigIntegerField("上传账号")

    class Meta:
        db_table = "wishes_photo"
        constraints = [models.UniqueConstraint(fields=["wish", "digest"], name="wishes_photo_once")]
