"""What the law asks of the funds: duties with their day and owner, and the ratios with a forecast."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.refusing import carry_out, whole
from wushe.lines.charity import duty_list, selectors
from wushe.lines.charity.ratios import KINDS, hosts_of, ratios_of

from .forms import DutyForm

STATES = {"open": "待完成", "overdue": "已逾期", "done": "已完成"}
MOST = 200


@require_GET
@desk("charity:view")
def home(request: HttpRequest) -> HttpResponse:
    """Show the duties of all funds of the area, what is due first on top."""
    return _show(request, None)


@require_POST
@desk("charity:duties")
def fulfil(request: PageRequest, pk: int) -> HttpResponse:
    """Write down that a duty was done."""
    actor = request.actor
    selectors.fund_of(actor=actor, fund_id=pk)
    form = DutyForm(request.POST)
    done = carry_out(form, lambda clean: duty_list.fulfil_duty(actor=actor, at=timezone.now(), fund_id=pk, **clean))
    if done is None:
        return _show(request, form)
    messages.success(request, "已登记完成。")
    return redirect("charity:duties")


@require_GET
@desk("charity:view")
def ratios(request: PageRequest) -> HttpResponse:
    """Show whether a charity will have spent enough, and not too much on itself, at the year's end."""
    actor, today = request.actor, timezone.localdate()
    hosts = hosts_of(actor=actor)
    kind = request.GET.get("kind", "")
    kind = kind if kind in KINDS else "public_group"
    wanted = whole(request.GET.get("host", ""))
    host = next((one for one in hosts if one.pk == wanted), hosts[0] if hosts else None)
    figures, measures = ratios_of(actor=actor, host=host, kind=kind, on=today) if host else (None, [])
    context = {"hosts": hosts, "host": host, "kind": kind, "kinds": KINDS, "figures": figures, "measures": measures}
    return render(request, "www/charity/ratios.html", context)


def _show(request: PageRequest, form: DutyForm | None) -> HttpResponse:
    actor, today = request.actor, timezone.localdate()
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    text = request.GET.get("q", "")[:40]
    rows = duty_list.owed_to(actor=actor, on=today, state=state)
    rows = [row for row in rows if text in row.fund.title or text in row.duty.title]
    context = {
        "rows": rows[:MOST], "more": max(0, len(rows) - MOST), "state": state, "text": text, "form": form,
        "states": [(name, label, None) for name, label in STATES.items() if name != "open"],
        "may_fulfil": actor.may("charity:duties"),
    }  # fmt: skip
    return render(request, "www/charity/duties.html", context, status=422 if form else 200)
