"""The register of residents: find, see with masks, look behind a mask with a reason."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.chain.needs.selectors import needs_of_person
from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.people import RevealForm
from wushe.faces.www.registers.lists import show_list
from wushe.foundation.errors import Invalid
from wushe.oversight.selectors.journal import lines as journal_lines
from wushe.registers.areas.selectors import place_names
from wushe.registers.duplicates.selectors import merged_ids, survivor_id_of
from wushe.registers.people.enums import ConsentPurpose, RevealField, RevealReason
from wushe.registers.people.households import living_in
from wushe.registers.people.identity import full_years
from wushe.registers.people.register import PEOPLE
from wushe.registers.people.selectors import (
    consents_of,
    history_of_person,
    person_of,
    relations_of,
    relatives_of,
    tags_of,
)
from wushe.registers.people.services import reveal


@require_http_methods(["GET", "POST"])
@desk("registers:view")
def people(request: PageRequest) -> HttpResponse:
    """Show the register."""
    return show_list(request, PEOPLE.code)


@require_GET
@desk("registers:view")
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show one resident with all that is known; a record that was merged leads to the one it was merged into."""
    survivor = survivor_id_of(person_id=person_id)
    if survivor is not None:
        return redirect("community:person", survivor)
    return render(request, "www/community/person.html", _detail(request, person_id))


@require_POST
@desk("people:reveal")
def reveal_field(request: PageRequest, person_id: int) -> HttpResponse:
    """Show one protected value; who looked and why is journalled."""
    form = RevealForm(request.POST)
    if not form.is_valid():
        raise Invalid(fields={name: "；".join(map(str, errors)) for name, errors in form.errors.items()})
    field = form.cleaned_data["field"]
    value = reveal(actor=request.actor, at=timezone.now(), person_id=person_id, **form.cleaned_data)
    shown = {"label": RevealField(field).label, "value": value, "opened": True}
    if request.headers.get("HX-Request"):
        answer = render(request, "www/components/masked.html", shown)
    else:
        answer = render(request, "www/community/person.html", {**_detail(request, person_id), "shown": shown})
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _detail(request: PageRequest, person_id: int) -> dict[str, Any]:
    actor = request.actor
    someone = person_of(actor=actor, person_id=person_id)
    may_reveal = actor.may("people:reveal")
    merged = merged_ids(person_id=someone.pk)
    return {
        "person": someone,
        "age": full_years(someone.born_on, timezone.localdate()),
        "place": place_names(codes=[someone.community_code]).get(someone.community_code, ""),
        "protected": [
            (RevealField.PHONE, RevealField.PHONE.label, str(someone.phone)),
            (RevealField.ID_NUMBER, RevealField.ID_NUMBER.label, str(someone.id_number)),
            (
                RevealField.ADDRESS,
                RevealField.ADDRESS.label,
                str(someone.household.address) if someone.household else "",
            ),
        ],
        "reasons": RevealReason.choices,
        "may_reveal": may_reveal,
        "tags": tags_of(person=someone, sensitive=may_reveal),
        "relations": relations_of(person=someone),
        "related": relatives_of(person=someone),
        "consents": [(one, ConsentPurpose(one.purpose).label) for one in consents_of(person=someone)],
        "household": someone.household,
        "housemates": living_in(someone.household).exclude(pk=someone.pk) if someone.household else [],
        "merged": merged,
        "history": journal_lines(history_of_person(person=someone, merged_ids=merged)),
        "here": someone.died_on is None and someone.moved_out_on is None,
        "needs": needs_of_person(actor=actor, person_id=someone.pk) if actor.may("needs:view") else [],
        "may_edit": actor.may("people:edit"),
        "may_record": actor.may("needs:record"),
    }
