"""Ask about a line of the public books, and come back for the answer."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import public
from wushe.faces.www.refusing import carry_out, posted, whole
from wushe.foundation.actor import SYSTEM
from wushe.lines.charity import disclosure


class AskForm(forms.Form):
    """What somebody wants to know."""

    text = forms.CharField(
        label="您想问什么", max_length=300, min_length=4, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="例如：这笔钱买了什么？谁参加了活动？请不要写别人的姓名和电话。",
        error_messages={"required": "请写下您的问题。", "min_length": "请至少写4个字。", "max_length": "请写在300个字以内。"},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@public
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a question about a fund or one of its lines; nobody has to say who they are."""
    fund = disclosure.public_fund(pk)
    kind, line_id = request.GET.get("kind", ""), whole(request.GET.get("line", ""))
    form = AskForm(posted(request))
    if request.method == "POST":
        asked = carry_out(
            form,
            lambda clean: disclosure.ask_about(
                actor=SYSTEM, at=timezone.now(), fund_id=pk, text=clean["text"], kind=kind, line_id=line_id
            ),
        )
        if asked:
            return redirect("disclosure:question", asked.token)
    line = disclosure.line_of(fund, kind=kind, line_id=line_id) if line_id else None
    context = {"fund": fund, "form": form, "line": line}
    return render(request, "www/disclosure/ask.html", context, status=422 if form.errors else 200)


@require_GET
@public
def question(request: HttpRequest, token: str) -> HttpResponse:
    """Show a question to who asked it, with its answer or the day by which that is due."""
    one = disclosure.question_by(token)
    answer = disclosure.veil_of_fund(one.fund).over(one.answer)
    return render(request, "www/disclosure/question.html", {"question": one, "answer": answer})
