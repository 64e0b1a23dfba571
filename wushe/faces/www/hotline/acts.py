"""One hotline order and what can be done with it: each act is a form on its page, opened by right and by state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from wushe.faces.www.access import PageRequest, allow
from wushe.faces.www.hotline import forms as asked
from wushe.faces.www.refusing import carry_out
from wushe.foundation.actor import Actor
from wushe.foundation.journal.selectors import history_of
from wushe.oversight.selectors.journal import lines as journal_lines
from wushe.practice.hotline import deciding, handling, receiving
from wushe.practice.hotline.models import HotlineOrder
from wushe.practice.hotline.models import OrderState as S
from wushe.practice.hotline.selectors import likely_repeats, order_of
from wushe.registers.areas.models import Level
from wushe.registers.areas.selectors import place_names

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """One act: who may, in which state, what is asked, what is called and what is said afterwards."""

    name: str
    label: str
    icon: str
    permission: str
    states: tuple[str, ...]
    form: type[forms.Form]
    call: Callable[..., Any]
    said: str
    values: Callable[[Values], Values] = dict
    when: Callable[[HotlineOrder], bool] = lambda _: True


def _decided(clean: Values) -> Values:
    return {**clean, "agreed": clean["agreed"] == "yes"}


def _until(clean: Values) -> Values:
    return {**clean, "until": timezone.make_aware(datetime.combine(clean["until"], time(23, 59)))}


def _call_back(clean: Values) -> Values:
    solved = {"yes": True, "no": False}.get(clean["solved"])
    return {**clean, "reached": clean["reached"] == "yes", "solved": solved}


def _report(*, actor: Actor, at: datetime, order_id: int, helper_id: int, report: str) -> Any:
    del order_id  # the form offers the helpers of this order alone
    return handling.report_help(actor=actor, at=at, helper_id=helper_id, report=report)


def _waits(order: HotlineOrder) -> bool:
    return any(one.agreed is None for one in order.extensions.all())


RECEIVE, HANDLE, DECIDE, CALL = "hotline:receive", "hotline:handle", "hotline:decide", "hotline:call"
ACTS = (
    Act("assign", "派单", "send", RECEIVE, (S.RECEIVED,), asked.AssignForm, receiving.assign_order, "已派单。"),
    Act("tell", "是重复，告知进度", "copy", RECEIVE, (S.RECEIVED,), asked.TellForm, receiving.tell_progress, "已记为重复，进度已告知。"),
    Act("redirect", "转专线", "arrow-forward-up", RECEIVE, (S.RECEIVED,), asked.RedirectForm, receiving.redirect_order, "已转出。"),
    Act("contact", "记首次联系", "phone", HANDLE, (S.ASSIGNED,), asked.ContactForm, handling.contact_caller, "首次联系已记下。",
        when=lambda order: order.contacted_at is None),
    Act("answer", "答复办结", "check", HANDLE, (S.ASSIGNED,), asked.AnswerForm, handling.answer_order, "已答复，等回访。",
        when=lambda order: order.contacted_at is not None),
    Act("helper", "请人协办", "users", HANDLE, (S.ASSIGNED,), asked.HelperForm, handling.ask_helper, "已请求协办。"),
    Act("report", "记协办结果", "message", HANDLE, (S.ASSIGNED, S.PAUSED, S.ANSWERED), asked.ReportForm, _report, "协办结果已记下。",
        when=lambda order: any(one.reported_at is None for one in order.helpers.all())),
    Act("extend", "申请延期", "clock", HANDLE, (S.ASSIGNED,), asked.ExtendForm, handling.ask_extension, "延期申请已交街道审批。", _until,
        lambda order: not _waits(order)),
    Act("pause", "暂停计时", "hourglass", HANDLE, (S.ASSIGNED,), asked.PauseForm, handling.pause_order, "计时已暂停。"),
    Act("resume", "恢复计时", "player-play", HANDLE, (S.PAUSED,), asked.ResumeForm, handling.resume_order, "计时已恢复。"),
    Act("dispute", "申请退单", "hand-stop", HANDLE, (S.ASSIGNED,), asked.DisputeForm, handling.dispute_order, "退单申请已交街道裁定。",
        when=lambda order: order.returnable),
    Act("decide_dispute", "裁定退单", "list-check", DECIDE, (S.DISPUTED,), asked.DecideForm, deciding.decide_dispute, "裁定已记下。",
        _decided),
    Act("decide_extension", "审批延期", "list-check", DECIDE, (S.ASSIGNED,), asked.DecideForm, deciding.decide_extension, "审批已记下。",
        _decided, _waits),
    Act("exclude", "列入剔除", "ban", DECIDE, (S.ASSIGNED, S.ANSWERED, S.CLOSED), asked.ExcludeForm, deciding.exclude_order,
        "已列入剔除项。", when=lambda order: not order.exclusion),
    Act("call", "记回访", "phone", CALL, (S.ANSWERED,), asked.CallBackForm, handling.record_call, "回访已记下。", _call_back),
)  # fmt: skip


@require_GET
@allow("hotline:view")
def order(request: PageRequest, order_id: int) -> HttpResponse:
    """Show one order with its limits, its names, its history, and what can be done."""
    return _show(request, order_of(actor=request.actor, order_id=order_id))


@require_POST
@allow(HANDLE, CALL)
def reveal(request: PageRequest, order_id: int) -> HttpResponse:
    """Show the caller's telephone in full; the look is journalled."""
    phone = handling.reveal_caller(actor=request.actor, at=timezone.now(), order_id=order_id)
    context = {"label": "电话", "value": phone or "没有留电话", "opened": True}
    if request.headers.get("HX-Request"):
        return render(request, "www/components/masked.html", context)
    return _show(request, order_of(actor=request.actor, order_id=order_id), phone=phone)


def page_of_act(act: Act) -> Callable[..., HttpResponse]:
    """Return the page that carries out an act."""

    @require_POST
    @allow(act.permission)
    def carry(request: PageRequest, order_id: int) -> HttpResponse:
        known = order_of(actor=request.actor, order_id=order_id)
        form = _form(act, known, request.POST)
        done = carry_out(
            form,
            lambda clean: act.call(actor=request.actor, at=timezone.now(), order_id=order_id, **act.values(clean)),
        )
        if done is None:
            return _show(request, known, bound=(act, form), status=422)
        messages.success(request, act.said)
        return redirect("hotline:order", order_id)

    return carry


def _form(act: Act, order: HotlineOrder, data: Any = None) -> forms.Form:
    more: Values = {}
    if act.form is asked.TellForm:
        repeats = likely_repeats(order=order, at=timezone.now())
        more["repeats"] = [(one.order.pk, f"{one.order.pk}：{one.order.words[:30]}（{one.why}）") for one in repeats]
    if act.form is asked.ReportForm:
        more["helpers"] = [(one.pk, one.unit) for one in order.helpers.all() if one.reported_at is None]
    return act.form(data, prefix=None, auto_id=f"{act.name}_%s", **more)


def _show(
    request: PageRequest,
    order: HotlineOrder,
    *,
    bound: tuple[Act, forms.Form] | None = None,
    phone: str = "",
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    acts = [
        (act, bound[1] if bound and bound[0] is act else _form(act, order))
        for act in ACTS
        if (bound and bound[0] is act)
        or (request.actor.may(act.permission) and order.state in act.states and act.when(order))
    ]
    context = {
        "order": order, "acts": acts, "opened": bound[0].name if bound else "", "phone": phone,
        "place": place_names(codes=[order.community_code], from_level=Level.COMMUNITY).get(order.community_code, ""),
        "late": order.state in {S.RECEIVED, S.ASSIGNED, S.DISPUTED} and order.due_at < at,
        "contact_late": order.contacted_at is None and order.contact_due_at < at,
        "repeats": likely_repeats(order=order, at=at) if order.state == S.RECEIVED else [],
        "call": getattr(order, "call", None), "helpers": order.helpers.all(), "disputes": order.disputes.all(),
        "extensions": order.extensions.all(), "pauses": order.pauses.all(),
        "lines": journal_lines(list(history_of(subject=order))),
        "may_reveal": request.actor.may(HANDLE) or request.actor.may(CALL),
    }  # fmt: skip
    return render(request, "www/hotline/order.html", context, status=status)
