"""The lists of selections, of proposals and of bans as their desks show them."""

from datetime import date

from django.db.models import Count, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.quantities import show_fen
from wushe.foundation.roles import Reach
from wushe.foundation.scope import covering, visible, within
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Coded, Column, Order, Register, declare

from .models import Ban, Proposal, Selection
from .selectors import selections_near
from .states import ProposalState, SelectionKind, SelectionState, Way

VIEW = "selections:view"
FAR = date(2999, 12, 31)


def _counted(rows: "QuerySet[Selection]", on: date) -> "QuerySet[Selection]":
    return rows.annotate(filed=Count("proposals", filter=Q(proposals__filed_on__isnull=False)))


def _proposals(actor: Actor, on: date) -> "QuerySet[Proposal]":
    """Return the proposals in scope; what an applicant is still writing is its own."""
    rows = visible(Proposal.objects.all(), actor)
    return rows if actor.reach is Reach.ORGANISATION else rows.exclude(state=ProposalState.DRAFTED)


def _bans(actor: Actor, on: date) -> "QuerySet[Ban]":
    if actor.reach is Reach.AREA and actor.area_code:
        return Ban.objects.filter(within(actor.area_code) | covering(actor.area_code))
    return visible(Ban.objects.all(), actor)


def points(value: int | None) -> str:
    """Return hundredths of a point as they are read: 86.50."""
    return "" if value is None else f"{value // 100}.{value % 100:02d}"


SELECTIONS = declare(
    Register(
        code="selections", title="公益创投和政府购买", noun="次", model=Selection, permission=VIEW,
        rows=lambda actor, on: selections_near(actor), dress=_counted, looks_up=True,
        name=lambda row: row.title,
        search=lambda text: Q(title__contains=text) | Q(wanted__contains=text),
        search_hint="名称、要求里的字",
        columns=(
            Column("title", "名称", lambda s: s.title),
            Column("state", "状态", lambda s: Coded(f"selection.{s.state}", s.get_state_display())),
            Column("kind", "类别", lambda s: s.get_kind_display()),
            Column("way", "采购方式", lambda s: s.get_way_display(), quiet=True),
            Column("budget", "总预算", lambda s: show_fen(s.budget_fen), number=True),
            Column("filed", "申报", lambda s: s.filed, number=True),
            Column("due", "截止", lambda s: s.due_on, sort="due"),
            Column("notice", "公示到", lambda s: s.notice_until),
            Column("place", "范围", lambda s: s.place),
        ),
        facets=(
            facets.code_list("state", "状态", SelectionState),
            facets.code_list("kind", "类别", SelectionKind),
            facets.code_list("way", "采购方式", Way),
            facets.cases(
                "waits", "等什么",
                closed=("过了截止日", lambda on: Q(state="open", due_on__lt=on)),
                decide=("公示期已满", lambda on: Q(state="noticed", notice_until__lt=on)),
                answer=("有异议要答复", lambda on: Q(pk__in=Selection.objects.filter(objections__state="raised").values("pk"))),
            ),
        ),
        orders=(Order("newest", "新登记的在前", descending=True), Order("due", "截止日期", "due_on")),
    )
)  # fmt: skip

PROPOSALS = declare(
    Register(
        code="proposals", title="申报和合同", noun="份", model=Proposal, permission=VIEW,
        rows=_proposals,
        dress=lambda rows, on: rows.select_related("selection", "organisation", "contract"),
        name=lambda row: row.title,
        search=lambda text: Q(title__contains=text) | Q(organisation__name__contains=text) | Q(contract__number=text),
        search_hint="项目名称、机构名称里的字，合同编号",
        columns=(
            Column("title", "项目", lambda p: p.title),
            Column("state", "状态", lambda p: Coded(f"proposal.{p.state}", p.get_state_display())),
            Column("organisation", "机构", lambda p: p.organisation.name),
            Column("selection", "征集", lambda p: p.selection.title),
            Column("sum", "金额", lambda p: show_fen(p.sum_fen), number=True),
            Column("people", "服务人数", lambda p: p.people, number=True, quiet=True),
            Column("points", "总分", lambda p: points(p.points), number=True),
            Column("rank", "名次", lambda p: p.rank or "", number=True, sort="rank"),
            Column("filed", "提交日期", lambda p: p.filed_on),
            Column("contract", "合同编号", lambda p: p.contract.number if hasattr(p, "contract") else ""),
            Column("kept", "档案保存到", lambda p: p.contract.kept_until if hasattr(p, "contract") else None, quiet=True),
            Column("place", "地方", lambda p: p.place),
        ),
        facets=(
            facets.code_list("state", "状态", ProposalState),
            facets.code_list("kind", "类别", SelectionKind, field="selection__kind"),
            facets.cases(
                "waits", "等什么",
                screen=("等审查", lambda on: Q(state="filed")),
                mend=("等补正", lambda on: Q(state="asked")),
                sign=("等签约", lambda on: Q(state="won")),
                publish=("合同没有公告", lambda on: Q(contract__isnull=False, contract__published_on=None)),
                file=("合同没有备案", lambda on: Q(contract__isnull=False, contract__filed_on=None, selection__kind="purchase")),
            ),
            facets.place(),
        ),
        orders=(
            Order("newest", "新登记的在前", descending=True),
            Order("rank", "名次", facets.or_zero("rank")),
        ),
    )
)  # fmt: skip

BANS = declare(
    Register(
        code="bans", title="禁止申报", noun="条", model=Ban, permission=VIEW,
        rows=_bans, dress=lambda rows, on: rows.select_related("organisation"), looks_up=True,
        name=lambda row: row.organisation.name,
        search=lambda text: Q(organisation__name__contains=text) | Q(reason__contains=text),
        search_hint="机构名称、原因里的字",
        columns=(
            Column("name", "机构", lambda b: b.organisation.name),
            Column("reason", "原因", lambda b: b.reason),
            Column("starts", "开始", lambda b: b.starts_on),
            Column("ends", "结束", lambda b: b.ends_on, sort="ends"),
            Column("lifted", "提前解除", lambda b: b.lifted_on),
            Column("place", "范围", lambda b: b.place),
        ),
        facets=(
            facets.cases(
                "stands", "是否有效",
                now=("有效", lambda on: Q(lifted_on=None, ends_on__gte=on)),
                over=("已到期", lambda on: Q(lifted_on=None, ends_on__lt=on)),
                lifted=("已解除", lambda on: Q(lifted_on__isnull=False)),
            ),
            facets.place(),
        ),
        orders=(Order("newest", "新登记的在前", descending=True), Order("ends", "结束日期", "ends_on")),
    )
)  # fmt: skip
