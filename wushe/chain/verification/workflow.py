"""The moves of a check and of a call-back."""

from wushe.foundation.workflow import Edge, Workflow

from .models import CallBackState as B
from .models import CheckState as C

CHECK = Workflow(
    "check",
    states=C,
    initial=C.WAITING,
    edges=[
        Edge("accept", C.WAITING, C.ACCEPTED, "通过"),
        Edge("reject", C.WAITING, C.REJECTED, "不通过"),
        Edge("appeal", C.REJECTED, C.WAITING, "申诉"),
    ],
)

CALL_BACK = Workflow(
    "call_back",
    states=B,
    initial=B.DUE,
    edges=[
        Edge("try", B.DUE, B.DUE, "未接通，再拨"),
        Edge("answer", B.DUE, B.ANSWERED, "已回访"),
        Edge("give_up", B.DUE, B.UNREACHED, "多次未联系上"),
    ],
)
