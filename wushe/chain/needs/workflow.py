"""The moves of a need, and of an application on somebody's behalf before it is one."""

from wushe.foundation.workflow import Edge, Workflow

from .models import ApplicationState as A
from .models import NeedState as S

NEED = Workflow(
    "need",
    states=S,
    initial=S.RECORDED,
    edges=[
        Edge("triage", S.RECORDED, S.TRIAGED, "研判"),
        Edge("link", S.TRIAGED, S.LINKED, "链接资源"),
        Edge("relink", S.LINKED, S.LINKED, "改链接"),
        Edge("serve", S.LINKED, S.IN_SERVICE, "下单服务"),
        Edge("release", S.IN_SERVICE, S.LINKED, "订单取消，退回待下单"),
        Edge("meet", S.IN_SERVICE, S.MET, "服务完成"),
        Edge("refer", S.RECORDED, S.REFERRED, "转介"),
        Edge("refer", S.TRIAGED, S.REFERRED, "转介"),
        Edge("refer", S.LINKED, S.REFERRED, "转介"),
        Edge("close", S.RECORDED, S.CLOSED, "关闭"),
        Edge("close", S.TRIAGED, S.CLOSED, "关闭"),
        Edge("close", S.LINKED, S.CLOSED, "关闭"),
        Edge("reopen", S.CLOSED, S.RECORDED, "重新受理"),
        Edge("reopen", S.REFERRED, S.RECORDED, "重新受理"),
    ],
)
APPLICATION = Workflow(
    "application",
    states=A,
    initial=A.WAITING,
    edges=[
        Edge("accept", A.WAITING, A.ACCEPTED, "受理，进入需求队列"),
        Edge("refuse", A.WAITING, A.REFUSED, "本人不同意"),
        Edge("hand_on", A.WAITING, A.WAITING, "换人去问"),
    ],
)
