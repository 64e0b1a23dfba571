"""A volunteer's own claims: take a wish, call, bring it, or give it back."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import tried
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.faces.www.registers.desks.wishes import RealiseForm
from wushe.foundation.errors import Conflict, NotFound
from wushe.lines.wishes import claiming
from wushe.lines.wishes.models import Claim, ClaimOutcome
from wushe.lines.wishes.selectors import own_claims

SIZE = 20
CLAIM = "wishes:claim"


@require_GET
@allow(CLAIM)
def mine(request: PageRequest) -> HttpResponse:
    """Show what the volunteer has claimed."""
    page = page_of(own_claims(actor=request.actor), request.GET, size=SIZE)
    return render(request, "www/wishes/mine.html", {"page": page})


@require_POST
@allow(CLAIM)
def claim(request: PageRequest, pk: int) -> HttpResponse:
    """Claim a wish; the first has it."""
    try:
        made = claiming.claim_own(actor=request.actor, at=timezone.now(), wish_id=pk)
    except Conflict as refusal:
        messages.error(request, refusal.message)
        return redirect("wishes:one", pk)
    messages.success(request, "认领好了，谢谢您。请尽快和社区联系。")
    return redirect("wishes:follow", made.pk)


@require_http_methods(["GET", "POST"])
@allow(CLAIM)
def follow(request: PageRequest, pk: int) -> HttpResponse:
    """Show one claim and what is next; say that it came true."""
    actor, one = request.actor, _own(request, pk)
    form: forms.Form = RealiseForm(posted(request))
    if request.method == "POST" and carry_out(
        form, lambda clean: claiming.realise_wish(actor=actor, at=timezone.now(), claim_id=pk, **clean)
    ):
        messages.success(request, "谢谢您。社区会请居民确认。")
        return redirect("wishes:follow", pk)
    context = {"claim": one, "wish": one.wish, "form": form, "open": one.outcome == ClaimOutcome.OPEN}
    return render(request, "www/wishes/follow.html", context, status=422 if form.errors else 200)


@require_POST
@allow(CLAIM)
def called(request: PageRequest, pk: int) -> HttpResponse:
    """Say that one has spoken with the community."""
    return _act(request, pk, claiming.note_call, "已记下，心愿为您保留。", "wishes:follow", pk)


@require_POST
@allow(CLAIM)
def drop(request: PageRequest, pk: int) -> HttpResponse:
    """Give a wish back."""
    return _act(request, pk, claiming.drop_claim, "已放弃，别人可以认领了。", "wishes:mine")


def _act(request: PageRequest, pk: int, act: Callable[..., Any], said: str, onwards: str, *args: int) -> HttpResponse:
    return redirect(onwards, *args) if tried(request, said, act, claim_id=pk) else redirect("wishes:follow", pk)


def _own(request: PageRequest, pk: int) -> Claim:
    claim = own_claims(actor=request.actor).filter(pk=pk).first()
    if claim is None:
        raise NotFound
    return claim
