"""A project is designed from needs, approved, funded through the books, started with a carrier, and closed."""

from typing import Any

import pytest

from tests.factories import needs
from tests.factories.cast import World, actor_of, world
from tests.factories.places import NOON, OTHER_STREET, STREET
from wushe.chain.projects.models import BudgetLine, Project, ProjectState
from wushe.chain.projects.selectors import find_projects, lines_with_money, needs_of, project_counts, project_of
from wushe.chain.projects.services import (
    ProjectEnded,
    add_budget_line,
    approve_project,
    attach_needs,
    choose_carrier,
    close_project,
    design_project,
    return_project,
    start_project,
)
from wushe.foundation.errors import Invalid, NotAllowed, NotFound
from wushe.foundation.journal.models import JournalEntry
from wushe.foundation.workflow import MoveNotAllowed
from wushe.ledgers.models import Account
from wushe.ledgers.selectors import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return world()


def design(who: str = "social_worker", **changes: Any) -> Project:
    values: dict[str, Any] = {"title": "独居老人守护", "area_code": STREET, "purpose": "每周有人敲门"}
    return design_project(actor=actor_of(who), at=NOON, **values | changes)


def test_the_whole_life(here: World) -> None:
    worker = actor_of("social_worker")
    need = needs.triaged(here.elder)
    project = design(need_ids=[need.pk], carrier_id=here.organisation.pk, indicators=["服务300人次", " "])
    assert list(project.needs.all()) == [need]
    assert project.indicators == ["服务300人次"]
    approve_project(actor=worker, at=NOON, project_id=project.pk)
    start_project(actor=worker, at=NOON, project_id=project.pk)
    close_project(actor=worker, at=NOON, project_id=project.pk)
    kinds = JournalEntry.objects.filter(subject_kind="project").order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["project.design", "project.needs", "project.approve", "project.start", "project.close"]
    with pytest.raises(ProjectEnded):
        attach_needs(actor=worker, at=NOON, project_id=project.pk, need_ids=[need.pk])


def test_it_starts_only_with_a_carrier_and_after_approval(here: World) -> None:
    worker = actor_of("social_worker")
    project = design()
    with pytest.raises(MoveNotAllowed):
        start_project(actor=worker, at=NOON, project_id=project.pk)
    approve_project(actor=worker, at=NOON, project_id=project.pk)
    with pytest.raises(Invalid, match="承接机构"):
        start_project(actor=worker, at=NOON, project_id=project.pk)
    choose_carrier(actor=worker, at=NOON, project_id=project.pk, organisation_id=here.organisation.pk)
    start_project(actor=worker, at=NOON, project_id=project.pk)
    assert Project.objects.get().state == ProjectState.RUNNING


def test_it_may_be_returned_with_a_reason(here: World) -> None:
    worker = actor_of("social_worker")
    project = design()
    approve_project(actor=worker, at=NOON, project_id=project.pk)
    with pytest.raises(Invalid):
        return_project(actor=worker, at=NOON, project_id=project.pk, reason="")
    return_project(actor=worker, at=NOON, project_id=project.pk, reason="预算不清")
    assert Project.objects.get().state == ProjectState.DESIGNED


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"title": ""}, "title"), ({"purpose": " "}, "purpose"), ({"area_code": OTHER_STREET}, "area_code"),
     ({"carrier_id": 0}, "carrier")],
)  # fmt: skip
def test_a_fault_is_named(here: World, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        design(**changes)
    assert list(refusal.value.fields) == [field]
    assert not Project.objects.exists()


def test_needs_of_another_street_are_not_attached(here: World) -> None:
    with pytest.raises(Invalid):
        design(need_ids=[needs.recorded(here.far_elder).pk])
    assert not Project.objects.exists()


def test_who_may_not(here: World) -> None:
    project = design()
    with pytest.raises(NotAllowed):
        approve_project(actor=actor_of("community_worker"), at=NOON, project_id=project.pk)
    with pytest.raises(NotFound):
        choose_carrier(actor=actor_of("stranger"), at=NOON, project_id=project.pk, organisation_id=here.organisation.pk)


def test_money_comes_through_the_books(here: World) -> None:
    project = needs.project(here.organisation)
    line = needs.budget_line(project, fen=123_45)
    assert Account.objects.get(pk=line.account_id).balance == 123_45
    assert Account.objects.get(kind="outside").balance == -123_45
    assert faults() == []
    assert list(lines_with_money(area_code=here.elder.area_code)) == [line]
    assert list(lines_with_money(area_code=here.far_elder.area_code)) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"amount_fen": 0}, "amount"), ({"amount_fen": -1}, "amount"), ({"source_class": "theft"}, "source_class"),
     ({"title": ""}, "title")],
)  # fmt: skip
def test_a_line_with_a_fault_moves_no_money(here: World, changes: dict[str, Any], field: str) -> None:
    project = needs.project(here.organisation)
    values: dict[str, Any] = {"title": "餐费", "source_class": "lottery", "amount_fen": 100}
    with pytest.raises(Invalid) as refusal:
        add_budget_line(actor=actor_of("social_worker"), at=NOON, project_id=project.pk, **values | changes)
    assert list(refusal.value.fields) == [field]
    assert not BudgetLine.objects.exists()
    assert not Account.objects.exists()


def test_lists_and_details_keep_to_scope(here: World) -> None:
    project = design(need_ids=[needs.recorded(here.elder).pk])
    assert [p.pk for p in find_projects(actor=actor_of("social_worker"))] == [project.pk]
    assert project_counts(actor=actor_of("social_worker"))["designed"] == 1
    assert list(find_projects(actor=actor_of("stranger"))) == []
    with pytest.raises(NotFound):
        project_of(actor=actor_of("stranger"), project_id=project.pk)
    assert len(needs_of(actor=actor_of("social_worker"), project=project)) == 1


def test_a_community_sees_the_project_of_its_street_but_does_not_change_it(here: World) -> None:
    project, worker = design(), actor_of("community_worker")
    assert project_of(actor=worker, project_id=project.pk) == project
    assert list(find_projects(actor=worker)) == [project]
    with pytest.raises(NotFound):
        add_budget_line(
            actor=worker, at=NOON, project_id=project.pk, title="餐费", source_class="lottery", amount_fen=1
        )
