"""The list of pairs 结对帮扶: whose look-in is due or late, under the helper's name and that of who answers for it."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Coded, Column, Order, Register, declare
from wushe.registers.desk.finding import held_by

from .models import Pair, PairKind, PairState

_SOON = timedelta(days=7)
_STANDS = Q(state=PairState.STANDING)


def standing_of_pair(row: Pair, on: date) -> Coded:
    """Return how a pair stands on a day."""
    if row.state != PairState.STANDING:
        return Coded("ended", f"已结束：{row.get_end_reason_display()}")
    if row.late_on <= on:
        return Coded("over", f"逾期{(on - row.due_on).days}天")
    if row.due_on <= on:
        return Coded("soon", "该联系了")
    return Coded("later", "未到期")


def _rows(actor: Actor, on: date) -> "QuerySet[Pair]":
    return visible(Pair.objects.all(), actor)


def _dressed(rows: "QuerySet[Any]", on: date) -> "QuerySet[Any]":
    return rows.select_related("person", "helper").annotate(today=facets.day(on))


PAIRS = declare(
    Register(
        code="pairs",
        title="结对帮扶",
        noun="对",
        model=Pair,
        permission="due_visits:view",
        rows=_rows,
        dress=_dressed,
        name=lambda row: row.person.name,
        search=lambda text: (
            (held_by(text) or Q(pk=None)) | (held_by(text, person="helper") or Q(pk=None)) | Q(owner_name__contains=text)
        ),
        search_hint="两人的姓名两个字、拼音首字母、电话后四位，或责任人",
        columns=(
            Column("name", "被帮扶人", lambda p: p.person.name),
            Column("state", "情况", lambda p: standing_of_pair(p, p.today)),
            Column("due", "应联系", lambda p: p.due_on if p.state == PairState.STANDING else None, sort="due"),
            Column("helper", "帮扶人", lambda p: p.helper.name),
            Column("owner", "责任人", lambda p: p.owner_name),
            Column("kind", "类型", lambda p: p.get_kind_display(), quiet=True),
            Column("days", "间隔（天）", lambda p: p.interval_days, number=True, quiet=True),
            Column("seen", "上次联系上", lambda p: p.seen_on or "还没有", sort="seen"),
            Column("begun", "结对日期", lambda p: p.begun_on, quiet=True),
            Column("place", "社区", lambda p: p.place),
        ),
        facets=(
            facets.cases(
                "when", "什么时候",
                late=("已逾期", lambda on: _STANDS & Q(late_on__lte=on)),
                due=("到期未逾期", lambda on: _STANDS & Q(due_on__lte=on, late_on__gt=on)),
                week=("7天内到期", lambda on: _STANDS & Q(due_on__gt=on, due_on__lte=on + _SOON)),
                never=("还没联系过", lambda on: _STANDS & Q(seen_on=None)),
            ),
            facets.code_list("state", "状态", PairState),
            facets.code_list("kind", "类型", PairKind),
            facets.place(),
        ),
        orders=(
            Order("due", "先到期的在前", "due_on"),
            Order("seen", "上次联系上", facets.or_never("seen_on")),
            Order("newest", "新结对的在前", descending=True),
        ),
    )
)  # fmt: skip
