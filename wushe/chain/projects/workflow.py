"""The moves of a project."""

from wushe.foundation.errors import Invalid
from wushe.foundation.workflow import Edge, Workflow

from .models import Project
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
