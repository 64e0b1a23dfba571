"""A bank per region, the accounts of its people, and what moves time: earnings, requests, gifts, transfers, seals."""

from django.db import models
from django.db.models import F, Q

from wushe.foundation.scope import Placed, Scope
from wushe.ledgers.models import Account, Entry, Lot
from wushe.registers.people.models import Person

from .states import GiftKind, GiftState, HelpKind, ReceivedState, RequestState, SentState, Source

_OWN = {"resident": lambda pk: Q(person_id=pk), "volunteer": lambda pk: Q(person__posts__pk=pk)}


class Bank(Placed):
    """The time bank of a region: its rules are the presets of the place, its keys sign what goes to other banks."""

    SCOPE = Scope(area="")

    name = models.CharField("名称", max_length=60)
    code = models.CharField("行号", max_length=24, unique=True)
    opened_on = models.DateField("开办日期")
    public_key = models.CharField("公钥", max_length=64)
    private_key = models.TextField("私钥（密文）")
    reserve_fen = models.BigIntegerField("准备金（分）", default=0)
    reserve_note = models.CharField("准备金来源", max_length=120, blank=True, default="")
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "time_bank_bank"
        constraints = [models.CheckConstraint(condition=Q(reserve_fen__gte=0), name="time_bank_reserve")]

    def __str__(self) -> str:
        return self.name


class Holding(Placed):
    """One person's account with a bank; its number says nothing about the person."""

    SCOPE = Scope(area="", holders=_OWN)

    number = models.CharField("户号", max_length=20, unique=True)
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="holdings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="time_holdings")
    account = models.OneToOneField(Account, models.PROTECT, related_name="holding")
    opened_on = models.DateField("开户日期")
    closed_on = models.DateField("销户日期", null=True, blank=True)
    demonstration = models.BooleanField("演示数据", default=False)

    class Meta:
        db_table = "time_bank_holding"
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "person"], condition=Q(closed_on=None), name="time_bank_one_account"
            )
        ]
        indexes = [
            models.Index(fields=["district_code", "id"], name="time_bank_holding_district"),
            models.Index(fields=["street_code", "id"], name="time_bank_holding_street"),
            models.Index(fields=["community_code", "id"], name="time_bank_holding_community"),
        ]

    def __str__(self) -> str:
        return self.number


class Earning(Placed):
    """What one piece of verified work, or one grant, brought in: how much was served, issued, given on, and why less."""

    SCOPE = Scope(area="", holders=_OWN)

    origin = models.CharField("来源编号", max_length=60, unique=True)
    source = models.CharField("来源", max_length=10, choices=Source.choices)
    ref = models.BigIntegerField("来源记录")
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="earnings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="time_earnings")
    lot = models.OneToOneField(Lot, models.PROTECT, null=True, blank=True, related_name="earning")
    title = models.CharField("内容", max_length=60)
    started_at = models.DateTimeField("开始")
    ended_at = models.DateTimeField("结束")
    served = models.IntegerField("服务分钟")
    issued = models.IntegerField("发行分钟", default=0)
    donated = models.IntegerField("其中转入公益池", default=0)
    group = models.BooleanField("团队服务", default=False)
    why = models.CharField("说明", max_length=120, blank=True, default="")
    taken_back_at = models.DateTimeField("收回时间", null=True, blank=True)
    recall_wanted = models.BooleanField("待收回", default=False)

    class Meta:
        db_table = "time_bank_earning"
        constraints = [
            models.CheckConstraint(
                condition=Q(lot__isnull=False, issued__gt=0) | Q(lot__isnull=True, issued=0),
                name="time_bank_issue_has_lot",
            ),
            models.CheckConstraint(condition=Q(donated__gte=0, donated__lte=F("issued")), name="time_bank_donated"),
            models.CheckConstraint(condition=Q(ended_at__gte=F("started_at")), name="time_bank_earning_order"),
        ]
        indexes = [models.Index(fields=["person", "started_at"], name="time_bank_earning_person")]


class HelpRequest(Placed):
    """Somebody asks for help against saved time, for oneself or a spouse; a volunteer takes it."""

    SCOPE = Scope(area="", holders=_OWN)

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="requests")
    person = models.ForeignKey(Person, models.PROTECT, related_name="time_requests")
    for_person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="requests")
    state = models.CharField("状态", max_length=10, choices=RequestState.choices, default=RequestState.ASKED)
    kind = models.CharField("帮什么", max_length=12, choices=HelpKind.choices)
    words = models.CharField("说明", max_length=200, blank=True, default="")
    day = models.DateField("日期")
    start = models.IntegerField("开始（当日分钟数）")
    minutes = models.IntegerField("约定分钟")
    helper = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="time_helps")
    takes = models.IntegerField("第几次接单", default=0)
    hold = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    served = models.IntegerField("实际分钟", null=True, blank=True)
    confirm_by = models.DateTimeField("自动确认时间", null=True, blank=True)
    words_of_end = models.CharField("异议或取消原因", max_length=120, blank=True, default="")
    client_key = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField("提出时间")

    class Meta:
        db_table = "time_bank_request"
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="time_bank_request_minutes"),
            models.CheckConstraint(condition=Q(helper=None) | ~Q(helper=F("person")), name="time_bank_not_oneself"),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "released"]) | Q(helper__isnull=False, hold__isnull=False),
                name="time_bank_taken_has_hold",
            ),
        ]
        indexes = [
            models.Index(fields=["district_code", "state", "-id"], name="time_bank_request_district"),
            models.Index(fields=["community_code", "state", "-id"], name="time_bank_request_community"),
            models.Index(fields=["state", "confirm_by"], name="time_bank_request_due"),
            models.Index(fields=["helper", "day"], name="time_bank_request_helper"),
        ]


class Gift(Placed):
    """Time passes from one account to another, or to the common pool; the proof stands beside it."""

    SCOPE = Scope(area="", holders=_OWN)

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="gifts")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="time_gifts")
    receiver = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="time_gifts_received")
    kind = models.CharField("方式", max_length=12, choices=GiftKind.choices)
    state = models.CharField("状态", max_length=10, choices=GiftState.choices, default=GiftState.FILED)
    minutes = models.IntegerField("分钟")
    proof = models.CharField("关系依据", max_length=120, blank=True, default="")
    filed_by = models.BigIntegerField("提出账号")
    filed_at = models.DateTimeField("提出时间")
    filed_on = models.DateField("提出日期")
    decided_by = models.BigIntegerField("审核账号", null=True, blank=True)
    decided_at = models.DateTimeField("审核时间", null=True, blank=True)
    answer = models.CharField("审核意见", max_length=120, blank=True, default="")
    entry = models.OneToOneField(Entry, models.PROTECT, null=True, blank=True, related_name="+")
    client_key = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "time_bank_gift"
        constraints = [
            models.CheckConstraint(condition=Q(minutes__gt=0), name="time_bank_gift_minutes"),
            # What goes to another person is never approved by the one who filed it.
            models.CheckConstraint(
                condition=~Q(state="done") | Q(kind="donation")
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("filed_by"))),
                name="time_bank_gift_second_person",
            ),
            models.CheckConstraint(condition=~Q(state="done") | Q(entry__isnull=False), name="time_bank_gift_entry"),
        ]  # fmt: skip
        indexes = [models.Index(fields=["district_code", "state", "-id"], name="time_bank_gift_district")]


class Partner(models.Model):
    """Another time bank whose signature is trusted."""

    SCOPE = Scope(area="bank")

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="partners")
    code = models.CharField("对方行号", max_length=24)
    name = models.CharField("对方名称", max_length=60)
    public_key = models.CharField("对方公钥", max_length=64)
    account = models.OneToOneField(Account, models.PROTECT, related_name="+")
    filed_by = models.BigIntegerField("登记账号")
    confirmed_by = models.BigIntegerField("核对账号", null=True, blank=True)

    class Meta:
        db_table = "time_bank_partner"
        constraints = [
            models.UniqueConstraint(fields=["bank", "code"], name="time_bank_partner_once"),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("filed_by")), name="time_bank_partner_second_person"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SentWire(Placed):
    """Time on its way to another bank: gone from the account, and not yet the other bank's until it says so, signed."""

    SCOPE = Scope(area="", holders=_OWN)

    uid = models.CharField("编号", max_length=40, unique=True)
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="sent")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="sent")
    state = models.CharField("状态", max_length=10, choices=SentState.choices, default=SentState.SENT)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="sent")
    minutes = models.IntegerField("分钟")
    message = models.TextField("报文")
    answer = models.TextField("回执", blank=True, default="")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    filed_by = models.BigIntegerField("经办账号")
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "time_bank_sent"
        constraints = [models.CheckConstraint(condition=Q(minutes__gt=0), name="time_bank_sent_minutes")]


class ReceivedWire(Placed):
    """Time that another bank says it has sent: credited once, after a second person has looked, and answered signed."""

    SCOPE = Scope(area="")

    uid = models.CharField("编号", max_length=40)
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="received")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="received")
    state = models.CharField("状态", max_length=10, choices=ReceivedState.choices, default=ReceivedState.RECEIVED)
    holding = models.ForeignKey(Holding, models.PROTECT, null=True, blank=True, related_name="received")
    holder_number = models.CharField("收款户号", max_length=20)
    minutes = models.IntegerField("分钟")
    message = models.TextField("报文")
    answer = models.TextField("回执", blank=True, default="")
    filed_by = models.BigIntegerField("登记账号")
    decided_by = models.BigIntegerField("核对账号", null=True, blank=True)
    at = models.DateTimeField("时间")

    class Meta:
        db_table = "time_bank_received"
        constraints = [
            models.UniqueConstraint(fields=["partner", "uid"], name="time_bank_received_once"),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="time_bank_received_minutes"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("filed_by")), name="time_bank_received_second_person"
            ),
        ]


class Seal(models.Model):
    """One day of a bank: the root over the heads of all statements that changed, itself in the journal's chain."""

    SCOPE = Scope(area="bank")

    bank = models.ForeignKey(Bank, models.PROTECT, related_name="seals")
    day = models.DateField("日期")
    root = models.CharField("根校验值", max_length=64)
    count = models.IntegerField("户数")

    class Meta:
        db_table = "time_bank_seal"
        constraints = [models.UniqueConstraint(fields=["bank", "day"], name="time_bank_seal_once")]


class SealedHead(models.Model):
    """The head of one account's statement when a day was sealed: how many lines, and the hash that binds them."""

    seal = models.ForeignKey(Seal, models.PROTECT, related_name="heads")
    holding = models.ForeignKey(Holding, models.PROTECT, related_name="heads")
    place = models.IntegerField("位置")
    lines = models.IntegerField("行数")
    last_leg = models.BigIntegerField("末行")
    head = models.CharField("校验值", max_length=64)

    class Meta:
        db_table = "time_bank_sealed_head"
        constraints = [
            models.UniqueConstraint(fields=["seal", "place"], name="time_bank_sealed_place"),
            models.UniqueConstraint(fields=["seal", "holding"], name="time_bank_sealed_once"),
        ]
