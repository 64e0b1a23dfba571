"""The moves of the time bank: requests for help, gifts, and transfers between banks."""

from wushe.foundation.workflow import Edge, Workflow

from .states import GiftState as G
from .states import ReceivedState, SentState
from .states import RequestState as R

REQUEST = Workflow(
    "time_request",
    states=R,
    initial=R.ASKED,
    edges=[
        Edge("take", R.ASKED, R.HELD, "接下并预留时间"),
        Edge("start", R.HELD, R.STARTED, "到场签到"),
        Edge("finish", R.STARTED, R.DONE, "结束签退"),
        Edge("confirm", R.DONE, R.SETTLED, "确认"),
        Edge("dispute", R.DONE, R.DISPUTED, "提出异议"),
        Edge("uphold", R.DISPUTED, R.SETTLED, "裁定照付"),
        Edge("dismiss", R.DISPUTED, R.RELEASED, "裁定不付"),
        Edge("cancel", R.ASKED, R.RELEASED, "取消"),
        Edge("cancel", R.HELD, R.RELEASED, "取消并退回"),
        Edge("step_back", R.HELD, R.ASKED, "接单人退出"),
    ],
)
GIFT = Workflow(
    "time_gift",
    states=G,
    initial=G.FILED,
    edges=[
        Edge("approve", G.FILED, G.DONE, "审核通过"),
        Edge("refuse", G.FILED, G.REFUSED, "审核不通过"),
        Edge("withdraw", G.FILED, G.WITHDRAWN, "撤回"),
    ],
)
SENT_WIRE = Workflow(
    "time_sent",
    states=SentState,
    initial=SentState.SENT,
    edges=[
        Edge("confirm", SentState.SENT, SentState.CONFIRMED, "对方已入账"),
        Edge("give_back", SentState.SENT, SentState.RETURNED, "对方拒收，退回"),
    ],
)
RECEIVED_WIRE = Workflow(
    "time_received",
    states=ReceivedState,
    initial=ReceivedState.RECEIVED,
    edges=[
        Edge("credit", ReceivedState.RECEIVED, ReceivedState.CREDITED, "入账并回执"),
        Edge("decline", ReceivedState.RECEIVED, ReceivedState.DECLINED, "拒收并回执"),
    ],
)
