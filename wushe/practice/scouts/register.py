"""The list of leads as its desk shows it: what waits, and what became of the others."""

from django.db.models import Q

from wushe.foundation.scope import visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Coded, Column, Order, Register, declare

from .models import Lead, LeadState

SHOWN = 24

LEADS = declare(
    Register(
        code="leads",
        title="排困员线索",
        noun="条",
        model=Lead,
        permission="scouts:view",
        rows=lambda actor, on: visible(Lead.objects.all(), actor),
        dress=lambda rows, on: rows.select_related("need"),
        name=lambda row: row.words if len(row.words) <= SHOWN else f"{row.words[:SHOWN]}…",
        search=lambda text: Q(words__contains=text) | Q(scout_name__contains=text),
        search_hint="线索里的字，排困员姓名",
        columns=(
            Column("words", "发现了什么", lambda r: r.words),
            Column("state", "状态", lambda r: Coded(f"lead.{r.state}", r.get_state_display())),
            Column("scout", "排困员", lambda r: r.scout_name),
            Column("sent", "发现时间", lambda r: r.sent_at),
            Column("need", "需求", lambda r: r.need_id, number=True),
            Column("answer", "反馈", lambda r: r.answer, quiet=True),
            Column("place", "社区", lambda r: r.place),
        ),
        facets=(facets.code_list("state", "状态", LeadState), facets.place()),
        orders=(Order("newest", "新发现的在前", descending=True), Order("oldest", "等得久的在前")),
    )
)
