"""The moves of a plan of visits, of a pair of neighbours, and of the search for somebody who does not answer."""

from wushe.foundation.workflow import Edge, Workflow

from .models import PairState as B
from .models import PlanState as P
from .models import SearchStep as S

VISIT_PLAN = Workflow(
    "visit_plan",
    states=P,
    initial=P.ACTIVE,
    edges=[
        Edge("see", P.ACTIVE, P.ACTIVE, "见到本人"),
        Edge("try", P.ACTIVE, P.ACTIVE, "没有回应，或不计入探访"),
        Edge("hasten", P.ACTIVE, P.ACTIVE, "变故后尽快探访"),
        Edge("send", P.ACTIVE, P.ACTIVE, "排进上门服务"),
        Edge("pause", P.ACTIVE, P.PAUSED, "暂停探访"),
        Edge("resume", P.PAUSED, P.ACTIVE, "恢复探访"),
        Edge("end", P.ACTIVE, P.ENDED, "退出探访"),
        Edge("end", P.PAUSED, P.ENDED, "退出探访"),
    ],
)

PAIR = Workflow(
    "pair",
    states=B,
    initial=B.STANDING,
    edges=[
        Edge("look_in", B.STANDING, B.STANDING, "联系"),
        Edge("end", B.STANDING, B.ENDED, "结束结对"),
    ],
)

NO_ANSWER = Workflow(
    "no_answer",
    states=S,
    initial=S.DOOR,
    edges=[
        Edge("no_one_in", S.DOOR, S.FAMILY, "敲门无人应，联系家属"),
        Edge("no_word", S.FAMILY, S.POLICE, "家属也不知情，请公安协助"),
        Edge("find", S.DOOR, S.FOUND, "确认平安"),
        Edge("find", S.FAMILY, S.FOUND, "确认平安"),
        Edge("find", S.POLICE, S.FOUND, "确认平安"),
    ],
)
