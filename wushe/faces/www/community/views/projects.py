"""Projects: the list, one with its needs and money, designing, approving, funding, starting, closing."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.projects.models import Project, ProjectState
from wushe.chain.projects.scenes import SCENES, scene_title
from wushe.chain.projects.selectors import ProjectFilter, find_projects, needs_of, project_counts, project_of
from wushe.chain.projects.services import (
    add_budget_line,
    approve_project,
    choose_carrier,
    close_project,
    design_project,
    return_project,
    start_project,
)
from wushe.chain.projects.workflow import PROJECT
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.projects import BudgetLineForm, CarrierForm, ProjectForm
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.actor import Actor
from wushe.foundation.counting import show_count
from wushe.foundation.scope import covers
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, tree
from wushe.registers.organisations.selectors import carriers


@require_GET
@desk("projects:view")
def projects(request: PageRequest) -> HttpResponse:
    """Show the projects of the actor's area with their money."""
    actor = request.actor
    state = request.GET.get("state", "")
    where = ProjectFilter(state=state if state in ProjectState.values else "", text=request.GET.get("q", "")[:40])
    counts = project_counts(actor=actor, where=where)
    page = page_of(find_projects(actor=actor, where=where), request.GET, size=30)
    places = place_names(codes=[p.area_code for p in page.rows])
    rows = [
        {"project": p, "place": places.get(p.area_code, ""), "planned": sum(b.amount_fen for b in p.budget_lines.all()),
         "left": sum(b.account.balance for b in p.budget_lines.all())}
        for p in page.rows
    ]  # fmt: skip
    context = {"rows": rows, "page": page, "where": where, "total": show_count(counts[where.state or "all"]),
               "states": [(s.value, s.label, show_count(counts[s.value])) for s in ProjectState],
               "may_design": actor.may("projects:design")}  # fmt: skip
    return render(request, "www/community/projects.html", context)


@require_GET
@desk("projects:view")
def project(request: PageRequest, project_id: int) -> HttpResponse:
    """Show one project: from which needs, by whom, with which money, and what comes next."""
    return render(request, "www/community/project.html", _detail(request, project_id))


@require_http_methods(["GET", "POST"])
@desk("projects:design")
def new_project(request: PageRequest) -> HttpResponse:
    """Design a project."""
    actor, at, today = request.actor, timezone.now(), timezone.localdate()
    form = ProjectForm(
        posted(request), places=_places(actor), carriers=carriers(on=today), scenes=SCENES,
        initial={"area_code": actor.area_code},
    )  # fmt: skip
    if request.method == "POST":
        made = carry_out(form, lambda clean: design_project(actor=actor, at=at, **_design(clean)))
        if made:
            messages.success(request, "项目已建立，下一步：批准和安排资金。")
            return redirect("community:project", made.pk)
    return render(request, "www/community/new_project.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@desk("projects:design")
def fund(request: PageRequest, project_id: int) -> HttpResponse:
    """Add money of one source to a project."""
    actor, at = request.actor, timezone.now()
    form = BudgetLineForm(request.POST)
    made = carry_out(form, lambda clean: _fund(actor, at, project_id, clean))
    if made:
        messages.success(request, f"“{made.title}”已拨入。")
        return redirect("community:project", project_id)
    context = {**_detail(request, project_id), "line_form": form}
    return render(request, "www/community/project.html", context, status=422)


@require_POST
@desk("projects:design")
def set_carrier(request: PageRequest, project_id: int) -> HttpResponse:
    """Name the organisation that carries a project."""
    actor, at = request.actor, timezone.now()
    form = CarrierForm(request.POST, carriers=carriers(on=timezone.localdate()))
    made = carry_out(
        form,
        lambda clean: choose_carrier(actor=actor, at=at, project_id=project_id, organisation_id=clean["carrier_id"]),
    )
    if made:
        messages.success(request, "承接机构已确定。")
        return redirect("community:project", project_id)
    context = {**_detail(request, project_id), "carrier_form": form}
    return render(request, "www/community/project.html", context, status=422)


@require_POST
@desk("projects:approve")
def approve(request: PageRequest, project_id: int) -> HttpResponse:
    """Approve a designed project."""
    approve_project(actor=request.actor, at=timezone.now(), project_id=project_id)
    messages.success(request, "项目已批准。")
    return redirect("community:project", project_id)


@require_POST
@desk("projects:approve")
def send_back(request: PageRequest, project_id: int) -> HttpResponse:
    """Send an approved project back with a reason."""
    reason = request.POST.get("reason", "")
    return_project(actor=request.actor, at=timezone.now(), project_id=project_id, reason=reason)
    messages.success(request, "项目已退回修改。")
    return redirect("community:project", project_id)


@require_POST
@desk("projects:design")
def start(request: PageRequest, project_id: int) -> HttpResponse:
    """Start an approved project."""
    start_project(actor=request.actor, at=timezone.now(), project_id=project_id)
    messages.success(request, "项目已启动。")
    return redirect("community:project", project_id)


@require_POST
@desk("projects:approve")
def close(request: PageRequest, project_id: int) -> HttpResponse:
    """Close a running project."""
    reason = request.POST.get("reason", "")
    close_project(actor=request.actor, at=timezone.now(), project_id=project_id, reason=reason)
    messages.success(request, "项目已结项。")
    return redirect("community:project", project_id)


def _detail(request: PageRequest, project_id: int) -> dict[str, Any]:
    actor = request.actor
    one = project_of(actor=actor, project_id=project_id)
    lines = list(one.budget_lines.all())
    # A project of the street serves its communities, but is changed only by those of the street.
    own = covers(actor, one.area_code)
    design, approves = own and actor.may("projects:design"), own and actor.may("projects:approve")
    return {
        "project": one,
        "place": place_names(codes=[one.area_code], from_level=Level.DISTRICT).get(one.area_code, ""),
        "scene": scene_title(one.scene),
        "lines": [(line, line.amount_fen - line.account.balance) for line in lines],
        "planned": sum(line.amount_fen for line in lines),
        "left": sum(line.account.balance for line in lines),
        "needs": needs_of(actor=actor, project=one) if actor.may("needs:view") else [],
        "stages": [(s.label, s.value) for s in ProjectState],
        "stage": list(ProjectState).index(ProjectState(one.state)) + 1,
        "may_fund": design and one.state != ProjectState.CLOSED,
        "may_carry": design and one.state in (ProjectState.DESIGNED, ProjectState.APPROVED),
        "may": _moves(one, design=design, approves=approves),
        "line_form": BudgetLineForm(),
        "carrier_form": CarrierForm(carriers=carriers(on=timezone.localdate()), initial={"carrier_id": one.carrier_id}),
    }


def _moves(one: Project, *, design: bool, approves: bool) -> dict[str, bool]:
    rights = {
        "approve": approves,
        "return": approves,
        "start": design and one.carrier_id is not None,
        "close": approves,
    }
    names = {"return": "send_back"}
    return {names.get(event, event): right and PROJECT.allows(one.state, event) for event, right in rights.items()}


def _places(actor: Actor) -> Any:
    return tree(code=actor.area_code, on=timezone.localdate(), deepest=Level.COMMUNITY)


def _design(clean: dict[str, Any]) -> dict[str, Any]:
    return {**clean, "indicators": clean["indicators"].splitlines()}


def _fund(actor: Actor, at: Any, project_id: int, clean: dict[str, Any]) -> Any:
    return add_budget_line(
        actor=actor, at=at, project_id=project_id, title=clean["title"], source_class=clean["source_class"],
        amount_fen=clean["amount"],
    )  # fmt: skip
