"""Needs in every state up to linked, made by the services themselves, and projects with money."""

from datetime import date, datetime
from itertools import count

from tests.factories import catalogue, people
from tests.factories.cast import actor_of
from tests.factories.places import NOON, STREET
from wushe.chain.needs.models import Application, Channel, Need, Urgency
from wushe.chain.needs.on_behalf import apply_on_behalf
from wushe.chain.needs.services import record_need, triage_need
from wushe.chain.projects.models import BudgetLine, Project, SourceClass
from wushe.chain.projects.services import add_budget_line, approve_project, design_project, start_project
from wushe.chain.resources.models import Resource, ResourceKind, Society
from wushe.chain.resources.services import link_need, offer_resource
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

_serial = count(1)


def recorded(person: Person, words: str = "一个人住，屋里没人打扫", **fields: object) -> Need:
    """Return a need waiting for triage."""
    worker = actor_of("stranger" if person.area_code.startswith("511602002") else "social_worker")
    values = {"channel": Channel.DOOR_KNOCK, "at": NOON, **fields}
    return record_need(actor=worker, person_id=person.pk, words=words, **values)  # type: ignore[arg-type]


def triaged(person: Person, *, item: str = catalogue.CLEANING, urgency: str = Urgency.WEEK, **fields: object) -> Need:
    """Return a need waiting for its linkage."""
    return triage_need(
        actor=actor_of("social_worker"), at=NOON, need_id=recorded(person, **fields).pk,
        item_id=catalogue.item(item).pk, urgency=urgency, responsible_party="society",
    )  # fmt: skip


def linked(person: Person, organisation: Organisation, *, line: BudgetLine | None = None, **fields: object) -> Need:
    """Return a need that an organisation will meet, paid from a budget line if one is given."""
    need = triaged(person, **fields)  # type: ignore[arg-type]
    link_need(
        actor=actor_of("social_worker"), at=NOON, need_id=need.pk, society=Society.ORGANISATION,
        organisation_id=organisation.pk, budget_line_id=line.pk if line else None,
    )  # fmt: skip
    return Need.objects.get(pk=need.pk)


def project(carrier: Organisation, *, area_code: str = STREET, running: bool = True) -> Project:
    """Return a project of the street, running with this carrier."""
    worker = actor_of("social_worker")
    made = design_project(
        actor=worker, at=NOON, title=f"乐享晚年{next(_serial)}", area_code=area_code, purpose="独居老人有人照应",
        carrier_id=carrier.pk, starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
    )  # fmt: skip
    if running:
        approve_project(actor=worker, at=NOON, project_id=made.pk)
        start_project(actor=worker, at=NOON, project_id=made.pk)
    return Project.objects.get(pk=made.pk)


def budget_line(project: Project, *, fen: int = 500_000) -> BudgetLine:
    """Return a funded budget line of a project."""
    return add_budget_line(
        actor=actor_of("social_worker"), at=NOON, project_id=project.pk, title=f"上门服务费{next(_serial)}",
        source_class=SourceClass.GOVERNMENT, amount_fen=fen,
    )  # fmt: skip


def resource(owner: Organisation, *, quantity: int = 10, **fields: object) -> Resource:
    """Return a line of the resource list of the street."""
    values = {"area_code": STREET, "kind": ResourceKind.GOODS, "title": "轮椅", "unit": "台",
              "available_from": date(2026, 1, 1), **fields}  # fmt: skip
    return offer_resource(actor=actor_of("social_worker"), at=NOON, owner_id=owner.pk, quantity=quantity, **values)  # type: ignore[arg-type]


def application(person: Person, *, at: datetime = NOON, words: str = "隔壁老人好久没洗澡了") -> Application:
    """Return what a neighbour asks for a person, who has to be asked first."""
    return apply_on_behalf(
        actor=actor_of("social_worker"), at=at, person_id=person.pk, applicant_name="邻居张三", tie="邻居", words=words
    )


def application_of_somebody(title: str, *, area_code: str) -> Application:
    """Return an application with this word in it."""
    return application(people.person("周秀兰", area_code=area_code), words=f"{title}有位老人没有人照顾")
