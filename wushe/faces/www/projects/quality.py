"""The project standard as a checklist, and what people scored before and after."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.chain.projects import outcomes
from wushe.chain.projects.progress import checklist_of
from wushe.chain.projects.selectors import project_of
from wushe.chain.projects.standards import mark_standard
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid
from wushe.registers.people.models import Person
from wushe.registers.people.selectors import find_people

from .forms import MeasureForm, ReadingForm, StandardForm


@require_http_methods(["GET", "POST"])
@desk("projects:approve")
def standard(request: PageRequest, project_id: int) -> HttpResponse:
    """Check a project against the standard."""
    actor, at = request.actor, timezone.now()
    project = project_of(actor=actor, project_id=project_id)
    phases = checklist_of(project=project, on=timezone.localdate())
    form = StandardForm(posted(request), clauses=[clause for _, _, clauses in phases for clause in clauses])
    if request.method == "POST":
        done = carry_out(form, lambda _: mark_standard(actor=actor, at=at, project_id=project_id, marks=form.marks()))
        if done:
            messages.success(request, f"已核对{done}条。")
            return redirect("projects:project", project_id)
    rows, start = [], 0
    for title, source, clauses in phases:
        rows.append((title, source, form.rows(start, len(clauses))))
        start += len(clauses)
    context = {"project": project, "form": form, "phases": rows}
    return render(request, "www/projects/standard.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk("projects:design")
def outcome(request: PageRequest, project_id: int) -> HttpResponse:
    """Keep what a person scored, and show what each measure says."""
    actor, at = request.actor, timezone.now()
    project = project_of(actor=actor, project_id=project_id)
    form = _reading_form(posted(request), project)
    if request.method == "POST":

        def read(clean: dict[str, Any]) -> object:
            person = _the_one(actor, clean.pop("who"))
            return outcomes.read_outcome(actor=actor, at=at, person_id=person.pk, **clean)

        if carry_out(form, read):
            messages.success(request, "已记下。")
            return redirect("projects:outcome", project_id)
    return _show(request, project, form, MeasureForm())


@require_POST
@desk("projects:design")
def add_measure(request: PageRequest, project_id: int) -> HttpResponse:
    """Add a scale."""
    actor, at = request.actor, timezone.now()
    project = project_of(actor=actor, project_id=project_id)
    form = MeasureForm(request.POST)
    made = carry_out(form, lambda clean: outcomes.add_measure(actor=actor, at=at, project_id=project_id, **clean))
    if made:
        messages.success(request, f"已加上“{made.title}”。")
        return redirect("projects:outcome", project_id)
    return _show(request, project, _reading_form(None, project), form)


def _show(request: PageRequest, project: Any, reading: ReadingForm, measure: MeasureForm) -> HttpResponse:
    context = {
        "project": project, "outcomes": outcomes.outcomes_of(project), "reading_form": reading, "measure_form": measure
    }  # fmt: skip
    refused = reading.errors or measure.errors
    return render(request, "www/projects/outcome.html", context, status=422 if refused else 200)


def _reading_form(data: Any, project: Any) -> ReadingForm:
    measures = [(m.measure.pk, m.measure.title) for m in outcomes.outcomes_of(project)]
    return ReadingForm(data, measures=measures, initial={"on": timezone.localdate()})


def _the_one(actor: Actor, text: str) -> Person:
    found = list(find_people(actor=actor, text=text)[:2])
    if len(found) != 1:
        said = "有几位居民都符合，请改用身份证号或完整手机号。" if found else "没有找到这位居民，请核对。"
        raise Invalid(fields={"who": said})
    return found[0]
