"""Projects with their money."""

from .projects import BudgetLine, Project, ProjectState, SourceClass

__all__ = ["BudgetLine", "Project", "ProjectState", "SourceClass"]
