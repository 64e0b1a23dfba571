"""Activities at the desk: the list, one activity with its shifts, and what is done with it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import tried
from wushe.faces.www.paging import page_of
from wushe.faces.www.pictures import stored_picture
from wushe.faces.www.refusing import carry_out, one_of, posted
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.journal.exports import note_export
from wushe.lines.volunteering import announcing, attendance, selectors
from wushe.lines.volunteering.models import Activity
from wushe.lines.volunteering.pictures import add_photo, hold_photo, photo_of
from wushe.lines.volunteering.selectors import ActivityFilter
from wushe.lines.volunteering.states import ActivityKind, ActivityState, AgreementCase, Season
from wushe.registers.areas.selectors import place_names

from .forms import ActivityForm, CloseForm, PhotoForm, ReasonForm, ShiftsForm

HEAD = [
    "编号",
    "名称",
    "类型",
    "状态",
    "地点",
    "负责人",
    "班次",
    "名额",
    "已报上",
    "居民名额",
    "居民已报名",
    "最近一班",
]
LEAST_FIELDS = ("title", "kind", "area_code")


@require_GET
@allow("volunteering:view")
def activities(request: PageRequest) -> HttpResponse:
    """List activities with filters and counts."""
    where = _where(request.GET)
    rows = selectors.activities(actor=request.actor, on=timezone.localdate(), where=where)
    counts = selectors.activity_counts(actor=request.actor, where=where)
    page = page_of(rows, request.GET, size=30)
    names = place_names(codes=[row.area_code for row in page.rows])
    for row in page.rows:
        row.where = names.get(row.area_code, "")
    return render(request, "www/volunteering/activities.html", {
        "page": page, "where": where, "kinds": ActivityKind.choices, "seasons": Season.choices[1:],
        "states": [(s.value, s.label, counts[s.value]) for s in ActivityState],
        "export_url": reverse("volunteering:export"),
        "export_values": [("state", where.state), ("kind", where.kind), ("season", where.season), ("q", where.text)],
        "checks": selectors.check_counts(actor=request.actor), "may": request.actor.may("volunteering:organise"),
    })  # fmt: skip


@require_POST
@allow("volunteering:view")
def export(request: PageRequest) -> HttpResponse:
    """Give the rows of the list under the same filters as a file, and journal that they were taken."""
    at, where = timezone.now(), _where(request.POST)
    found = list(selectors.activities(actor=request.actor, on=timezone.localdate(), where=where)[:MOST_ROWS])
    filters = {"state": where.state, "kind": where.kind, "season": where.season}
    note_export(
        actor=request.actor, at=at, list_name="activities", rows=len(found), permission="volunteering:view",
        filters={name: value for name, value in filters.items() if value},
    )  # fmt: skip
    cells = [
        [row.pk, row.title, row.get_kind_display(), row.get_state_display(), row.place, row.in_charge,
         row.shift_count, row.places or 0, row.held or 0, row.seats, row.enrolled, str(row.next_day or "")]  # type: ignore[attr-defined]
        for row in found
    ]  # fmt: skip
    return table_file(name="activities", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


@require_http_methods(["GET", "POST"])
@allow("volunteering:organise")
def new(request: PageRequest) -> HttpResponse:
    """Plan an activity."""
    kind = request.GET.get("kind", "")
    season = request.GET.get("season", "")
    form = ActivityForm(
        posted(request), actor=request.actor, on=timezone.localdate(),
        initial={"in_charge": request.actor.name, "kind": kind, "season": season, **_only_place(request)},
    )  # fmt: skip
    if request.method == "POST":
        row = carry_out(form, lambda clean: announcing.plan_activity(
            actor=request.actor, at=timezone.now(), client_key=clean["client_key"], **form.values()
        ))  # fmt: skip
        if row is not None:
            messages.success(request, "已建好，接着安排班次。")
            return redirect("volunteering:activity", pk=row.pk)
    return _form(request, form, "新的志愿活动")


@require_http_methods(["GET", "POST"])
@allow("volunteering:organise")
def edit(request: PageRequest, pk: int) -> HttpResponse:
    """Change an activity."""
    row = selectors.one_activity(actor=request.actor, activity_id=pk)
    initial = {name: getattr(row, name) for name in ActivityForm.base_fields if hasattr(row, name)}
    initial |= {"agreement": row.agreement_cases, "budget_fen": row.budget_fen / 100}
    form = ActivityForm(posted(request), actor=request.actor, on=timezone.localdate(), initial=initial)
    if request.method == "POST":
        done = carry_out(form, lambda _: announcing.update_activity(
            actor=request.actor, at=timezone.now(), activity_id=pk, changes=form.values()
        ))  # fmt: skip
        if done is not None:
            messages.success(request, "已保存。")
            return redirect("volunteering:activity", pk=pk)
    return _form(request, form, row.title, row)


@require_GET
@allow("volunteering:view")
def activity(request: PageRequest, pk: int) -> HttpResponse:
    """Show one activity."""
    return _show(request, selectors.one_activity(actor=request.actor, activity_id=pk))


@require_POST
@allow("volunteering:organise")
def open_up(request: PageRequest, pk: int) -> HttpResponse:
    """Let volunteers sign up."""
    row = selectors.one_activity(actor=request.actor, activity_id=pk)
    if tried(request, "已开始招募，志愿者在手机上能看到。", announcing.open_activity, activity_id=pk):
        return redirect("volunteering:activity", pk=pk)
    return _show(request, row, status=409)


@require_POST
@allow("volunteering:organise")
def shifts(request: PageRequest, pk: int) -> HttpResponse:
    """Add shifts."""
    row, form = selectors.one_activity(actor=request.actor, activity_id=pk), ShiftsForm(request.POST)
    return _done(request, row, lambda clean: announcing.add_shifts(
        actor=request.actor, at=timezone.now(), activity_id=pk, days=form.days(), start=clean["start"],
        end=clean["end"], capacity=clean["capacity"], topic=clean["topic"], speaker=clean["speaker"],
    ), said="班次已安排，重复的没有再加。", shifts_form=form)  # fmt: skip


@require_POST
@allow("volunteering:organise")
def cancel(request: PageRequest, pk: int) -> HttpResponse:
    """Cancel an activity."""
    row, form = selectors.one_activity(actor=request.actor, activity_id=pk), ReasonForm(request.POST)
    return _done(request, row, lambda clean: announcing.cancel_activity(
        actor=request.actor, at=timezone.now(), activity_id=pk, reason=clean["reason"]
    ), said="活动已取消，已告诉报名的人。", reason_form=form)  # fmt: skip


@require_POST
@allow("volunteering:organise")
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Close an activity with its report."""
    row, form = selectors.one_activity(actor=request.actor, activity_id=pk), CloseForm(request.POST)
    return _done(request, row, lambda clean: announcing.close_activity(
        actor=request.actor, at=timezone.now(), activity_id=pk, report=clean["report"], spent_fen=clean["spent_fen"]
    ), said="已结项。", close_form=form)  # fmt: skip


@require_POST
@allow("volunteering:organise")
def photos(request: PageRequest, pk: int) -> HttpResponse:
    """Add a photo; unless somebody says otherwise, minors can be recognised on it."""
    row, form = selectors.one_activity(actor=request.actor, activity_id=pk), PhotoForm(request.POST, request.FILES)
    return _done(request, row, lambda clean: add_photo(
        actor=request.actor, at=timezone.now(), activity_id=pk, content=clean["photo"].read(),
        minors=not clean["no_minors"], caption=clean["caption"],
    ), said="照片已保存。", photo_form=form)  # fmt: skip


@require_GET
@allow("volunteering:view")
def photo(request: PageRequest, pk: int) -> HttpResponse:
    """Show one photo to those in whose scope it is."""
    return stored_picture(photo_of(actor=request.actor, photo_id=pk).file)


@require_POST
@allow("volunteering:organise")
def hold(request: PageRequest, pk: int) -> HttpResponse:
    """Keep a photo within scope from now on."""
    row = photo_of(actor=request.actor, photo_id=pk)
    tried(request, "这张照片不再给外面看。", hold_photo, photo_id=pk)
    return redirect("volunteering:activity", pk=row.activity_id)


def _done(
    request: PageRequest, row: Activity, act: Callable[[dict[str, Any]], object], said: str, **shown: forms.Form
) -> HttpResponse:
    """Carry a form of the activity's page out; the page shows it again, under its name, if it is refused."""
    (form,) = shown.values()
    if carry_out(form, act) is None:
        return _show(request, row, status=422, **shown)
    messages.success(request, said)
    return redirect("volunteering:activity", pk=row.pk)


def _show(request: PageRequest, row: Activity, *, status: int = 200, **refused: Any) -> HttpResponse:
    cases = dict(AgreementCase.choices)
    today = timezone.localdate()
    rows = list(selectors.shifts_of(activity=row))
    scores = selectors.satisfaction(activity=row)
    context = {
        "row": row, "shifts": [one for one in rows if one.day >= today], "past": [o for o in rows if o.day < today][::-1],
        "place": place_names(codes=[row.area_code]).get(row.area_code, ""), "scores": scores, "today": today,
        "cases": [cases[code] for code in row.agreement_cases if code in cases], "photos": row.photos.order_by("-pk"),
        "may": request.actor.may("volunteering:organise"), "runs": row.state in {"draft", "open"},
        "reached": attendance.reached(activity=row) if row.seats else None,
        "given": selectors.given(activity=row), "shifts_form": refused.get("shifts_form") or ShiftsForm(),
        "reason_form": refused.get("reason_form") or ReasonForm(), "close_form": refused.get("close_form") or CloseForm(),
        "photo_form": refused.get("photo_form") or PhotoForm(),
    }  # fmt: skip
    return render(request, "www/volunteering/activity.html", context, status=status)


def _form(request: PageRequest, form: ActivityForm, title: str, row: Activity | None = None) -> HttpResponse:
    context = {"form": form, "title": title, "row": row}
    return render(request, "www/volunteering/form.html", context, status=422 if form.errors else 200)


def _where(query: Any) -> ActivityFilter:
    return ActivityFilter(
        state=one_of(query.get("state", ""), ActivityState.values), kind=one_of(query.get("kind", ""), ActivityKind.values),
        season=one_of(query.get("season", ""), Season.values), text=query.get("q", "")[:40],
    )  # fmt: skip


def _only_place(request: PageRequest) -> dict[str, str]:
    """Return the community of somebody whose area is one."""
    code = request.actor.area_code
    return {"area_code": code} if len(code) == 12 else {}
