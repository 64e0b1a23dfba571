"""Print docs/workflows.md: the diagram of every workflow, drawn from its table."""

from typing import Any

from django.core.management.base import BaseCommand

from wushe.foundation.workflow import all_workflows

HEAD = """# Workflows

Printed from the tables in the `workflow.py` of each app by `manage.py draw_workflows > docs/workflows.md`; a test
compares. A state moves only along these arrows, by compare-and-set, and leaves a journal row.
"""


class Command(BaseCommand):
    """Print all diagrams in one Markdown page."""

    help = "打印全部状态图"

    def handle(self, **options: Any) -> None:
        """Write head, then one section for each workflow with the Chinese names of its states."""
        self.stdout.write(HEAD)
        for workflow in all_workflows():
            states = " · ".join(f"`{state}` {label}" for state, label in workflow.states.choices)
            self.stdout.write(f"\n## {workflow.name}\n\n{states}\n\n```mermaid\n{workflow.diagram()}\n```\n")
