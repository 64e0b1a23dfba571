"""Accounts: list, open, look at one, stop and reopen it, set a new password that is shown once."""

import secrets
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.admin.incompatible import warnings
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import posted
from wushe.foundation.access.administration import (
    account_of,
    close_account,
    find_accounts,
    grants_of_account,
    may_act_on,
    reopen_account,
    set_password,
)
from wushe.foundation.access.models import Grant, User
from wushe.foundation.access.services import open_account
from wushe.foundation.errors import Invalid
from wushe.foundation.roles import GRANTABLE, ROLES
from wushe.oversight.selectors.accounts import account_acts, account_figures, with_standing_grants
from wushe.registers.areas.selectors import place_names

# Letters and digits that nobody confuses when they are read out.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountForm(forms.Form):
    """A new account; its password is made by the system and shown once."""

    name = forms.CharField(label="姓名", max_length=40, error_messages={"required": "请填写姓名。"})
    username = forms.RegexField(
        r"^[a-zA-Z0-9_.-]{3,60}$", label="登录名", help_text="3个以上的字母或数字，例如 zhoumin",
        error_messages={"required": "请填写登录名。", "invalid": "登录名用3个以上的字母、数字、点、横线，不要空格和汉字。"},
    )  # fmt: skip


@require_GET
@allow("access:manage")
def home(request: PageRequest) -> HttpResponse:
    """Show how the accounts of the area stand, and what was done to them lately."""
    figures = account_figures(actor=request.actor, on=timezone.localdate())
    by_role = [(code, title, figures.by_role[code]) for code, title in GRANTABLE if code in figures.by_role]
    context = {"figures": figures, "by_role": by_role, "acts": account_acts(actor=request.actor)}
    return render(request, "www/admin/home.html", context)


@require_GET
@allow("access:manage")
def users(request: PageRequest) -> HttpResponse:
    """Show the accounts of the area with their roles."""
    query = request.GET
    active = {"yes": True, "no": False}.get(query.get("active", ""))
    found = find_accounts(actor=request.actor, text=query.get("q", ""), role_code=query.get("role", ""), active=active)
    page = page_of(with_standing_grants(found, on=timezone.localdate()), query)
    places = place_names(codes=[g.area_code for user in page.rows for g in user.standing_grants])
    rows = [_row(user, places) for user in page.rows]
    return render(
        request, "www/admin/users.html", {"rows": rows, "page": page, "roles": GRANTABLE, "total": found.count()}
    )


@require_http_methods(["GET", "POST"])
@never_cache
@allow("access:manage")
def open_page(request: PageRequest) -> HttpResponse:
    """Open an account; its first password is shown once, on the answer itself."""
    form = AccountForm(posted(request))
    if request.method == "POST" and form.is_valid():
        word = _password()
        try:
            user = open_account(actor=request.actor, at=timezone.now(), password=word, **form.cleaned_data)
        except Invalid as fault:
            for name, message in (fault.fields or {"": fault.message}).items():
                form.add_error(name if name in form.fields else None, message)
        else:
            return render(request, "www/admin/password.html", {"account": user, "word": word, "fresh": True})
    return render(request, "www/admin/open.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@allow("access:manage")
def account(request: PageRequest, user_id: int) -> HttpResponse:
    """Show one account with its roles and what was done to it."""
    user, today = account_of(actor=request.actor, user_id=user_id), timezone.localdate()
    grants = list(grants_of_account(actor=request.actor, user_id=user_id))
    places = place_names(codes=[grant.area_code for grant in grants], from_level=2)
    standing = [one for one in grants if _stands(one, today)]
    return render(request, "www/admin/account.html", {
        "account": user,
        "standing": [_grant(one, places) for one in standing],
        "ended": [_grant(one, places) for one in grants if not _stands(one, today)],
        "warnings": warnings({one.role_code for one in standing}),
        "may_act": may_act_on(actor=request.actor, user_id=user_id),
        "is_self": user.pk == request.actor.user_id,
        "own_grant": request.actor.grant_id,
        "acts": account_acts(actor=request.actor, user_id=user_id),
    })  # fmt: skip


@require_POST
@allow("access:manage")
def close(request: PageRequest, user_id: int) -> HttpResponse:
    """Stop an account."""
    user = close_account(actor=request.actor, at=timezone.now(), user_id=user_id)
    messages.success(request, f"{user.name}的账号已停用，所有设备上都已退出。")
    return redirect("admin:account", user_id=user_id)


@require_POST
@allow("access:manage")
def reopen(request: PageRequest, user_id: int) -> HttpResponse:
    """Let a stopped account sign in again."""
    user = reopen_account(actor=request.actor, at=timezone.now(), user_id=user_id)
    messages.success(request, f"{user.name}的账号已恢复。")
    return redirect("admin:account", user_id=user_id)


@require_POST
@never_cache
@allow("access:manage")
def password(request: PageRequest, user_id: int) -> HttpResponse:
    """Set a new password and show it once."""
    word = _password()
    user = set_password(actor=request.actor, at=timezone.now(), user_id=user_id, password=word)
    return render(request, "www/admin/password.html", {"account": user, "word": word, "fresh": False})


def _password() -> str:
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def _row(user: User, places: dict[str, str]) -> dict[str, Any]:
    grants = [_grant(one, places) for one in user.standing_grants]  # type: ignore[attr-defined]
    return {
        "account": user,
        "grants": grants,
        "warned": bool(warnings({one["grant"].role_code for one in grants})),
        "address": reverse("admin:account", args=[user.pk]),
    }


def _grant(grant: Grant, places: dict[str, str]) -> dict[str, Any]:
    place = places.get(grant.area_code, "") or grant.title or "全国"
    return {"grant": grant, "role": ROLES[grant.role_code].title, "place": place}


def _stands(grant: Grant, today: date) -> bool:
    return grant.valid_until is None or grant.valid_until >= today
