"""The words of the time bank: where time comes from, and where requests, gifts and transfers stand."""

from django.db.models import TextChoices


class Source(TextChoices):
    """What brought time into the bank."""

    VISIT = "visit", "上门服务"
    HOURS = "hours", "志愿活动"
    REQUEST = "request", "时间银行服务"
    GRANT = "grant", "专项赠予"
    WIRE = "wire", "他行转入"


class HelpKind(TextChoices):
    """What may be asked for: non-professional help of low risk."""

    COMPANY = "company", "陪伴聊天"
    ERRANDS = "errands", "代办跑腿"
    OUTING = "outing", "出行陪伴"
    HOUSEWORK = "housework", "简单家务"
    REPAIR = "repair", "小修小补"
    LEARNING = "learning", "手机等学习"
    OTHER = "other", "其他帮助"


class RequestState(TextChoices):
    """Where a request for help stands."""

    ASKED = "asked", "等人接"
    HELD = "held", "已有人接"
    STARTED = "started", "服务中"
    DONE = "done", "待确认"
    SETTLED = "settled", "已兑换"
    DISPUTED = "disputed", "有异议"
    RELEASED = "released", "已取消"


class GiftKind(TextChoices):
    """How time passes from one account to another."""

    RELATIVE = "relative", "转给家人"
    FRIEND = "friend", "转给亲友"
    DONATION = "donation", "捐给公益池"
    INHERITANCE = "inheritance", "继承"
    POOL = "pool", "公益池赠予"


class GiftState(TextChoices):
    """Where a gift stands: a second person approves it."""

    FILED = "filed", "待审核"
    DONE = "done", "已入账"
    REFUSED = "refused", "未通过"
    WITHDRAWN = "withdrawn", "已撤回"


class SentState(TextChoices):
    """Where time that was sent to another bank stands."""

    SENT = "sent", "在途"
    CONFIRMED = "confirmed", "对方已入账"
    RETURNED = "returned", "已退回"


class ReceivedState(TextChoices):
    """Where time that came from another bank stands."""

    RECEIVED = "received", "待入账"
    CREDITED = "credited", "已入账"
    DECLINED = "declined", "已拒收"
