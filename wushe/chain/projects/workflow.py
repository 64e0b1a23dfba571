"""The moves of a project, of the tranches of its grants, of their reports, and of what has to be put right."""

from wushe.foundation.errors import Invalid
from wushe.foundation.workflow import Edge, Workflow

from .models import Project, RectificationState, ReportState, TrancheState
from .models import ProjectState as S


def has_carrier(project: Project) -> None:
    """Refuse a start without an organisation that carries the project."""
    if project.carrier_id is None:
        raise Invalid(fields={"carrier": "请先确定承接机构，再启动项目。"})


PROJECT = Workflow(
    "project",
    states=S,
    initial=S.DESIGNED,
    edges=[
        Edge("approve", S.DESIGNED, S.APPROVED, "批准"),
        Edge("start", S.APPROVED, S.RUNNING, "启动", guard=has_carrier),
        Edge("return", S.APPROVED, S.DESIGNED, "退回修改"),
        Edge("close", S.RUNNING, S.CLOSED, "结项"),
    ],
)

T, R, F = TrancheState, ReportState, RectificationState

TRANCHE = Workflow(
    "tranche",
    states=T,
    initial=T.PLANNED,
    edges=[
        Edge("release", T.PLANNED, T.RELEASED, "同意拨付"),
        Edge("withdraw", T.RELEASED, T.PLANNED, "撤回同意"),
        Edge("pay", T.RELEASED, T.PAID, "付款"),
        Edge("stop", T.PLANNED, T.STOPPED, "停拨"),
        Edge("stop", T.RELEASED, T.STOPPED, "停拨"),
        Edge("recover", T.PAID, T.RECOVERED, "追回"),
    ],
)

REPORT = Workflow(
    "project_report",
    states=R,
    initial=R.AWAITED,
    edges=[
        *(Edge("file", state, R.FILED, "提交") for state in (R.AWAITED, R.RETURNED)),
        Edge("accept", R.FILED, R.ACCEPTED, "通过"),
        Edge("return", R.FILED, R.RETURNED, "退回补正"),
        *(Edge("fail", state, R.FAILED, "不通过") for state in (R.FILED, R.AWAITED, R.RETURNED)),
        *(Edge("excuse", state, R.AWAITED, "准予延期") for state in (R.AWAITED, R.RETURNED, R.FAILED)),
    ],
)

RECTIFICATION = Workflow(
    "rectification",
    states=F,
    initial=F.OPEN,
    edges=[
        Edge("answer", F.OPEN, F.ANSWERED, "回复整改情况"),
        Edge("reject", F.ANSWERED, F.OPEN, "整改不到位"),
        Edge("close", F.ANSWERED, F.CLOSED, "销号"),
    ],
)
