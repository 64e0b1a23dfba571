"""The moves of a wish to read a child's file."""

from wushe.foundation.workflow import Edge, Workflow

from .models import LeaveState as L

LEAVE = Workflow(
    "leave",
    states=L,
    initial=L.ASKED,
    edges=[
        Edge("grant", L.ASKED, L.GRANTED, "批准，写明到什么时候"),
        Edge("refuse", L.ASKED, L.REFUSED, "不批准"),
        Edge("end", L.GRANTED, L.ENDED, "提前收回"),
    ],
)
