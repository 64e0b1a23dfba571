"""The moves of a hotline order."""

from wushe.foundation.workflow import Edge, Workflow

from .models import OrderState as S

HOTLINE_ORDER = Workflow(
    "hotline_order",
    states=S,
    initial=S.RECEIVED,
    edges=[
        Edge("assign", S.RECEIVED, S.ASSIGNED, "派单"),
        Edge("tell", S.RECEIVED, S.TOLD, "重复诉求，告知进度"),
        Edge("redirect", S.RECEIVED, S.REDIRECTED, "转紧急专线或法定渠道"),
        Edge("contact", S.ASSIGNED, S.ASSIGNED, "首次联系"),
        Edge("dispute", S.ASSIGNED, S.DISPUTED, "申请退单"),
        Edge("uphold", S.DISPUTED, S.RECEIVED, "同意退单，重新派"),
        Edge("turn_down", S.DISPUTED, S.ASSIGNED, "不同意退单，继续办"),
        Edge("extend", S.ASSIGNED, S.ASSIGNED, "同意延期"),
        Edge("pause", S.ASSIGNED, S.PAUSED, "暂停计时"),
        Edge("resume", S.PAUSED, S.ASSIGNED, "恢复计时"),
        Edge("answer", S.ASSIGNED, S.ANSWERED, "答复诉求人"),
        Edge("close", S.ANSWERED, S.CLOSED, "回访办结"),
    ],
)
