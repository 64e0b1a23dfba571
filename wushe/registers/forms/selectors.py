"""Read forms: those of the own area, and those that a street or district made for all below."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.roles import Reach
from wushe.foundation.scope import covering, obtain, within

from .expressions import parse
from .models import Form, FormVersion, VersionState
from .questions import Question


def forms_for(*, actor: Actor) -> QuerySet[Form]:
    """Return the forms that stand in the actor's area or above it, with their versions; raise NotAllowed."""
    actor.require("forms:view")
    if actor.reach is not Reach.AREA:
        return Form.objects.none()
    versions = FormVersion.objects.defer("questions").order_by("-number")
    near = within(actor.area_code) | covering(actor.area_code)
    return Form.objects.filter(near).prefetch_related(Prefetch("versions", versions)).order_by("ended_on", "-id")


def form_of(*, actor: Actor, form_id: int) -> Form:
    """Return one of the forms that the actor may read; raise NotFound otherwise."""
    form = forms_for(actor=actor).filter(pk=form_id).first()
    if form is None:
        raise NotFound
    return form


def own_form(*, actor: Actor, form_id: int) -> Form:
    """Return a form that the actor may edit; raise NotFound otherwise."""
    return obtain(Form, actor, pk=form_id)


def versions_of(*, form: Form) -> list[FormVersion]:
    """Return the versions of a form, the newest first."""
    return list(form.versions.order_by("-number"))


def usable_versions(*, actor: Actor) -> list[FormVersion]:
    """Return the published versions with which work can begin at the actor's place."""
    actor.require("forms:view")
    forms = forms_for(actor=actor).filter(ended_on=None)
    versions = FormVersion.objects.filter(form__in=forms.values("pk"), state=VersionState.PUBLISHED)
    return list(versions.select_related("form").order_by("form__title"))


def for_phone(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Return questions with their conditions as trees, which a phone works out without reading any language."""
    told = []
    for question in questions:
        one = {name: value for name, value in question.items() if value not in ("", None)}
        for part in ("relevant", "constraint", "calculation"):
            if question.get(part):
                one[part] = parse(question[part])
        if "children" in question:
            one["children"] = for_phone(question["children"])
        told.append(one)
    return told
