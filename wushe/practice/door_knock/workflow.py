"""The moves of a campaign, of a door, and of a line of the four lists."""

from wushe.foundation.workflow import Edge, Workflow

from .models import CampaignState as C
from .models import ListState as L
from .models import ProposalState as P
from .models import TargetState as T

CAMPAIGN = Workflow(
    "campaign",
    states=C,
    initial=C.RUNNING,
    edges=[
        Edge("close", C.RUNNING, C.CLOSED, "全部走到，结束"),
        Edge("cancel", C.RUNNING, C.CANCELLED, "取消"),
    ],
)

# A report may correct what another said, so that a door goes from each state to each but the first.
TARGET = Workflow(
    "target",
    states=T,
    initial=T.WAITING,
    edges=[
        *(Edge("miss", source, T.AGAIN, "没人在家") for source in T),
        *(Edge("reach", source, T.REACHED, "走访到") for source in T),
        *(Edge("give_up", source, T.NOT_REACHED, "写明走访不到的原因") for source in T),
    ],
)

LIST_LINE = Workflow(
    "list_line",
    states=L,
    initial=L.OPEN,
    edges=[
        Edge("agree", L.OPEN, L.AGREED, "定措施、责任人和期限"),
        Edge("agree", L.AGREED, L.AGREED, "改措施"),
        Edge("finish", L.OPEN, L.DONE, "办结"),
        Edge("finish", L.AGREED, L.DONE, "办结"),
        Edge("drop", L.OPEN, L.DROPPED, "撤下"),
        Edge("drop", L.AGREED, L.DROPPED, "撤下"),
        Edge("reopen", L.DONE, L.OPEN, "重新办理"),
        Edge("reopen", L.DROPPED, L.OPEN, "重新列入"),
    ],
)

TAG_PROPOSAL = Workflow(
    "tag_proposal",
    states=P,
    initial=P.PROPOSED,
    edges=[
        Edge("confirm", P.PROPOSED, P.CONFIRMED, "确认，写进登记册"),
        Edge("decline", P.PROPOSED, P.DECLINED, "不认定"),
    ],
)
