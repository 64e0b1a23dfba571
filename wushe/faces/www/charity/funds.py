"""Funds at the desk: the list, one with its committee and its latest lines, and what the two keys do."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.acts import Act, carried_out, chosen, offered, problems
from wushe.faces.www.community.desk import desk
from wushe.faces.www.paging import page_of, state_chips
from wushe.faces.www.refusing import carry_out, one_of, posted
from wushe.foundation.access.selectors import names_of_accounts
from wushe.lines.charity import funds as services
from wushe.lines.charity import selectors
from wushe.lines.charity.donations import close_fund
from wushe.lines.charity.enums import FundState
from wushe.lines.charity.models import Fund
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names, tree

from .forms import FundForm, ReasonForm, SeatForm
from .people import the_one

ONE = frozenset
ACTS = {
    "confirm": Act(
        "用第二把钥匙确认", "确认启用这只基金？", ("charity:second_key",), ONE({FundState.DRAFTED}),
        services.confirm_fund, "基金已启用。", icon="key",
    ),
    "freeze": Act(
        "冻结", "冻结这只基金？冻结后所有付款都会停下。", ("charity:freeze",), ONE({FundState.OPEN}),
        services.freeze_fund, "基金已冻结。", ReasonForm, "lock", danger=True,
    ),
    "thaw": Act(
        "解冻", "解冻这只基金？冻结的人不能自己解冻。", ("charity:second_key",), ONE({FundState.FROZEN}),
        services.thaw_fund, "基金已解冻。", ReasonForm, "lock-open",
    ),
    "close": Act(
        "同意终止", "终止这只基金？余款连同捐赠人的限定转入承接的基金。", ("charity:second_key",),
        ONE({FundState.CLOSING}), close_fund, "基金已终止，余款已转入。", icon="lock", danger=True,
    ),
}  # fmt: skip


@require_GET
@desk("charity:view")
def home(request: PageRequest) -> HttpResponse:
    """Show the funds that serve the actor's area."""
    actor = request.actor
    state, text = one_of(request.GET.get("state", ""), FundState.values), request.GET.get("q", "")[:40]
    counts = selectors.fund_counts(actor=actor, text=text)
    page = page_of(selectors.find_funds(actor=actor, state=state, text=text), request.GET, size=30)
    context = {
        "rows": [(fund, selectors.sums_of(fund)) for fund in page.rows], "page": page, "text": text, "state": state,
        "states": state_chips(FundState, counts),
        "places": place_names(codes=[f.area_code for f in page.rows]), "may_open": actor.may("charity:open"),
        "waiting": selectors.waiting_counts(actor=actor),
    }  # fmt: skip
    return render(request, "www/charity/funds.html", context)


@require_GET
@desk("charity:view")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a fund."""
    return _show(request, pk, {})


@require_POST
@desk("charity:view")
def act(request: PageRequest, pk: int, act: str) -> HttpResponse:
    """Turn a key, freeze, thaw or close."""
    actor = request.actor
    what = chosen(ACTS, act, actor)
    fund = selectors.fund_of(actor=actor, fund_id=pk)
    refused = carried_out(request, act, what, fund, fund_id=pk)
    return _show(request, pk, {act: refused}) if refused else redirect("charity:fund", pk)


@require_http_methods(["GET", "POST"])
@desk("charity:open")
def new(request: PageRequest) -> HttpResponse:
    """Draft a fund with the first key."""
    actor, at = request.actor, timezone.now()
    places = [
        (a.area_code, a.name) for a in tree(code=actor.area_code, on=timezone.localdate(), deepest=Level.COMMUNITY)
    ]
    hosts = [(o.pk, o.name) for o in selectors.possible_hosts(actor=actor)]
    form = FundForm(posted(request), places=places, hosts=hosts, initial={"starts_on": timezone.localdate()})
    if request.method == "POST":
        made = carry_out(form, lambda clean: services.open_fund(actor=actor, at=at, **clean))
        if made:
            messages.success(request, "基金已登记，等待另一把钥匙确认后启用。")
            return redirect("charity:fund", made.pk)
    context = {"form": form, "heading": "登记基金", "button": "用第一把钥匙登记"}
    return render(request, "www/charity/form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@desk("charity:seat")
def seat(request: PageRequest, pk: int) -> HttpResponse:
    """Seat a member of the committee."""
    actor = request.actor
    fund = selectors.fund_of(actor=actor, fund_id=pk)
    form = SeatForm(posted(request))
    if request.method == "POST":

        def sit(clean: dict[str, Any]) -> object:
            person = the_one(actor, clean.pop("who"), field="who")
            return services.seat_member(
                actor=actor, at=timezone.now(), fund_id=pk, person_id=person.pk, **clean
            )  # fmt: skip

        if carry_out(form, sit):
            messages.success(request, "已登记。")
            return redirect("charity:fund", pk)
    context = {"form": form, "fund": fund, "heading": "登记管委会成员", "button": "登记"}
    return render(request, "www/charity/form.html", context, status=422 if form.errors else 200)


@require_POST
@desk("charity:seat")
def leave(request: PageRequest, pk: int, seat: int) -> HttpResponse:
    """End a seat."""
    actor = request.actor
    selectors.fund_of(actor=actor, fund_id=pk)
    services.leave_seat(actor=actor, at=timezone.now(), fund_id=pk, seat_id=seat)
    messages.success(request, "已离任。")
    return redirect("charity:fund", pk)


def _show(request: PageRequest, pk: int, bound: dict[str, Any]) -> HttpResponse:
    actor = request.actor
    fund: Fund = selectors.fund_of(actor=actor, fund_id=pk)
    names = names_of_accounts({fund.opened_by, fund.confirmed_by or 0})
    context = {
        "fund": fund, "sums": selectors.sums_of(fund), "offered": offered(ACTS, fund, actor, bound),
        "problems": problems(bound), "opened_by": names.get(fund.opened_by, ""),
        "confirmed_by": names.get(fund.confirmed_by or 0, ""),
        "seats": selectors.seats_of(fund), "lack": services.committee_faults(fund, on=timezone.localdate()),
        "donations": list(selectors.find_donations(actor=actor, fund_id=pk)[:6]),
        "expenses": list(selectors.find_expenses(actor=actor, fund_id=pk)[:6]),
        "place": place_names(codes=[fund.area_code]).get(fund.area_code, ""),
        "may": {name: actor.may(f"charity:{name}") for name in ("seat", "receive", "request")},
    }  # fmt: skip
    return render(request, "www/charity/fund.html", context, status=422 if bound else 200)
