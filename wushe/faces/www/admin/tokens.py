"""Tokens for machines: which there are, a new one that is shown once, and the end of one."""

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.admin.confirming import ConfirmedForm, confirm_password
from wushe.faces.www.admin.rights import rights_of
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import DayInput, carry_out, posted
from wushe.foundation.access.administration import grant_of
from wushe.foundation.errors import Invalid, NotFound
from wushe.foundation.roles import ROLES
from wushe.foundation.tokens.selectors import tokens
from wushe.foundation.tokens.services import issue_token, revoke_token
from wushe.foundation.webhooks.selectors import subscriptions
from wushe.registers.areas.selectors import place_names

_DAYS = 90


class TokenForm(ConfirmedForm):
    """A token to be made."""

    name = forms.CharField(
        label="给哪个系统用", max_length=60, help_text="例如：区级平台对接", error_messages={"required": "请填写。"}
    )
    expires_on = forms.DateField(
        label="用到哪天", widget=DayInput(), error_messages={"required": "请填写日期。", "invalid": "日期写得不对。"}
    )
    read_only = forms.BooleanField(label="只能查看，不能办理", required=False, initial=True)
    permissions = forms.MultipleChoiceField(
        label="只给其中几项权限", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="一项都不选，就是这个身份的全部权限。", error_messages={"invalid_choice": "请从列出的权限里选。"},
    )  # fmt: skip
    per_minute = forms.IntegerField(
        label="每分钟最多请求几次", initial=120, error_messages={"required": "请填写次数。", "invalid": "请填写整数。"}
    )
    field_order = ("name", "expires_on", "read_only", "permissions", "per_minute", "password")

    def __init__(self, role_code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permissions"].choices = rights_of(role_code)  # type: ignore[attr-defined]
        self.fields["per_minute"].max_value = settings.API_MOST_PER_MINUTE  # type: ignore[attr-defined]


@require_GET
@allow("access:manage")
def interfaces(request: PageRequest) -> HttpResponse:
    """Show the tokens and the subscriptions of the area."""
    page = page_of(tokens(actor=request.actor), request.GET)
    told = list(subscriptions(actor=request.actor))
    codes = [one.grant.area_code for one in [*page.rows, *told]]
    return render(request, "www/admin/interfaces.html", {
        "page": page, "tokens": [_shown(one, place_names(codes=codes, from_level=2)) for one in page.rows],
        "subscriptions": told, "today": timezone.localdate(),
    })  # fmt: skip


@require_http_methods(["GET", "POST"])
@never_cache
@allow("access:manage")
def issue(request: PageRequest, grant_id: int) -> HttpResponse:
    """Make a token for a role of an account; its secret is shown once, on the answer itself."""
    grant = grant_of(actor=request.actor, grant_id=grant_id)
    until = timezone.localdate() + timedelta(days=_DAYS)
    form = TokenForm(grant.role_code, posted(request), initial={"expires_on": until})
    made = carry_out(form, lambda values: _issue(request, grant_id, values))
    context = {"grant": grant, "account": grant.user, "role_title": ROLES[grant.role_code].title}
    if made is not None:
        token, secret = made
        return render(request, "www/admin/secret.html", {**context, "what": token, "secret": secret, "kind": "token"})
    return render(request, "www/admin/token.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_POST
@allow("access:manage")
def revoke(request: PageRequest, token_id: int) -> HttpResponse:
    """Make a token worthless."""
    if not tokens(actor=request.actor).filter(pk=token_id).exists():
        raise NotFound
    try:
        confirm_password(request, request.POST.get("password", ""))
    except Invalid as fault:
        messages.error(request, fault.message)
        return redirect("admin:interfaces")
    token = revoke_token(actor=request.actor, at=timezone.now(), token_id=token_id)
    messages.success(request, f"令牌“{token.name}”已停用，马上生效。")
    return redirect("admin:interfaces")


def _issue(request: PageRequest, grant_id: int, values: dict[str, Any]) -> Any:
    confirm_password(request, values["password"])
    return issue_token(
        actor=request.actor, at=timezone.now(), grant_id=grant_id, name=values["name"],
        expires_on=values["expires_on"], permissions=values["permissions"] or None, read_only=values["read_only"],
        per_minute=values["per_minute"],
    )  # fmt: skip


def _shown(token: Any, places: dict[str, str]) -> dict[str, Any]:
    grant, today = token.grant, timezone.localdate()
    over = token.expires_on < today
    ended = grant.valid_until is not None and grant.valid_until < today
    return {
        "token": token, "role": ROLES[grant.role_code].title, "place": places.get(grant.area_code, "") or grant.title,
        "standing": token.revoked_at is None and not over and not ended, "over": over, "ended": ended,
    }  # fmt: skip
