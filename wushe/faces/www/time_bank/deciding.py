"""What the bank decides: disputes, gifts by a second person, grants, the reserve, and the check of all seals."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out, posted, whole
from wushe.foundation.errors import NotFound
from wushe.lines.time_bank import selectors
from wushe.lines.time_bank.banks import open_bank, set_reserve
from wushe.lines.time_bank.gifts import approve, file_pool_gift, refuse
from wushe.lines.time_bank.models import Gift
from wushe.lines.time_bank.requests import decide_dispute
from wushe.lines.time_bank.seals import alterations
from wushe.lines.time_bank.states import GiftState, RequestState

from .books import asked_bank, show_home, show_seals
from .forms import BankForm, DisputeForm, GrantForm, ReasonForm, ReserveForm


@require_GET
@allow("time_bank:view")
def request_page(request: PageRequest, pk: int) -> HttpResponse:
    """Show a request; a dispute is decided from here."""
    return _show_request(request, pk)


@require_POST
@allow("time_bank:decide")
def decide_request(request: PageRequest, pk: int) -> HttpResponse:
    """Decide a dispute: paid, in part, or not."""
    selectors.request_for(actor=request.actor, request_id=pk)
    form = DisputeForm(request.POST)
    done = carry_out(form, lambda clean: decide_dispute(
        actor=request.actor, at=timezone.now(), request_id=pk, pay=clean["pay"], minutes=clean["minutes"] or 0,
        reason=clean["reason"],
    ))  # fmt: skip
    if done is None:
        return _show_request(request, pk, form)
    messages.success(request, "已裁定，时间已按裁定入账。")
    return redirect("time_bank:request", pk)


@require_GET
@allow("time_bank:view")
def gift(request: PageRequest, pk: int) -> HttpResponse:
    """Show a gift with its proof."""
    return _show_gift(request, pk)


@require_POST
@allow("time_bank:decide")
def decide_gift(request: PageRequest, pk: int) -> HttpResponse:
    """Approve or refuse a gift as a second person."""
    actor, at, agreed = request.actor, timezone.now(), request.POST.get("answer") == "approve"
    selectors.gift_for(actor=actor, gift_id=pk)
    form = ReasonForm(request.POST)

    def decide(clean: dict[str, Any]) -> Gift:
        if agreed:
            return approve(actor=actor, at=at, gift_id=pk, answer=clean["reason"])
        return refuse(actor=actor, at=at, gift_id=pk, answer=clean["reason"])

    if carry_out(form, decide) is None:
        return _show_gift(request, pk, form)
    messages.success(request, "已通过，时间已入账。" if agreed else "已记为不通过，时间没有动。")
    return redirect("time_bank:gift", pk)


@require_http_methods(["GET", "POST"])
@allow("time_bank:file")
def grant(request: PageRequest) -> HttpResponse:
    """File time for a key elder, from the pool or the special fund."""
    actor = request.actor
    first = whole(request.GET.get("person", ""))
    form = GrantForm(posted(request), initial={"person": first} if first else None)
    if request.method == "POST":
        done = carry_out(form, lambda clean: file_pool_gift(
            actor=actor, at=timezone.now(), person_id=clean["person"], minutes=clean["minutes"], proof=clean["proof"],
            client_key=clean["client_key"],
        ))  # fmt: skip
        if done:
            messages.success(request, "已提交，等另一位工作人员审核。")
            return redirect("time_bank:gift", done.pk)
    return render(request, "www/time_bank/grant.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("time_bank:manage")
def open_new(request: PageRequest) -> HttpResponse:
    """Open the bank of the actor's own area."""
    actor = request.actor
    form = BankForm(posted(request))
    if request.method == "POST":
        at = timezone.now()
        if carry_out(form, lambda clean: open_bank(actor=actor, at=at, area_code=actor.area_code, name=clean["name"])):
            messages.success(request, "时间银行已开办。核验结算过的志愿服务从现在起自动存入。")
            return redirect("time_bank:time_bank")
    return render(request, "www/time_bank/open_bank.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@allow("time_bank:manage")
def reserve(request: PageRequest) -> HttpResponse:
    """Say how much money stands behind the bank."""
    bank = asked_bank(request)
    if bank is None:
        raise NotFound
    form = ReserveForm(request.POST)
    if carry_out(form, lambda clean: set_reserve(actor=request.actor, at=timezone.now(), bank_id=bank.pk, **clean)):
        messages.success(request, "准备金已更新。")
        return redirect("time_bank:time_bank")
    return show_home(request, form=form, status=422)


@require_POST
@allow("time_bank:view")
def verify(request: PageRequest) -> HttpResponse:
    """Compute all statements anew and compare them with what was sealed."""
    bank = asked_bank(request)
    found = alterations(bank=bank) if bank else []
    return show_seals(request, checked=True, found=found)


def _show_request(request: PageRequest, pk: int, form: DisputeForm | None = None) -> HttpResponse:
    row = selectors.request_for(actor=request.actor, request_id=pk)
    deciding = row.state == RequestState.DISPUTED and request.actor.may("time_bank:decide")
    shown = form or DisputeForm(initial={"minutes": row.served or row.minutes})
    context = {"row": row, "form": shown, "deciding": deciding}
    return render(request, "www/time_bank/request.html", context, status=422 if form else 200)


def _show_gift(request: PageRequest, pk: int, form: ReasonForm | None = None) -> HttpResponse:
    found = selectors.gift_for(actor=request.actor, gift_id=pk)
    waiting = found.state == GiftState.FILED and request.actor.may("time_bank:decide")
    context = {
        "gift": found, "form": form or ReasonForm(), "waiting": waiting, "own": found.filed_by == request.actor.user_id,
    }  # fmt: skip
    return render(request, "www/time_bank/gift.html", context, status=422 if form else 200)
