"""Questions that residents asked about the books, and who stands behind the accounts that handle money."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import carry_out, one_of, posted
from wushe.foundation.access.selectors import names_of_accounts
from wushe.lines.charity import selectors
from wushe.lines.charity.disclosure import answer_question
from wushe.lines.charity.enums import QuestionState
from wushe.lines.charity.funds import declare
from wushe.registers.organisations.selectors import carriers

from .forms import AnswerForm, DeclarationForm
from .people import the_one


@require_GET
@desk("charity:view")
def home(request: PageRequest) -> HttpResponse:
    """Show what was asked, with the day by which each answer is due."""
    actor, text = request.actor, request.GET.get("q", "")[:40]
    state = one_of(request.GET.get("state", ""), QuestionState.values)
    page = page_of(selectors.find_questions(actor=actor, state=state, text=text), request.GET, size=30)
    context = {
        "page": page, "state": state, "text": text, "now": timezone.now(),
        "states": state_chips(QuestionState, selectors.question_counts(actor=actor, text=text)),
    }  # fmt: skip
    return render(request, "www/charity/questions.html", context)


@require_http_methods(["GET", "POST"])
@desk("charity:answer")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Answer a question; the answer is public."""
    actor = request.actor
    question = selectors.question_of(actor=actor, question_id=pk)
    form = AnswerForm(posted(request))
    if request.method != "POST":
        return render(request, "www/charity/question.html", {"form": form, "question": question})
    if carry_out(form, lambda clean: answer_question(actor=actor, at=timezone.now(), question_id=pk, **clean)):
        messages.success(request, "已答复并公开。")
        return redirect("charity:questions")
    context = {"form": form, "question": question}
    return render(request, "www/charity/question.html", context, status=422)


@require_http_methods(["GET", "POST"])
@desk("charity:declare")
def declarations(request: PageRequest) -> HttpResponse:
    """Show who is declared, and declare a colleague."""
    actor = request.actor
    organisations = [(o.pk, o.name) for o in carriers(on=timezone.localdate())]
    form = DeclarationForm(posted(request), users=selectors.undeclared(actor=actor), organisations=organisations)
    if request.method == "POST":

        def write_down(clean: dict[str, Any]) -> object:
            person = the_one(actor, clean.pop("who"), field="who")
            return declare(actor=actor, at=timezone.now(), person_id=person.pk, **clean)

        if carry_out(form, write_down):
            messages.success(request, "申报已登记。")
            return redirect("charity:declarations")
    page = page_of(selectors.declarations(actor=actor), request.GET, size=30)
    names = names_of_accounts({row.user_id for row in page.rows})
    context = {"form": form, "page": page, "names": names}
    return render(request, "www/charity/declarations.html", context, status=422 if form.errors else 200)
