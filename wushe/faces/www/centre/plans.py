"""Plans: proposed, looked at, compared, confirmed or put away; a day is mended after a sick call."""

import secrets

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.chain.dispatch import proposals, selectors, services
from wushe.chain.dispatch.models import Emphasis, Plan, PlanKind, PlanState, SearchStage
from wushe.chain.dispatch.replays import replays_of
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.foundation.errors import Conflict, Invalid, Refusal
from wushe.registers.areas.selectors import place_names

from .forms import DayForm, PlanForm
from .wording import EMPHASES, compared, comparison_in_words, figures_of


@require_POST
@desk("dispatch:propose")
def propose(request: PageRequest) -> HttpResponse:
    """Plan a day: a small one at once, a large one in the background with its progress shown."""
    form = PlanForm(request.POST)
    if not form.is_valid():
        raise Invalid("请重新选择日期、排班用时和侧重。")
    area, day, seconds = (form.cleaned_data[name] for name in ("area", "day", "seconds"))
    asked = {
        "actor": request.actor,
        "at": timezone.now(),
        "area_code": area,
        "day": day,
        "seed": secrets.randbelow(2**31),
        "emphasis": form.cleaned_data["emphasis"] or Emphasis.BALANCED,
    }
    try:
        found = services.plan_day(seconds=seconds, **asked)
    except (Invalid, Conflict) as refusal:
        return _back_to_day(request, area, str(day), refusal)
    return redirect("centre:plan" if isinstance(found, Plan) else "centre:search", found.pk)


@require_POST
@desk("dispatch:propose")
def mend(request: PageRequest) -> HttpResponse:
    """Mend a day with the fewest changes."""
    form = DayForm(request.POST)
    if not form.is_valid():
        raise Invalid("请重新选择日期。")
    area, day = form.cleaned_data["area"], form.cleaned_data["day"]
    try:
        plan = services.mend_day(
            actor=request.actor, at=timezone.now(), area_code=area, day=day, seed=secrets.randbelow(2**31)
        )
    except (Invalid, Conflict) as refusal:
        return _back_to_day(request, area, str(day), refusal)
    return redirect("centre:plan", plan.pk)


@require_GET
@desk("dispatch:view")
def search(request: PageRequest, search_id: int) -> HttpResponse:
    """Show how far a search in the background is, and lead to its plan."""
    row = selectors.open_search(actor=request.actor, search_id=search_id)
    over = row.stage in {SearchStage.FOUND, SearchStage.FAILED}
    if over and row.plan_id and not request.headers.get("HX-Request"):
        return redirect("centre:plan", row.plan_id)
    context = {
        "search": row,
        "over": over,
        "place": place_names(codes=[row.area_code], from_level=6).get(row.area_code, ""),
    }
    if request.headers.get("HX-Request"):
        if over and row.plan_id:
            return HttpResponse(headers={"HX-Redirect": reverse("centre:plan", args=[row.plan_id])})
        return render(request, "www/centre/search_progress.html", context)
    return render(request, "www/centre/search.html", context)


@require_GET
@desk("dispatch:view")
def plan(request: PageRequest, plan_id: int) -> HttpResponse:
    """Show one plan: what it brings, whom it affects, what breaks the rhythm, what it leaves out and why."""
    actor = request.actor
    row = selectors.open_plan(actor=actor, plan_id=plan_id)
    changes = proposals.changes_of(actor=actor, plan=row)
    others = [
        one
        for one in selectors.find_plans(actor=actor, area_code=row.area_code, day=row.day)
        if one.pk != row.pk and one.area_code == row.area_code and row.kind != PlanKind.HAND
    ]
    affected = [one for one in changes if one.kind != "assigned"]
    return render(request, "www/centre/plan.html", {
        "plan": row, "summary": row.summary, "figures": figures_of(row), "affected": affected,
        "assigned": [one for one in changes if one.kind == "assigned"],
        "to_call": len({one.appointment.order.person_id for one in affected}),
        # Those left out stand above with why; here are those that come, but by somebody else or at another time.
        "rhythm": [one for one in proposals.breaks_of_rhythm(actor=actor, plan=row) if one.kind != "dropped"],
        "unserved": proposals.unserved_of(actor=actor, plan=row), "others": others,
        "place": place_names(codes=[row.area_code], from_level=6).get(row.area_code, ""),
        "open": row.state == PlanState.PROPOSED, "mending": row.kind == PlanKind.MEND, "by_hand": row.kind == PlanKind.HAND,
        "emphasis": EMPHASES.get(row.summary.get("emphasis", ""), ""), "replays": replays_of(plan=row),
    })  # fmt: skip


@require_GET
@desk("dispatch:view")
def compare(request: PageRequest, plan_id: int, other_id: int) -> HttpResponse:
    """Show two plans side by side: what the second does better, what worse, and who is affected."""
    found = proposals.compare_plans(actor=request.actor, first_id=plan_id, second_id=other_id)
    amounts = compared(found)
    return render(request, "www/centre/compare.html", {
        "found": found, "amounts": amounts, "day": found.first.day, "in_words": comparison_in_words(found, amounts),
        "better": [row for row in amounts if row["verdict"] == "better"],
        "worse": [row for row in amounts if row["verdict"] == "worse"],
        "place": place_names(codes=[found.first.area_code], from_level=6).get(found.first.area_code, ""),
        "emphases": [EMPHASES.get(one.summary.get("emphasis", ""), "") for one in (found.first, found.second)],
    })  # fmt: skip


@require_POST
@desk("dispatch:propose")
def replay(request: PageRequest, plan_id: int) -> HttpResponse:
    """Solve a kept plan again and say whether it comes out the same."""
    found = services.ask_replay(actor=request.actor, at=timezone.now(), plan_id=plan_id)
    if found is None:
        messages.info(request, "方案较大，正在后台重算，稍后刷新本页，在“方案记录”里看结果。")
    elif found.equal:
        messages.success(request, "重算一遍，结果和保存的方案完全一样。")
    elif found.same_version:
        messages.error(request, "重算的结果和保存的方案不一样，请把方案文件交给技术人员。")
    else:
        messages.warning(request, "重算的结果不一样：排班引擎已经换了版本，保存的方案以当时的版本为准。")
    return redirect("centre:plan", plan_id)


@require_POST
@desk("dispatch:confirm")
def confirm(request: PageRequest, plan_id: int) -> HttpResponse:
    """Publish a plan."""
    try:
        row = services.confirm_plan(actor=request.actor, at=timezone.now(), plan_id=plan_id)
    except services.PlanOutdated as refusal:
        messages.error(request, refusal.message)
        return redirect("centre:plan", plan_id)
    messages.success(request, "方案已确认发布，相关人员在手机上就能看到。")
    return HttpResponseRedirect(_day_address(row.area_code, str(row.day)))


@require_POST
@desk("dispatch:confirm")
def discard(request: PageRequest, plan_id: int) -> HttpResponse:
    """Put a proposal away."""
    row = services.discard_plan(actor=request.actor, at=timezone.now(), plan_id=plan_id)
    messages.success(request, "方案已放弃，原来的安排不变。")
    return HttpResponseRedirect(_day_address(row.area_code, str(row.day)))


@require_GET
@desk("dispatch:propose")
def plan_file(request: PageRequest, plan_id: int) -> HttpResponse:
    """Give the plan as a file with problem, solution, seed and version: opaque ids alone, to be replayed anywhere."""
    row = selectors.open_plan(actor=request.actor, plan_id=plan_id)
    content = {"problem": row.problem, "solution": row.solution, "seed": row.seed, "engine": row.engine_version}
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response.headers["Content-Disposition"] = f'attachment; filename="plan-{row.pk}.json"'
    return response


def _back_to_day(request: PageRequest, area: str, day: str, refusal: Refusal) -> HttpResponse:
    messages.error(request, refusal.message)
    return HttpResponseRedirect(_day_address(area, day))


def _day_address(area: str, day: str) -> str:
    return f"{reverse('centre:dispatch')}?area={area}&day={day}"
