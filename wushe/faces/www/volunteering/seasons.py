"""The calendar of festivals: what comes, what is planned for it, and a way to plan it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.lines.volunteering.seasons import seasons_ahead


@require_GET
@allow("volunteering:view")
def seasons(request: PageRequest) -> HttpResponse:
    """Show the festivals of the next twelve months."""
    rows = seasons_ahead(actor=request.actor, on=timezone.localdate())
    context = {"rows": rows, "may": request.actor.may("volunteering:organise")}
    return render(request, "www/volunteering/seasons.html", context)
