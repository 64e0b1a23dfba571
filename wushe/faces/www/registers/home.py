"""All registers at a glance: how many rows each holds in the actor's scope."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from wushe.faces.www.access import PageRequest, allow
from wushe.foundation.counting import capped_counts, show_count
from wushe.registers.desk.selectors import Where, narrowed

from .desk import desks


@require_GET
@allow("registers:view", "resources:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the registers that the actor may open."""
    actor, on = request.actor, timezone.localdate()
    mine = [desk for desk in desks().values() if actor.may(desk.register.permission)]
    counts = capped_counts({desk.code: narrowed(desk.register, actor=actor, where=Where(), on=on) for desk in mine})
    tiles = [(desk, show_count(counts[desk.code])) for desk in mine]
    return render(request, "www/registers/home.html", {"tiles": tiles})
