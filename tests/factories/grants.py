"""Grants in tranches, made by the services themselves: a project that meets the standard, reports filed and read."""

from datetime import datetime

from tests.factories import needs
from tests.factories.cast import actor_of
from tests.factories.places import NOON, TODAY
from wushe.chain.projects.grants import agree_grant, pay_tranche, release_tranche
from wushe.chain.projects.models import Grant, OutcomeReading, Project, Report, Tranche
from wushe.chain.projects.outcomes import add_measure, read_outcome
from wushe.chain.projects.reporting import accept_report, file_report
from wushe.chain.projects.standards import CLOSING, DESIGN, Mark, mark_standard, standard
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.models import Person

WORDS = "走访六十户，完成需求登记，服务队已成立并培训。"


def meets(project: Project, *phases: str) -> None:
    """Mark all clauses of these phases as met."""
    clauses = [clause for phase in phases for clause in standard(project, phase, on=TODAY).value]
    marks = {clause: Mark(met=True, evidence="档案盒一号") for clause in clauses}
    mark_standard(actor=actor_of("social_worker"), at=NOON, project_id=project.pk, marks=marks)


def grant(carrier: Organisation, *, fen: int = 1_000_000, area_code: str = needs.STREET) -> Grant:
    """Return a grant in three tranches to the carrier of a running project that meets the whole standard."""
    project = needs.project(carrier, area_code=area_code)
    meets(project, DESIGN, CLOSING)
    line = needs.budget_line(project, fen=fen)
    return agree_grant(
        actor=actor_of("social_worker"), at=NOON, project_id=project.pk, line_id=line.pk, title="公益创投资助",
        amount_fen=fen,
    )  # fmt: skip


def tranche(grant: Grant, number: int) -> Tranche:
    """Return one tranche as it stands."""
    return Tranche.objects.get(grant=grant, number=number)


def filed(tranche: Tranche, *, at: datetime = NOON, who: str = "organisation_a") -> Report:
    """Have the carrier file the report that a tranche waits for."""
    return file_report(
        actor=actor_of(who), at=at, report_id=tranche.report.pk, text=WORDS, people=60, spent_fen=320_000,
        papers="签到表、照片",
    )  # fmt: skip


def paid(tranche: Tranche) -> Tranche:
    """Have the report filed and accepted, the tranche released by one hand and paid by another."""
    accept_report(actor=actor_of("social_worker"), at=NOON, report_id=filed(tranche).pk)
    release_tranche(actor=actor_of("social_worker"), at=NOON, tranche_id=tranche.pk)
    return pay_tranche(
        actor=actor_of("settlement_clerk"), at=NOON, tranche_id=tranche.pk, voucher=f"5116{tranche.pk:08d}"
    )  # fmt: skip


def measured(person: Person, carrier: Organisation) -> OutcomeReading:
    """Return what a person scored before a project."""
    measure = add_measure(
        actor=actor_of("social_worker"), at=NOON, project_id=needs.project(carrier).pk, title="孤独感", lowest=0,
        highest=10, more_is_better=False,
    )  # fmt: skip
    return read_outcome(
        actor=actor_of("social_worker"), at=NOON, measure_id=measure.pk, person_id=person.pk, value=7
    )  # fmt: skip
