"""Goods for households at the desk: the list, one with its reason and its proof, hand-over, return, reversal."""

from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.pictures import stored_picture
from wushe.faces.www.registers.lists import show_list
from wushe.foundation.access.selectors import names_of_accounts
from wushe.lines.goods import handing, selectors
from wushe.lines.goods.models import Handout
from wushe.lines.goods.states import HandoutState

from .forms import HandForm, ReasonForm, TakeBackForm

PROMISED, LENT = frozenset({HandoutState.PROMISED}), frozenset({HandoutState.LENT})
home = allow("goods:view")(partial(show_list, code="handouts"))


def _hand(*, photo: Any, **given: Any) -> Handout:
    return handing.hand_over(content=photo.read(), **given)


ACTS = {
    "hand": Act("登记领取", "交到手里了？拍下签收单或领取时的照片。", ("goods:keep",), PROMISED, _hand, "已登记领取。",
                HandForm, "gift"),
    "withdraw": Act("撤回", "没有来领，放回库存？", ("goods:keep",), PROMISED, handing.withdraw, "已撤回，放回库存。",
                    ReasonForm, "arrow-back-up", danger=True),
    "take_back": Act("登记归还", "借用的东西还回来了", ("goods:keep",), LENT, handing.take_back, "已登记归还。",
                     TakeBackForm, "arrow-back-up"),
    "undo": Act("冲正领取", "登记错了？冲正以后回到待领取。", ("goods:keep",), frozenset({HandoutState.HANDED}) | LENT,
                handing.undo_hand_over, "已冲正，回到待领取。", ReasonForm, "arrow-back-up", danger=True),
}  # fmt: skip


@require_GET
@allow("goods:view")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show goods for a household."""
    return _show(request, selectors.handout_of(actor=request.actor, handout_id=pk), {})


@require_POST
@allow("goods:view")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Hand over, withdraw, take back what was lent, or reverse."""
    actor = request.actor
    what, handout = chosen(ACTS, act, actor), selectors.handout_of(actor=actor, handout_id=pk)
    refused = carried_out(request, act, what, handout, handout_id=pk)
    return _show(request, handout, {act: refused}) if refused else redirect("goods:handout", pk)


@require_GET
@allow("goods:view")
def proof(request: PageRequest, pk: int) -> HttpResponse:
    """Show the picture of a hand-over to those in whose scope it is."""
    return stored_picture(selectors.proof_of(actor=request.actor, proof_id=pk).file)


def _show(request: PageRequest, handout: Handout, bound: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    context = {
        "handout": handout, "offered": offered(ACTS, handout, actor, bound), "problems": problems(bound),
        "lots": selectors.lots_of(handout), "proofs": handout.proofs.order_by("-pk"),
        "names": names_of_accounts({handout.promised_by, handout.handed_by or 0}), "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "www/goods/handout.html", context, status=422 if bound else 200)
