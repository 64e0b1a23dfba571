"""Stock at the desk: the list, one batch at a place with its story, and what may be done with it; goods come in."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.refusing import carry_out, posted
from wushe.faces.www.registers.lists import show_list
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotAllowed
from wushe.lines.goods import receiving, selectors, writing_off
from wushe.lines.goods.models import Position
from wushe.lines.goods.recalling import may_recall, start_recall
from wushe.lines.goods.register import expiry_of
from wushe.lines.goods.shelves import articles, stores
from wushe.lines.goods.states import BatchState
from wushe.registers.donors.selectors import donors_at

from .forms import ApartForm, InspectForm, MoveForm, ReasonForm, RecallForm, ReceiveForm, WriteOffForm, choose

WAITING, STOCKED = frozenset({BatchState.WAITING}), frozenset({BatchState.STOCKED})
STANDING = STOCKED | {BatchState.RECALLED}
home = allow("goods:view")(partial(show_list, code="stock"))


def _all_of_it(form: InspectForm, thing: "_Line") -> None:
    form.fields["accepted"].initial = thing.position.batch.arrived


def _other_places(form: MoveForm, thing: "_Line") -> None:
    found = stores(thing.actor, on=timezone.localdate()).exclude(pk=thing.position.shelf.facility_id)
    choose(form, "facility_id", [(one.pk, one.name) for one in found[:500]], "请选择")


class _Line:
    """A batch at a place as its acts see it."""

    def __init__(self, position: Any, actor: Actor) -> None:
        self.position, self.actor, self.state = position, actor, position.batch.state


ACTS = {
    "inspect": Act("验收入库", "验收这批物资", ("goods:keep",), WAITING, receiving.inspect_goods, "已验收入库。",
                   InspectForm, "clipboard-check", prepare=_all_of_it),
    "refuse": Act("验收未通过", "这批物资都不收，退回？", ("goods:keep",), WAITING, receiving.refuse_goods,
                  "已登记退回。", ReasonForm, "x", danger=True),
    "move": Act("调拨", "调到另一个地方", ("goods:keep",), STOCKED, receiving.move_goods, "已调拨。", MoveForm,
                "truck-delivery", fits=lambda line: line.position.free > 0, prepare=_other_places),
    "write_off": Act("申请报损", "不能用的申请报损，由另一个人复核", ("goods:keep",), STOCKED,
                     writing_off.ask_write_off, "已停用，等另一个人复核。", WriteOffForm, "trash",
                     fits=lambda line: line.position.free > 0),
    "apart": Act("把停用的申请报损", "已停用的申请报损，由另一个人复核", ("goods:keep",), STANDING,
                 writing_off.ask_write_off, "已申请，等另一个人复核。", ApartForm, "trash",
                 fits=lambda line: writing_off.waiting_apart(line.position) > 0),
    "recall": Act("召回", "召回同一生产批号的全部物资？库存立刻停用，待领取的撤回，领过的居民逐户通知。",
                  ("goods:recall",), STOCKED, start_recall, "召回已开始，请逐户通知。", RecallForm, "alert-triangle",
                  danger=True, fits=lambda line: may_recall(line.actor, line.position.batch)),
    "reverse": Act("冲正入库", "入库登记错了？只有还没发放、没调拨的才能冲正。", ("goods:keep",), STOCKED,
                   receiving.reverse_receipt, "已冲正。", ReasonForm, "arrow-back-up", danger=True),
}  # fmt: skip
_OF_BATCH = {"inspect", "refuse", "recall", "reverse"}


@require_GET
@allow("goods:view")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show a batch at a place: its origin, its numbers, its story."""
    return _show(request, selectors.position_of(actor=request.actor, position_id=pk), {})


@require_POST
@allow("goods:view")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Inspect, move, write off, recall, or take the receipt back."""
    actor = request.actor
    what, position = chosen(ACTS, act, actor), selectors.position_of(actor=actor, position_id=pk)
    number = {"batch_id": position.batch_id} if act in _OF_BATCH else {"position_id": pk}
    refused = carried_out(request, act, what, _Line(position, actor), **number)
    return _show(request, position, {act: refused}) if refused else redirect("goods:position", pk)


@require_http_methods(["GET", "POST"])
@allow("goods:keep")
def receive(request: PageRequest) -> HttpResponse:
    """Write down what arrived."""
    actor, today = request.actor, timezone.localdate()
    form = ReceiveForm(posted(request), initial={"received_on": today})
    choose(form, "facility_id", [(one.pk, one.name) for one in stores(actor, on=today)[:500]], "请选择")
    choose(form, "article_id", [(one.pk, f"{one.title}（{one.unit}）") for one in articles(actor)[:1000]], "新物品")
    choose(form, "donor_id", [(one.pk, one.public_name) for one in _donors(actor)], "没有或不愿留名")
    if request.method == "POST":
        made = carry_out(form, lambda clean: receiving.receive_goods(actor=actor, at=timezone.now(), **clean))
        if made:
            messages.success(request, f"已登记，批次号 {made.number}，请验收入库。")
            return redirect("goods:position", made.positions.earliest("pk").pk)
    context = {"form": form, "heading": "登记到货", "button": "登记", "lead": "先登记，再验收；验收合格才进库存。"}
    return render(request, "www/goods/form.html", context, status=422 if form.errors else 200)


def _donors(actor: Actor) -> Any:
    try:
        return donors_at(actor=actor)[:1000]
    except NotAllowed:
        return []


def _show(request: PageRequest, position: Position, bound: dict[str, Any]) -> HttpResponse:
    actor, batch = request.actor, position.batch
    names = names_of_accounts({batch.received_by, batch.inspected_by or 0})
    context = {
        "position": position, "batch": batch, "article": batch.article, "problems": problems(bound),
        "offered": offered(ACTS, _Line(position, actor), actor, bound), "story": selectors.story_of(batch),
        "elsewhere": selectors.elsewhere(position, actor=actor), "expiry": expiry_of(position, timezone.localdate()),
        "received_by": names.get(batch.received_by, ""), "inspected_by": names.get(batch.inspected_by or 0, ""),
        "may_allocate": actor.may("goods:allocate"),
    }  # fmt: skip
    return render(request, "www/goods/position.html", context, status=422 if bound else 200)
