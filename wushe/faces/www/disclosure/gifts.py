"""The giver's own page, opened by the secret on their receipt: where the money went, and consent to another use."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import public
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.actor import SYSTEM
from wushe.foundation.errors import Invalid
from wushe.lines.charity import disclosure, selectors
from wushe.lines.charity.donations import answer_use_change
from wushe.lines.charity.models import Donation
from wushe.lines.charity.receipts import receipt_pdf


@require_GET
@public
def gift(request: HttpRequest, token: str) -> HttpResponse:
    """Show a donation to its giver: each yuan and what it was spent on."""
    lot = disclosure.gift(token)
    parts = selectors.followed(lot)
    veil = disclosure.veil_of_fund(lot.fund)
    used = sum(part.amount_fen for part in parts)
    context = {
        "lot": lot, "parts": [(part, disclosure.expense_line(part.expense, veil)) for part in parts],
        "used": used, "left": lot.amount_fen - used if lot.state != "refunded" else 0,
        "change": lot.use_changes.filter(state="asked").first(),
        "changes": lot.use_changes.exclude(state="asked").order_by("-pk"),
    }  # fmt: skip
    return _unlinked(render(request, "www/disclosure/gift.html", context))


@require_POST
@public
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Take the giver's answer to another use of their money."""
    disclosure.gift(token)
    said = request.POST.get("answer", "")
    if said not in ("agree", "decline"):
        raise Invalid("请选择同意或不同意。")
    answer_use_change(actor=SYSTEM, at=timezone.now(), token=token, agree=said == "agree")
    messages.success(request, "谢谢您，已按您的答复办理。" if said == "agree" else "已记下，仍按原来的用途使用。")
    return redirect("disclosure:gift", token)


@require_GET
@public
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Give the receipt as PDF."""
    return receipt_file(request, disclosure.gift(token))


def receipt_file(request: HttpRequest, lot: Donation) -> HttpResponse:
    """Return the receipt of a donation as a file."""
    address = request.build_absolute_uri(reverse("disclosure:gift", args=[lot.token]))
    handler = names_of_accounts({lot.handled_by}).get(lot.handled_by, "")
    response = HttpResponse(receipt_pdf(lot, address=address, handler=handler), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="receipt-{lot.number}.pdf"'
    return _unlinked(response)


def _unlinked(response: HttpResponse) -> HttpResponse:
    """Keep the secret in the address from whatever is opened next, and from shared computers."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response
