"""The moves of a settlement."""

from wushe.foundation.workflow import Edge, Workflow

from .models import SettlementState as S

SETTLEMENT = Workflow(
    "settlement",
    states=S,
    initial=S.DUE,
    edges=[
        Edge("settle", S.DUE, S.SETTLED, "结算"),
        Edge("reverse", S.SETTLED, S.REVERSED, "冲正"),
    ],
)
