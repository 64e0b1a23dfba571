"""Projects with their money, the tranches in which a carrier gets it, what proves each step, and what came of it."""

from .grants import Grant, Rectification, RectificationState, Report, ReportState, StandardMark, Tranche, TrancheState
from .outcomes import OutcomeMeasure, OutcomeReading
from .projects import BudgetLine, Project, ProjectState, SourceClass

__all__ = [
    "BudgetLine", "Grant", "OutcomeMeasure", "OutcomeReading", "Project", "ProjectState", "Rectification",
    "RectificationState", "Report", "ReportState", "SourceClass", "StandardMark", "Tranche", "TrancheState",
]  # fmt: skip
