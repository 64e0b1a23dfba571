"""Record a need: find the resident, or register them on the spot, then write down what they say."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.chain.needs.selectors import needs_of_person
from wushe.chain.needs.services import record_need
from wushe.chain.needs.triage.advice import suggest_items
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.needs import NeedForm
from wushe.faces.www.refusing import carry_out, posted
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names
from wushe.registers.people.selectors import find_people, person_of, tags_of, with_standing_tags

MOST_FOUND = 20


@require_http_methods(["GET", "POST"])
@desk("needs:record")
def find_resident(request: PageRequest) -> HttpResponse:
    """Find for whom a need is recorded. The words are posted, so that no name or number stands in an address."""
    actor = request.actor
    text = request.POST.get("q", "").strip()[:40]
    people = list(with_standing_tags(find_people(actor=actor, text=text))[: MOST_FOUND + 1]) if text else []
    places = place_names(codes=[p.community_code for p in people], from_level=Level.COMMUNITY)
    context = {
        "q": text,
        "found": [(person, places.get(person.community_code, "")) for person in people[:MOST_FOUND]],
        "more": len(people) > MOST_FOUND,
        "actor_may_edit": actor.may("people:edit"),
    }
    part = bool(request.headers.get("HX-Request"))
    return render(
        request, "www/community/parts/found_people.html" if part else "www/community/find_resident.html", context
    )


@require_http_methods(["GET", "POST"])
@desk("needs:record")
def record(request: PageRequest, person_id: int) -> HttpResponse:
    """Write down what a resident needs."""
    actor, at = request.actor, timezone.now()
    person = person_of(actor=actor, person_id=person_id)
    form = NeedForm(posted(request))
    if request.method == "POST":
        made = carry_out(form, lambda clean: record_need(actor=actor, at=at, person_id=person.pk, **clean))
        if made:
            messages.success(request, f"需求 {made.pk} 已登记。")
            after = "community:triage" if actor.may("needs:triage") and "triage" in request.POST else "community:need"
            return redirect(after, made.pk)
    earlier = needs_of_person(actor=actor, person_id=person.pk, limit=5)
    place = place_names(codes=[person.community_code]).get(person.community_code, "")
    context = {"form": form, "person": person, "place": place, "earlier": earlier, "may_triage": actor.may("needs:triage"),
               "tags": tags_of(person=person, sensitive=False),
               "suggestions": _suggestions(form["words"].value() or "")}  # fmt: skip
    return render(request, "www/community/record_need.html", context, status=422 if form.errors else 200)


@require_POST
@desk("needs:record")
def suggestions(request: HttpRequest) -> HttpResponse:
    """Answer with the services that the words typed so far point to."""
    context = {"suggestions": _suggestions(request.POST.get("words", ""))}
    return render(request, "www/community/parts/suggestions.html", context)


def _suggestions(words: str) -> list[object]:
    return list(suggest_items(words=words[:2000], day=timezone.localdate())) if words.strip() else []
