"""The moves of an open meeting and of the questions asked there."""

from wushe.foundation.workflow import Edge, Workflow

from .models import MeetingState as M
from .models import QuestionState as Q

MEETING = Workflow(
    "meeting",
    states=M,
    initial=M.ANNOUNCED,
    edges=[
        Edge("hold", M.ANNOUNCED, M.HELD, "记录已召开"),
        Edge("call_off", M.ANNOUNCED, M.CALLED_OFF, "取消"),
    ],
)
QUESTION = Workflow(
    "question",
    states=Q,
    initial=Q.ASKED,
    edges=[
        Edge("raise", Q.ASKED, Q.TAKEN, "转为需求"),
        Edge("take", Q.ASKED, Q.TAKEN, "交办"),
        Edge("hand_on", Q.TAKEN, Q.TAKEN, "改交他人"),
        Edge("answer", Q.ASKED, Q.ANSWERED, "当场答复"),
        Edge("answer", Q.TAKEN, Q.ANSWERED, "公开答复"),
        Edge("decline", Q.ASKED, Q.DECLINED, "不予公开"),
    ],
)
