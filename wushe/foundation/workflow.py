"""Workflow: a state moves only along a declared edge, once, and leaves a journal row.

A workflow is a table of edges. `move` applies one by compare-and-set: the row changes only if its state is still
the source of the edge, so of two people who act at once exactly one succeeds and the other is told.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.module_loading import autodiscover_modules

from .actor import Actor
from .errors import Conflict
from .journal.services import Act, record, record_all
from .listed import listed
from .prepared import update_where

Guard = Callable[[Any], None]
_BATCH = 1000


class MoveNotAllowed(Conflict):
    """The thing is in a state from which this move does not exist."""

    message = "当前状态下不能进行这一步操作，请刷新后查看最新状态。"


class StateChanged(Conflict):
    """Somebody else moved the thing first; nothing was changed by this call."""

    message = "已被别人抢先处理，请刷新后查看最新状态。"


@dataclass(frozen=True, slots=True)
class Edge:
    """One allowed move: `event` takes a thing from `source` to `target`; the guard may raise a Refusal."""

    event: str
    source: str
    target: str
    title: str
    guard: Guard | None = None


class Workflow:
    """The moves of one kind of thing. The model keeps its state in a field named `state`."""

    registry: dict[str, "Workflow"] = {}

    def __init__(self, name: str, *, states: type[models.TextChoices], initial: str, edges: list[Edge]) -> None:
        self.name, self.states, self.initial, self.edges = name, states, initial, edges
        self._table = {(edge.event, edge.source): edge for edge in edges}
        if len(self._table) != len(edges):
            raise ValueError(f"workflow {name}: two edges share event and source")
        unknown = {s for e in edges for s in (e.source, e.target)} | {initial}
        if unknown - set(states.values):
            raise ValueError(f"workflow {name}: unknown states {unknown - set(states.values)}")
        Workflow.registry[name] = self

    @property
    def events(self) -> list[str]:
        """Return the names of all moves, in the order of the table."""
        return list(dict.fromkeys(edge.event for edge in self.edges))

    def edge(self, state: str, event: str) -> Edge:
        """Return the edge; raise MoveNotAllowed if there is none from this state."""
        try:
            return self._table[event, state]
        except KeyError:
            raise MoveNotAllowed from None

    def allows(self, state: str, event: str) -> bool:
        """Say whether the move exists from this state."""
        return (event, state) in self._table

    def start(
        self, thing: models.Model, *, event: str, actor: Actor, at: datetime, data: Mapping[str, Any] | None = None
    ) -> None:
        """Insert a new thing in its initial state and journal it."""
        thing.state = self.initial  # type: ignore[attr-defined]
        thing.save(force_insert=True)
        record(
            kind=f"{self.name}.{event}", subject=thing, actor=actor, at=at, data={"to": self.initial, **(data or {})}
        )

    def move(
        self,
        thing: models.Model,
        event: str,
        *,
        actor: Actor,
        at: datetime,
        changes: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Move the thing along an edge, together with the changes that belong to the move.

        Raises MoveNotAllowed if the edge does not exist, the guard's refusal, or StateChanged if another call
        moved the thing first.
        """
        edge = self.edge(thing.state, event)  # type: ignore[attr-defined]
        if edge.guard:
            edge.guard(thing)
        fields = {**(changes or {}), "state": edge.target}
        if update_where(type(thing), {"pk": thing.pk, "state": edge.source}, fields) != 1:
            raise StateChanged
        for name, value in fields.items():
            setattr(thing, name, value)
        record(
            kind=f"{self.name}.{event}",
            subject=thing,
            actor=actor,
            at=at,
            data={"from": edge.source, "to": edge.target, **(data or {})},
        )

    def move_all(
        self,
        things: Sequence[Any],
        event: str,
        *,
        actor: Actor,
        at: datetime,
        changes: Mapping[str, Any] | None = None,
        data: Callable[[Any], Mapping[str, Any]] | None = None,
    ) -> None:
        """Move many things along the same edge, all or none, with the same changes; raises what `move` raises."""
        if not things:
            return
        edge = self.edge(things[0].state, event)
        fields = {**(changes or {}), "state": edge.target}
        for thing in things:
            if thing.state != edge.source:
                raise MoveNotAllowed
            if edge.guard:
                edge.guard(thing)
        manager = type(things[0])._base_manager
        for start in range(0, len(things), _BATCH):
            part = [thing.pk for thing in things[start : start + _BATCH]]
            if manager.filter(pk__in=part, state=edge.source).update(**fields) != len(part):
                raise StateChanged
        for thing in things:
            for name, value in fields.items():
                setattr(thing, name, value)
        moved = {"from": edge.source, "to": edge.target}
        record_all(
            Act(f"{self.name}.{event}", thing._meta.model_name, thing.pk, getattr(thing, "area_code", ""), actor, at,
                {**moved, **(data(thing) if data else {})})
            for thing in things
        )  # fmt: skip

    def born(self, event: str) -> str:
        """Return the state in which things are laid that begin and take this move in one act.

        Raises MoveNotAllowed if the move does not exist from the initial state, ValueError if it is guarded: a guard
        looks at a thing, and there is none yet. `move_ids` journals the move with the count of what was `laid`.
        """
        edge = self.edge(self.initial, event)
        if edge.guard:
            raise ValueError(f"workflow {self.name}: {event} is guarded")
        return edge.target

    def move_ids(
        self,
        model: type[models.Model],
        ids: Sequence[int],
        event: str,
        *,
        source: str,
        about: models.Model,
        actor: Actor,
        at: datetime,
        laid: int = 0,
        changes: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Move many things along one edge, all or none, and leave one journal row for all of them.

        The row is about the thing that holds their list, and says how many they were. `laid` counts what was laid in
        the target state by the same act. Raises MoveNotAllowed without the edge, ValueError if it is guarded, and
        StateChanged if any of them is not, or no longer, in `source`.
        """
        edge = self.edge(source, event)
        if edge.guard:
            raise ValueError(f"workflow {self.name}: {event} is guarded")
        fields = {**(changes or {}), "state": edge.target}
        with transaction.atomic():
            if ids and self._waiting(model, ids, edge).update(**fields) != len(ids):
                raise StateChanged
            moved = {"from": edge.source, "to": edge.target, "count": len(ids) + laid}
            record(kind=f"{self.name}.{event}", subject=about, actor=actor, at=at, data={**moved, **(data or {})})

    @staticmethod
    def _waiting(model: type[models.Model], ids: Sequence[int], edge: Edge) -> "models.QuerySet[Any]":
        return model._base_manager.filter(pk__in=listed(ids), state=edge.source)

    def diagram(self) -> str:
        """Return the table as a Mermaid state diagram."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {e.source} --> {e.target}: {e.event} {e.title}" for e in self.edges]
        return "\n".join(lines)


def all_workflows() -> list[Workflow]:
    """Return the workflows of all installed apps, by name."""
    autodiscover_modules("workflow")
    return [Workflow.registry[name] for name in sorted(Workflow.registry)]
