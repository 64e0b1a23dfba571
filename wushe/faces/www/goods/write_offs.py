"""Write-offs at the desk: what waits for the second person, and what came of it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import one_of
from wushe.foundation.access.selectors import names_of_accounts
from wushe.foundation.counting import counts_by_state
from wushe.lines.goods import selectors, writing_off
from wushe.lines.goods.states import WriteOffState

from .forms import AnswerForm

ASKED = frozenset({WriteOffState.ASKED})
ACTS = {
    "agree": Act("同意报损", "同意报损？报损以后不能再发放。", ("goods:second",), ASKED, writing_off.agree_write_off,
                 "已报损。", AnswerForm, "check"),
    "refuse": Act("不同意", "不同意报损？物资恢复可用。", ("goods:second",), ASKED, writing_off.refuse_write_off,
                  "已退回，物资恢复可用。", AnswerForm, "x", danger=True),
}  # fmt: skip


@require_GET
@allow("goods:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the write-offs."""
    return _show(request, 0, {})


@require_POST
@allow("goods:view")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Agree or refuse, as the second person."""
    actor = request.actor
    what, asked = chosen(ACTS, act, actor), selectors.write_off_of(actor=actor, write_off_id=pk)
    refused = carried_out(request, act, what, asked, write_off_id=pk)
    return _show(request, pk, {act: refused}) if refused else redirect("goods:write_offs")


def _show(request: PageRequest, pk: int, bound: dict[str, Any]) -> HttpResponse:
    actor, text = request.actor, request.GET.get("q", "")[:40]
    state = one_of(request.GET.get("state", ""), WriteOffState.values)
    page = page_of(selectors.find_write_offs(actor=actor, state=state, text=text), request.GET, size=30)
    counts = counts_by_state(WriteOffState, selectors.find_write_offs(actor=actor, text=text))
    context = {
        "page": page, "text": text, "state": state, "states": state_chips(WriteOffState, counts),
        "rows": [(row, offered(ACTS, row, actor, bound if row.pk == pk else {})) for row in page.rows],
        "names": names_of_accounts({row.asked_by for row in page.rows} | {row.decided_by or 0 for row in page.rows}),
        "problems": problems(bound),
    }  # fmt: skip
    return render(request, "www/goods/write_offs.html", context, status=422 if bound else 200)
