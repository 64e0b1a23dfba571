"""The moves of a visit."""

from wushe.foundation.workflow import Edge, Workflow

from .models import VisitState as S

VISIT = Workflow(
    "visit",
    states=S,
    initial=S.STARTED,
    edges=[
        Edge("end", S.STARTED, S.ENDED, "签退"),
        Edge("accept", S.ENDED, S.ACCEPTED, "核验通过"),
        Edge("reject", S.ENDED, S.REJECTED, "核验不通过"),
        Edge("appeal", S.REJECTED, S.ENDED, "申诉，重新核验"),
        Edge("settle", S.ACCEPTED, S.SETTLED, "结算"),
        Edge("unsettle", S.SETTLED, S.ACCEPTED, "结算冲正"),
    ],
)
