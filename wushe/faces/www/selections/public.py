"""The public page of each call: what is wanted, how it is judged, the ranking, the contracts, and a place to object."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.faces.www.access import public
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, one_of, posted
from wushe.foundation.actor import SYSTEM
from wushe.lines.selections import deciding, selectors
from wushe.lines.selections.rules import rules_of
from wushe.lines.selections.states import SHOWN, SelectionKind, SelectionState
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

from .forms import ObjectionForm

SIZE = 20


@require_GET
@public
def home(request: HttpRequest) -> HttpResponse:
    """Show all calls, the newest first."""
    given = request.GET
    text = given.get("q", "").replace("\x00", "").strip()[:40]
    kind, state = one_of(given.get("kind", ""), SelectionKind.values), one_of(given.get("state", ""), SHOWN)
    page = page_of(selectors.public_selections(text=text, kind=kind, state=state), given, size=SIZE)
    context = {
        "page": page, "text": text, "kind": kind, "state": state, "kinds": SelectionKind.choices,
        "states": [(one, SelectionState(one).label, None) for one in SHOWN],
        "places": place_names(codes=[one.area_code for one in page.rows], from_level=Level.DISTRICT),
    }  # fmt: skip
    return render(request, "www/selections/home.html", context)


@require_GET
@public
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one call with its rules and, from the notice on, its ranking."""
    selection, today = selectors.public_selection(pk), timezone.localdate()
    rules = rules_of(selection, on=selection.announced_on or today)
    context = {
        "selection": selection, "place": place_names(codes=[selection.area_code], from_level=Level.DISTRICT).get(selection.area_code, ""),
        "criteria": list(rules.criteria.items()), "weights": rules.weights, "declarations": rules.value("declarations"),
        "ranking": list(selectors.public_ranking(selection)), "contracts": list(selectors.public_contracts(selection)),
        "answers": list(selectors.answered_objections(selection)[:SIZE]),
        "may_object": selection.state == SelectionState.NOTICED and selection.notice_until and today <= selection.notice_until,
    }  # fmt: skip
    return render(request, "www/selections/one.html", context)


@require_http_methods(["GET", "POST"])
@public
def object_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an objection; nobody has to say who they are."""
    selection = selectors.public_selection(pk)
    form = ObjectionForm(posted(request))
    if request.method == "POST":
        made = carry_out(
            form,
            lambda clean: deciding.object_to(actor=SYSTEM, at=timezone.now(), selection_id=pk, text=clean["text"]),
        )
        if made:
            return redirect("selections:objection", made.token)
    context = {"selection": selection, "form": form}
    return render(request, "www/selections/object.html", context, status=422 if form.errors else 200)


@require_GET
@public
def objection(request: HttpRequest, token: str) -> HttpResponse:
    """Show an objection to who raised it, with its answer or the day by which that is due."""
    return render(request, "www/selections/objection.html", {"objection": deciding.objection_by(token)})
