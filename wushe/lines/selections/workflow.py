"""The moves of a selection, of a proposal, and of an objection."""

from wushe.foundation.workflow import Edge, Workflow

from .states import ObjectionState, ProposalState
from .states import SelectionState as S

SELECTION = Workflow(
    "selection",
    states=S,
    initial=S.DRAFTED,
    edges=[
        Edge("amend", S.DRAFTED, S.DRAFTED, "修改"),
        Edge("announce", S.DRAFTED, S.OPEN, "发布"),
        Edge("close_entry", S.OPEN, S.SCREENING, "截止"),
        Edge("judge", S.SCREENING, S.SCORING, "进入评审"),
        Edge("notice", S.SCORING, S.NOTICED, "公示结果"),
        Edge("rejudge", S.NOTICED, S.SCORING, "异议成立，重新评审"),
        Edge("decide", S.NOTICED, S.DECIDED, "确定结果"),
        *(Edge("cancel", state, S.CANCELLED, "终止")
          for state in (S.DRAFTED, S.OPEN, S.SCREENING, S.SCORING, S.NOTICED)),
    ],
)  # fmt: skip

P, A = ProposalState, ObjectionState

PROPOSAL = Workflow(
    "proposal",
    states=P,
    initial=P.DRAFTED,
    edges=[
        Edge("amend", P.DRAFTED, P.DRAFTED, "修改"),
        Edge("amend", P.ASKED, P.ASKED, "补正"),
        Edge("file", P.DRAFTED, P.FILED, "提交"),
        Edge("file", P.ASKED, P.FILED, "补正后重新提交"),
        Edge("ask", P.FILED, P.ASKED, "要求补正"),
        Edge("pass", P.FILED, P.PASSED, "资格通过"),
        Edge("bar", P.FILED, P.BARRED, "资格不符"),
        Edge("lapse", P.DRAFTED, P.LAPSED, "逾期未提交"),
        Edge("lapse", P.ASKED, P.LAPSED, "逾期未补正"),
        *(Edge("withdraw", state, P.WITHDRAWN, "撤回") for state in (P.DRAFTED, P.FILED, P.ASKED)),
        Edge("fix", P.PASSED, P.PASSED, "核定金额"),
        Edge("place", P.PASSED, P.PASSED, "排出名次"),
        Edge("choose", P.PASSED, P.CHOSEN, "拟入选"),
        Edge("reopen", P.CHOSEN, P.PASSED, "重新评审"),
        Edge("win", P.CHOSEN, P.WON, "入选"),
        Edge("contract", P.WON, P.CONTRACTED, "签约"),
        *(Edge("lose", state, P.LOST, "未入选") for state in (P.DRAFTED, P.FILED, P.ASKED, P.PASSED, P.CHOSEN)),
    ],
)

OBJECTION = Workflow(
    "objection",
    states=A,
    initial=A.RAISED,
    edges=[
        Edge("uphold", A.RAISED, A.UPHELD, "异议成立"),
        Edge("dismiss", A.RAISED, A.DISMISSED, "异议不成立"),
    ],
)
