"""Documents that must agree with the code: the glossary and the diagrams of all workflows."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command

from tests.architecture.sources import ROOT
from wushe.foundation.workflow import all_workflows

GLOSSARY = ROOT / "GLOSSARY.md"


def test_the_glossary_names_every_thing_of_the_field() -> None:
    text = GLOSSARY.read_text()
    models = [m for m in apps.get_models() if m.__module__.startswith("wushe.")]
    assert len(models) > 30
    assert sorted(model.__name__ for model in models if f"`{model.__name__}`" not in text) == []


def test_the_glossary_names_every_state() -> None:
    text = GLOSSARY.read_text()
    missing = {
        f"{workflow.name}: {state} {label}"
        for workflow in all_workflows()
        for state, label in workflow.states.choices
        if f"`{state}`" not in text or str(label) not in text
    }
    assert missing == set()


def test_the_diagrams_are_those_of_the_tables() -> None:
    printed = StringIO()
    call_command("draw_workflows", stdout=printed)
    assert (ROOT / "docs/workflows.md").read_text() == printed.getvalue()


@pytest.mark.django_db
def test_migrations_agree_with_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
