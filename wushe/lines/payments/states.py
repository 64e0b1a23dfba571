"""The words of payments: statements, disputes, receiving accounts, batches, payments and lines of the bank."""

from django.db import models


class StatementKind(models.TextChoices):
    """What a statement is for."""

    MONTH = "month", "月度结算"
    YEAR_END = "year_end", "年终留存返还"


class StatementState(models.TextChoices):
    """Where a statement stands."""

    ISSUED = "issued", "待机构确认"
    AGREED = "agreed", "待付款"
    PAYING = "paying", "付款中"
    PAID = "paid", "已付款"


class LineKind(models.TextChoices):
    """Whether a line adds what was earned, or takes back what was paid and reversed since."""

    EARNED = "earned", "应付"
    TAKEN_BACK = "taken_back", "冲回"


class DisputeState(models.TextChoices):
    """Where the dispute of a line stands."""

    OPEN = "open", "待答复"
    ANSWERED = "answered", "待裁定"
    UPHELD = "upheld", "成立已冲正"
    REJECTED = "rejected", "不成立"
    WITHDRAWN = "withdrawn", "已撤回"


class PayeeState(models.TextChoices):
    """Where a receiving account stands."""

    PROPOSED = "proposed", "待复核"
    ACTIVE = "active", "在用"
    REFUSED = "refused", "未通过"
    REPLACED = "replaced", "已停用"


class BatchState(models.TextChoices):
    """Where a batch of payments stands."""

    DRAFTED = "drafted", "待复核"
    CONFIRMED = "confirmed", "已复核"
    SENT = "sent", "已交银行"
    DONE = "done", "已办结"
    CANCELLED = "cancelled", "已撤销"


class PaymentState(models.TextChoices):
    """Where one payment stands."""

    PLANNED = "planned", "待复核"
    READY = "ready", "待交银行"
    SENT = "sent", "已交银行"
    PAID = "paid", "已付出"
    RETURNED = "returned", "已退回"
    DROPPED = "dropped", "已撤销"


class BankLineState(models.TextChoices):
    """Whether a line of the bank has been explained."""

    SUSPENSE = "suspense", "挂账"
    MATCHED = "matched", "已对上"
    RESOLVED = "resolved", "已处理"


class Outcome(models.TextChoices):
    """What a line of the bank turned out to be."""

    PAYMENT = "payment", "是这笔付款"
    RETURN = "return", "是这笔付款退回"
    OFFSET = "offset", "与另一笔对冲"
    CHARGE = "charge", "手续费或利息"


class ReleaseState(models.TextChoices):
    """Where the year-end release of what was held back stands."""

    SCORED = "scored", "待复核"
    CONFIRMED = "confirmed", "已结清"
    REFUSED = "refused", "未通过"
