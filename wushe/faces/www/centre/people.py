"""The people of the day: who is there, who is away, and the sick call at twenty to eight."""

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.dispatch import selectors
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, whole
from wushe.foundation.errors import NotFound
from wushe.registers.areas.selectors import place_names
from wushe.registers.workforce import services
from wushe.registers.workforce.models import Absence, Worker, WorkerKind
from wushe.registers.workforce.selectors import absences
from wushe.registers.workforce.selectors import workers as workers_of

from .forms import AbsenceForm

MOST_NAMESAKES = 12


@require_GET
@desk("registers:view")
def workers(request: PageRequest) -> HttpResponse:
    """List the workers of the area with who is away today."""
    return render(request, "www/centre/workers.html", {**workers_context(request), "journey": "centre"})


def workers_context(request: PageRequest) -> dict[str, object]:
    """Return a page of workers, for the centre and for an organisation alike."""
    today = timezone.localdate()
    rows = workers_of(actor=request.actor, on=today)
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()
    if kind in WorkerKind.values:
        rows = rows.filter(kind=kind)
    if text:
        rows = named(rows, text)
    page = page_of(rows, request.GET, newest_first=False)
    away = {one.worker_id: one for one in absences(actor=request.actor, since=today).filter(starts_on__lte=today)}
    for worker in page.rows:
        worker.away_now = away.get(worker.pk)
    return {"page": page, "kinds": WorkerKind.choices, "away_count": len(away), "today": today}


@require_GET
@desk("dispatch:view")
def worker(request: PageRequest, worker_id: int) -> HttpResponse:
    """Show one worker's day, skills and absences."""
    today = timezone.localdate()
    row = workers_of(actor=request.actor, on=today).filter(pk=worker_id).first()
    if row is None:
        raise NotFound
    where = selectors.DayFilter()
    sheet = selectors.read_sheet(actor=request.actor, at=timezone.now(), day=today, where=where)
    mine = [one for one in sheet.appointments if one.worker_id == worker_id]
    standing = list(absences(actor=request.actor, since=today).filter(worker_id=worker_id))
    return render(request, "www/centre/worker.html", {
        "worker": row, "visits": mine, "places": sheet.places, "absences": standing, "today": today,
        "place": place_names(codes=[row.area_code]).get(row.area_code, ""),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk("workforce:edit")
def absence(request: PageRequest) -> HttpResponse:
    """Note that a worker is away: find who rings, then say until when; what this leaves unserved is shown next."""
    today = timezone.localdate()
    there = workers_of(actor=request.actor, on=today)
    if request.method == "POST":
        form = AbsenceForm(request.POST, workers=there, today=today)
        done = carry_out(form, lambda values: report(request, values))
        if done is not None:
            messages.success(request, "已登记请假。")
            return HttpResponseRedirect(reverse("centre:absent", args=[done.pk]))
        context = {"form": form, "chosen": there.filter(pk=whole(request.POST.get("worker", "")) or 0).first()}
        return render(request, "www/centre/absence.html", context, status=422)
    chosen = there.filter(pk=whole(request.GET.get("worker", "")) or 0).first()
    form = AbsenceForm(workers=there, today=today, initial={"worker": chosen.pk if chosen else ""})
    text = request.GET.get("q", "").strip()[:40]
    found = list(named(there, text)[: MOST_NAMESAKES + 1]) if text else []
    return render(request, "www/centre/absence.html", {
        "form": form, "chosen": chosen, "text": text, "found": found[:MOST_NAMESAKES],
        "more": len(found) > MOST_NAMESAKES,
    })  # fmt: skip


def named(rows: QuerySet[Worker], text: str) -> QuerySet[Worker]:
    """Narrow workers to those whose name holds the text, whose number begins with it, or whose initials it spells."""
    known = Q(person__name__contains=text) | Q(number__istartswith=text)
    return rows.filter(known | Q(person__initials__startswith=text.lower()))


def report(request: PageRequest, values: dict[str, object]) -> Absence:
    """Report an absence from the values of its form."""
    return services.report_absence(
        actor=request.actor, at=timezone.now(), worker_id=values["worker"].pk,  # type: ignore[attr-defined]
        starts_on=values["starts_on"], ends_on=values["ends_on"], reason=values["reason"],  # type: ignore[arg-type]
    )  # fmt: skip


@require_GET
@desk("workforce:edit")
def absent(request: PageRequest, absence_id: int) -> HttpResponse:
    """Show what an absence leaves without anybody, and offer to mend the day."""
    today = timezone.localdate()
    row = absences(actor=request.actor, since=today).filter(pk=absence_id).first()
    if row is None:
        raise NotFound
    day = max(row.starts_on, today)
    affected = selectors.visits_of_absence(actor=request.actor, at=timezone.now(), absence=row, day=day)
    places = place_names(codes=[one.area_code for one in affected])
    return render(request, "www/centre/absent.html", {
        "absence": row, "affected": affected, "day": day, "withdraw_url": reverse("centre:withdraw_absence", args=[row.pk]),
        "area": selectors.mended_area(actor=request.actor, affected=affected, day=day),
        "rows": [{"row": one, "place": places.get(one.area_code, "")} for one in affected], "later": row.ends_on > day,
    })  # fmt: skip


@require_POST
@desk("workforce:edit")
def withdraw(request: PageRequest, absence_id: int) -> HttpResponse:
    """Take back an absence."""
    row = services.withdraw_absence(actor=request.actor, at=timezone.now(), absence_id=absence_id)
    messages.success(request, f"已撤销{row.worker.person.name}的请假登记。")
    return HttpResponseRedirect(reverse("centre:worker", args=[row.worker_id]))
