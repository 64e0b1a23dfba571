"""The words of goods: what they are, where they came from, where each thing stands."""

from django.db import models


class ArticleKind(models.TextChoices):
    """What an article is."""

    FOOD = "food", "粮油食品"
    CLOTHES = "clothes", "衣被"
    BOOKS = "books", "图书"
    DEVICE = "device", "设备辅具"
    DAILY = "daily", "日用品"
    MEDICAL = "medical", "药械防护"
    OTHER = "other", "其他"


class Source(models.TextChoices):
    """How goods came in."""

    DONATED = "donated", "捐赠"
    BOUGHT = "bought", "采购"
    GRANTED = "granted", "上级拨付"
    FOUND = "found", "盘盈"


class BatchState(models.TextChoices):
    """Where a batch stands: whether its goods may be given out."""

    WAITING = "waiting", "待验收"
    STOCKED = "stocked", "已入库"
    REFUSED = "refused", "验收未通过"
    REVERSED = "reversed", "入库已冲正"
    RECALLED = "recalled", "已召回"


class HandoutState(models.TextChoices):
    """Where goods for one household stand."""

    PROMISED = "promised", "待领取"
    HANDED = "handed", "已领取"
    LENT = "lent", "借用中"
    RETURNED = "returned", "已归还"
    WITHDRAWN = "withdrawn", "已撤回"


class Proof(models.TextChoices):
    """What shows that goods were handed over."""

    SIGNATURE = "signature", "签收单照片"
    PHOTO = "photo", "领取时的照片"


class CountState(models.TextChoices):
    """Where a stock count stands."""

    OPEN = "open", "盘点中"
    COUNTED = "counted", "待复核"
    BOOKED = "booked", "已入账"
    CANCELLED = "cancelled", "已取消"


class WriteOffReason(models.TextChoices):
    """Why goods cannot be used."""

    EXPIRED = "expired", "过期"
    DAMAGED = "damaged", "损坏"
    RECALLED = "recalled", "召回销毁"
    OTHER = "other", "其他"


class WriteOffState(models.TextChoices):
    """Where a write-off stands."""

    ASKED = "asked", "待复核"
    DONE = "done", "已报损"
    REFUSED = "refused", "未同意"


class RecallState(models.TextChoices):
    """Where a recall stands."""

    OPEN = "open", "召回中"
    CLOSED = "closed", "已结束"


class ContactState(models.TextChoices):
    """What became of one recipient of recalled goods."""

    TO_TELL = "to_tell", "待通知"
    TOLD = "told", "已通知"
    BACK = "back", "已收回"
    USED_UP = "used_up", "已用完"
    UNREACHED = "unreached", "联系不上"
