"""Projects of the demonstration with their budget lines, the subsidy of each street, and the resource list."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from wushe.chain.projects.models import BudgetLine, Project, SourceClass
from wushe.chain.projects.services import (
    add_budget_line,
    approve_project,
    choose_carrier,
    close_project,
    design_project,
    start_project,
)
from wushe.chain.resources.models import Resource
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .source import HISTORY_DAYS, World, read

_TITLES = {row["code"]: row["title"] for row in read("projects")["line_categories"]}
SUBSIDY_FEN = 12_000_000
SHORT_SUBSIDY_FEN = 1_600_000  # one street planned too little, and its money runs out before the year does


@domain_call("projects:approve")
def load_money(*, actor: Actor, world: World) -> None:
    """Design, approve, fund and start the projects through their own services; list the resources."""
    office = _Office(actor, world, world.now - timedelta(days=HISTORY_DAYS + 5))
    for row in read("projects")["projects"]:
        office.set_up(row)
    streets = sorted(world.stations)
    for street in streets:
        office.subsidise(street, SHORT_SUBSIDY_FEN if street == streets[-1] else SUBSIDY_FEN)
    _resources(world)
    Project.objects.update(demonstration=True)


@dataclass
class _Office:
    """The office that sets up the projects at the beginning of the history."""

    actor: Actor
    world: World
    at: datetime

    def set_up(self, row: dict[str, Any]) -> None:
        """Bring one project as far as the source says."""
        starts = date.fromisoformat(row["start"])
        carrier = self.world.organisations.get(row["roles"]["organisation"] or "")
        project = design_project(
            actor=self.actor, at=self.at, title=row["title"], area_code=row["community"], purpose=row["need"],
            scene=row["scene"], logic=row["logic"], indicators=[i["name"] for i in row["indicators"]],
            carrier_id=carrier.pk if carrier else None, starts_on=starts,
            ends_on=starts + timedelta(days=30 * row["months"]),
        )  # fmt: skip
        if row["status"] == "designed":
            return
        approve_project(actor=self.actor, at=self.at, project_id=project.pk)
        if row.get("gap") == "no_money":
            return
        for line in row["lines"]:
            self._fund(project, line, row["items"])
        if row["status"] in ("running", "closed") and carrier:
            start_project(actor=self.actor, at=self.at, project_id=project.pk)
        if row["status"] == "closed":
            close_project(actor=self.actor, at=self.world.now - timedelta(days=20), project_id=project.pk)

    def _fund(self, project: Project, line: dict[str, Any], items: list[str]) -> None:
        title = _TITLES[line["category"]]
        if project.budget_lines.filter(title=title).exists():
            title = f"{title}（{SourceClass(line['source']).label}）"
        made = self._add_line(project, title, line["source"], line["amount_fen"])
        if project.carrier_id and line["category"] == "professional":
            self.world.budget_lines.setdefault(project.area_code, []).append((made, items))

    def _add_line(self, project: Project, title: str, source: str, fen: int) -> BudgetLine:
        return add_budget_line(
            actor=self.actor, at=self.at, project_id=project.pk, title=title, source_class=source, amount_fen=fen
        )

    def subsidise(self, street: str, fen: int) -> None:
        """Set up the home-care subsidy of a street, run by its station."""
        station = self.world.stations[street]
        name = station.name.removesuffix("社工站（示范）")
        project = design_project(
            actor=self.actor, at=self.at, title=f"{name}居家养老服务补贴", area_code=street, scene="old_and_young",
            purpose="经济困难和失能老人的居家服务由政府补贴，其余由本人承担一部分", logic="评估定级 → 按级补贴 → 按次结算",
            starts_on=self.world.today - timedelta(days=HISTORY_DAYS + 5),
        )  # fmt: skip
        approve_project(actor=self.actor, at=self.at, project_id=project.pk)
        choose_carrier(actor=self.actor, at=self.at, project_id=project.pk, organisation_id=station.pk)
        line = self._add_line(project, "居家服务补贴", SourceClass.GOVERNMENT, fen)
        self.world.budget_lines[street] = [(line, [])]
        start_project(actor=self.actor, at=self.at, project_id=project.pk)


def _resources(world: World) -> None:
    rows = []
    for row in read("funds_resources")["resources"]:
        owner = world.organisations.get(row["owner"])
        if owner is None:
            continue
        left = world.dice.randint(0, row["quantity"])
        rows.append(
            Resource(
                area_code=row["community"],
                owner=owner,
                kind=row["kind"],
                title=row["title"],
                quantity=row["quantity"],
                left=left,
                unit=row["unit"],
                conditions=row["conditions"],
                available_from=world.today - timedelta(days=60),
                demonstration=True,
            )
        )
    Resource.objects.bulk_create(rows, batch_size=200)
