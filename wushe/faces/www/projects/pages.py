"""One project from end to end, for those who run it, those who pay it and the organisation that carries it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.projects import grants, outcomes, progress, rectifying
from wushe.chain.projects.models import Project, ProjectState, RectificationState, ReportState, TrancheState
from wushe.chain.projects.selectors import project_of
from wushe.chain.projects.standards import DESIGN, unmet_clauses
from wushe.chain.settlement.project_chain import chain_of, orders_of
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.presets.selectors import preset
from wushe.foundation.roles import Reach
from wushe.foundation.scope import covers
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

from .forms import AnswerForm, FaultForm, GrantForm, ReasonForm, VoucherForm

T, F = TrancheState, RectificationState
TRANCHE_ACTS = {
    "release": Act(
        "同意拨付", "同意拨付这一批？", ("projects:approve",), frozenset({T.PLANNED}),
        grants.release_tranche, "已同意拨付，等待结算员付款。", icon="check",
    ),
    "pay": Act(
        "登记付款", "款已付出？", ("projects:pay",), frozenset({T.RELEASED}),
        grants.pay_tranche, "已付款入账。", VoucherForm, "cash",
    ),
    "withdraw": Act(
        "撤回同意", "撤回同意，先不付款？", ("projects:approve",), frozenset({T.RELEASED}),
        grants.withdraw_tranche, "已撤回。", ReasonForm, "arrow-back-up",
    ),
    "stop": Act(
        "停拨", "停拨这一批？停拨以后不能恢复。", ("projects:approve",), frozenset({T.PLANNED, T.RELEASED}),
        grants.stop_tranche, "已停拨，钱留在科目里。", ReasonForm, "ban", danger=True,
    ),
    "recover": Act(
        "登记追回", "这笔钱已经追回到账？", ("projects:approve",), frozenset({T.PAID}),
        grants.recover_tranche, "已登记追回，钱回到科目。", ReasonForm, "arrow-back-up", danger=True,
    ),
}  # fmt: skip
RECTIFICATION_ACTS = {
    "answer": Act(
        "回复整改情况", "回复整改情况", ("projects:report",), frozenset({F.OPEN}),
        rectifying.answer_rectification, "已回复，等待复核。", AnswerForm, "message-circle",
    ),
    "close": Act(
        "销号", "问题已经改好？", ("projects:approve",), frozenset({F.ANSWERED}),
        rectifying.close_rectification, "已销号。", icon="check",
    ),
    "reject": Act(
        "整改不到位", "退回继续整改？", ("projects:approve",), frozenset({F.ANSWERED}),
        rectifying.reject_rectification, "已退回继续整改。", icon="arrow-back-up",
    ),
}  # fmt: skip


@require_GET
@allow("projects:view")
def one(request: PageRequest, project_id: int) -> HttpResponse:
    """Show what a project bought, had done, proved and paid, and what its money still waits for."""
    return _show(request, project_id, {})


@require_http_methods(["GET", "POST"])
@allow("projects:approve")
def agree(request: PageRequest, project_id: int) -> HttpResponse:
    """Promise money in tranches."""
    actor, at, today = request.actor, timezone.now(), timezone.localdate()
    project = _own(actor, project_id)
    lines = [(line, grants.free_of(line)) for line in project.budget_lines.all()]
    usual = preset("projects.tranches", area_code=project.area_code, on=today)
    form = GrantForm(
        posted(request), lines=lines, initial={"agreed_on": today, "shares": "/".join(map(str, usual))}
    )  # fmt: skip
    if request.method == "POST":
        made = carry_out(form, lambda clean: grants.agree_grant(actor=actor, at=at, project_id=project_id, **clean))
        if made:
            messages.success(request, "拨款已约定，各批的材料期限已排好。")
            return redirect("projects:project", project_id)
    context = {
        "form": form, "project": project, "heading": "约定拨款", "button": "约定",
        "lack": unmet_clauses(project, DESIGN, on=today),
    }  # fmt: skip
    return render(request, "www/projects/form.html", context, status=422 if form.errors else 200)


@require_POST
@allow("projects:approve", "projects:pay")
def tranche_act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Release, pay, stop or recover a tranche."""
    what = chosen(TRANCHE_ACTS, act, request.actor)
    tranche = progress.tranche_of(actor=request.actor, tranche_id=pk)
    refused = carried_out(request, act, what, tranche_id=pk)
    project_id = tranche.grant.project_id
    if refused:
        return _show(request, project_id, {(f"tranche{pk}", act): refused})
    return redirect("projects:project", project_id)


@require_http_methods(["GET", "POST"])
@allow("projects:approve")
def rectify(request: PageRequest, project_id: int) -> HttpResponse:
    """Demand that something is put right."""
    actor, at = request.actor, timezone.now()
    project = _own(actor, project_id)
    form = FaultForm(posted(request))
    if request.method == "POST":
        made = carry_out(
            form, lambda clean: rectifying.ask_rectification(actor=actor, at=at, project_id=project_id, **clean)
        )
        if made:
            messages.success(request, "已要求整改；销号以前不拨付。")
            return redirect("projects:project", project_id)
    context = {"form": form, "project": project, "heading": "要求整改", "button": "发出整改要求"}
    return render(request, "www/projects/form.html", context, status=422 if form.errors else 200)


@require_POST
@allow("projects:approve", "projects:report")
def rectification_act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Answer, close or reject a rectification."""
    what = chosen(RECTIFICATION_ACTS, act, request.actor)
    fault = progress.rectification_of(actor=request.actor, rectification_id=pk)
    refused = carried_out(request, act, what, rectification_id=pk)
    if refused:
        return _show(request, fault.project_id, {(f"fault{pk}", act): refused})
    return redirect("projects:project", fault.project_id)


def _own(actor: Actor, project_id: int) -> Project:
    """Return a project that the actor may change; raise NotFound for one that only serves the actor's area from above."""
    project = project_of(actor=actor, project_id=project_id)
    if not covers(actor, project.area_code):
        raise NotFound
    return project


def _show(request: PageRequest, project_id: int, bound: dict[tuple[str, str], Any]) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    project = project_of(actor=actor, project_id=project_id)
    own = actor.reach is Reach.ORGANISATION or covers(actor, project.area_code)
    planned = sum(line.amount_fen for line in project.budget_lines.all())

    def acts(table: dict[str, Act], thing: Any, key: str) -> Any:
        mine = {name: form for (owner, name), form in bound.items() if owner == key}
        return offered(table, thing, actor, mine) if own else []

    context = {
        "project": project, "planned": planned, "left": sum(b.account.balance for b in project.budget_lines.all()),
        "place": place_names(codes=[project.area_code], from_level=Level.DISTRICT).get(project.area_code, ""),
        "chain": chain_of(project=project),
        "grants": [
            (grant, [(part, acts(_open_acts(part), part.tranche, f"tranche{part.tranche.pk}")) for part in parts])
            for grant, parts in progress.grants_of(project=project, on=today)
        ],
        "faults": [
            (fault, acts(RECTIFICATION_ACTS, fault, f"fault{fault.pk}"))
            for fault in progress.rectifications_of(project=project)
        ],
        "outcomes": outcomes.outcomes_of(project), "page": page_of(orders_of(actor=actor, project=project), request.GET),
        "checklist": [
            (title, sum(bool(c.mark and c.mark.met) for c in clauses), len(clauses))
            for title, _, clauses in progress.checklist_of(project=project, on=today)
        ],
        "may_agree": own and actor.may("projects:approve") and project.state == ProjectState.RUNNING,
        "may_rectify": own and actor.may("projects:approve") and project.state != ProjectState.CLOSED,
        "may_measure": own and actor.may("projects:design"),
        "may_open_orders": actor.may("orders:view"), "at_desk": actor.reach is Reach.AREA, "today": today,
        "report_waits": [ReportState.AWAITED, ReportState.RETURNED],
        "problems": problems({name: form for (_, name), form in bound.items()}),
    }  # fmt: skip
    return render(request, "www/projects/project.html", context, status=422 if bound else 200)


def _open_acts(part: progress.Part) -> dict[str, Act]:
    """Return the acts on a tranche: nothing is released or paid while something is missing."""
    return {name: act for name, act in TRANCHE_ACTS.items() if not (part.waits_for and name in {"release", "pay"})}
