"""The list of wishes as its desk shows it: what waits for verification, for a claim, for a call, for a confirmation."""

from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from wushe.foundation.actor import Actor
from wushe.foundation.errors import Conflict
from wushe.foundation.quantities import show_fen
from wushe.foundation.scope import visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import BulkAct, Coded, Column, Done, Order, Register, Values, declare
from wushe.registers.desk.finding import held_by

from .models import Claim, ClaimOutcome, Wish, WishKind, WishState
from .services import RIGHT, publish_wish


def _dressed(rows: "QuerySet[Wish]", on: date) -> "QuerySet[Wish]":
    open_claim = Claim.objects.filter(wish=OuterRef("pk"), outcome__in=[ClaimOutcome.OPEN, ClaimOutcome.KEPT])
    return rows.select_related("person").annotate(claimant=Subquery(open_claim.values("name")[:1]))


def _publish(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    publish_wish(actor=actor, at=at, wish_id=pk)
    return Done("待核实", "待认领", None)


def _not_back(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    raise Conflict("已经公开的心愿请逐个撤下，并写明原因。")


WISHES = declare(
    Register(
        code="wishes",
        title="微心愿",
        noun="个",
        model=Wish,
        permission="wishes:view",
        rows=lambda actor, on: visible(Wish.objects.all(), actor),
        dress=_dressed,
        name=lambda row: row.title,
        search=lambda text: (held_by(text) or Q(pk=None)) | Q(title__contains=text),
        search_hint="心愿里的字、姓名两个字、拼音首字母、电话后四位",
        columns=(
            Column("title", "心愿", lambda w: w.title),
            Column("state", "状态", lambda w: Coded(f"wish.{w.state}", w.get_state_display())),
            Column("kind", "类型", lambda w: w.get_kind_display()),
            Column("person", "居民", lambda w: w.person.name),
            Column("public_name", "公开称呼", lambda w: w.public_name, quiet=True),
            Column("worth", "大约值", lambda w: show_fen(w.worth_fen) if w.worth_fen else "", number=True),
            Column("claimant", "认领人", lambda w: w.claimant or ""),
            Column("due", "实现期限", lambda w: w.due_on, sort="due"),
            Column("owner", "责任人", lambda w: w.owner_name),
            Column("place", "社区", lambda w: w.place),
        ),
        facets=(
            facets.code_list("state", "状态", WishState),
            facets.code_list("kind", "类型", WishKind),
            facets.cases(
                "waits", "等什么",
                phone=("等电话核实", lambda on: Q(state="collected", phoned_at=None)),
                home=("等上门核实", lambda on: Q(state="collected", phoned_at__isnull=False, visited_at=None)),
                late=("过了实现期限", lambda on: Q(state="claimed", due_on__lt=on)),
                thanks=("等写感谢", lambda on: Q(state="confirmed", thanks="")),
            ),
            facets.place(),
        ),
        orders=(
            Order("newest", "新登记的在前", descending=True),
            Order("due", "实现期限", facets.or_never("due_on", far=date(2999, 12, 31))),
        ),
        bulk=(
            BulkAct("publish", "发布", RIGHT, _publish, _not_back, hint="核实过、居民同意公开的才会发布；发布后只能逐个撤下。"),
        ),
    )
)  # fmt: skip
