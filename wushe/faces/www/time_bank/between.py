"""Between banks: time sent and received as signed files, the banks one trusts, inheritance, and closing an account."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import tried
from wushe.faces.www.paging import page_of
from wushe.faces.www.refusing import carry_out, posted
from wushe.foundation.errors import NotFound
from wushe.lines.time_bank import selectors, wires
from wushe.lines.time_bank.gifts import file_inheritance
from wushe.lines.time_bank.leaving import close_account
from wushe.lines.time_bank.models import Bank, Holding, ReceivedWire, SentWire
from wushe.lines.time_bank.states import ReceivedState

from .books import asked_bank
from .forms import FileForm, HeirForm, PartnerForm, SendForm


@require_GET
@allow("time_bank:view")
def sent(request: PageRequest) -> HttpResponse:
    """List what was sent to other banks."""
    bank = _bank(request)
    page = page_of(selectors.sent_for(actor=request.actor, bank=bank), request.GET)
    context = {"bank": bank, "page": page, "files": request.actor.may("time_bank:file")}
    return render(request, "www/time_bank/sent.html", context)


@require_GET
@allow("time_bank:view")
def received(request: PageRequest) -> HttpResponse:
    """List what other banks have sent."""
    bank = _bank(request)
    page = page_of(selectors.received_for(actor=request.actor, bank=bank), request.GET)
    context = {"bank": bank, "page": page, "files": request.actor.may("time_bank:file")}
    return render(request, "www/time_bank/received.html", context)


@require_GET
@allow("time_bank:view")
def sent_wire(request: PageRequest, pk: int) -> HttpResponse:
    """Show one transfer that was sent, and what to do with its file."""
    wire = selectors.sent_wire(actor=request.actor, wire_id=pk)
    return render(request, "www/time_bank/sent_wire.html", {"wire": wire, "files": request.actor.may("time_bank:file")})


@require_GET
@allow("time_bank:view")
def message(request: PageRequest, pk: int) -> HttpResponse:
    """Give the signed message of a transfer as a file for the other bank."""
    wire = selectors.sent_wire(actor=request.actor, wire_id=pk)
    return _file(wire.message, f"zhuanchu-{wire.uid}.json")


@require_GET
@allow("time_bank:view")
def received_wire(request: PageRequest, pk: int) -> HttpResponse:
    """Show one transfer that was received; a second person decides from here."""
    return _show_received(request, selectors.received_wire(actor=request.actor, wire_id=pk))


@require_POST
@allow("time_bank:decide")
def decide_wire(request: PageRequest, pk: int) -> HttpResponse:
    """Credit what was received, or decline it."""
    wire, credit = selectors.received_wire(actor=request.actor, wire_id=pk), request.POST.get("answer") == "credit"
    said = "已入账，请把回执文件交给对方银行。" if credit else "已拒收，请把回执文件交给对方银行。"
    if tried(request, said, wires.credit_wire if credit else wires.decline_wire, wire_id=pk):
        return redirect("time_bank:received_wire", pk)
    return _show_received(request, wire, status=409)


@require_GET
@allow("time_bank:view")
def answer(request: PageRequest, pk: int) -> HttpResponse:
    """Give the signed answer to a transfer as a file for the other bank."""
    wire = selectors.received_wire(actor=request.actor, wire_id=pk)
    if not wire.answer:
        raise NotFound
    return _file(wire.answer, f"huizhi-{wire.uid}.json")


@require_http_methods(["GET", "POST"])
@allow("time_bank:file")
def take_file(request: PageRequest) -> HttpResponse:
    """Take a file of another bank: a transfer to here, or the answer to one from here."""
    bank, form = _bank(request), FileForm(posted(request), request.FILES or None)
    if request.method == "POST":
        done = carry_out(form, lambda clean: _take(request, bank, clean["text"]))
        if isinstance(done, ReceivedWire):
            messages.success(request, "已登记，等另一位工作人员核对后入账。")
            return redirect("time_bank:received_wire", done.pk)
        if done is not None:
            messages.success(request, "回执已收下，这一笔办完了。")
            return redirect("time_bank:sent_wire", done.pk)
    context = {"form": form, "bank": bank}
    return render(request, "www/time_bank/take_file.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("time_bank:file")
def send(request: PageRequest, pk: int) -> HttpResponse:
    """Send time of an account to another bank, part of it or all for somebody who moves away."""
    actor, holding = request.actor, _open_account(request, pk)
    trusted = selectors.partners_of(actor=actor, bank=holding.bank).exclude(confirmed_by=None)
    form = SendForm(posted(request), partners=[(one.pk, f"{one.name}（{one.code}）") for one in trusted])
    if request.method == "POST":
        done = carry_out(form, lambda clean: wires.send(
            actor=actor, at=timezone.now(), holding_id=pk, partner_id=clean["partner"], holder_number=clean["holder_number"],
            minutes=None if clean["everything"] else clean["minutes"] or 0,
            uid=f"{holding.bank.code}-{clean['client_key']}"[:40],
        ))  # fmt: skip
        if done:
            messages.success(request, "已转出，在途。请把报文文件交给对方银行，收到回执再办结。")
            return redirect("time_bank:sent_wire", done.pk)
    context = {"form": form, "holding": holding, "trusted": trusted}
    return render(request, "www/time_bank/send.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@allow("time_bank:file")
def inherit(request: PageRequest, pk: int) -> HttpResponse:
    """File that the time of somebody who died pass to a relative."""
    actor, holding = request.actor, _open_account(request, pk)
    heirs = selectors.heirs_of(actor=actor, holding=holding)
    form = HeirForm(posted(request), heirs=[(one.person.pk, f"{one.person.name}（{one.bond}）") for one in heirs])
    if request.method == "POST":
        done = carry_out(form, lambda clean: file_inheritance(
            actor=actor, at=timezone.now(), holding_id=pk, heir_id=clean["heir"], client_key=clean["client_key"]
        ))  # fmt: skip
        if done:
            messages.success(request, "已提交，等另一位工作人员审核。")
            return redirect("time_bank:gift", done.pk)
    context = {"form": form, "holding": holding, "heirs": heirs}
    return render(request, "www/time_bank/inherit.html", context, status=422 if form.errors else 200)


@require_POST
@allow("time_bank:file")
def close(request: PageRequest, pk: int) -> HttpResponse:
    """Close an empty account."""
    tried(request, "已销户，明细一直可查。", close_account, holding_id=pk)
    return redirect("time_bank:account", pk)


@require_GET
@allow("time_bank:view")
def partners(request: PageRequest) -> HttpResponse:
    """Show the banks one exchanges time with."""
    return _show_partners(request, PartnerForm())


@require_POST
@allow("time_bank:decide")
def file_partner(request: PageRequest) -> HttpResponse:
    """Register another bank by its public key."""
    bank, form = _bank(request), PartnerForm(request.POST)
    if carry_out(form, lambda clean: wires.file_partner(
        actor=request.actor, at=timezone.now(), bank_id=bank.pk, **clean
    )) is None:  # fmt: skip
        return _show_partners(request, form)
    messages.success(request, "已登记，等另一位工作人员当面核对公钥。")
    return redirect("time_bank:partners")


@require_POST
@allow("time_bank:decide")
def confirm_partner(request: PageRequest, pk: int) -> HttpResponse:
    """Confirm another bank's key as a second person."""
    tried(request, "已核对，可以往来。", wires.confirm_partner, partner_id=pk)
    return redirect("time_bank:partners")


def _show_partners(request: PageRequest, form: PartnerForm) -> HttpResponse:
    bank = _bank(request)
    rows = selectors.partners_of(actor=request.actor, bank=bank)
    context = {"bank": bank, "rows": rows, "form": form, "decides": request.actor.may("time_bank:decide")}
    return render(request, "www/time_bank/partners.html", context, status=422 if form.errors else 200)


def _take(request: PageRequest, bank: Bank, text: str) -> ReceivedWire | SentWire:
    actor, at = request.actor, timezone.now()
    if wires.kind_of(text) == "answer":
        return wires.take_answer(actor=actor, at=at, bank_id=bank.pk, answer=text)
    return wires.receive(actor=actor, at=at, bank_id=bank.pk, message=text)


def _show_received(request: PageRequest, wire: ReceivedWire, *, status: int = 200) -> HttpResponse:
    waiting = wire.state == ReceivedState.RECEIVED and request.actor.may("time_bank:decide")
    context = {"wire": wire, "waiting": waiting, "own": wire.filed_by == request.actor.user_id}
    return render(request, "www/time_bank/received_wire.html", context, status=status)


def _open_account(request: PageRequest, pk: int) -> Holding:
    holding = selectors.holding_in_scope(actor=request.actor, holding_id=pk)
    if holding.closed_on:
        raise NotFound
    return holding


def _bank(request: PageRequest) -> Bank:
    if (bank := asked_bank(request)) is None:
        raise NotFound
    return bank


def _file(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
