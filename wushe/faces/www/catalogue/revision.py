"""Revising the catalogue: begin a draft, change or drop its items, publish it."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import posted
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.quantities import fen_from_yuan
from wushe.registers.catalogue.models import Item, Responsibility, Unit
from wushe.registers.catalogue.revision import begin_revision, change_item, drop_item
from wushe.registers.catalogue.selectors import edition_of, item_with_edition
from wushe.registers.catalogue.services import publish_edition


class RevisionForm(forms.Form):
    """A new edition."""

    title = forms.CharField(label="名称", max_length=80, error_messages={"required": "请填写名称。"})
    effective_from = forms.DateField(
        label="从哪天起施行", widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": "请填写日期。", "invalid": "日期写得不对，请从日历里选。"},
    )  # fmt: skip
    source = forms.CharField(
        label="依据", max_length=300, help_text="文件名称和文号", error_messages={"required": "请写明依据。"}
    )


class ItemForm(forms.Form):
    """What may be changed in an item of a draft."""

    name = forms.CharField(label="名称", max_length=60, error_messages={"required": "请填写名称。"})
    plain = forms.CharField(label="说明", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    unit = forms.ChoiceField(label="计量单位", choices=Unit.choices)
    minutes = forms.IntegerField(label="最少服务分钟", min_value=0, error_messages={"invalid": "请填写整数。"})
    price = forms.DecimalField(
        label="单价（元）", min_value=0, max_digits=9, decimal_places=2,
        error_messages={"invalid": "请填写金额，例如 45.00。", "max_decimal_places": "最多两位小数。"},
    )  # fmt: skip
    photos = forms.IntegerField(
        label="要几张照片", min_value=0, max_value=9, error_messages={"invalid": "请填写整数。"}
    )
    signature = forms.BooleanField(label="要服务对象签字", required=False)
    two_people = forms.BooleanField(label="要两个人一起上门", required=False)
    responsible_party = forms.ChoiceField(label="责任方", choices=Responsibility.choices)


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
    form = ItemForm(posted(request), initial=_initial(item))
    if request.method == "POST" and form.is_valid():
        try:
            values = dict(form.cleaned_data)
            values["price_fen"] = fen_from_yuan(values.pop("price"))
            change_item(actor=request.actor, at=timezone.now(), item_id=item.pk, changes=values)
        except (Invalid, Conflict) as fault:
            _beside(form, fault)
        else:
            messages.success(request, f"“{form.cleaned_data['name']}”已保存。")
            return redirect("catalogue:item", item_id=item.pk)
    context = {"form": form, "item": item}
    return render(request, "www/catalogue/change.html", context, status=422 if form.errors else 200)


@require_POST
@allow("catalogue:edit")
def drop(request: PageRequest, item_id: int) -> HttpResponse:
    """Take an item out of a draft."""
    item = _item(item_id)
    drop_item(actor=request.actor, at=timezone.now(), item_id=item.pk)
    messages.success(request, f"“{item.name}”已从草稿中删去。")
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


def _initial(item: Item) -> dict[str, Any]:
    same = ("name", "plain", "unit", "minutes", "photos", "signature", "two_people", "responsible_party")
    return {name: getattr(item, name) for name in same} | {"price": Decimal(item.price_fen) / 100}


def _beside(form: forms.Form, fault: Invalid | Conflict) -> None:
    fields = fault.fields if isinstance(fault, Invalid) else {}
    for name, message in (fields or {"": fault.message}).items():
        shown = "price" if name == "price_fen" else name
        form.add_error(shown if shown in form.fields else None, message)
