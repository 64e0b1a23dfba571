"""The moves of an order."""

from wushe.foundation.workflow import Edge, Workflow

from .models import OrderState as S

ORDER = Workflow(
    "order",
    states=S,
    initial=S.PLACED,
    edges=[
        Edge("send", S.PLACED, S.SENT, "送单"),
        Edge("accept", S.SENT, S.ACCEPTED, "接单"),
        Edge("return", S.SENT, S.PLACED, "全部婉拒，退回待派"),
        Edge("expire", S.SENT, S.PLACED, "超时未接，退回待派"),
        Edge("withdraw", S.ACCEPTED, S.PLACED, "机构退单"),
        Edge("fulfil", S.ACCEPTED, S.FULFILLED, "完成"),
        Edge("cancel", S.PLACED, S.CANCELLED, "取消"),
        Edge("cancel", S.SENT, S.CANCELLED, "取消"),
        Edge("cancel", S.ACCEPTED, S.CANCELLED, "取消"),
    ],
)
