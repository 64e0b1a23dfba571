"""The list of grid cases as its desk shows it: what is late and on whose name, what is hung, what waits for a check."""

from datetime import date, datetime, time

from django.db.models import Count, F, Q
from django.utils import timezone

from wushe.foundation.scope import visible
from wushe.foundation.workdays.selectors import end_of
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Coded, Column, Order, Register, declare

from .models import RUNNING, CaseKind, CaseSource, CaseState, GridCase


def _start_of(on: date) -> datetime:
    return timezone.make_aware(datetime.combine(on, time.min))


def in_time(case: GridCase) -> str:
    """Return whether the handling was reported within its limit; "" before."""
    if case.reported_at is None or case.handle_by is None:
        return ""
    return "按时" if case.reported_at <= case.handle_by else "超时"


CASES = declare(
    Register(
        code="grid_cases",
        title="网格事项",
        noun="件",
        model=GridCase,
        permission="grid:view",
        rows=lambda actor, on: visible(GridCase.objects.all(), actor),
        dress=lambda rows, on: rows.annotate(failed=Count("checks", filter=Q(checks__passed=False))),
        name=lambda c: f"{c.spot}：{c.words}"[:40],
        search=lambda text: Q(words__contains=text) | Q(spot__contains=text) | Q(owner_name__contains=text)
        | Q(handler_name__contains=text) | Q(unit__contains=text),
        search_hint="事情、地点、单位、姓名",
        columns=(
            Column("words", "什么事", lambda c: c.words),
            Column("state", "状态", lambda c: Coded(f"grid_case.{c.state}", c.get_state_display())),
            Column("spot", "在哪里", lambda c: c.spot),
            Column("kind", "类别", lambda c: c.get_kind_display()),
            Column("owner", "现在由谁办", lambda c: c.owner_name),
            Column("due", "这一步的时限", lambda c: c.due_at, sort="due"),
            Column("unit", "处理单位", lambda c: c.unit),
            Column("failed", "核查退回", lambda c: c.failed, number=True),
            Column("in_time", "是否按时", in_time),
            Column("source", "来源", lambda c: c.get_source_display(), quiet=True),
            Column("collected", "采集时间", lambda c: c.collected_at, quiet=True),
            Column("handler", "处理人", lambda c: c.handler_name, quiet=True),
            Column("result", "处理反馈", lambda c: c.result, quiet=True),
            Column("hung", "挂账原因", lambda c: c.hung_reason, quiet=True),
            Column("grade", "评价", lambda c: c.get_grade_display(), quiet=True),
            Column("place", "社区", lambda c: c.place),
        ),
        facets=(
            facets.code_list("state", "状态", CaseState),
            facets.code_list("kind", "类别", CaseKind),
            facets.code_list("source", "来源", CaseSource),
            facets.cases(
                "late", "时限",
                late=("今天以前就超时", lambda on: Q(state__in=RUNNING, due_at__lt=_start_of(on))),
                today=("今天到时限", lambda on: Q(state__in=RUNNING, due_at__range=(_start_of(on), end_of(on)))),
                review=("挂账该复查", lambda on: Q(state=CaseState.HUNG, review_on__lte=on)),
                slow=("处理时超时", lambda on: Q(reported_at__gt=F("handle_by"))),
            ),
            facets.place(),
        ),
        orders=(
            Order("newest", "新采集的在前", descending=True),
            Order("due", "快到时限的在前", facets.or_last("due_at")),
        ),
    )
)  # fmt: skip
