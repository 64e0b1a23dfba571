"""A resident grades: the street's year once, and each answer of the own community once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.errors import NotFound
from wushe.governance.judging import grading
from wushe.governance.judging.grading import RIGHT
from wushe.governance.judging.models import Aspect

SIZE = 20
FACES = [
    (5, "很满意", "mood-smile"), (4, "满意", "thumb-up"), (3, "一般", "mood-empty"), (2, "不满意", "thumb-down"),
    (1, "很不满意", "mood-sad"),
]  # fmt: skip
_SCORES = [(str(score), words) for score, words, _ in FACES]
_WRONG = {"required": "请点一个。", "invalid_choice": "请点列出的一个。"}


class ScoreForm(forms.Form):
    """One tap."""

    score = forms.TypedChoiceField(label="满意吗", coerce=int, choices=_SCORES, error_messages=_WRONG)


class YearForm(forms.Form):
    """One row of taps for each aspect; what one does not know is left open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for aspect, label in Aspect.choices:
            self.fields[aspect] = forms.TypedChoiceField(
                label=label, coerce=int, empty_value=None, required=False, widget=forms.RadioSelect,
                choices=[*_SCORES, ("", "说不好")], error_messages=_WRONG,
            )  # fmt: skip

    def scores(self) -> dict[str, int]:
        """Return what was given, by aspect."""
        return {name: score for name, score in self.cleaned_data.items() if score is not None}


@require_GET
@allow(RIGHT)
def own(request: PageRequest) -> HttpResponse:
    """Show what one can grade."""
    person, year = grading.person_of_voice(actor=request.actor), grading.year_to_grade(timezone.localdate())
    page = page_of(grading.answers_to_grade(person=person), request.GET, size=SIZE)
    context = {"page": page, "year": year, "done": grading.graded_year(person=person, year=year)}
    return render(request, "www/judging/own.html", context)


@require_http_methods(["GET", "POST"])
@allow(RIGHT)
def year(request: PageRequest) -> HttpResponse:
    """Grade the street's year."""
    actor, form = request.actor, YearForm(posted(request))
    person, number = grading.person_of_voice(actor=actor), grading.year_to_grade(timezone.localdate())
    done = grading.graded_year(person=person, year=number)
    if request.method == "POST" and carry_out(
        form, lambda clean: grading.grade_year(actor=actor, at=timezone.now(), scores=form.scores())
    ):
        messages.success(request, "谢谢您。只公布有多少人评和平均分，不公布您打了几分。")
        return redirect("judging:own")
    context = {"form": form, "year": number, "done": done and not form.errors}
    return render(request, "www/judging/year.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(RIGHT)
def grade(request: PageRequest, pk: int) -> HttpResponse:
    """Grade one answer."""
    actor, form = request.actor, ScoreForm(posted(request))
    person = grading.person_of_voice(actor=actor)
    question = grading.answers_to_grade(person=person).filter(pk=pk).first()
    if question is None:
        raise NotFound
    if request.method == "POST" and carry_out(
        form, lambda clean: grading.grade_answer(actor=actor, at=timezone.now(), question_id=pk, **clean)
    ):
        messages.success(request, "谢谢您的评价！")
        return redirect("judging:own")
    context = {"question": question, "form": form, "faces": FACES}
    return render(request, "www/judging/grade.html", context, status=422 if form.errors else 200)
