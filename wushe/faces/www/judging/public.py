"""What everybody reads without signing in: meetings to come, questions with who answers by when, answers, grades."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import public
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import one_of, whole
from wushe.governance.judging.grading import judged_answers, judged_years, year_to_grade, years_graded
from wushe.governance.judging.models import PUBLIC, Aspect, QuestionState
from wushe.governance.judging.selectors import meetings_ahead, public_question, public_questions, streets_with_answers
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

SIZE = 20


@require_GET
@public
def answers(request: HttpRequest) -> HttpResponse:
    """Show the questions, the newest first, and the meetings to come."""
    given, streets = request.GET, streets_with_answers()
    text = given.get("q", "").replace("\x00", "").strip()[:20]
    state, street = one_of(given.get("state", ""), PUBLIC), one_of(given.get("street", ""), streets)
    page = page_of(public_questions(text=text, state=state, area_code=street), given, size=SIZE)
    ahead = meetings_ahead(at=timezone.now())
    today, codes = timezone.localdate(), {one.community_code for one in [*page.rows, *ahead]}
    judged = judged_answers(questions=page.rows, on=today)
    context = {
        "page": page, "text": text, "state": state, "street": street, "ahead": ahead, "today": today,
        "states": [(code, QuestionState(code).label, None) for code in PUBLIC],
        "places": {**place_names(codes=codes, from_level=Level.COMMUNITY), **place_names(codes=streets)},
        "streets": streets, "rows": [(one, judged.get(one.pk)) for one in page.rows],
    }  # fmt: skip
    return render(request, "www/judging/answers.html", context)


@require_GET
@public
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one question and its answer."""
    question, today = public_question(pk), timezone.localdate()
    context = {
        "question": question, "today": today, "judged": judged_answers(questions=[question], on=today).get(pk),
        "place": place_names(codes=[question.community_code], from_level=Level.COMMUNITY).get(question.community_code, ""),
    }  # fmt: skip
    return render(request, "www/judging/answer.html", context)


@require_GET
@public
def years(request: HttpRequest) -> HttpResponse:
    """Show what residents gave each street's year: how many persons, and the averages."""
    today, known = timezone.localdate(), years_graded()
    asked = whole(request.GET.get("year", ""))
    year = asked if asked in known else (known[0] if known else year_to_grade(today))
    streets = judged_years(year=year, on=today)
    names = place_names(codes=streets)
    rows = [
        (names.get(code, code), judged[""], [(label, judged.get(aspect)) for aspect, label in Aspect.choices])
        for code, judged in streets.items()
    ]
    context = {"year": year, "known": known, "rows": rows, "aspects": Aspect.labels}
    return render(request, "www/judging/years.html", context)
