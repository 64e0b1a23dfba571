"""Recalls at the desk: what is called back and why, and each household until it is known what became of the goods."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems, tried
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import one_of
from wushe.foundation.counting import counts_by_state
from wushe.lines.goods import recalling, selectors
from wushe.lines.goods.models import RecallContact
from wushe.lines.goods.states import ContactState, RecallState

from .forms import BroughtForm, NoteForm

TO_TELL = frozenset({ContactState.TO_TELL})
TRIED = TO_TELL | {ContactState.TOLD}
OPEN = TRIED | {ContactState.UNREACHED}


def _all_of_it(form: BroughtForm, contact: RecallContact) -> None:
    form.fields["quantity"].initial = contact.quantity


ACTS = {
    "tell": Act("已通知", "已经通知到这一户？", ("goods:keep",), TO_TELL, recalling.tell, "已登记通知。", NoteForm, "phone"),
    "bring_back": Act("已收回", "东西收回来了？", ("goods:keep",), OPEN, recalling.bring_back, "已登记收回。", BroughtForm,
                      "arrow-back-up", prepare=_all_of_it),
    "used_up": Act("已用完", "已经用完了？", ("goods:keep",), OPEN, recalling.used_up, "已登记。", NoteForm, "package"),
    "unreached": Act("联系不上", "怎样联系过？", ("goods:keep",), TRIED, recalling.unreached, "已登记。", NoteForm, "user-x"),
}  # fmt: skip


@require_GET
@allow("goods:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the recalls."""
    actor, text = request.actor, request.GET.get("q", "")[:40]
    state = one_of(request.GET.get("state", ""), RecallState.values)
    page = page_of(selectors.find_recalls(actor=actor, state=state, text=text), request.GET, size=30)
    counts = counts_by_state(RecallState, selectors.find_recalls(actor=actor, text=text))
    context = {"page": page, "text": text, "state": state, "states": state_chips(RecallState, counts)}
    return render(request, "www/goods/recalls.html", context)


@require_GET
@allow("goods:view")
def one(request: PageRequest, pk: int) -> HttpResponse:
    """Show a recall with its batches and the households within scope."""
    return _show(request, pk, 0, {})


@require_POST
@allow("goods:view")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Write down what became of the goods of one household."""
    what, contact = chosen(ACTS, act, request.actor), recalling.contact_for(request.actor, pk)
    refused = carried_out(request, act, what, contact, contact_id=pk)
    return (
        _show(request, contact.recall_id, pk, {act: refused})
        if refused
        else redirect("goods:recall", contact.recall_id)
    )


@require_POST
@allow("goods:recall")
def close(request: PageRequest, pk: int) -> HttpResponse:
    """End a recall."""
    tried(request, "召回已结束。", recalling.close_recall, recall_id=pk)
    return redirect("goods:recall", pk)


def _show(request: PageRequest, pk: int, contact_id: int, bound: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    recall = selectors.recall_of(actor=actor, recall_id=pk)
    contacts = selectors.contacts_of(recall, actor=actor)
    state = one_of(request.GET.get("state", ""), ContactState.values)
    page = page_of(contacts.filter(state=state) if state else contacts, request.GET, newest_first=False, size=30)
    context = {
        "recall": recall, "page": page, "state": state, "problems": problems(bound),
        "states": state_chips(ContactState, counts_by_state(ContactState, contacts)),
        "rows": [(row, offered(ACTS, row, actor, bound if row.pk == contact_id else {})) for row in page.rows],
        "batches": recall.batches.select_related("facility", "donor").order_by("pk"),
        "may_close": actor.may("goods:recall") and recall.state == RecallState.OPEN,
    }  # fmt: skip
    return render(request, "www/goods/recall.html", context, status=422 if bound else 200)
