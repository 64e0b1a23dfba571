"""Signing in and out, choosing the role to act in, and the larger type of 关怀版."""

from datetime import timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, public, signed_in
from wushe.faces.www.refusing import posted
from wushe.faces.www.styleguide import sample
from wushe.foundation.access.selectors import grants_of
from wushe.foundation.access.services import SignInBarred, attempt_allowed, attempt_failed, attempt_succeeded

# Points of 关怀版: no less than 18, adjustable to 30.
CARE_SIZES = ("18", "22", "26", "30")

STARTS = {
    "community": "community:home",
    "centre": "centre:home",
    "organisation": "organisation:home",
    "worker": "worker:today",
    "resident": "resident:home",
    "district": "district:home",
    "quality": "quality:home",
    "accounts": "accounts:home",
    "admin": "admin:home",
}


class SignInForm(forms.Form):
    """Name and password."""

    username = forms.CharField(label="登录名", max_length=60, error_messages={"required": "请填写登录名。"})
    password = forms.CharField(
        label="密码", widget=forms.PasswordInput, max_length=128, error_messages={"required": "请填写密码。"}
    )


@require_GET
@signed_in
def home(request: PageRequest) -> HttpResponse:
    """Send a person to where the role starts work."""
    actor = request.actor
    start = STARTS.get(actor.role.journey)
    return redirect(start) if start else render(request, "www/account/no_start.html")


@require_http_methods(["GET", "POST"])
@public
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in; failures are counted before a password is hashed."""
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        name, key = form.cleaned_data["username"], _attempt_key(request, form.cleaned_data["username"])
        try:
            attempt_allowed(key=key, at=timezone.now())
        except SignInBarred as barred:
            form.add_error(None, barred.message)
        else:
            user = authenticate(request, username=name, password=form.cleaned_data["password"])
            if user is not None:
                attempt_succeeded(key=key)
                login(request, user)
                return HttpResponseRedirect(_next(request))
            attempt_failed(key=key, at=timezone.now())
            form.add_error(None, "登录名或密码不对，请再试一次。")
    context = {"form": form, "next": request.GET.get("next", request.POST.get("next", ""))}
    return render(request, "www/account/login.html", context, status=422 if form.errors else 200)


@require_POST
@signed_in
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out and tell the browser to forget what it kept."""
    logout(request)
    response = redirect("login")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@require_POST
@signed_in
def choose_role(request: HttpRequest) -> HttpResponse:
    """Act under another of one's own grants."""
    wanted = request.POST.get("grant", "")
    grants = {str(g.pk): g.pk for g in grants_of(user=request.user, on=timezone.localdate())}  # type: ignore[arg-type]
    if wanted in grants:
        request.session["grant_id"] = grants[wanted]
    return redirect("home")


@require_POST
@public
def care_mode(request: HttpRequest) -> HttpResponse:
    """Turn large type on or off on this device; "bigger" goes one size up, and round again after the largest."""
    wanted = request.POST.get("care", "off")
    size = request.COOKIES.get("care_size", "")
    place = CARE_SIZES.index(size) + 1 if wanted == "bigger" and size in CARE_SIZES else int(wanted == "bigger")
    response = HttpResponseRedirect(_next(request))
    cookies = {"care": "off" if wanted == "off" else "on", "care_size": CARE_SIZES[place % len(CARE_SIZES)]}
    for name, value in cookies.items():
        response.set_cookie(name, value, max_age=timedelta(days=365), samesite="Lax", httponly=True)
    return response


@require_GET
@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every component with sample data."""
    pages = {"phone": "www/styleguide/phone.html", "resident": "www/styleguide/resident.html"}
    return render(request, pages.get(request.GET.get("shell", ""), "www/styleguide.html"), sample())


def refused(request: HttpRequest, exception: Any = None, reason: str = "") -> HttpResponse:
    """Answer a request that lacks its form token or its right."""
    message = "页面已过期或没有权限，请刷新页面后重试。"
    return render(request, "www/refusal.html", {"message": message, "status": 403}, status=403)


def _next(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if safe else reverse(settings.LOGIN_REDIRECT_URL)


def _attempt_key(request: HttpRequest, username: str) -> str:
    return sha256(f"{request.META.get('REMOTE_ADDR', '')} {username}".encode()).hexdigest()
