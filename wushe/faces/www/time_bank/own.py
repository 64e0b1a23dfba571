"""One's own time: balance and where it came from, asking for help, helping, giving, and the statement to keep."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.lines.time_bank import gifts, requests, selectors
from wushe.lines.time_bank.models import HelpRequest
from wushe.lines.time_bank.rules import shown
from wushe.lines.time_bank.seals import proof_of
from wushe.lines.time_bank.states import RequestState as S

from .forms import AskForm, DonateForm, GiveForm, ReasonForm

_FRAMES = {"volunteer": "www/time_bank/own_phone.html", "resident": "www/time_bank/own_resident.html"}
_SAID = {
    "take": "接下了，谢谢您！请按约定时间到。", "step_back": "已退出，别的志愿者可以接。", "start": "已签到。",
    "finish": "已签退，等对方确认。",
    "confirm": "已确认，谢谢！", "dispute": "收到了，社区会联系双方。", "cancel": "已取消，预留的时间退回账户。",
}  # fmt: skip


@require_GET
@allow("time_bank:own")
def mine(request: PageRequest) -> HttpResponse:
    """Show the balance, what waits, and every line."""
    seen = selectors.mine(actor=request.actor, on=timezone.localdate())
    step = seen.rules["display.step"] if seen.rules else 1
    return _page(request, "mine", {"seen": seen, "shown": shown(seen.balance, step), "step": step})


@require_http_methods(["GET", "POST"])
@allow("time_bank:own")
def ask(request: PageRequest) -> HttpResponse:
    """Ask for help against saved time."""
    actor, at = request.actor, timezone.now()
    seen = selectors.mine(actor=actor, on=timezone.localdate())
    spouse = bool(seen.rules and "spouse" in seen.rules["redeem.for"])
    form = AskForm(posted(request), spouse=spouse, initial={"day": timezone.localdate(), "start": 9 * 60})
    if request.method == "POST":
        done = carry_out(form, lambda clean: requests.ask(actor=actor, at=at, **clean))
        if done:
            messages.success(request, "已发出，附近的志愿者会看到。")
            return redirect("time_bank:own_request", done.pk)
    return _page(request, "ask", {"form": form, "seen": seen}, form)


@require_GET
@allow("time_bank:own")
def open_requests(request: PageRequest) -> HttpResponse:
    """Show who near by waits for help."""
    return _page(request, "open", {"rows": selectors.open_near(actor=request.actor, on=timezone.localdate())})


@require_GET
@allow("time_bank:own")
def request_page(request: PageRequest, pk: int) -> HttpResponse:
    """Show a request that one has made or taken, with what may be done now."""
    return _show_request(request, pk)


@require_POST
@allow("time_bank:own")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Carry out one step of a request."""
    work = _acts(request, pk).get(act)
    if work is None:
        raise NotFound
    try:
        work()
    except (Conflict, Invalid) as refusal:
        if act == "take":
            messages.error(request, refusal.message)
            return redirect("time_bank:open")
        return _show_request(request, pk, problem=refusal.message, status=409 if isinstance(refusal, Conflict) else 422)
    messages.success(request, _SAID[act])
    return redirect(
        "time_bank:open" if act == "step_back" else "time_bank:own_request", *([] if act == "step_back" else [pk])
    )


@require_http_methods(["GET", "POST"])
@allow("time_bank:own")
def give(request: PageRequest) -> HttpResponse:
    """Ask that time pass to a relative."""
    actor, today = request.actor, timezone.localdate()
    heirs = selectors.heirs(actor=actor, on=today)
    choices = [(one.person.pk, f"{one.person.name}（{one.bond}）") for one in heirs]
    form = GiveForm(posted(request), choices=choices)
    if request.method == "POST":
        done = carry_out(form, lambda clean: gifts.give(
            actor=actor, at=timezone.now(), receiver_id=clean["receiver"], minutes=clean["minutes"],
            client_key=clean["client_key"],
        ))  # fmt: skip
        if done:
            messages.success(request, "已提交，社区核对亲属关系后入账。")
            return redirect("time_bank:mine")
    return _page(request, "give", {"form": form, "heirs": heirs, "seen": selectors.mine(actor=actor, on=today)}, form)


@require_POST
@allow("time_bank:own")
def withdraw(request: PageRequest, pk: int) -> HttpResponse:
    """Take back a gift that nobody has approved yet."""
    try:
        gifts.withdraw(actor=request.actor, at=timezone.now(), gift_id=pk)
        messages.success(request, "已撤回。")
    except Conflict as refusal:
        messages.error(request, refusal.message)
    return redirect("time_bank:mine")


@require_http_methods(["GET", "POST"])
@allow("time_bank:own")
def donate(request: PageRequest) -> HttpResponse:
    """Give time to the common pool."""
    actor = request.actor
    form = DonateForm(posted(request))
    if request.method == "POST":
        done = carry_out(form, lambda clean: gifts.donate(actor=actor, at=timezone.now(), **clean))
        if done:
            messages.success(request, "谢谢您！时间已进入公益池，会用来帮助困难老人。")
            return redirect("time_bank:mine")
    seen = selectors.mine(actor=actor, on=timezone.localdate())
    return _page(request, "donate", {"form": form, "seen": seen}, form)


@require_GET
@allow("time_bank:own")
def statement_file(request: PageRequest) -> HttpResponse:
    """Give the statement with its proof, to be kept and checked anywhere."""
    holding = selectors.own_holding_of(actor=request.actor)
    response = JsonResponse(proof_of(holding), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response.headers["Content-Disposition"] = f'attachment; filename="duizhangdan-{holding.number}.json"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _acts(request: PageRequest, pk: int) -> dict[str, Callable[[], HelpRequest]]:
    """Return the steps of a request by their names in the address."""
    given: dict[str, Any] = {"actor": request.actor, "at": timezone.now(), "request_id": pk}
    reason = request.POST.get("reason", "")
    return {
        "take": lambda: requests.take(**given), "step_back": lambda: requests.step_back(**given),
        "start": lambda: requests.sign_in(**given), "finish": lambda: requests.sign_out(**given),
        "confirm": lambda: requests.confirm(**given), "dispute": lambda: requests.dispute(**given, reason=reason),
        "cancel": lambda: requests.cancel(**given, reason=reason),
    }  # fmt: skip


def _show_request(request: PageRequest, pk: int, *, problem: str = "", status: int = 200) -> HttpResponse:
    row = selectors.own_request(actor=request.actor, request_id=pk)
    helping = row.helper_id is not None and row.helper_id == requests.person_of(request.actor).pk
    context = {
        "row": row, "helping": helping, "problem": problem, "form": ReasonForm(),
        "may_cancel": not helping and row.state in (S.ASKED, S.HELD), "today": timezone.localdate(),
    }  # fmt: skip
    return _page(request, "own_request", context, status=status)


def _page(
    request: PageRequest, name: str, context: dict[str, Any], form: Any = None, *, status: int = 200
) -> HttpResponse:
    """Render an own page in the frame of the role."""
    context["frame"] = _FRAMES[request.actor.role_code]
    failed = form is not None and form.errors
    return render(request, f"www/time_bank/{name}.html", context, status=422 if failed else status)
