"""Revising the catalogue: begin a draft, change, add and withdraw its items, say what follows them, publish it."""

from datetime import timedelta

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.registers.catalogue.models import Item
from wushe.registers.catalogue.revision import add_item, begin_revision, change_draft, change_item, draft_of
from wushe.registers.catalogue.selectors import edition_of, fate_of, item_with_edition
from wushe.registers.catalogue.services import publish_edition
from wushe.registers.catalogue.succession import drop_item, map_item, restore_item

from .forms import ItemForm, NewItemForm, RevisionForm, SuccessorForm, content_of


@require_http_methods(["GET", "POST"])
@allow("catalogue:edit")
def begin(request: PageRequest) -> HttpResponse:
    """Begin a revision as a copy of the edition in force."""
    first = {"title": "社区服务目录", "effective_from": (timezone.localdate() + timedelta(days=30)).isoformat()}
    form = RevisionForm(posted(request), initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            draft = begin_revision(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        except (Invalid, Conflict) as fault:
            _beside(form, fault)
        else:
            messages.success(request, f"第{draft.number}版草稿已建好，内容与现行一版相同，现在可以逐项修改。")
            return redirect("catalogue:edition", number=draft.number)
    return render(request, "www/catalogue/begin.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("catalogue:edit")
def change(request: PageRequest, item_id: int) -> HttpResponse:
    """Change an item of a draft."""
    item = _item(item_id)
    form = ItemForm(posted(request), initial=content_of(item), edition=item.edition)
    if request.method == "POST" and form.is_valid():
        try:
            change_item(actor=request.actor, at=timezone.now(), item_id=item.pk, changes=form.content())
        except (Invalid, Conflict) as fault:
            _beside(form, fault)
        else:
            messages.success(request, f"“{form.cleaned_data['name']}”已保存。")
            return redirect("catalogue:item", item_id=item.pk)
    context = {"form": form, "item": item}
    return render(request, "www/catalogue/change.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("catalogue:edit")
def head(request: PageRequest, number: int) -> HttpResponse:
    """Change the name, the first day and the source of a draft."""
    draft = draft_of(number)
    first = {"title": draft.title, "effective_from": draft.effective_from, "source": draft.source}
    form = RevisionForm(posted(request), initial=first)
    if request.method == "POST":
        done = carry_out(
            form, lambda values: change_draft(actor=request.actor, at=timezone.now(), number=number, **values)
        )
        if done is not None:
            messages.success(request, f"已保存，这一版计划{done.effective_from}起施行。")
            return redirect("catalogue:edition", number=number)
    context = {"form": form, "draft": draft}
    return render(request, "www/catalogue/head.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("catalogue:edit")
def add(request: PageRequest, number: int) -> HttpResponse:
    """Add a new service to a draft."""
    draft = draft_of(number)
    form = NewItemForm(posted(request), edition=draft)
    if request.method == "POST" and form.is_valid():
        try:
            item = add_item(
                actor=request.actor, at=timezone.now(), number=number, code=form.cleaned_data["code"], content=form.content()
            )  # fmt: skip
        except (Invalid, Conflict) as fault:
            _beside(form, fault)
        else:
            messages.success(request, f"“{item.name}”已加入草稿。如果它替代了停用的项目，请在比较页写明。")
            return redirect("catalogue:item", item_id=item.pk)
    context = {"form": form, "draft": draft}
    return render(request, "www/catalogue/add.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("catalogue:edit")
def successors(request: PageRequest, number: int, item_id: int) -> HttpResponse:
    """Say what takes the place of a withdrawn item, or that nothing does."""
    draft, old = draft_of(number), _item(item_id)
    chosen = [one.new_id for one in fate_of(item=old, drafts=True) if one.new_id]
    form = SuccessorForm(posted(request), initial={"successor_ids": chosen}, edition=draft, old=old)
    if request.method == "POST":
        done = carry_out(
            form,
            lambda values: map_item(
                actor=request.actor, at=timezone.now(), number=number, old_item_id=item_id,
                successor_ids=values["successor_ids"],
            ),
        )  # fmt: skip
        if done is not None:
            messages.success(request, f"“{old.name}”的去向已写明。")
            return redirect("catalogue:diff", old=old.edition.number, new=number)
    context = {"form": form, "draft": draft, "old": old}
    return render(request, "www/catalogue/successors.html", context, status=422 if form.errors else 200)


@require_POST
@allow("catalogue:edit")
def restore(request: PageRequest, number: int, item_id: int) -> HttpResponse:
    """Take a withdrawn item back into the draft."""
    item = restore_item(actor=request.actor, at=timezone.now(), number=number, old_item_id=item_id)
    messages.success(request, f"“{item.name}”已放回草稿。")
    return redirect("catalogue:item", item_id=item.pk)


@require_POST
@allow("catalogue:edit")
def drop(request: PageRequest, item_id: int) -> HttpResponse:
    """Take an item out of a draft."""
    item = _item(item_id)
    drop_item(actor=request.actor, at=timezone.now(), item_id=item.pk)
    messages.success(request, f"“{item.name}”已从草稿中删去。由谁替代，可以在比较页写明；删错了也在那里放回来。")
    return redirect("catalogue:edition", number=item.edition.number)


@require_POST
@allow("catalogue:edit")
def publish(request: PageRequest, number: int) -> HttpResponse:
    """Publish a draft."""
    found = edition_of(number=number)
    if found is None:
        raise NotFound
    try:
        publish_edition(actor=request.actor, at=timezone.now(), edition_id=found.pk)
    except Invalid as fault:
        messages.error(request, fault.message)
    else:
        messages.success(request, f"第{number}版已发布，自{found.effective_from}起施行。")
    return redirect("catalogue:edition", number=number)


def _item(item_id: int) -> Item:
    item = item_with_edition(item_id=item_id)
    if item is None:
        raise NotFound
    return item


def _beside(form: forms.Form, fault: Invalid | Conflict) -> None:
    fields = fault.fields if isinstance(fault, Invalid) else {}
    for name, message in (fields or {"": fault.message}).items():
        shown = "price" if name == "price_fen" else name
        form.add_error(shown if shown in form.fields else None, message)
