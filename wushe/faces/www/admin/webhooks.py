"""Events told to other systems: a new subscription, how its events went, stopping, going on, sending once more."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.admin.confirming import ConfirmedForm, confirm_password
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.access.administration import grant_of
from wushe.foundation.errors import Invalid
from wushe.foundation.roles import ROLES
from wushe.foundation.webhooks import services
from wushe.foundation.webhooks.models import DeliveryState
from wushe.foundation.webhooks.selectors import deliveries_of, delivery_of, kinds_for, subscription_of
from wushe.oversight.selectors.titles import title_of


class SubscriptionForm(ConfirmedForm):
    """An address to be told of events."""

    name = forms.CharField(
        label="推送给哪个系统",
        max_length=60,
        help_text="例如：区级接诉即办平台",
        error_messages={"required": "请填写。"},
    )
    url = forms.CharField(
        label="接收地址", max_length=500, help_text="以 https:// 开头，由对方提供。", error_messages={"required": "请填写。"},
        widget=forms.URLInput,
    )  # fmt: skip
    kinds = forms.MultipleChoiceField(
        label="推送哪些事件", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一种事件。", "invalid_choice": "请从列出的事件里选。"},
    )  # fmt: skip
    field_order = ("name", "url", "kinds", "password")

    def __init__(self, role_code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = [  # type: ignore[attr-defined]
            (kind, f"{title}：{title_of(kind)}") for title, kinds in kinds_for(role_code=role_code) for kind in kinds
        ]


@require_http_methods(["GET", "POST"])
@never_cache
@allow("access:manage")
def subscribe(request: PageRequest, grant_id: int) -> HttpResponse:
    """Tell an address of events, as far as a role of an account sees them; the secret is shown once."""
    grant = grant_of(actor=request.actor, grant_id=grant_id)
    form = SubscriptionForm(grant.role_code, posted(request))
    made = carry_out(form, lambda values: _subscribe(request, grant_id, values))
    context = {"grant": grant, "account": grant.user, "role_title": ROLES[grant.role_code].title}
    if made is not None:
        one, secret = made
        return render(request, "www/admin/secret.html", {**context, "what": one, "secret": secret, "kind": "webhook"})
    return render(request, "www/admin/subscribe.html", {**context, "form": form}, status=422 if form.errors else 200)


@require_GET
@allow("access:manage")
def webhook(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Show a subscription and how its events went."""
    one = subscription_of(actor=request.actor, subscription_id=subscription_id)
    state = request.GET.get("state", "")
    state = state if state in DeliveryState.values else ""
    page = page_of(deliveries_of(subscription=one, state=state), request.GET)
    return render(request, "www/admin/webhook.html", {
        "one": one, "page": page, "state": state, "states": DeliveryState.choices,
        "role_title": ROLES[one.grant.role_code].title, "account": one.grant.user,
        "rows": [{"delivery": row, "title": title_of(row.entry.kind)} for row in page.rows],
        "kinds": [title_of(kind) for kind in one.kinds],
    })  # fmt: skip


@require_POST
@allow("access:manage")
def stop(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Let events wait."""
    services.stop_subscription(actor=request.actor, at=timezone.now(), subscription_id=subscription_id)
    messages.success(request, "已暂停，事件先排着队，恢复后按顺序补推。")
    return redirect("admin:webhook", subscription_id)


@require_POST
@allow("access:manage")
def resume(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Go on with the event that waits first."""
    services.resume_subscription(actor=request.actor, at=timezone.now(), subscription_id=subscription_id)
    messages.success(request, "已恢复，正在从最早没送到的一条继续推送。")
    return redirect("admin:webhook", subscription_id)


@require_POST
@never_cache
@allow("access:manage")
def secret(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Sign with a new secret, which is shown once."""
    one = subscription_of(actor=request.actor, subscription_id=subscription_id)
    context = {"grant": one.grant, "account": one.grant.user, "role_title": ROLES[one.grant.role_code].title}

    def renew() -> HttpResponse:
        _, fresh = services.renew_secret(actor=request.actor, at=timezone.now(), subscription_id=subscription_id)
        return render(request, "www/admin/secret.html", {**context, "what": one, "secret": fresh, "kind": "webhook"})

    return _confirmed(request, subscription_id, renew)


@require_POST
@allow("access:manage")
def end(request: PageRequest, subscription_id: int) -> HttpResponse:
    """Tell the address nothing more."""
    one = subscription_of(actor=request.actor, subscription_id=subscription_id)

    def finish() -> HttpResponse:
        services.end_subscription(actor=request.actor, at=timezone.now(), subscription_id=subscription_id)
        messages.success(request, f"“{one.name}”已删除，不再推送。")
        return redirect("admin:interfaces")

    return _confirmed(request, subscription_id, finish)


@require_POST
@allow("access:manage")
def again(request: PageRequest, delivery_id: int) -> HttpResponse:
    """Send an event once more."""
    delivery = delivery_of(actor=request.actor, delivery_id=delivery_id)
    services.send_again(actor=request.actor, at=timezone.now(), delivery_id=delivery_id)
    messages.success(request, "已排进队尾，很快会再推送一次。")
    return redirect("admin:webhook", delivery.subscription_id)


def _confirmed(request: PageRequest, subscription_id: int, act: Callable[[], HttpResponse]) -> HttpResponse:
    try:
        confirm_password(request, request.POST.get("password", ""))
    except Invalid as fault:
        messages.error(request, fault.message)
        return redirect("admin:webhook", subscription_id)
    return act()


def _subscribe(request: PageRequest, grant_id: int, values: dict[str, Any]) -> Any:
    confirm_password(request, values["password"])
    return services.subscribe(
        actor=request.actor, at=timezone.now(), grant_id=grant_id, name=values["name"], url=values["url"],
        kinds=values["kinds"],
    )  # fmt: skip
