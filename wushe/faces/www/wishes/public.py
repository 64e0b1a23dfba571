"""The wall of wishes, open to everybody: what is wished for and under which stars of a name, and nothing else."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from wushe.faces.www.access import public
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import one_of
from wushe.foundation.actor import Actor
from wushe.lines.wishes.models import SHOWN, WishKind, WishState
from wushe.lines.wishes.selectors import own_claim_on, public_wish, public_wishes, tally
from wushe.registers.areas.selectors import place_names

SIZE = 24


@require_GET
@public
def wall(request: HttpRequest) -> HttpResponse:
    """Show the wishes, the newest first."""
    given, known = request.GET, public_wishes()
    text = given.get("q", "").replace("\x00", "").strip()[:20]
    state, kind = one_of(given.get("state", ""), SHOWN), one_of(given.get("kind", ""), WishKind.values)
    page = page_of(public_wishes(text=text, state=state, kind=kind), given, size=SIZE)
    counts = tally(known)
    context = {
        "page": page, "text": text, "state": state, "kind": kind, "kinds": WishKind.choices, "tally": counts,
        "states": [(code, WishState(code).label, None) for code in SHOWN],
        "places": place_names(codes=[one.area_code[:9] for one in page.rows]),
    }  # fmt: skip
    return render(request, "www/wishes/wall.html", context)


@require_GET
@public
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one wish, and a volunteer the button with which it is claimed."""
    wish, actor = public_wish(pk), getattr(request, "actor", None)
    volunteer = isinstance(actor, Actor) and actor.may("wishes:claim")
    context = {
        "wish": wish, "place": place_names(codes=[wish.area_code[:9]]).get(wish.area_code[:9], ""),
        "may_claim": volunteer and wish.state == WishState.PUBLISHED,
        "own": own_claim_on(actor=actor, wish_id=pk) if volunteer else None, "signed_in": isinstance(actor, Actor),
    }  # fmt: skip
    return render(request, "www/wishes/one.html", context)
