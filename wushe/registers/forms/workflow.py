"""The moves of a version of a form."""

from wushe.foundation.workflow import Edge, Workflow

from .models import VersionState as S

FORM_VERSION = Workflow(
    "form_version",
    states=S,
    initial=S.DRAFT,
    edges=[
        Edge("publish", S.DRAFT, S.PUBLISHED, "发布"),
        Edge("replace", S.PUBLISHED, S.REPLACED, "被新版代替"),
    ],
)
