"""Residents who take part in an activity: the list with its counts, enrolling somebody, what they thought."""

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
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import carry_out, faults_of, one_of, posted
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.journal.exports import note_export
from wushe.lines.volunteering import attendance, enrolling, selectors
from wushe.lines.volunteering.models import Activity, Attendee
from wushe.lines.volunteering.states import AttendeeState
from wushe.registers.people.selectors import find_people

HEAD = ["姓名", "状态", "候补序号", "报名时间", "参加次数", "满意度", "意见"]
SCORES = [(5, "很满意"), (4, "满意"), (3, "一般"), (2, "不满意"), (1, "很不满意")]
MOST_FOUND = 20


class ChosenForm(forms.Form):
    """The resident who was found and chosen."""

    person_id = forms.IntegerField(min_value=1, max_value=2**62)


class OpinionForm(forms.Form):
    """What somebody said on paper."""

    score = forms.TypedChoiceField(
        label="满意吗", coerce=int, choices=SCORES,
        error_messages={"required": "请选择满意程度。", "invalid_choice": "请选择满意程度。"},
    )  # fmt: skip
    comment = forms.CharField(label="意见", max_length=200, required=False)


@require_GET
@allow("volunteering:view")
def people(request: PageRequest, pk: int) -> HttpResponse:
    """List the residents of an activity."""
    return _show(request, selectors.one_activity(actor=request.actor, activity_id=pk))


@require_POST
@allow("volunteering:view")
def export_people(request: PageRequest, pk: int) -> HttpResponse:
    """Give the list under the same filters as a file, and journal that it was taken."""
    row = selectors.one_activity(actor=request.actor, activity_id=pk)
    text, state = _where(request.POST)
    found = list(attendance.attendees_of(actor=request.actor, activity=row, text=text, state=state)[:MOST_ROWS])
    note_export(
        actor=request.actor, at=timezone.now(), list_name="attendees", rows=len(found), permission="volunteering:view",
        filters={"activity": str(pk), **({"state": state} if state else {})},
    )  # fmt: skip
    cells = [
        [one.person.name, one.get_state_display(), one.turn, str(timezone.localdate(one.enrolled_at)),
         one.times, dict(SCORES).get(one.score or 0, ""), one.comment]  # type: ignore[attr-defined]
        for one in found
    ]  # fmt: skip
    return table_file(name="attendees", kind=request.POST.get("format", ""), head=HEAD, rows=cells)


@require_http_methods(["GET", "POST"])
@allow("volunteering:organise")
def enrol(request: PageRequest, pk: int) -> HttpResponse:
    """Find a resident and enrol them."""
    row = selectors.one_activity(actor=request.actor, activity_id=pk)
    text = request.GET.get("q", "").strip()[:40]
    found = list(find_people(actor=request.actor, text=text)[:MOST_FOUND]) if text else []
    form = ChosenForm(posted(request))
    if request.method == "POST":
        made = carry_out(form, lambda clean: enrolling.enrol_resident(
            actor=request.actor, at=timezone.now(), activity_id=pk, person_id=clean["person_id"]
        ))  # fmt: skip
        if made is not None:
            messages.success(request, _said(made))
            return redirect("volunteering:people", pk=pk)
    context = {
        "row": row,
        "found": found,
        "text": text,
        "form": form,
        "wrong": faults_of(form) if form.is_bound else "",
    }
    return render(request, "www/volunteering/enrol.html", context, status=422 if form.errors else 200)


@require_POST
@allow("volunteering:organise")
def take_out(request: PageRequest, pk: int) -> HttpResponse:
    """Take a resident out; the next of the line gets the seat."""
    one = attendance.one_attendee(actor=request.actor, attendee_id=pk)
    said = f"{one.person.name}已退出，候补的人按顺序补上。"
    if tried(request, said, enrolling.take_out, attendee_id=pk):
        return redirect("volunteering:people", pk=one.activity_id)
    return _show(request, one.activity, status=409)


@require_POST
@allow("volunteering:organise")
def opinion(request: PageRequest, pk: int) -> HttpResponse:
    """Keep what a resident said on paper."""
    one, form = attendance.one_attendee(actor=request.actor, attendee_id=pk), OpinionForm(request.POST)
    done = carry_out(form, lambda clean: enrolling.note_opinion(
        actor=request.actor, at=timezone.now(), attendee_id=pk, **clean
    ))  # fmt: skip
    if done is None:
        messages.error(request, faults_of(form))
        return _show(request, one.activity, typed=(pk, form.data.get("comment", "")), status=422)
    messages.success(request, "已记下。")
    return redirect("volunteering:people", pk=one.activity_id)


def _show(request: PageRequest, row: Activity, *, typed: tuple[int, str] = (0, ""), status: int = 200) -> HttpResponse:
    text, state = _where(request.GET)
    counts = attendance.attendee_counts(activity=row, text=text)
    rows = attendance.attendees_of(actor=request.actor, activity=row, text=text, state=state)
    page = page_of(rows, request.GET, size=30)
    for one in page.rows:
        one.typed = typed[1] if one.pk == typed[0] else ""
        one.opinion = dict(SCORES).get(one.score or 0, "")
    context = {
        "row": row, "page": page, "text": text, "state": state, "scores": SCORES,
        "states": state_chips(AttendeeState, counts), "reached": attendance.reached(activity=row),
        "taking": enrolling.taking(row, timezone.now()), "may": request.actor.may("volunteering:organise"),
        "runs": row.state == "open", "export_url": reverse("volunteering:export_people", args=[row.pk]),
        "export_values": [("state", state), ("q", text)],
    }  # fmt: skip
    return render(request, "www/volunteering/people.html", context, status=status)


def _where(query: Any) -> tuple[str, str]:
    return query.get("q", "").strip()[:40], one_of(query.get("state", ""), AttendeeState.values)


def _said(made: Attendee) -> str:
    return "已报名。" if made.state == AttendeeState.ENROLLED else f"名额已满，排在候补第{made.turn}号。"
