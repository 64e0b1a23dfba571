"""The moves of activities, sign-ups, residents who take part, swaps, hour records, corrections and certificates."""

from wushe.foundation.workflow import Edge, Workflow

from .states import ActivityState as A
from .states import AttendeeState as T
from .states import CertificateState as C
from .states import CorrectionState as K
from .states import HourState as H
from .states import SignUpState as S
from .states import SwapState as W

ACTIVITY = Workflow(
    "activity",
    states=A,
    initial=A.DRAFT,
    edges=[
        Edge("open", A.DRAFT, A.OPEN, "开始招募"),
        Edge("close", A.OPEN, A.CLOSED, "结项"),
        Edge("cancel", A.DRAFT, A.CANCELLED, "取消"),
        Edge("cancel", A.OPEN, A.CANCELLED, "取消"),
    ],
)
SIGN_UP = Workflow(
    "sign_up",
    states=S,
    initial=S.QUEUED,
    edges=[
        Edge("take", S.QUEUED, S.TAKEN, "报上"),
        Edge("withdraw", S.QUEUED, S.WITHDRAWN, "退出"),
        Edge("withdraw", S.TAKEN, S.WITHDRAWN, "退出"),
        Edge("serve", S.TAKEN, S.SERVED, "到岗"),
        Edge("miss", S.TAKEN, S.ABSENT, "没有来"),
        Edge("excuse", S.ABSENT, S.TAKEN, "改为来了"),
    ],
)
ATTENDEE = Workflow(
    "attendee",
    states=T,
    initial=T.QUEUED,
    edges=[
        Edge("take", T.QUEUED, T.ENROLLED, "报上"),
        Edge("leave", T.QUEUED, T.LEFT, "退出"),
        Edge("leave", T.ENROLLED, T.LEFT, "退出"),
    ],
)
SWAP = Workflow(
    "swap",
    states=W,
    initial=W.ASKED,
    edges=[
        Edge("agree", W.ASKED, W.AGREED, "同意换班"),
        Edge("decline", W.ASKED, W.DECLINED, "不换"),
        Edge("lapse", W.ASKED, W.LAPSED, "作废"),
    ],
)
HOURS = Workflow(
    "hours",
    states=H,
    initial=H.RUNNING,
    edges=[
        Edge("hold", H.RUNNING, H.HELD, "待核对"),
        Edge("count", H.RUNNING, H.COUNTED, "计入"),
        Edge("count", H.HELD, H.COUNTED, "核对后计入"),
        Edge("strike", H.RUNNING, H.STRUCK, "不计入"),
        Edge("strike", H.HELD, H.STRUCK, "不计入"),
        Edge("strike", H.COUNTED, H.STRUCK, "撤销"),
        Edge("restore", H.STRUCK, H.HELD, "重新核对"),
    ],
)
CORRECTION = Workflow(
    "correction",
    states=K,
    initial=K.ASKED,
    edges=[
        Edge("grant", K.ASKED, K.GRANTED, "更正"),
        Edge("decline", K.ASKED, K.DECLINED, "不更正"),
    ],
)
CERTIFICATE = Workflow(
    "certificate",
    states=C,
    initial=C.APPLIED,
    edges=[
        Edge("post", C.APPLIED, C.POSTED, "受理并公示"),
        Edge("decline", C.APPLIED, C.DECLINED, "不开具"),
        Edge("issue", C.POSTED, C.ISSUED, "生效"),
        Edge("revoke", C.POSTED, C.REVOKED, "撤销"),
        Edge("revoke", C.ISSUED, C.REVOKED, "撤销"),
    ],
)
