"""Moving, leaving, coming back, death, and what was recorded by mistake."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.community.forms.people_life import DeathForm, LeaveForm, MoveForm, Places, ReturnForm
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.actor import Actor
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, tree
from wushe.registers.people.deaths import record_death, retract_death
from wushe.registers.people.models import Person
from wushe.registers.people.moving import move_person, record_departure, record_return
from wushe.registers.people.selectors import person_of

_DISTRICT = 6


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def move(request: PageRequest, person_id: int) -> HttpResponse:
    """Write that a resident lives elsewhere in the district."""
    actor, at = request.actor, timezone.now()
    person = person_of(actor=actor, person_id=person_id)
    form = MoveForm(posted(request), places=communities(actor), initial={"moved_on": timezone.localdate()})
    return _page(
        request, person, form, lambda clean: move_person(actor=actor, at=at, person_id=person.pk, **clean),
        title="迁移",
        lead="记录跟着人走：标签、亲属、同意书和历史都在。迁到别的社区后，由那个社区管理。",
        said="已迁移。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def leave(request: PageRequest, person_id: int) -> HttpResponse:
    """Write that a resident has moved to where the register does not reach."""
    actor, at = request.actor, timezone.now()
    person = person_of(actor=actor, person_id=person_id)
    form = LeaveForm(posted(request), initial={"left_on": timezone.localdate()})
    return _page(
        request, person, form, lambda clean: record_departure(actor=actor, at=at, person_id=person.pk, **clean),
        title="登记迁出",
        lead="迁到本平台管不到的地方时用。还没办完的需求会关闭，没上门的服务会取消。",
        said="已登记迁出。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def come_back(request: PageRequest, person_id: int) -> HttpResponse:
    """Write that a resident who had moved out lives here again."""
    actor, at = request.actor, timezone.now()
    person = person_of(actor=actor, person_id=person_id)
    form = ReturnForm(posted(request), places=communities(actor), initial={"moved_on": timezone.localdate()})
    return _page(
        request, person, form, lambda clean: record_return(actor=actor, at=at, person_id=person.pk, **clean),
        title="登记迁入",
        lead="原来的记录接着用，不用重新登记。",
        said="已登记迁入。",
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@desk("people:edit")
def death(request: PageRequest, person_id: int) -> HttpResponse:
    """Write that a resident has died."""
    actor, at = request.actor, timezone.now()
    person = person_of(actor=actor, person_id=person_id)
    form = DeathForm(posted(request))
    return _page(
        request, person, form, lambda clean: record_death(actor=actor, at=at, person_id=person.pk, **clean),
        title="登记去世",
        lead="标签在这一天结束；还没办完的需求会关闭，没上门的服务会取消。登记错了可以更正。",
        said="已登记。请代我们向家属致意。",
    )  # fmt: skip


@require_POST
@desk("people:edit")
def retract(request: PageRequest, person_id: int) -> HttpResponse:
    """Take back a death recorded by mistake."""
    retract_death(actor=request.actor, at=timezone.now(), person_id=person_id)
    messages.success(request, "已更正。已经关闭的需求和取消的服务不会自动恢复，请逐件查看。")
    return redirect("community:person", person_id)


def communities(actor: Actor) -> Places:
    """Return the communities of the actor's district, with their streets, to choose from."""
    today = timezone.localdate()
    codes = [
        area.area_code
        for area in tree(code=actor.area_code[:_DISTRICT], on=today)
        if area.level == Level.COMMUNITY
    ]  # fmt: skip
    names = place_names(codes=codes)
    return [(code, names.get(code, code)) for code in codes]


def _page(
    request: PageRequest,
    person: Person,
    form: Form,
    act: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    lead: str,
    said: str,
) -> HttpResponse:
    if request.method == "POST" and carry_out(form, act) is not None:
        messages.success(request, said)
        # Who was handed over to another community is no longer this desk's to see.
        if form.cleaned_data.get("area_code", person.area_code).startswith(request.actor.area_code):
            return redirect("community:person", person.pk)
        return redirect("community:people")
    context = {"form": form, "person": person, "title": title, "do": title, "lead": lead}
    return render(request, "www/community/person_part.html", context, status=422 if form.errors else 200)
