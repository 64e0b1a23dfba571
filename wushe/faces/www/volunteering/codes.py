"""The code on the organiser's screen: an SVG that is asked for anew every few seconds and changes each half minute."""

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.lines.volunteering import selectors
from wushe.lines.volunteering.codes import code_at


@require_GET
@allow("volunteering:organise")
def code(request: PageRequest, pk: int) -> HttpResponse:
    """Show the code of a shift, large, with who has come."""
    response = render(request, "www/volunteering/code.html", _context(request, pk))
    response.headers["Cache-Control"] = "no-store"
    return response


def _context(request: PageRequest, pk: int) -> dict[str, object]:
    shift = selectors.one_shift(actor=request.actor, shift_id=pk)
    place = reverse("volunteer:code", args=[pk, code_at(shift_id=pk, at=timezone.now())])
    came, running = selectors.arrived(shift=shift)
    return {"shift": shift, "picture": _drawn(request.build_absolute_uri(place)), "came": came, "running": running}


def _drawn(address: str) -> SafeString:
    """Return the address as a picture; segno writes paths and numbers alone."""
    return mark_safe(segno.make(address, error="m").svg_inline(scale=6, border=3, title="签到二维码"))  # noqa: S308
