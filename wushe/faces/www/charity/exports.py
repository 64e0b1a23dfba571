"""The lists of the desk as files, with masked names; each export is journalled."""

from collections.abc import Iterable

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from wushe.faces.www.access import PageRequest
from wushe.faces.www.community.desk import desk
from wushe.faces.www.tables import MOST_ROWS, table_file
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.foundation.journal.exports import note_export
from wushe.foundation.quantities import show_fen
from wushe.lines.charity import duty_list, selectors
from wushe.lines.charity.disclosure import giver_of

Table = tuple[list[str], Iterable[list[object]]]


@require_POST
@desk("charity:view")
def export(request: PageRequest, name: str) -> HttpResponse:
    """Give one of the lists as a table."""
    actor, text = request.actor, request.POST.get("q", "")[:40]
    if name not in _TABLES:
        raise NotFound
    state = request.POST.get("state", "")[:20]
    head, found = _TABLES[name](actor, state, text)
    rows = list(found)
    note_export(
        actor=actor, at=timezone.now(), list_name=f"charity_{name}", rows=len(rows), permission="charity:view",
        filters={"state": state} if state else {},
    )  # fmt: skip
    return table_file(name=name, kind=request.POST.get("format", "xlsx"), head=head, rows=rows)


def _funds(actor: Actor, state: str, text: str) -> Table:
    head = ["编号", "基金", "资金来源", "托管慈善组织", "收入（元）", "支出（元）", "余额（元）", "状态"]
    rows = selectors.find_funds(actor=actor, state=state, text=text)[:MOST_ROWS]
    return head, (
        [f.pk, f.title, f.get_source_class_display(), f.host.name, *map(_yuan, (s.came, s.went, s.left)),
         f.get_state_display()]
        for f in rows for s in [selectors.sums_of(f)]
    )  # fmt: skip


def _donations(actor: Actor, state: str, text: str) -> Table:
    head = ["收据编号", "到账日期", "基金", "捐赠人", "方式", "金额（元）", "未用（元）", "限定用途", "状态"]
    rows = selectors.find_donations(actor=actor, state=state, text=text)[:MOST_ROWS]
    return head, (
        [d.number, d.received_on.isoformat(), d.fund.title, giver_of(d), d.get_way_display(), _yuan(d.amount_fen),
         _yuan(d.left_fen), d.get_only_category_display() if d.only_category else "", d.get_state_display()]
        for d in rows
    )  # fmt: skip


def _expenses(actor: Actor, state: str, text: str) -> Table:
    head = ["编号", "申请时间", "基金", "用途类别", "用途", "收款方", "金额（元）", "须经", "票据号", "状态"]
    rows = selectors.find_expenses(actor=actor, state=state, text=text)[:MOST_ROWS]
    return head, (
        [e.pk, e.requested_at, e.fund.title, e.get_category_display(), e.title,
         str(e.payee_person or e.payee_organisation.name),  # type: ignore[union-attr]
         _yuan(e.amount_fen), e.get_last_level_display(), e.voucher, e.get_state_display()]
        for e in rows
    )  # fmt: skip


def _duties(actor: Actor, state: str, text: str) -> Table:
    head = ["基金", "职责", "依据", "期限", "责任单位", "完成日期", "文件"]
    rows = duty_list.owed_to(actor=actor, on=timezone.localdate(), state=state or "open")
    return head, (
        [r.fund.title, r.duty.title, r.duty.source, r.duty.due_on.isoformat(), r.owner,
         r.done.done_on.isoformat() if r.done else "", r.done.document if r.done else ""]
        for r in rows if text in r.fund.title or text in r.duty.title
    )  # fmt: skip


def _questions(actor: Actor, state: str, text: str) -> Table:
    head = ["编号", "基金", "问题", "提问时间", "答复期限", "答复", "答复时间", "状态"]
    rows = selectors.find_questions(actor=actor, state=state, text=text)[:MOST_ROWS]
    return head, (
        [q.pk, q.fund.title, q.text, q.asked_at, q.due_at, q.answer, q.answered_at, q.get_state_display()]
        for q in rows
    )  # fmt: skip


_TABLES = {"funds": _funds, "donations": _donations, "expenses": _expenses, "duties": _duties, "questions": _questions}


def _yuan(fen: int) -> str:
    return show_fen(fen).replace("¥", "").replace(",", "")
