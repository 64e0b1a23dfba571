"""Every workflow: each state × each move, on the real table of its thing, on this database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models, transaction

from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Refusal
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import Edge, MoveNotAllowed, StateChanged, Workflow, all_workflows

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
CASES = [(w, s, e) for w in all_workflows() for s in w.states.values for e in w.events]


def model_of(workflow: Workflow) -> type[models.Model]:
    """Return the model whose state has the states of the workflow."""
    return next(
        model
        for model in apps.get_models()
        for field in model._meta.fields
        if field.name == "state"
        and field.choices == workflow.states.choices
        and model._meta.app_label != "contenttypes"
    )


def bare(model: type[models.Model], state: str) -> models.Model:
    """Insert a row that has nothing but what the columns themselves ask for."""
    plain: dict[str, Any] = {
        "CharField": "x", "TextField": "x", "DateField": date(2026, 11, 22), "DateTimeField": NOW, "JSONField": {}, "BooleanField": False,
    }  # fmt: skip
    given = {
        field.attname: plain.get(field.get_internal_type(), 1)
        for field in model._meta.concrete_fields
        if not (field.null or field.has_default() or field.primary_key or field.generated)
    }
    thing = model(**{**given, "state": state})
    thing.save_base(raw=True, force_insert=True)
    return thing


@contextmanager
def columns_alone(model: type[models.Model]) -> Iterator[None]:
    """Look at the moves alone: what ties a state to other columns and rows is tested with the services."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        with undone():
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = %s::regclass", [table]
                )
                for (name,) in cursor.fetchall():
                    cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
            yield
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = OFF")


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def unguarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A guard looks at other rows; each is tested with its service."""
    for workflow in all_workflows():
        table = {key: replace(edge, guard=None) for key, edge in workflow._table.items()}
        monkeypatch.setattr(workflow, "_table", table)


def test_there_are_workflows() -> None:
    assert len(all_workflows()) >= 8
    assert len(CASES) > 150


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("workflow", all_workflows(), ids=lambda w: w.name)
def test_every_state_meets_every_move(workflow: Workflow) -> None:
    model = model_of(workflow)
    with columns_alone(model):
        for state, event in product(workflow.states.values, workflow.events):
            with undone():
                thing = bare(model, state)
                target = next((e.target for e in workflow.edges if (e.event, e.source) == (event, state)), None)
                if target is None:
                    with pytest.raises(MoveNotAllowed):
                        workflow.move(thing, event, actor=SYSTEM, at=NOW)
                else:
                    workflow.move(thing, event, actor=SYSTEM, at=NOW)
                now = model._base_manager.values_list("state", flat=True).get(pk=thing.pk)
                assert now == thing.state == (target or state), (state, event)
                rows = list(JournalEntry.objects.values_list("kind", "data"))
                assert rows == ([(f"{workflow.name}.{event}", {"from": state, "to": target})] if target else []), (
                    state,
                    event,
                )


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("workflow", all_workflows(), ids=lambda w: w.name)
def test_of_two_who_move_the_same_thing_the_second_is_told(workflow: Workflow) -> None:
    model = model_of(workflow)
    # A move that stays in its state (another date, another note) may be repeated.
    for edge in (edge for edge in workflow.edges if edge.source != edge.target):
        with columns_alone(model):
            first = bare(model, edge.source)
            second = model._base_manager.get(pk=first.pk)
            workflow.move(first, edge.event, actor=SYSTEM, at=NOW)
            with pytest.raises(StateChanged):
                workflow.move(second, edge.event, actor=SYSTEM, at=NOW)
            assert JournalEntry.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("workflow", all_workflows(), ids=lambda w: w.name)
def test_every_state_meets_every_move_of_many(workflow: Workflow) -> None:
    model = model_of(workflow)
    with columns_alone(model):
        for state, event in product(workflow.states.values, workflow.events):
            with undone():
                thing = bare(model, state)
                target = next((e.target for e in workflow.edges if (e.event, e.source) == (event, state)), None)
                sources = [e.source for e in workflow.edges if e.event == event]
                given = {"about": thing, "actor": SYSTEM, "at": NOW, "laid": 2, "data": {"x": 1}}
                if target is None:
                    with pytest.raises(MoveNotAllowed):
                        workflow.move_ids(model, [thing.pk], event, source=state, **given)
                    with pytest.raises(StateChanged):
                        workflow.move_ids(model, [thing.pk], event, source=sources[0], **given)
                    assert not JournalEntry.objects.exists()
                else:
                    with pytest.raises(StateChanged):
                        workflow.move_ids(model, [thing.pk, thing.pk + 1], event, source=state, **given)
                    assert model._base_manager.values_list("state", flat=True).get(pk=thing.pk) == state
                    assert not JournalEntry.objects.exists()
                    workflow.move_ids(model, [thing.pk], event, source=state, **given)
                    row = JournalEntry.objects.get()
                    assert (row.kind, row.subject_id) == (f"{workflow.name}.{event}", thing.pk)
                    assert row.data == {"from": state, "to": target, "count": 3, "x": 1}
                assert model._base_manager.values_list("state", flat=True).get(pk=thing.pk) == (target or state)


def test_things_are_born_only_along_an_edge_without_a_guard(light: Workflow) -> None:
    assert light.born("go") == "green"
    with pytest.raises(MoveNotAllowed):
        light.born("halt")
    light._table["go", "red"] = replace(light.edge("red", "go"), guard=lambda thing: None)
    with pytest.raises(ValueError, match="guarded"):
        light.born("go")
    with pytest.raises(ValueError, match="guarded"):
        light.move_ids(JournalEntry, [1], "go", source="red", about=JournalEntry(), actor=SYSTEM, at=NOW)


@pytest.mark.parametrize("workflow", all_workflows(), ids=lambda w: w.name)
def test_every_state_is_reached_from_the_first(workflow: Workflow) -> None:
    reached = {workflow.initial}
    for _ in workflow.states.values:
        reached |= {edge.target for edge in workflow.edges if edge.source in reached}
    assert reached == set(workflow.states.values)


class Light(models.TextChoices):
    """States of an invented thing."""

    RED = "red", "红"
    GREEN = "green", "绿"


def edges(*pairs: tuple[str, str, str]) -> list[Edge]:
    return [Edge(event, source, target, event) for event, source, target in pairs]


@pytest.fixture
def light() -> Iterator[Workflow]:
    yield Workflow(
        "test_light", states=Light, initial="red", edges=edges(("go", "red", "green"), ("halt", "green", "red"))
    )
    Workflow.registry.pop("test_light")


def test_a_table_with_an_unknown_state_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown states"):
        Workflow("test_x", states=Light, initial="red", edges=edges(("go", "red", "blue")))


def test_a_table_with_two_ways_for_one_move_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="two edges"):
        Workflow("test_x", states=Light, initial="red", edges=edges(("go", "red", "green"), ("go", "red", "red")))


def test_the_table_answers(light: Workflow) -> None:
    assert light.events == ["go", "halt"]
    assert light.allows("red", "go")
    assert not light.allows("green", "go")
    assert light.edge("green", "halt").target == "red"
    assert "red --> green: go" in light.diagram()


@pytest.mark.django_db
def test_a_guard_stops_the_move_before_anything_is_written() -> None:
    class Closed(Refusal):
        """The guard's own answer."""

    def closed(thing: models.Model) -> None:
        raise Closed

    workflow = all_workflows()[0]
    edge = workflow.edges[0]
    with columns_alone(model_of(workflow)):
        thing = bare(model_of(workflow), edge.source)
        key = (edge.event, edge.source)
        before = workflow._table[key]
        workflow._table[key] = replace(edge, guard=closed)
        try:
            with pytest.raises(Closed):
                workflow.move(thing, edge.event, actor=SYSTEM, at=NOW)
        finally:
            workflow._table[key] = before
        assert thing.state == edge.source
        assert not JournalEntry.objects.exists()
