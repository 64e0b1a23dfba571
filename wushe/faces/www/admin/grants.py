"""Grants: give a role at a place, for an organisation or a person where the role stands for one; end it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.admin.incompatible import warnings
from wushe.faces.www.refusing import DayInput, posted
from wushe.foundation.access.administration import account_of, end_grant, grants_of_account
from wushe.foundation.errors import Invalid
from wushe.foundation.roles import GRANTABLE, ROLES
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, tree
from wushe.registers.holders import find_holders, give_role, holder_of, needs_holder

_MOST_AREAS = 600


class GrantForm(forms.Form):
    """A role at a place."""

    area_code = forms.ChoiceField(
        label="辖区", error_messages={"required": "请选择辖区。", "invalid_choice": "请选择本辖区内的地方。"}
    )
    valid_from = forms.DateField(
        label="从哪天起", widget=DayInput(),
        error_messages={"required": "请填写日期。", "invalid": "日期写得不对，请从日历里选。"},
    )  # fmt: skip

    def __init__(self, areas: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area_code"].choices = areas  # type: ignore[attr-defined]


@require_http_methods(["GET", "POST"])
@allow("access:manage")
def give(request: PageRequest, user_id: int) -> HttpResponse:
    """Give a role in three steps on one address: choose the role, find whom it stands for, choose the place."""
    user = account_of(actor=request.actor, user_id=user_id)
    chosen = request.POST or request.GET
    role = chosen.get("role", "")
    role = role if role in dict(GRANTABLE) else ""
    holder = _holder(request, role, chosen.get("holder", ""))
    text = request.GET.get("q", "")
    ready = bool(role) and (holder is not None or not needs_holder(role))
    form = None
    if ready:
        form = GrantForm(_areas(request), posted(request), initial={"valid_from": timezone.localdate().isoformat()})
        if request.method == "POST" and form.is_valid() and _give(request, user_id, role, holder, form):
            messages.success(request, f"已授予{user.name}“{ROLES[role].title}”身份。")
            return redirect("admin:account", user_id=user_id)
    held = {one.role_code for one in grants_of_account(actor=request.actor, user_id=user_id) if one.valid_until is None}
    return render(request, "www/admin/give.html", {
        "account": user,
        "roles": [{"code": code, "title": title, "current": code == role} for code, title in GRANTABLE],
        "role": role,
        "role_title": ROLES[role].title if role else "",
        "holder": holder,
        "asks_holder": bool(role) and needs_holder(role) and holder is None,
        "holder_hint": _hint(role),
        "found": find_holders(actor=request.actor, role_code=role, text=text) if text else None,
        "form": form,
        "step": 3 if ready else 2 if role else 1,
        "warnings": warnings(held | {role}) if role else [],
    }, status=422 if form is not None and form.errors else 200)  # fmt: skip


@require_POST
@allow("access:manage")
def end(request: PageRequest, grant_id: int) -> HttpResponse:
    """End a role."""
    grant = end_grant(actor=request.actor, at=timezone.now(), grant_id=grant_id, today=timezone.localdate())
    messages.success(request, f"“{ROLES[grant.role_code].title}”身份已终止。")
    return redirect("admin:account", user_id=grant.user_id)


def _give(request: PageRequest, user_id: int, role: str, holder: Any, form: GrantForm) -> bool:
    try:
        give_role(
            actor=request.actor, at=timezone.now(), user_id=user_id, role_code=role,
            holder_id=holder.pk if holder else None, **form.cleaned_data,
        )  # fmt: skip
    except Invalid as fault:
        for name, message in (fault.fields or {"": fault.message}).items():
            form.add_error(name if name in form.fields else None, message)
        return False
    return True


def _holder(request: PageRequest, role: str, number: str) -> Any:
    if not role or not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return holder_of(actor=request.actor, role_code=role, holder_id=int(number))


def _areas(request: PageRequest) -> list[tuple[str, str]]:
    today, own = timezone.localdate(), request.actor.area_code
    areas = list(tree(code=own, on=today, deepest=Level.COMMUNITY)[:_MOST_AREAS])
    names = place_names(codes=[one.area_code for one in areas], from_level=Level.DISTRICT)
    return [("", "请选择"), *((one.area_code, names.get(one.area_code) or one.name) for one in areas)]


def _hint(role: str) -> str:
    return {
        "organisation_manager": "输入机构名称里的几个字",
        "resident": "输入居民姓名、手机尾号四位，或完整身份证号",
    }.get(role, "输入姓名或工号")
