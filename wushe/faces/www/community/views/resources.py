"""The resource list 资源清单: what is offered, on which conditions, and what is left of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from wushe.chain.resources.models import ResourceKind
from wushe.chain.resources.selectors import find_resources, resource_counts
from wushe.chain.resources.services import offer_resource
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.projects import ResourceForm
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.counting import show_count
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, tree
from wushe.registers.organisations.selectors import carriers


@require_GET
@desk("resources:view")
def resources(request: HttpRequest) -> HttpResponse:
    """Show the resource list of the actor's area."""
    actor, today = request.actor, timezone.localdate()  # type: ignore[attr-defined]
    kind, text = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:40]
    only_left = request.GET.get("left") == "1"
    kind = kind if kind in ResourceKind.values else ""
    counts = resource_counts(actor=actor, on=today, text=text, only_left=only_left)
    found = find_resources(actor=actor, on=today, kind=kind, text=text, only_left=only_left)
    page = page_of(found, request.GET, size=30)
    places = place_names(codes=[row.area_code for row in page.rows], from_level=Level.DISTRICT)
    context = {
        "rows": [(row, places.get(row.area_code, "")) for row in page.rows],
        "page": page,
        "q": text,
        "kind": kind,
        "only_left": only_left,
        "total": show_count(counts[kind or "all"]),
        "kinds": [(k.value, k.label, show_count(counts[k.value])) for k in ResourceKind],
        "may_edit": actor.may("resources:edit"),
        "today": today,
    }
    return render(request, "www/community/resources.html", context)


@require_http_methods(["GET", "POST"])
@desk("resources:edit")
def new_resource(request: HttpRequest) -> HttpResponse:
    """Put what an owner offers on the list."""
    actor, at, today = request.actor, timezone.now(), timezone.localdate()  # type: ignore[attr-defined]
    places = tree(code=actor.area_code, on=today, deepest=Level.COMMUNITY)
    form = ResourceForm(
        posted(request), places=places, owners=carriers(on=today),
        initial={"area_code": actor.area_code, "available_from": today},
    )  # fmt: skip
    if request.method == "POST":
        made = carry_out(form, lambda clean: offer_resource(actor=actor, at=at, **clean))
        if made:
            messages.success(request, f"“{made.title}”已列入资源清单。")
            return redirect("community:resources")
    return render(request, "www/community/new_resource.html", {"form": form}, status=422 if form.errors else 200)
