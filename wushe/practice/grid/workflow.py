"""The moves of a grid case: the seven steps, and the ways back."""

from wushe.foundation.workflow import Edge, Workflow

from .models import CaseState as S

GRID_CASE = Workflow(
    "grid_case",
    states=S,
    initial=S.COLLECTED,
    edges=[
        Edge("file", S.COLLECTED, S.FILED, "案卷建立"),
        Edge("dismiss", S.COLLECTED, S.DISMISSED, "不予建档"),
        Edge("send", S.FILED, S.HANDLING, "任务派遣"),
        Edge("handle", S.HANDLING, S.HANDLING, "任务处理"),
        Edge("hand_back", S.HANDLING, S.FILED, "退回，属地重派"),
        Edge("extend", S.HANDLING, S.HANDLING, "延期"),
        Edge("report", S.HANDLING, S.REPORTED, "处理反馈"),
        Edge("fail", S.REPORTED, S.HANDLING, "核查不通过，退回处理"),
        Edge("close", S.REPORTED, S.CLOSED, "核查结案"),
        Edge("hang", S.HANDLING, S.HUNG, "挂账"),
        Edge("resume", S.HUNG, S.HANDLING, "恢复办理"),
        Edge("evaluate", S.CLOSED, S.EVALUATED, "综合评价"),
    ],
)
