"""The verifier's queue: the most suspicious first, one visit with all it shows, and the clean ones together."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.verification import selectors
from wushe.chain.verification.models import Check, PickedFor
from wushe.chain.verification.services import accept_clean, accept_visit, reject_visit
from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out, whole
from wushe.foundation.counting import show_count
from wushe.foundation.errors import Conflict, Invalid
from wushe.registers.areas.selectors import place_names

from .forms import DecisionForm
from .places import sketch

PAGE = 30
TAB_LABELS = {
    selectors.PICKED: "待人工审核", selectors.CLEAN: "无疑点，待自动通过", selectors.REFUSED: "不通过",
    selectors.DECIDED: "已通过",
}  # fmt: skip
RATE_DAYS = 90


@require_GET
@allow("verification:view")
def home(request: PageRequest) -> HttpResponse:
    """Show what is to be done today, how often visits are wrong, and what the rules find."""
    last = timezone.localdate()
    first = last - timedelta(days=RATE_DAYS)
    calls = selectors.call_back_counts(actor=request.actor) if request.actor.may("verification:call_back") else {}
    found = selectors.findings_by_rule(actor=request.actor, first=last - timedelta(days=30), last=last)
    context = {
        "counts": selectors.check_counts(actor=request.actor), "calls": calls,
        "rate": selectors.error_rate(actor=request.actor, first=first, last=last), "days": RATE_DAYS,
        "rules": _rule_chart(found), "top": _told(list(selectors.find_checks(actor=request.actor)[:5])),
    }  # fmt: skip
    return render(request, "www/quality/home.html", context)


@require_GET
@allow("verification:view")
def verification(request: PageRequest) -> HttpResponse:
    """Show the checks of one tab."""
    tab = request.GET.get("tab", selectors.PICKED)
    tab = tab if tab in TAB_LABELS else selectors.PICKED
    reason = request.GET.get("for", "")
    rows = selectors.find_checks(
        actor=request.actor, tab=tab, text=request.GET.get("q", ""), picked_for=reason if reason in PickedFor else "",
        after=_cursor(request.GET.get("after", "")),
    )  # fmt: skip
    page = list(rows[: PAGE + 1])
    counts = selectors.check_counts(actor=request.actor)
    following = page[PAGE - 1] if len(page) > PAGE else None
    context = {
        "tab": tab, "rows": _told(page[:PAGE]), "reasons": [(value, label, None) for value, label in PickedFor.choices],
        "next": f"{following.score}.{following.pk}" if following else "",
        "tabs": [(name, label, show_count(counts[name]), name == tab) for name, label in TAB_LABELS.items()],
    }  # fmt: skip
    return render(request, "www/quality/verification.html", context)


@require_GET
@allow("verification:view")
def check(request: PageRequest, pk: int) -> HttpResponse:
    """Show one visit with findings, evidence and place."""
    return _show(request, pk, DecisionForm())


@require_POST
@allow("verification:decide")
def accept(request: PageRequest, pk: int) -> HttpResponse:
    """Accept a visit and go on to the next in the queue."""
    return _decide(request, pk, accept_visit, "已通过，时长和费用会自动结算。")


@require_POST
@allow("verification:decide")
def reject(request: PageRequest, pk: int) -> HttpResponse:
    """Refuse a visit and go on to the next in the queue."""
    return _decide(request, pk, reject_visit, "已记为不通过，机构可以申诉一次。")


@require_http_methods(["GET", "POST"])
@allow("verification:decide")
def clean(request: PageRequest) -> HttpResponse:
    """Show the visits without suspicion, and accept those that are ticked."""
    if request.method == "POST":
        chosen = [pk for value in request.POST.getlist("visit") if (pk := whole(value)) is not None]
        try:
            count = accept_clean(actor=request.actor, at=timezone.now(), visit_ids=chosen)
        except (Invalid, Conflict) as refusal:
            messages.error(request, refusal.message)
            return _show_clean(request, chosen, status=409 if isinstance(refusal, Conflict) else 422)
        messages.success(request, f"已通过 {count} 次服务。")
        return redirect("quality:clean")
    return _show_clean(request, None)


def _show_clean(request: PageRequest, chosen: list[int] | None, *, status: int = 200) -> HttpResponse:
    rows, passed_before = selectors.clean_waiting(actor=request.actor, at=timezone.now())
    page = _told(list(rows[:100]))
    ticked = {row.visit_id for row in page} if chosen is None else set(chosen)
    context = {"rows": page, "ticked": ticked, "passed_before": passed_before, "more": rows.count() - len(page)}
    return render(request, "www/quality/clean.html", context, status=status)


def _decide(request: PageRequest, pk: int, decide: Any, said: str) -> HttpResponse:
    """Carry out a decision; what is refused stands beside the form, with what was typed."""
    form = DecisionForm(request.POST)
    row = carry_out(
        form, lambda clean: decide(actor=request.actor, at=timezone.now(), visit_id=pk, reason=clean["reason"])
    )
    if row is None:
        return _show(request, pk, form, status=422)
    messages.success(request, said)
    following = selectors.next_in_queue(actor=request.actor, after=row)
    return redirect("quality:check", pk=following.visit_id) if following else redirect("quality:verification")


def _show(request: PageRequest, pk: int, form: DecisionForm, *, status: int = 200) -> HttpResponse:
    row = selectors.check_of(actor=request.actor, visit_id=pk)
    _told([row])
    appointment = row.visit.appointment
    context = {
        "row": row, "visit": row.visit, "form": form, "twins": selectors.twins_of(check=row),
        "sketch": sketch(row, radius=selectors.fence_of(check=row)),
        "may_decide": request.actor.may("verification:decide") and row.state == "waiting",
        "planned_end": (appointment.planned_start or 0) + appointment.minutes,
    }  # fmt: skip
    return render(request, "www/quality/check.html", context, status=status)


def _rule_chart(found: list[tuple[str, int]]) -> dict[str, Any] | None:
    """Return how often each rule found something, as bars."""
    if not found:
        return None
    names = [RULE_NAMES.get(rule, rule) for rule, _ in found[:10]]
    return {"kind": "bar", "horizontal": True, "unit": "次", "x": names,
            "series": [{"name": "疑点", "values": [count for _, count in found[:10]]}]}  # fmt: skip


def _cursor(text: str) -> tuple[int, int] | None:
    score, _, pk = text.partition(".")
    points, row = whole(score), whole(pk)
    return None if points is None or row is None else (points, row)


def _told(rows: list[Check]) -> list[Check]:
    """Give each check its place in words."""
    names = place_names(codes={row.area_code for row in rows})
    for row in rows:
        row.place = names.get(row.area_code, "")  # type: ignore[attr-defined]
    return rows


RULE_NAMES = {
    "f1": "时间重叠", "f2": "移动过快", "f3": "位置不符", "f4": "卡点服务", "f5": "照片重复", "f6": "人不在家",
    "f7": "超出计划", "f8": "秒确认", "f9": "亲属服务", "f10": "共用电话", "f11": "满分无意见", "f12": "补单过多",
    "f13": "证件过期", "window": "签到时间不符", "clock": "手机时间或补传", "photos": "凭证不全", "short": "时间不足",
    "call": "回访说没来",
}  # fmt: skip
