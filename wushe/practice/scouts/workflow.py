"""The moves of a lead: it becomes a need, joins one, or is closed with a reason."""

from wushe.foundation.workflow import Edge, Workflow

from .models import LeadState as S

LEAD = Workflow(
    "lead",
    states=S,
    initial=S.SENT,
    edges=[
        Edge("raise", S.SENT, S.RAISED, "转为需求"),
        Edge("join", S.SENT, S.JOINED, "并入已有需求"),
        Edge("close", S.SENT, S.CLOSED, "关闭线索"),
    ],
)
