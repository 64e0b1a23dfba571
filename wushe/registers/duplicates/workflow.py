"""The moves of a ticket."""

from wushe.foundation.workflow import Edge, Workflow

from .models import TicketState as S

TICKET = Workflow(
    "duplicate",
    states=S,
    initial=S.OPEN,
    edges=[
        Edge("ask", S.OPEN, S.ASKED, "询问另一个社区"),
        Edge("answer", S.ASKED, S.OPEN, "答复"),
        Edge("merge", S.OPEN, S.MERGED, "合并"),
        Edge("merge", S.ASKED, S.MERGED, "合并"),
        Edge("unmerge", S.MERGED, S.OPEN, "撤销合并"),
        Edge("part", S.OPEN, S.APART, "确认不是同一人"),
        Edge("part", S.ASKED, S.APART, "确认不是同一人"),
        Edge("reopen", S.APART, S.OPEN, "重新处理"),
        Edge("lapse", S.OPEN, S.LAPSED, "资料已改，不再像同一人"),
        Edge("lapse", S.ASKED, S.LAPSED, "资料已改，不再像同一人"),
        Edge("find", S.LAPSED, S.OPEN, "又像同一人"),
    ],
)
