"""The seat of a juror: what stands to be judged, one's own points, and keeping out."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.errors import NotFound
from wushe.foundation.roles import Reach
from wushe.lines.selections import judging, selectors
from wushe.lines.selections.models import Juror
from wushe.lines.selections.rules import rules_of
from wushe.lines.selections.states import SelectionState

from .forms import RecuseForm, ScoreForm

SCORE = "selections:score"


def _shell(request: PageRequest) -> str:
    return "www/shell_resident.html" if request.actor.reach is Reach.HOLDER else "www/shell_desk.html"


@require_GET
@allow(SCORE)
def mine(request: PageRequest) -> HttpResponse:
    """Show one's own seats with what stands before each."""
    actor = request.actor
    seats = [(juror, selectors.to_judge(actor=actor, juror=juror)) for juror in selectors.seats_of(actor=actor)]
    return render(request, "www/selections/mine.html", {"seats": seats, "shell": _shell(request)})


@require_http_methods(["GET", "POST"])
@allow(SCORE)
def score(request: PageRequest, pk: int, proposal_id: int) -> HttpResponse:
    """Read one proposal and give one's own points."""
    actor, (juror, one) = request.actor, _before(request, pk, proposal_id)
    selection = juror.selection
    given = one.score.parts if one.score else {}
    form = ScoreForm(
        posted(request), criteria=rules_of(selection, on=timezone.localdate()).criteria, given=given,
        words=one.score.words if one.score else "",
    )  # fmt: skip
    if request.method == "POST" and carry_out(
        form,
        lambda clean: judging.score_proposal(
            actor=actor,
            at=timezone.now(),
            juror_id=pk,
            proposal_id=proposal_id,
            parts=form.parts(),
            words=clean["words"],
        ),
    ):
        messages.success(request, "评分已保存，公示以前可以修改。")
        return redirect("selections:mine")
    context = {
        "juror": juror, "selection": selection, "one": one, "proposal": one.proposal, "form": form, "shell": _shell(request),
        "open": selection.state == SelectionState.SCORING and not one.recused,
    }  # fmt: skip
    return render(request, "www/selections/score.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow(SCORE)
def recuse(request: PageRequest, pk: int, proposal_id: int) -> HttpResponse:
    """Keep out of judging one proposal."""
    actor, (juror, one) = request.actor, _before(request, pk, proposal_id)
    form = RecuseForm(posted(request))
    if request.method == "POST" and carry_out(
        form,
        lambda clean: judging.recuse(
            actor=actor, at=timezone.now(), juror_id=pk, proposal_id=proposal_id, reason=clean["reason"]
        ),
    ):
        messages.success(request, "已回避，这个项目不再由您评分。")
        return redirect("selections:mine")
    context = {"juror": juror, "proposal": one.proposal, "form": form, "shell": _shell(request)}
    return render(request, "www/selections/recuse.html", context, status=422 if form.errors else 200)


def _before(request: PageRequest, pk: int, proposal_id: int) -> tuple[Juror, selectors.ToJudge]:
    juror = selectors.seat_of(actor=request.actor, juror_id=pk)
    for one in selectors.to_judge(actor=request.actor, juror=juror):
        if one.proposal.pk == proposal_id:
            return juror, one
    raise NotFound
