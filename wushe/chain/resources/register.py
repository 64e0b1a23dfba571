"""The resource list 资源清单 as its desk shows it: money, goods, venues, expertise, on which conditions, what is left."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import (
    Blank,
    BulkAct,
    Coded,
    Column,
    Done,
    Order,
    Register,
    Share,
    Values,
    declare,
)
from wushe.registers.desk.finding import titled
from wushe.registers.desk.setting import AlreadySo, setting

from .fitting import usable
from .models import Resource, ResourceKind
from .selectors import seen_resources
from .stock import relist_resource, update_resource, withdraw_resource

EDIT = "resources:edit"
SOON = timedelta(days=30)


def _rows(actor: Actor, on: date) -> QuerySet[Resource]:
    return seen_resources(actor).filter(withdrawn_on=None)


def state_of(resource: Resource, on: date) -> Coded:
    """Return whether a resource can be used on a day, and if not why."""
    if resource.available_until and resource.available_until < on:
        return Coded("over", "已过期")
    if not resource.left:
        return Coded("used_up", "已用完")
    return Coded("usable", "可用") if resource.available_from <= on else Coded("later", "未开始")


def _withdraw(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    if obtain(Resource, actor, pk=pk).withdrawn_on:
        raise AlreadySo
    withdraw_resource(actor=actor, at=at, resource_id=pk)
    return Done("在清单上", "收回", None)


def _relist(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    relist_resource(actor=actor, at=at, resource_id=pk)


RESOURCES = declare(
    Register(
        code="resources",
        title="资源清单",
        noun="项",
        model=Resource,
        permission="resources:view",
        rows=_rows,
        looks_up=True,
        dress=lambda rows, on: rows.select_related("owner", "donor").annotate(today=facets.day(on)),
        name=lambda row: row.title,
        search=lambda text: (titled(text, name="title") or Q()) | (
            titled(text, name="owner__name", initials="owner__initials", tail="owner__phone_tail_index") or Q(pk=None)
        ),
        search_hint="资源或提供单位两个字、拼音首字母、电话后四位",
        columns=(
            Column("title", "资源", lambda r: r.title, sort="name"),
            Column("kind", "类别", lambda r: r.get_kind_display()),
            Column("left", "还剩", lambda r: Share(r.left, r.quantity, r.unit)),
            Column("state", "状态", lambda r: state_of(r, r.today)),
            Column("owner", "提供单位", lambda r: r.owner.name),
            Column("conditions", "使用条件", lambda r: r.conditions),
            Column("until", "可用至", lambda r: r.available_until or "长期", sort="until"),
            Column("place", "可用于", lambda r: r.place),
            Column("donor", "捐赠人", lambda r: r.donor.public_name if r.donor else "", quiet=True),
        ),
        facets=(
            facets.code_list("kind", "类别", ResourceKind),
            facets.cases(
                "state", "状态",
                usable=("现在能用", lambda on: usable(on) & Q(left__gt=0)),
                untouched=("还没用过", lambda on: Q(left=F("quantity"))),
                used_up=("已用完", lambda on: Q(left=0)),
                soon=("30天内到期", lambda on: Q(available_until__range=(on, on + SOON))),
                over=("已过期", lambda on: Q(available_until__lt=on)),
            ),
            facets.cases(
                "terms", "条件", free=("不限条件", lambda on: Q(conditions__in=["", "不限"])),
                bound=("有使用条件", lambda on: ~Q(conditions__in=["", "不限"])),
            ),
            facets.place(),
        ),
        orders=(
            Order("newest", "新登记的在前", descending=True),
            Order("name", "名称", "initials"),
            Order("until", "可用至", facets.or_never("available_until", far=date(2999, 12, 31))),
        ),
        bulk=(
            setting(
                "until", "调整可用期", permission=EDIT, model=Resource, field="available_until",
                update=lambda actor, at, pk, changes: update_resource(
                    actor=actor, at=at, resource_id=pk, changes=changes
                ),
                blank=Blank("available_until", "可用至", "day"),
            ),
            BulkAct("withdraw", "收回", EDIT, _withdraw, _relist, hint="收回以后不能再链接；已经答应的需求不受影响。"),
        ),
    )
)  # fmt: skip
