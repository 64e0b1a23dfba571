"""Orders: what is asked of the carriers. Placed 点单, sent 送单, accepted 接单; the first to accept has it."""

from django.db import models
from django.db.models import Q

from wushe.chain.needs.models import Need
from wushe.chain.projects.models import BudgetLine
from wushe.foundation.scope import Placed, Scope
from wushe.registers.catalogue.models import Item
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person


class OrderState(models.TextChoices):
    """Where an order stands. `placed` is the pool of orders without a taker."""

    PLACED = "placed", "待派单"
    SENT = "sent", "待接单"
    ACCEPTED = "accepted", "已接单"
    FULFILLED = "fulfilled", "已完成"
    CANCELLED = "cancelled", "已取消"


RUNNING = (OrderState.PLACED, OrderState.SENT, OrderState.ACCEPTED)


class Order(Placed):
    """A service for one person: so many visits of one item, in a rhythm, within a time of day."""

    SCOPE = Scope(area="", organisation="organisation_id", holders={
        "resident": lambda pk: Q(person_id=pk)
        | Q(person__relations__relative_id=pk, person__relations__may_act=True)
    })  # fmt: skip

    need = models.ForeignKey(Need, models.PROTECT, related_name="orders")
    person = models.ForeignKey(Person, models.PROTECT, related_name="orders")
    item = models.ForeignKey(Item, models.PROTECT)
    budget_line = models.ForeignKey(BudgetLine, models.PROTECT, null=True, blank=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, blank=True, related_name="orders")
    state = models.CharField("状态", max_length=10, choices=OrderState.choices, default=OrderState.PLACED)
    visits_ordered = models.IntegerField("服务次数")
    visits_done = models.IntegerField("已完成次数", default=0)
    weekdays = models.CharField("服务日（1-7，空为不限）", max_length=7, blank=True, default="")
    starts_on = models.DateField("开始日期")
    window_start = models.IntegerField("最早（当日分钟数）")
    window_end = models.IntegerField("最晚（当日分钟数）")
    minutes = models.IntegerField("每次分钟")
    price_fen = models.BigIntegerField("每次价格（分）")
    two_people = models.BooleanField("需两人", default=False)
    urgency = models.CharField("紧急程度", max_length=10, default="week")
    placed_at = models.DateTimeField("点单时间")
    leg_due_at = models.DateTimeField("本环节时限", null=True, blank=True)
    accepted_at = models.DateTimeField("接单时间", null=True, blank=True)
    ended_at = models.DateTimeField("结束时间", null=True, blank=True)
    returns = models.IntegerField("退回次数", default=0)
    note = models.CharField("备注", max_length=200, blank=True, default="")

    class Meta:
        db_table = "orders_order"
        indexes = [
            models.Index(fields=["community_code", "state", "-id"], name="orders_community_state"),
            models.Index(fields=["street_code", "state", "-id"], name="orders_street_state"),
            models.Index(fields=["district_code", "state", "-id"], name="orders_district_state"),
            models.Index(fields=["community_code", "-id"], name="orders_community"),
            models.Index(fields=["street_code", "-id"], name="orders_street"),
            models.Index(fields=["district_code", "-id"], name="orders_district"),
            models.Index(fields=["organisation", "state", "-id"], name="orders_organisation_state"),
            models.Index(fields=["state", "leg_due_at"], name="orders_leg_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "fulfilled"])
                | Q(organisation__isnull=False, accepted_at__isnull=False),
                name="orders_accepted_has_taker",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["placed", "sent"]) | Q(organisation__isnull=True),
                name="orders_pool_has_no_taker",
            ),
            models.CheckConstraint(condition=Q(window_end__gt=models.F("window_start")), name="orders_window_order"),
            models.CheckConstraint(
                condition=Q(visits_ordered__gte=1, visits_done__gte=0, visits_done__lte=models.F("visits_ordered")),
                name="orders_visits_bounds",
            ),
        ]


class Answer(models.TextChoices):
    """What became of an offer."""

    OPEN = "open", "待答复"
    ACCEPTED = "accepted", "已接单"
    REFUSED = "refused", "已婉拒"
    EXPIRED = "expired", "超时未答"
    LOST = "lost", "已被别家接单"
    TAKEN_BACK = "taken_back", "已撤回"


class Offer(models.Model):
    """An order sent to one organisation, with the deadline of its answer."""

    SCOPE = Scope(area="order", organisation="organisation_id")

    order = models.ForeignKey(Order, models.CASCADE, related_name="offers")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="offers")
    round = models.IntegerField("轮次")
    sent_at = models.DateTimeField("送单时间")
    due_at = models.DateTimeField("答复时限")
    answer = models.CharField("答复", max_length=10, choices=Answer.choices, default=Answer.OPEN)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    reason = models.CharField("理由", max_length=120, blank=True, default="")

    class Meta:
        db_table = "orders_offer"
        indexes = [models.Index(fields=["organisation", "answer", "-id"], name="orders_offer_inbox")]
        constraints = [
            models.UniqueConstraint(fields=["order", "organisation", "round"], name="orders_offer_once"),
            models.CheckConstraint(condition=~Q(answer="refused") | ~Q(reason=""), name="orders_refusal_has_reason"),
        ]


class CancelAnswer(models.TextChoices):
    """What became of a wish to cancel."""

    OPEN = "open", "待处理"
    GRANTED = "granted", "已取消"
    DECLINED = "declined", "没有取消"


class CancelRequest(Placed):
    """A resident's wish to cancel an order whose coming visit has been promised to somebody already; the centre answers."""

    SCOPE = Scope(area="", holders={
        "resident": lambda pk: Q(order__person_id=pk)
        | Q(order__person__relations__relative_id=pk, order__person__relations__may_act=True)
    })  # fmt: skip

    order = models.ForeignKey(Order, models.PROTECT, related_name="cancel_requests")
    reason = models.CharField("原因", max_length=120)
    asked_at = models.DateTimeField("提出时间")
    asked_by = models.BigIntegerField("提出账号")
    answer = models.CharField("答复", max_length=10, choices=CancelAnswer.choices, default=CancelAnswer.OPEN)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.BigIntegerField("答复账号", null=True, blank=True)
    note = models.CharField("答复说明", max_length=120, blank=True, default="")

    class Meta:
        db_table = "orders_cancel_request"
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(answer="open"), name="orders_cancel_asked_once"),
            models.CheckConstraint(
                condition=Q(answer="open") | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="orders_cancel_answered",
            ),
            models.CheckConstraint(
                condition=~Q(answer="declined") | ~Q(note=""), name="orders_cancel_declined_says_why"
            ),
        ]
