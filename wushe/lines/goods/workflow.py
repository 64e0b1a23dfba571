"""The moves of batches, of goods for a household, of counts, write-offs and recalls."""

from wushe.foundation.workflow import Edge, Workflow

from .states import BatchState, ContactState, CountState, HandoutState, RecallState, WriteOffState

B, H, C, W, K = BatchState, HandoutState, CountState, WriteOffState, ContactState

BATCH = Workflow(
    "goods_batch",
    states=B,
    initial=B.WAITING,
    edges=[
        Edge("accept", B.WAITING, B.STOCKED, "验收入库"),
        Edge("refuse", B.WAITING, B.REFUSED, "验收未通过"),
        Edge("reverse", B.STOCKED, B.REVERSED, "冲正入库"),
        Edge("recall", B.STOCKED, B.RECALLED, "召回"),
    ],
)

HANDOUT = Workflow(
    "goods_handout",
    states=H,
    initial=H.PROMISED,
    edges=[
        Edge("hand", H.PROMISED, H.HANDED, "领取"),
        Edge("lend", H.PROMISED, H.LENT, "借出"),
        Edge("withdraw", H.PROMISED, H.WITHDRAWN, "撤回"),
        Edge("undo", H.HANDED, H.PROMISED, "冲正领取"),
        Edge("undo", H.LENT, H.PROMISED, "冲正借出"),
        Edge("give_back", H.LENT, H.RETURNED, "归还"),
    ],
)

COUNT = Workflow(
    "goods_count",
    states=C,
    initial=C.OPEN,
    edges=[
        Edge("finish", C.OPEN, C.COUNTED, "交复核"),
        Edge("again", C.COUNTED, C.OPEN, "退回重盘"),
        Edge("book", C.COUNTED, C.BOOKED, "复核入账"),
        Edge("cancel", C.OPEN, C.CANCELLED, "取消"),
    ],
)

WRITE_OFF = Workflow(
    "goods_write_off",
    states=W,
    initial=W.ASKED,
    edges=[Edge("agree", W.ASKED, W.DONE, "同意报损"), Edge("refuse", W.ASKED, W.REFUSED, "不同意")],
)

RECALL = Workflow(
    "goods_recall",
    states=RecallState,
    initial=RecallState.OPEN,
    edges=[Edge("close", RecallState.OPEN, RecallState.CLOSED, "结束召回")],
)

CONTACT = Workflow(
    "goods_contact",
    states=K,
    initial=K.TO_TELL,
    edges=[
        Edge("tell", K.TO_TELL, K.TOLD, "已通知"),
        *(Edge("bring_back", state, K.BACK, "已收回") for state in (K.TO_TELL, K.TOLD, K.UNREACHED)),
        *(Edge("used_up", state, K.USED_UP, "已用完") for state in (K.TO_TELL, K.TOLD, K.UNREACHED)),
        *(Edge("unreached", state, K.UNREACHED, "联系不上") for state in (K.TO_TELL, K.TOLD)),
    ],
)
