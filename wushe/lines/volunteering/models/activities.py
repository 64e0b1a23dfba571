"""What volunteers are asked for: an activity or post, its shifts, and who signed up in which order."""

from django.db import models
from django.db.models import F, Q

from wushe.foundation.scope import Placed, Scope
from wushe.lines.volunteering.states import ActivityKind, ActivityState, Season, SignUpState, SwapState
from wushe.registers.facilities.models import Facility
from wushe.registers.volunteers.models import Post, SkillLevel, Team, Volunteer
from wushe.registers.workforce.models import Skill


class Activity(Placed):
    """A public project, activity, standing post, course, club, lecture or campaign.

    Its shifts are what volunteers serve in; where residents take part (`seats`) they are its sessions as well.
    """

    SCOPE = Scope(area="")

    title = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=12, choices=ActivityKind.choices)
    state = models.CharField("状态", max_length=10, choices=ActivityState.choices, default=ActivityState.DRAFT)
    words = models.CharField("做什么", max_length=500)
    for_whom = models.CharField("服务对象", max_length=60, blank=True, default="")
    place = models.CharField("集合地点", max_length=80)
    longitude = models.FloatField("经度", null=True, blank=True)
    latitude = models.FloatField("纬度", null=True, blank=True)
    facility = models.ForeignKey(Facility, models.SET_NULL, null=True, blank=True, verbose_name="所在设施")
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, verbose_name="承办队伍")
    post = models.ForeignKey(Post, models.SET_NULL, null=True, blank=True, verbose_name="常设岗位")
    minimum_age = models.IntegerField("最小年龄", default=16)
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, blank=True, verbose_name="需要的技能")
    skill_level = models.IntegerField("需要的程度", choices=SkillLevel.choices, default=SkillLevel.BASIC)
    danger = models.BooleanField("有人身危险", default=False)
    agreement = models.CharField("须签协议的情形", max_length=60, blank=True, default="")
    season = models.CharField("节庆", max_length=16, choices=Season.choices, blank=True, default="")
    # Seats for residents who take part; 0 where only volunteers are asked for. `enrolled` never passes them.
    seats = models.IntegerField("居民名额", default=0)
    enrolled = models.IntegerField("居民已报名", default=0)
    turns = models.IntegerField("居民候补序号", default=0)
    budget_fen = models.BigIntegerField("预算（分）", default=0)
    spent_fen = models.BigIntegerField("实际花费（分）", null=True, blank=True)
    in_charge = models.CharField("负责人", max_length=30)
    report = models.CharField("结项小结", max_length=1000, blank=True, default="")
    opened_at = models.DateTimeField("开始招募", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    initials = models.CharField("名称拼音首字母", max_length=60, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "volunteering_activity"
        constraints = [
            models.CheckConstraint(
                condition=Q(enrolled__gte=0, enrolled__lte=F("seats")), name="volunteering_activity_seats"
            )
        ]
        indexes = [
            models.Index(fields=["district_code", "state", "-id"], name="volunteering_act_district"),
            models.Index(fields=["street_code", "state", "-id"], name="volunteering_act_street"),
            models.Index(fields=["community_code", "state", "-id"], name="volunteering_act_community"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def agreement_cases(self) -> list[str]:
        """Return the codes of the cases for which an agreement has to be signed."""
        return [code for code in self.agreement.split() if code]


class Shift(Placed):
    """A time of an activity with so many places. `taken` never passes `capacity`; `turns` numbers those who wait."""

    SCOPE = Scope(area="")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="shifts")
    day = models.DateField("日期")
    start = models.IntegerField("开始（当日分钟数）")
    end = models.IntegerField("结束（当日分钟数）")
    topic = models.CharField("本次主题", max_length=60, blank=True, default="")
    speaker = models.CharField("主讲人", max_length=60, blank=True, default="")
    walk_ins = models.IntegerField("没有报名、现场参加的人数", default=0)
    attended_at = models.DateTimeField("居民点名时间", null=True, blank=True)
    capacity = models.IntegerField("名额")
    taken = models.IntegerField("已报上", default=0)
    turns = models.IntegerField("候补序号", default=0)
    reminded_at = models.DateTimeField("提醒时间", null=True, blank=True)

    class Meta:
        db_table = "volunteering_shift"
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="volunteering_shift_order"),
            models.CheckConstraint(
                condition=Q(taken__gte=0, taken__lte=F("capacity")), name="volunteering_shift_capacity"
            ),
            models.UniqueConstraint(fields=["activity", "day", "start"], name="volunteering_shift_once"),
            models.CheckConstraint(condition=Q(walk_ins__gte=0), name="volunteering_shift_walk_ins"),
        ]
        indexes = [
            models.Index(fields=["district_code", "day", "start"], name="volunteering_shift_district"),
            models.Index(fields=["street_code", "day", "start"], name="volunteering_shift_street"),
            models.Index(fields=["community_code", "day", "start"], name="volunteering_shift_community"),
        ]

    @property
    def free(self) -> int:
        """Return how many places are free."""
        return max(0, self.capacity - self.taken)


class SignUp(models.Model):
    """A volunteer's place in a shift, or the turn at which they wait for one."""

    SCOPE = Scope(area="shift", holders={"volunteer": lambda pk: Q(volunteer__person__posts__pk=pk)})

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="sign_ups")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="sign_ups")
    state = models.CharField("状态", max_length=10, choices=SignUpState.choices, default=SignUpState.TAKEN)
    turn = models.IntegerField("候补序号", default=0)
    signed_at = models.DateTimeField("报名时间")
    by_desk = models.BooleanField("由组织者安排", default=False)
    score = models.IntegerField("志愿者满意度（1-5）", null=True, blank=True)
    comment = models.CharField("志愿者的话", max_length=200, blank=True, default="")
    praise = models.IntegerField("组织者评价（1-5）", null=True, blank=True)

    class Meta:
        db_table = "volunteering_sign_up"
        constraints = [
            models.UniqueConstraint(
                fields=["shift", "volunteer"], condition=~Q(state="withdrawn"), name="volunteering_sign_up_once"
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=1, score__lte=5), name="volunteering_score_range"
            ),
            models.CheckConstraint(
                condition=Q(praise__isnull=True) | Q(praise__gte=1, praise__lte=5), name="volunteering_praise_range"
            ),
        ]
        indexes = [
            models.Index(fields=["shift", "state", "turn", "id"], name="volunteering_sign_up_queue"),
            models.Index(fields=["volunteer", "state"], name="volunteering_sign_up_mine"),
        ]


class Swap(models.Model):
    """A volunteer's wish to swap a shift with another's of the same activity; the other one answers."""

    SCOPE = Scope(area="mine__shift", holders={
        "volunteer": lambda pk: Q(mine__volunteer__person__posts__pk=pk) | Q(theirs__volunteer__person__posts__pk=pk),
    })  # fmt: skip

    mine = models.ForeignKey(SignUp, models.PROTECT, related_name="swaps_asked")
    theirs = models.ForeignKey(SignUp, models.PROTECT, related_name="swaps_got")
    state = models.CharField("状态", max_length=10, choices=SwapState.choices, default=SwapState.ASKED)
    asked_at = models.DateTimeField("提出时间")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        db_table = "volunteering_swap"
        constraints = [
            models.UniqueConstraint(
                fields=["mine", "theirs"], condition=Q(state="asked"), name="volunteering_swap_once"
            )
        ]


class Agreement(models.Model):
    """A written agreement of a volunteer for an activity that asks for one (处于七种情形之一)."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="agreements")
    volunteer = models.ForeignKey(Volunteer, models.PROTECT, related_name="agreements")
    cases = models.CharField("情形", max_length=60)
    on_paper = models.BooleanField("纸质", default=False)
    signed_at = models.DateTimeField("签订时间")
    recorded_by = models.BigIntegerField("登记账号")

    class Meta:
        db_table = "volunteering_agreement"
        constraints = [models.UniqueConstraint(fields=["activity", "volunteer"], name="volunteering_agreement_once")]


class Photo(models.Model):
    """A picture of an activity, drawn anew; one on which minors can be recognised never leaves scope."""

    SCOPE = Scope(area="activity")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos")
    file = models.FileField("文件", upload_to="volunteering/%Y/%m/")
    digest = models.CharField("校验值", max_length=64)
    minors = models.BooleanField("能认出未成年人", default=True)
    caption = models.CharField("说明", max_length=60, blank=True, default="")
    taken_at = models.DateTimeField("上传时间")
    taken_by = models.BigIntegerField("上传账号")

    class Meta:
        db_table = "volunteering_photo"
        constraints = [models.UniqueConstraint(fields=["activity", "digest"], name="volunteering_photo_once")]
