"""The moves of a registration with a community: asked, confirmed by the community, ended."""

from wushe.foundation.workflow import Edge, Workflow

from .models import CheckInState as S

CHECK_IN = Workflow(
    "check_in",
    states=S,
    initial=S.ASKED,
    edges=[
        Edge("confirm", S.ASKED, S.STANDING, "社区确认报到"),
        Edge("decline", S.ASKED, S.DECLINED, "社区没有接收"),
        Edge("end", S.STANDING, S.ENDED, "结束报到"),
    ],
)
