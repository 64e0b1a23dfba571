"""Dispatch of the day: who visits whom, when, in which order, and why."""

from __future__ import annotations

from wushe_engine.dispatch.check import check, evaluate
from wushe_engine.dispatch.errors import ClashError, Issue, ProblemError
from wushe_engine.dispatch.model import (
    FOREVER,
    UNREACHABLE,
    Break,
    Link,
    LinkKind,
    Objective,
    Person,
    PersonKind,
    Problem,
    Promise,
    Series,
    Travel,
    Visit,
)
from wushe_engine.dispatch.plan import (
    Assignment,
    Change,
    Fault,
    Plan,
    Progress,
    Reason,
    Remedy,
    Report,
    Route,
    Statistics,
    Stop,
    Value,
)
from wushe_engine.dispatch.reasons import explain
from wushe_engine.dispatch.repair import repair
from wushe_engine.dispatch.solver import solve, warm_up
from wushe_engine.dispatch.validation import find_clashes

__all__ = [
    "FOREVER",
    "UNREACHABLE",
    "Assignment",
    "Break",
    "Change",
    "ClashError",
    "Fault",
    "Issue",
    "Link",
    "LinkKind",
    "Objective",
    "Person",
    "PersonKind",
    "Plan",
    "Problem",
    "ProblemError",
    "Progress",
    "Promise",
    "Reason",
    "Remedy",
    "Report",
    "Route",
    "Series",
    "Statistics",
    "Stop",
    "Travel",
    "Value",
    "Visit",
    "check",
    "evaluate",
    "explain",
    "find_clashes",
    "repair",
    "solve",
    "warm_up",
]
