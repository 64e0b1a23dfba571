"""The moves of a plan and of an appointment."""

from wushe.foundation.workflow import Edge, Workflow

from .models import AppointmentState as A
from .models import PlanState as P

PLAN = Workflow(
    "plan",
    states=P,
    initial=P.PROPOSED,
    edges=[
        Edge("confirm", P.PROPOSED, P.CONFIRMED, "确认发布"),
        Edge("discard", P.PROPOSED, P.DISCARDED, "放弃"),
        Edge("supersede", P.CONFIRMED, P.SUPERSEDED, "被新方案替代"),
    ],
)

APPOINTMENT = Workflow(
    "appointment",
    states=A,
    initial=A.OPEN,
    edges=[
        Edge("confirm", A.OPEN, A.CONFIRMED, "安排人员"),
        Edge("change", A.CONFIRMED, A.CONFIRMED, "改派"),
        Edge("release", A.CONFIRMED, A.OPEN, "退回待安排"),
        Edge("keep", A.CONFIRMED, A.KEPT, "已上门"),
        Edge("keep", A.MISSED, A.KEPT, "已上门（补传签到）"),
        Edge("miss", A.CONFIRMED, A.MISSED, "未上门"),
        Edge("miss", A.OPEN, A.MISSED, "当日无人上门"),
        Edge("reschedule", A.MISSED, A.OPEN, "改期"),
        Edge("cancel", A.OPEN, A.CANCELLED, "取消"),
        Edge("cancel", A.CONFIRMED, A.CANCELLED, "取消"),
        Edge("cancel", A.MISSED, A.CANCELLED, "取消"),
    ],
)
