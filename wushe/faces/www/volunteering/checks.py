"""Hours that want a look: held back, drawn for checking, odd, struck; wishes for correction; hours typed by hand."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, faults_of, one_of, posted
from wushe.lines.volunteering import counting, selectors
from wushe.lines.volunteering.correcting import answer_correction, corrections, seen_correction
from wushe.lines.volunteering.states import Oddity

from .forms import AnswerForm, TypeForm, VerdictForm

WHICH = {"held": "待核对", "sampled": "抽查", "odd": "有异常已计入", "struck": "没有计入"}


@require_GET
@allow("volunteering:view")
def checks(request: PageRequest) -> HttpResponse:
    """List the records of one group, and the wishes for correction."""
    return _show(request)


@require_POST
@allow("volunteering:organise")
def accept(request: PageRequest, pk: int) -> HttpResponse:
    """Let a record count, or confirm a sample."""
    form = VerdictForm(request.POST)
    done = carry_out(form, lambda clean: counting.accept_hours(
        actor=request.actor, at=timezone.now(), record_id=pk, verdict=clean["verdict"]
    ))  # fmt: skip
    return _answer(request, pk, form, done, "已核对，时长计入。")


@require_POST
@allow("volunteering:organise")
def strike(request: PageRequest, pk: int) -> HttpResponse:
    """Let a record not count."""
    form = VerdictForm(request.POST)
    done = carry_out(form, lambda clean: counting.strike_hours(
        actor=request.actor, at=timezone.now(), record_id=pk, verdict=clean["verdict"]
    ))  # fmt: skip
    return _answer(request, pk, form, done, "已记为不计入，并告诉了志愿者。")


@require_POST
@allow("volunteering:organise")
def answer(request: PageRequest, pk: int) -> HttpResponse:
    """Answer a wish for correction."""
    form = AnswerForm(request.POST)
    seen_correction(actor=request.actor, correction_id=pk)
    done = carry_out(form, lambda clean: answer_correction(
        actor=request.actor, at=timezone.now(), correction_id=pk, grant=clean["grant"] == "yes", answer=clean["answer"]
    ))  # fmt: skip
    return _answer(request, pk, form, done, "已答复。")


@require_http_methods(["GET", "POST"])
@allow("volunteering:organise")
def type_in(request: PageRequest) -> HttpResponse:
    """Type hours that nobody signed; somebody else has to confirm them."""
    form = TypeForm(posted(request), initial={"number": request.GET.get("number", "")[:20]})
    if request.method == "POST":
        done = carry_out(form, lambda clean: counting.type_hours_of(
            actor=request.actor, at=timezone.now(), number=clean["number"], title=clean["title"], day=clean["day"],
            start=clean["start"], end=clean["end"], note=clean["note"], client_key=clean["client_key"],
        ))  # fmt: skip
        if done is not None:
            messages.success(request, "已补记，等另一位工作人员核对后计入。")
            return redirect("volunteering:checks")
    return render(request, "www/volunteering/type_hours.html", {"form": form}, status=422 if form.errors else 200)


def _answer(request: PageRequest, pk: int, form: VerdictForm | AnswerForm, done: object, said: str) -> HttpResponse:
    if done is None:
        messages.error(request, faults_of(form))
        return _show(request, pk, form)
    messages.success(request, said)
    return redirect("volunteering:checks")


def _show(request: PageRequest, pk: int = 0, refused: VerdictForm | AnswerForm | None = None) -> HttpResponse:
    """Show the list; beside the row of a refused form stands what was typed there."""
    typed = refused.data if refused else {}
    which = one_of(request.GET.get("which", ""), WHICH) or "held"
    counts = selectors.check_counts(actor=request.actor)
    page = page_of(selectors.records_to_check(actor=request.actor, which=which), request.GET, size=30)
    for row in page.rows:
        row.odd = [Oddity(code).label for code in row.oddity_codes if code in Oddity.values]
        row.typed = typed.get("verdict", "") if row.pk == pk else ""
    wishes = list(corrections(actor=request.actor)[:30])
    for wish in wishes:
        wish.typed = typed.get("answer", "") if wish.pk == pk else ""
    context = {
        "which": which, "page": page, "tabs": [(code, label, counts[code]) for code, label in WHICH.items()],
        "wishes": wishes, "may": request.actor.may("volunteering:organise"),
    }  # fmt: skip
    return render(request, "www/volunteering/checks.html", context, status=422 if refused else 200)
