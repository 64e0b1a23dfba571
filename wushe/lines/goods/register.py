"""The stock list and the list of goods for households as their desks show them: found, narrowed, exported."""

from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import visible
from wushe.ledgers.models import LotShare
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Coded, Column, Order, Register, dated, declare
from wushe.registers.desk.finding import held_by, titled

from .models import Handout, Position
from .states import ArticleKind, BatchState, HandoutState, Source

SIDES = {"free": "stock", "held": "held", "lent": "lent", "out": "out", "apart": "blocked"}
_FAR = date(9999, 12, 31)


def _standing(side: str) -> Coalesce:
    share = LotShare.objects.filter(lot=OuterRef("batch__lot"), account=OuterRef(f"shelf__{side}"))
    return Coalesce(Subquery(share.values("left")[:1]), 0)


def with_numbers(rows: QuerySet[Position]) -> "QuerySet[Any]":
    """Return stock lines with what the books say of each: free, held, lent, out, apart."""
    return rows.annotate(**{name: _standing(side) for name, side in SIDES.items()})


def _positions(actor: Actor, on: date) -> "QuerySet[Any]":
    return with_numbers(visible(Position.objects.all(), actor))


def soon(on: date) -> date:
    """Return the day up to which goods are said to expire soon."""
    return on + timedelta(days=preset("goods.expiry.warn_days", area_code="", on=on))


def expiry_of(position: Position, on: date) -> Coded:
    """Return the expiry of a batch, and whether it is near or over."""
    day = position.batch.expires_on
    if day is None:
        return Coded("never", "不限")
    code = "expired" if day < on else "expires_soon" if day <= soon(on) else "fresh"
    return dated(code, day)


def giver_of(position: Position) -> str:
    """Return who gave a batch, as they wish to be named."""
    batch = position.batch
    return batch.donor.public_name if batch.donor else batch.supplier or "爱心人士"


def _find_positions(text: str) -> Q:
    found = titled(text, name="shelf__article__title", initials="shelf__article__initials") or Q()
    for path in (
        "batch__number",
        "batch__maker_batch",
        "batch__donor__name",
        "batch__supplier",
        "shelf__facility__name",
    ):
        found |= Q(**{f"{path}__contains": text.strip()})
    return found


STOCK = declare(
    Register(
        code="stock",
        title="物资库存",
        noun="批",
        model=Position,
        permission="goods:view",
        rows=_positions,
        dress=lambda rows, on: rows.select_related(
            "batch__donor", "shelf__article", "shelf__facility"
        ).annotate(today=facets.day(on)),
        name=lambda row: row.shelf.article.title,
        search=_find_positions,
        search_hint="物品、批次号、生产批号、捐赠人、存放地点",
        columns=(
            Column("title", "物品", lambda p: p.shelf.article.title, sort="title"),
            Column("free", "可用", lambda p: f"{p.free}{p.shelf.article.unit}", number=True),
            Column("expires", "保质期至", lambda p: expiry_of(p, p.today), sort="expires"),
            Column("state", "状态", lambda p: Coded(p.batch.state, p.batch.get_state_display())),
            Column("held", "待领取", lambda p: p.held, number=True),
            Column("lent", "借出", lambda p: p.lent, number=True, quiet=True),
            Column("out", "已发放", lambda p: p.out, number=True),
            Column("apart", "停用", lambda p: p.apart, number=True, quiet=True),
            Column("facility", "存放地点", lambda p: p.shelf.facility.name),
            Column("giver", "来自", giver_of),
            Column("number", "批次号", lambda p: p.batch.number),
            Column("maker", "生产批号", lambda p: p.batch.maker_batch, quiet=True),
            Column("source", "来源", lambda p: p.batch.get_source_display(), quiet=True),
            Column("received", "到货日期", lambda p: p.batch.received_on, quiet=True),
            Column("place", "地区", lambda p: p.place, quiet=True),
        ),
        facets=(
            facets.code_list("kind", "类别", ArticleKind, field="shelf__article__kind"),
            facets.code_list("state", "状态", BatchState, field="batch__state"),
            facets.cases(
                "expiry", "保质期",
                soon=("快到期", lambda on: Q(batch__expires_on__range=(on, soon(on)))),
                expired=("已过期", lambda on: Q(batch__expires_on__lt=on)),
                never=("不限", lambda on: Q(batch__expires_on=None)),
            ),
            facets.cases(
                "stock", "库存",
                free=("有可用的", lambda on: Q(free__gt=0)), held=("有待领取的", lambda on: Q(held__gt=0)),
                lent=("有借出的", lambda on: Q(lent__gt=0)), apart=("有停用的", lambda on: Q(apart__gt=0)),
                none=("没有可用的", lambda on: Q(free=0)),
            ),
            facets.code_list("source", "来源", Source, field="batch__source"),
            facets.place(),
        ),
        orders=(
            Order("newest", "新到的在前", descending=True),
            Order("title", "物品", "shelf__article__initials"),
            Order("expires", "保质期", facets.or_never("batch__expires_on", far=_FAR)),
        ),
    )
)  # fmt: skip


def _find_handouts(text: str) -> Q:
    found = held_by(text, person="recipient") or Q()
    found |= titled(text, name="shelf__article__title", initials="shelf__article__initials") or Q()
    return found | Q(distribution__title__contains=text.strip())


HANDOUTS = declare(
    Register(
        code="handouts",
        title="物资发放",
        noun="份",
        model=Handout,
        permission="goods:view",
        rows=lambda actor, on: visible(Handout.objects.all(), actor),
        dress=lambda rows, on: rows.select_related(
            "recipient", "distribution", "shelf__article", "shelf__facility"
        ).annotate(today=facets.day(on)),
        name=lambda row: str(row.recipient),
        search=_find_handouts,
        search_hint="居民姓名、物品、发放名称",
        columns=(
            Column("recipient", "居民", lambda h: str(h.recipient)),
            Column("article", "物品", lambda h: f"{h.shelf.article.title} {h.quantity}{h.shelf.article.unit}"),
            Column("state", "状态", lambda h: Coded(h.state, h.get_state_display())),
            Column("distribution", "发放名称", lambda h: h.distribution.title if h.distribution else "单独发放"),
            Column("rank", "次序", lambda h: h.rank or "", number=True, quiet=True),
            Column("why", "理由", lambda h: h.why, quiet=True),
            Column("facility", "领取地点", lambda h: h.shelf.facility.name),
            Column("promised", "分配日期", lambda h: timezone.localdate(h.promised_at)),
            Column("handed", "领取日期", lambda h: h.handed_at and timezone.localdate(h.handed_at)),
            Column("due", "应还日期", lambda h: due_of(h, h.today)),
        ),
        facets=(
            facets.code_list("state", "状态", HandoutState),
            facets.cases(
                "due", "借用", late=("超期未还", lambda on: Q(state=HandoutState.LENT, due_on__lt=on)),
                kept=("在借期内", lambda on: Q(state=HandoutState.LENT, due_on__gte=on)),
            ),
            facets.code_list("kind", "类别", ArticleKind, field="shelf__article__kind"),
            facets.place(),
        ),
    )
)  # fmt: skip


def due_of(handout: Handout, on: date) -> Coded | str:
    """Return by which day a lent thing comes back, and whether that is over."""
    if handout.due_on is None:
        return ""
    late = handout.state == HandoutState.LENT and handout.due_on < on
    return dated("expired" if late else "fresh", handout.due_on)
