"""A selection, the proposals that answer it, who judges them and how, the contract that follows, and who is barred."""

from django.db import models
from django.db.models import F, Q

from wushe.chain.projects.models import Grant, Project, SourceClass
from wushe.foundation.scope import Placed, Scope
from wushe.registers.organisations.models import Organisation

from .states import ObjectionState, ProposalState, SelectionKind, SelectionState, Side, Way


class Selection(Placed):
    """One call: what is wanted, with how much money, until when. Its rules are the presets of its place and day."""

    SCOPE = Scope(area="")

    kind = models.CharField("类别", max_length=10, choices=SelectionKind.choices)
    title = models.CharField("名称", max_length=60)
    wanted = models.TextField("要做什么、有什么要求")
    listed_as = models.CharField("指导性目录", max_length=80, blank=True, default="")
    way = models.CharField("采购方式", max_length=10, choices=Way.choices, blank=True, default="")
    source_class = models.CharField("资金来源", max_length=12, choices=SourceClass.choices)
    budget_fen = models.BigIntegerField("总预算（分）")
    limit_fen = models.BigIntegerField("每个项目最多（分）")
    due_on = models.DateField("截止日期")
    starts_on = models.DateField("项目开始")
    ends_on = models.DateField("项目结束")
    state = models.CharField("状态", max_length=10, choices=SelectionState.choices, default=SelectionState.DRAFTED)
    opened_by = models.BigIntegerField("拟定账号")
    announced_on = models.DateField("发布日期", null=True, blank=True)
    defence_on = models.DateField("答辩日期", null=True, blank=True)
    noticed_on = models.DateField("公示开始", null=True, blank=True)
    noticed_by = models.BigIntegerField("公示账号", null=True, blank=True)
    notice_until = models.DateField("公示到", null=True, blank=True)
    decided_on = models.DateField("确定日期", null=True, blank=True)
    decided_by = models.BigIntegerField("确定账号", null=True, blank=True)
    outcome = models.CharField("终止或重评原因", max_length=200, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "selections_selection"
        indexes = [models.Index(fields=["district_code", "state", "-id"], name="selections_district_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_fen__gt=0) & Q(budget_fen__gte=F("limit_fen")), name="selections_limit_in_budget"
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="selections_term"),
            models.CheckConstraint(
                condition=~Q(state__in=["noticed", "decided"]) | Q(notice_until__isnull=False),
                name="selections_noticed_has_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="decided") | (Q(decided_by__isnull=False) & ~Q(decided_by=F("noticed_by"))),
                name="selections_two_hands",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Proposal(Placed):
    """What one organisation offers; `area_code` is where it would work. Points are in hundredths."""

    SCOPE = Scope(area="", organisation="organisation_id")

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="proposals")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="proposals")
    title = models.CharField("项目名称", max_length=60)
    purpose = models.TextField("需求和目标")
    logic = models.TextField("服务方案")
    indicators = models.JSONField("指标", default=list)
    people = models.IntegerField("服务人数")
    asked_fen = models.BigIntegerField("申请金额（分）")
    papers = models.CharField("附件清单", max_length=300, blank=True, default="")
    declared = models.JSONField("承诺", default=list, blank=True)
    state = models.CharField("状态", max_length=10, choices=ProposalState.choices, default=ProposalState.DRAFTED)
    filed_on = models.DateField("提交日期", null=True, blank=True)
    filed_by = models.BigIntegerField("提交账号", null=True, blank=True)
    ask = models.CharField("要补正什么", max_length=300, blank=True, default="")
    ask_due_on = models.DateField("补正期限", null=True, blank=True)
    findings = models.JSONField("资格核查", default=list, blank=True)
    remark = models.CharField("审查意见", max_length=300, blank=True, default="")
    screened_by = models.BigIntegerField("审查账号", null=True, blank=True)
    fixed_fen = models.BigIntegerField("核定金额（分）", null=True, blank=True)
    expert_points = models.IntegerField("专家分", null=True, blank=True)
    public_points = models.IntegerField("大众分", null=True, blank=True)
    price_points = models.IntegerField("价格分", null=True, blank=True)
    points = models.IntegerField("总分", null=True, blank=True)
    rank = models.IntegerField("名次", null=True, blank=True)
    project = models.OneToOneField(Project, models.PROTECT, null=True, blank=True, related_name="proposal")

    class Meta:
        db_table = "selections_proposal"
        constraints = [
            models.UniqueConstraint(
                fields=["selection", "organisation"], condition=~Q(state="withdrawn"), name="selections_one_proposal"
            ),
            models.UniqueConstraint(fields=["selection", "rank"], name="selections_rank_once"),
            models.CheckConstraint(condition=Q(asked_fen__gt=0, people__gt=0), name="selections_proposal_positive"),
            models.CheckConstraint(
                condition=Q(fixed_fen__isnull=True) | Q(fixed_fen__gt=0, fixed_fen__lte=F("asked_fen")),
                name="selections_fixed_within_asked",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sum_fen(self) -> int:
        """Return what it would get: what the jury fixed, else what was asked for."""
        return self.asked_fen if self.fixed_fen is None else self.fixed_fen


class Juror(models.Model):
    """A person who judges in one selection, by an account of their own."""

    SCOPE = Scope(area="selection")

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="jurors")
    user_id = models.BigIntegerField("账号")
    name = models.CharField("姓名", max_length=40)
    side = models.CharField("身份", max_length=8, choices=Side.choices)
    seated_by = models.BigIntegerField("聘请账号")
    seated_on = models.DateField("聘请日期")

    class Meta:
        db_table = "selections_juror"
        constraints = [models.UniqueConstraint(fields=["selection", "user_id"], name="selections_juror_once")]

    def __str__(self) -> str:
        return self.name


class Recusal(models.Model):
    """A juror keeps out of judging one proposal."""

    SCOPE = Scope(area="juror__selection")

    juror = models.ForeignKey(Juror, models.PROTECT, related_name="recusals")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="recusals")
    reason = models.CharField("回避原因", max_length=100)

    class Meta:
        db_table = "selections_recusal"
        constraints = [models.UniqueConstraint(fields=["juror", "proposal"], name="selections_recusal_once")]


class Score(models.Model):
    """What one juror thinks of one proposal: points by criterion, and their sum."""

    SCOPE = Scope(area="juror__selection")

    juror = models.ForeignKey(Juror, models.PROTECT, related_name="scores")
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="scores")
    parts = models.JSONField("各项得分", default=dict)
    total = models.IntegerField("合计")
    words = models.CharField("评语", max_length=300, blank=True, default="")
    scored_on = models.DateField("评分日期")

    class Meta:
        db_table = "selections_score"
        constraints = [
            models.UniqueConstraint(fields=["juror", "proposal"], name="selections_score_once"),
            models.CheckConstraint(condition=Q(total__gte=0, total__lte=100), name="selections_score_bounds"),
        ]


class Objection(models.Model):
    """Somebody objects to a result on notice, without having to say who they are; `token` opens the answer."""

    SCOPE = Scope(area="selection")

    selection = models.ForeignKey(Selection, models.PROTECT, related_name="objections")
    text = models.CharField("异议", max_length=500)
    token = models.CharField(max_length=64, unique=True)
    state = models.CharField("状态", max_length=10, choices=ObjectionState.choices, default=ObjectionState.RAISED)
    raised_at = models.DateTimeField("提出时间")
    due_at = models.DateTimeField("答复期限")
    answer = models.CharField("答复", max_length=500, blank=True, default="")
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.BigIntegerField("答复账号", null=True, blank=True)

    class Meta:
        db_table = "selections_objection"


class Contract(models.Model):
    """The contract with who was chosen: days that the law counts, and how long its files are kept."""

    SCOPE = Scope(area="proposal__selection", organisation="proposal__organisation_id")

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="contract")
    number = models.CharField("合同编号", max_length=40, unique=True)
    amount_fen = models.BigIntegerField("金额（分）")
    due_on = models.DateField("应签日期")
    signed_on = models.DateField("签订日期")
    signed_by = models.BigIntegerField("经办账号")
    late_reason = models.CharField("逾期原因", max_length=200, blank=True, default="")
    publish_due_on = models.DateField("应公告日期")
    published_on = models.DateField("公告日期", null=True, blank=True)
    file_due_on = models.DateField("应备案日期")
    filed_on = models.DateField("备案日期", null=True, blank=True)
    kept_until = models.DateField("档案保存到")
    grant = models.OneToOneField(Grant, models.PROTECT, related_name="contract")

    class Meta:
        db_table = "selections_contract"
        constraints = [
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="selections_contract_positive"),
            models.CheckConstraint(
                condition=Q(signed_on__lte=F("due_on")) | ~Q(late_reason=""), name="selections_late_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Addition(models.Model):
    """More of the same, added to a contract within the law's share of it."""

    SCOPE = Scope(area="contract__proposal__selection", organisation="contract__proposal__organisation_id")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="additions")
    reason = models.CharField("追加什么、为什么", max_length=200)
    amount_fen = models.BigIntegerField("金额（分）")
    agreed_on = models.DateField("约定日期")
    agreed_by = models.BigIntegerField("经办账号")
    grant = models.OneToOneField(Grant, models.PROTECT, related_name="addition")

    class Meta:
        db_table = "selections_addition"
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="selections_addition_positive")]


class Ban(Placed):
    """An organisation that may not apply in a region for a time; it ends by its day, or when another lifts it."""

    SCOPE = Scope(area="", organisation="organisation_id")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bans")
    reason = models.CharField("原因", max_length=200)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期")
    made_by = models.BigIntegerField("登记账号")
    lifted_on = models.DateField("解除日期", null=True, blank=True)
    lifted_by = models.BigIntegerField("解除账号", null=True, blank=True)
    lifted_reason = models.CharField("解除原因", max_length=200, blank=True, default="")

    class Meta:
        db_table = "selections_ban"
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="selections_ban_term"),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | (~Q(lifted_reason="") & ~Q(lifted_by=F("made_by"))),
                name="selections_lifted_by_another",
            ),
        ]
