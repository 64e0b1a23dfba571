"""Acts on one thing as a declared list: right, states, words, form and service; each asks before it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.utils import timezone

from wushe.faces.www.access import PageRequest
from wushe.faces.www.refusing import carry_out
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict, Invalid, NotFound


class NoForm(forms.Form):
    """An act that needs no more than a yes."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: what it is called, who may do it in which states, what it asks, and the service that does it."""

    label: str
    question: str
    rights: tuple[str, ...]
    states: frozenset[str]
    run: Callable[..., Any]
    said: str
    form: type[forms.Form] = NoForm
    icon: str = "check"
    danger: bool = False
    fits: Callable[[Any], bool] = field(default=lambda thing: True)
    waits_for: Callable[[Any, Actor], bool] = field(default=lambda thing, actor: True)
    """Whether the thing waits for this actor, where the right alone does not tell."""
    prepare: Callable[[Any, Any], None] = field(default=lambda form, thing: None)
    """Puts into the form what depends on the thing: choices, first values."""

    def open_to(self, actor: Actor) -> bool:
        """Say whether the actor's role holds one of the rights."""
        return any(actor.may(right) for right in self.rights)

    def form_for(self, name: str, thing: Any, *sent: Any) -> forms.Form:
        """Return the form of the act on a thing, empty or with what was sent."""
        form = self.form(*sent, auto_id=f"{name}-%s")
        self.prepare(form, thing)
        return form


@dataclass(frozen=True, slots=True)
class Offered:
    """An act as the page offers it."""

    name: str
    act: Act
    form: forms.Form


def offered(acts: Mapping[str, Act], thing: Any, actor: Actor, bound: dict[str, forms.Form]) -> list[Offered]:
    """Return the acts that the actor may do on the thing now, each with its form; a refused one keeps what was typed."""
    return [
        Offered(name, act, bound.get(name) or act.form_for(name, thing))
        for name, act in acts.items()
        if act.open_to(actor) and thing.state in act.states and act.fits(thing) and act.waits_for(thing, actor)
    ]


def chosen(acts: Mapping[str, Act], name: str, actor: Actor) -> Act:
    """Return the act of this name; raise NotFound for none, NotAllowed for one that is not the actor's."""
    act = acts.get(name)
    if act is None:
        raise NotFound
    if not act.open_to(actor):
        actor.require(act.rights[0])
    return act


def carried_out(request: PageRequest, name: str, act: Act, thing: Any = None, **number: int) -> forms.Form | None:
    """Do the act on a thing that its service knows by its number; return None when done, else the form that refused."""
    actor = request.actor
    form = act.form_for(name, thing, request.POST, request.FILES)
    done = carry_out(form, lambda clean: act.run(actor=actor, at=timezone.now(), **number, **clean) or True)
    if done is None:
        return form
    messages.success(request, act.said)
    return None


def tried(request: PageRequest, said: str, service: Callable[..., object], **given: Any) -> bool:
    """Carry out an act that asks for no more than a yes; say that it is done, or why it was refused."""
    try:
        service(actor=request.actor, at=timezone.now(), **given)
    except (Conflict, Invalid) as refusal:
        messages.error(request, refusal.message)
        return False
    messages.success(request, said)
    return True


def problems(bound: Mapping[str, forms.Form]) -> list[str]:
    """Return what the refused forms say, for the head of the page."""
    return [str(error) for form in bound.values() for errors in form.errors.values() for error in errors]
