"""Projects of the demonstration with their budget lines, the subsidy of each street, and the resource list."""

from datetime import date, timedelta

from wushe.chain.projects.models import BudgetLine, Project
from wushe.chain.projects.services import add_budget_line, approve_project, choose_carrier, close_project, design_project, start_project
from wushe.chain.resources.models import Resource
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call

from .source import HISTORY_DAYS, World, read

SUBSIDY_FEN = 12_000_000
SHORT_SUBSIDY_FEN = 1_600_000  # one street planned too little, and its money runs out before the year does


@domain_call("projects:approve")
def load_money(*, actor: Actor, world: World) -> None:
    """Design, approve, fund and start the projects through their own services; list the resources."""
    begin = world.now - timedelta(days=HISTORY_DAYS + 5)
    titles = {row["code"]: row["title"] for row in read("projects")["line_categories"]}
    for row in read("projects")["projects"]:
        _project(actor, world, row, titles, begin)
    streets = sorted(world.stations)
    for street in streets:
        _subsidy(actor, world, street, SHORT_SUBSIDY_FEN if street == streets[-1] else SUBSIDY_FEN, begin)
    _resources(world)
    Project.objects.update(demonstration=True)


def _project(actor, world, row, titles, begin) -> None:  # type: ignore[no-untyped-def]
    starts = date.fromisoformat(row["start"])
    carrier = world.organisations.get(row["roles"]["organisation"] or "")
    project = design_project(
        actor=actor, at=begin, title=row["title"], area_code=row["community"], purpose=row["need"], scene=row["scene"],
        logic=row["logic"], indicators=[i["name"] for i in row["indicators"]], carrier_id=carrier.pk if carrier else None,
        starts_on=starts, ends_on=starts + timedelta(days=30 * row["months"]),
    )  # fmt: skip
    if row["status"] == "designed":
        return
    approve_project(actor=actor, at=begin, project_id=project.pk)
    if row.get("gap") == "no_money":
        return
    for line in row["lines"]:
        _line(actor, world, project, f"{titles[line['category']]}", line["source"], line["amount_fen"], begin, row["items"])
    if row["status"] in ("running", "closed") and carrier:
        start_project(actor=actor, at=begin, project_id=project.pk)
    if row["status"] == "closed":
        close_project(actor=actor, at=world.now - timedelta(days=20), project_id=project.pk)


def _line(actor, world, project, title, source, fen, at, items) -> BudgetLine:  # type: ignore[no-untyped-def]
    if project.budget_lines.filter(title=title).exists():
        title = f"{title}（{source}）"
    line = add_budget_line(actor=actor, at=at, project_id=project.pk, title=title, source_class=source, amount_fen=fen)
    line.project_items = items  # type: ignore[attr-defined]
    if project.carrier_id and "专业服务" in title:
        world.budget_lines.setdefault(project.area_code, []).append(line)
    return line


def _subsidy(actor: Actor, world: World, street: str, fen: int, at) -> None:  # type: ignore[no-untyped-def]
    station = world.stations[street]
    name = station.name.removesuffix("社工站（示范）")
    project = design_project(
        actor=actor, at=at, title=f"{name}居家养老服务补贴", area_code=street,
        purpose="经济困难和失能老人的居家服务由政府补贴，其余由本人承担一部分", scene="old_and_young",
        logic="评估定级 → 按级补贴 → 按次结算", starts_on=world.today - timedelta(days=HISTORY_DAYS + 5),
    )  # fmt: skip
    approve_project(actor=actor, at=at, project_id=project.pk)
    choose_carrier(actor=actor, at=at, project_id=project.pk, organisation_id=station.pk)
    line = _line(actor, world, project, "居家服务补贴", "government", fen, at, [])
    world.budget_lines.setdefault(street, []).append(line)
    start_project(actor=actor, at=at, project_id=project.pk)


def _resources(world: World) -> None:
    rows = []
    for row in read("funds_resources")["resources"]:
        owner = world.organisations.get(row["owner"])
        if owner is None:
            continue
        left = world.dice.randint(0, row["quantity"])
        rows.append(
            Resource(
                area_code=row["community"], owner=owner, kind=row["kind"], title=row["title"], quantity=row["quantity"],
                left=left, unit=row["unit"], conditions=row["conditions"], available_from=world.today - timedelta(days=60),
                demonstration=True,
            )  # fmt: skip
        )
    Resource.objects.bulk_create(rows, batch_size=200)
