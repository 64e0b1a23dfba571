"""Triage a need, hand it over, close it, take it up again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.chain.needs.models import Need, NeedState
from wushe.chain.needs.selectors import due_times, likely_duplicates, need_of, queue_rows
from wushe.chain.needs.services import close_need, refer_need, reopen_need, triage_need
from wushe.chain.needs.triage.advice import Advice, advice_for
from wushe.chain.needs.triage.teaching import agreement
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.needs import ReasonForm, ReferForm, TriageForm
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.errors import Invalid
from wushe.registers.catalogue.selectors import eligible_packages, items_on
from wushe.registers.people.selectors import tags_of

AGREEMENT_DAYS = 90


@require_http_methods(["GET", "POST"])
@desk("needs:triage")
def triage(request: PageRequest, need_id: int) -> HttpResponse:
    """Decide which service answers a need, how soon, and whose duty it is."""
    actor, at = request.actor, timezone.now()
    row = queue_rows(needs=[need_of(actor=actor, need_id=need_id)], actor=actor, at=at)[0]
    need, day = row.need, timezone.localdate()
    if request.method == "GET" and need.state != NeedState.RECORDED:
        messages.info(request, "这条需求已经研判过了。")
        return redirect("community:need", need.pk)
    advice = advice_for(need=need, at=at)
    duplicates = likely_duplicates(need=need, at=at)
    form = TriageForm(
        _taken(posted(request)), suggestions=advice.suggestions, items=list(items_on(day=day)), due=due_times(need=need, at=at),
        packages=eligible_packages(person=need.person, day=day), duplicates=duplicates,
        initial=_offered(advice) | {"duplicate_of_id": ""},
    )  # fmt: skip
    if request.method == "POST":
        done = carry_out(form, lambda clean: _triage(request, need, clean))
        if done:
            return _after_triage(request, done)
    context = {"row": row, "need": need, "form": form, "advice": advice, "duplicates": duplicates,
               "agreement": agreement(actor=actor, at=at, days=AGREEMENT_DAYS), "agreement_days": AGREEMENT_DAYS,
               "tags": tags_of(person=need.person, sensitive=actor.may("people:reveal"))}  # fmt: skip
    return render(request, "www/community/triage.html", context, status=422 if form.errors else 200)


@require_POST
@desk("needs:triage")
def refer(request: PageRequest, need_id: int) -> HttpResponse:
    """Hand a need over to another body."""
    clean = _clean(ReferForm(request.POST))
    refer_need(actor=request.actor, at=timezone.now(), need_id=need_id, where=clean["where"])
    messages.success(request, "已转介。")
    return redirect("community:need", need_id)


@require_POST
@desk("needs:close")
def close(request: PageRequest, need_id: int) -> HttpResponse:
    """Close a need with a reason."""
    clean = _clean(ReasonForm(request.POST))
    close_need(actor=request.actor, at=timezone.now(), need_id=need_id, reason=clean["reason"])
    messages.success(request, "需求已关闭。")
    return redirect("community:need", need_id)


@require_POST
@desk("needs:close")
def reopen(request: PageRequest, need_id: int) -> HttpResponse:
    """Take a closed need up again."""
    clean = _clean(ReasonForm(request.POST))
    reopen_need(actor=request.actor, at=timezone.now(), need_id=need_id, reason=clean["reason"])
    messages.success(request, "已重新受理，请再次研判。")
    return redirect("community:need", need_id)


def _taken(given: QueryDict | None) -> QueryDict | None:
    """Return what was posted; a suggestion that was taken with one press is the service that was chosen."""
    if given is None or not given.get("take"):
        return given
    chosen = given.copy()
    chosen.setlist("item_id", [str(given["take"])])
    return chosen


def _offered(advice: Advice) -> dict[str, Any]:
    """Return what triage offers as the first choice."""
    first = advice.suggestions[0].item.pk if advice.suggestions else None
    return {"item_id": str(first) if first else None, "urgency": advice.urgency.level}


def _triage(request: PageRequest, need: Need, clean: dict[str, Any]) -> Need:
    return triage_need(
        actor=request.actor, at=timezone.now(), need_id=need.pk, item_id=clean["item"].pk,
        urgency=clean["urgency"], responsible_party=clean["responsible_party"],
        package_id=int(clean["package_id"]) if clean.get("package_id") else None,
        duplicate_of_id=int(clean["duplicate_of_id"]) if clean.get("duplicate_of_id") else None,
    )  # fmt: skip


def _after_triage(request: PageRequest, need: Need) -> HttpResponse:
    if need.duplicate_of_id:
        messages.success(request, f"已并入需求 {need.duplicate_of_id} 办理。")
        return redirect("community:need", need.duplicate_of_id)
    messages.success(request, "研判完成，下一步：链接资源。")
    may_link = request.actor.may("resources:link")
    return redirect("community:link" if may_link else "community:need", need.pk)


def _clean(form: Any) -> dict[str, Any]:
    """Return the values of a dialog; raise Invalid with its messages."""
    if form.is_valid():
        return dict(form.cleaned_data)
    raise Invalid(fields={name: "；".join(errors) for name, errors in form.errors.items()})
