"""The own calendar on the own telephone: an address to subscribe to, shown once, and its end."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.foundation.tokens.models import TokenKind
from wushe.foundation.tokens.selectors import own_token
from wushe.foundation.tokens.services import FEED_RIGHTS, close_feed, open_feed


@require_http_methods(["GET", "POST"])
@never_cache
@allow(*FEED_RIGHTS)
def feed(request: PageRequest) -> HttpResponse:
    """Show whether the own calendar can be subscribed to; a POST gives a new address and ends the one before."""
    address = ""
    if request.method == "POST":
        _, secret = open_feed(actor=request.actor, at=timezone.now())
        address = request.build_absolute_uri(reverse("api:calendar", args=[secret]))
    resident = request.actor.role_code == "resident"
    return render(request, "www/account/feed.html", {
        "shell": "www/shell_resident.html" if resident else "www/shell_phone.html",
        "standing": own_token(actor=request.actor, kind=TokenKind.CALENDAR),
        "address": address,
        "webcal": address.replace("https://", "webcal://", 1) if address.startswith("https://") else "",
        "back": reverse("home"),
    })  # fmt: skip


@require_POST
@allow(*FEED_RIGHTS)
def close(request: PageRequest) -> HttpResponse:
    """End the subscription."""
    close_feed(actor=request.actor, at=timezone.now())
    messages.success(request, "日历订阅已停止，原来的地址打不开了。")
    return redirect("feed")
