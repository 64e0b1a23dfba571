"""Fair distribution at the desk: the list with its reasons is looked at first, then exactly that list is confirmed."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.actor import Actor
from wushe.foundation.errors import Invalid
from wushe.lines.goods import selectors
from wushe.lines.goods.allocating import Household, Plan, allocate, digest_of, in_line, rule_in_words, shelf_for
from wushe.lines.goods.handing import give_one
from wushe.lines.goods.models import Handout

from .forms import GiveForm, PlanForm, choose


@require_http_methods(["GET", "POST"])
@desk("goods:allocate")
def distribute(request: PageRequest) -> HttpResponse:
    """Look at the list (GET), and confirm it (POST)."""
    actor, sent = request.actor, request.POST if request.method == "POST" else request.GET
    form = PlanForm(sent if request.method == "POST" or "each" in sent else None, initial={"each": 1})
    _offer(form, actor)
    if request.method == "POST":
        made = carry_out(form, lambda clean: allocate(actor=actor, at=timezone.now(), **clean))
        if made:
            messages.success(request, f"已分配给{made.handouts.count()}户，等居民来领。")
            return redirect("goods:handouts")
    plan, line = _list_of(form, actor) if form.is_bound else (None, [])
    context = {
        "form": form, "plan": plan, "line": line, "rule": rule_in_words(plan) if plan else "",
        "chosen": form.cleaned_data.get("categories", []) if form.is_bound else [], "seen": digest_of(line),
        "client_key": sent.get("client_key") or uuid4().hex, "given": sum(1 for one in line if one.quantity),
        "pieces": sum(one.quantity for one in line), "title": sent.get("title", ""),
    }  # fmt: skip
    return render(request, "www/goods/distribute.html", context, status=422 if form.errors else 200)


def _offer(form: PlanForm | GiveForm, actor: Actor) -> None:
    today = timezone.localdate()
    shelves = [
        (shelf.pk, f"{shelf.article.title}（{shelf.facility.name}，可用{left}{shelf.article.unit}）")
        for shelf, left in selectors.shelves_with_stock(actor=actor, on=today)
    ]
    choose(form, "shelf_id", shelves, "请选择")
    if isinstance(form, PlanForm):
        choose(form, "area_code", selectors.places(actor=actor, on=today), "请选择")
        choose(form, "categories", selectors.categories(area_code=actor.area_code, on=today))


def _list_of(form: PlanForm, actor: Actor) -> tuple[Plan | None, list[Household]]:
    """Return the plan of a form and its list; a senseless plan says so beside its field."""
    form.is_valid()
    clean = form.cleaned_data
    if not all(clean.get(name) for name in ("shelf_id", "area_code", "each")):
        return None, []
    plan = Plan(
        shelf_for(actor, clean["shelf_id"]), clean["area_code"], tuple(clean.get("categories", ())),
        clean["with_needs"], clean["each"], timezone.localdate(),
    )  # fmt: skip
    try:
        return plan, in_line(plan, actor)
    except Invalid as refusal:
        for name, words in refusal.fields.items():
            if words not in form.errors.get(name, []):
                form.add_error(name, words)
        return None, []


@require_http_methods(["GET", "POST"])
@desk("goods:allocate")
def give(request: PageRequest) -> HttpResponse:
    """Promise goods to one resident outside a distribution."""
    actor = request.actor
    form = GiveForm(posted(request), initial={"shelf_id": request.GET.get("shelf", ""), "quantity": 1})
    _offer(form, actor)
    if request.method == "POST" and (made := carry_out(form, lambda clean: _give(actor, clean))):
        messages.success(request, "已分配，可以登记领取。")
        return redirect("goods:handout", made.pk)
    context = {
        "form": form, "heading": "单独发放", "button": "分配", "lead": "急难的单独发放，写明原因；平时用“公平发放”。",
    }  # fmt: skip
    return render(request, "www/goods/form.html", context, status=422 if form.errors else 200)


def _give(actor: Actor, clean: dict[str, Any]) -> Handout:
    found = selectors.people_named(actor=actor, text=clean.pop("who"))
    if len(found) != 1:
        words = (
            "有几位居民同名，请到居民登记册核对。" if found else "没有找到这位居民，请写全姓名，或先到居民登记册登记。"
        )
        raise Invalid(fields={"who": words})
    return give_one(actor=actor, at=timezone.now(), person_id=found[0].pk, **clean)
