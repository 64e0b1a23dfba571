"""The register of organisations 社会组织台账 as its desk shows it."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Blank, BulkAct, Coded, Column, Done, Order, Register, Values, declare
from wushe.registers.desk.finding import titled
from wushe.registers.desk.setting import AlreadySo, setting

from .models import Grade, Organisation, OrganisationKind, Standing
from .services import leave, return_organisation, update_organisation

EDIT = "organisations:edit"
ACTIVE = 60


def _rows(actor: Actor, on: date) -> QuerySet[Organisation]:
    return visible(Organisation.objects.filter(Q(left_on=None) | Q(left_on__gt=on)), actor)


def _update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Organisation:
    return update_organisation(actor=actor, at=at, organisation_id=pk, changes=changes)


def _leave(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    before = obtain(Organisation, actor, pk=pk)
    if before.left_on:
        raise AlreadySo
    leave(actor=actor, at=at, organisation_id=pk, left_on=values["left_on"])
    return Done("在册", f"{values['left_on']}退出", before.takes_orders)


def _take_back(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    return_organisation(actor=actor, at=at, organisation_id=pk)
    if token:
        _update(actor, at, pk, {"takes_orders": True})


def _hub(value: bool, code: str, label: str) -> BulkAct:
    return setting(code, label, permission=EDIT, model=Organisation, field="hub", value=value, update=_update)


ORGANISATIONS = declare(
    Register(
        code="organisations",
        title="社会组织",
        noun="家",
        model=Organisation,
        permission="registers:view",
        rows=_rows,
        name=lambda row: row.name,
        search=lambda text: titled(text, tail="phone_tail_index", codes=("uscc",)),
        search_hint="名称两个字、拼音首字母、电话后四位、信用代码",
        columns=(
            Column("name", "名称", lambda o: o.name, sort="name"),
            Column("kind", "类型", lambda o: o.get_kind_display()),
            Column("standing", "登记情况", lambda o: Coded(o.standing, o.get_standing_display())),
            Column("grade", "评估等级", lambda o: o.grade, sort="grade"),
            Column("hub", "枢纽型", lambda o: "枢纽型" if o.hub else ""),
            Column("takes_orders", "接单", lambda o: "可接单" if o.takes_orders else ""),
            Column("activity", "活跃度", lambda o: o.activity if o.activity_on else None, number=True, sort="activity"),
            Column("place", "所在地", lambda o: o.place),
            Column("uscc", "统一社会信用代码", lambda o: o.uscc, quiet=True),
            Column("joined_on", "入驻日期", lambda o: o.joined_on, quiet=True),
        ),
        facets=(
            facets.code_list("standing", "登记情况", Standing),
            facets.code_list("kind", "类型", OrganisationKind),
            facets.code_list("grade", "评估等级", Grade),
            facets.cases(
                "state", "状态",
                hub=("枢纽型", lambda on: Q(hub=True)),
                taking=("可接单", lambda on: Q(takes_orders=True)),
                active=("活跃（60分以上）", lambda on: Q(activity__gte=ACTIVE)),
                idle=("不活跃", lambda on: Q(activity__lt=ACTIVE)),
                ending=("协议已到期", lambda on: Q(agreement_until__lt=on)),
            ),
            facets.place(),
        ),
        orders=(
            Order("activity", "活跃度", "activity", descending=True),
            Order("newest", "新登记的在前", descending=True),
            Order("name", "名称", "initials"),
            Order("grade", "评估等级", "grade", descending=True),
        ),
        bulk=(
            setting(
                "standing", "调整登记情况", permission=EDIT, model=Organisation, field="standing", update=_update,
                blank=Blank("standing", "调整为", "choice", lambda actor, on: Standing.choices),
                hint="例如把培育成熟的社区社会组织转为备案。",
            ),
            _hub(True, "hub", "认定为枢纽型"),
            _hub(False, "not_hub", "取消枢纽型"),
            setting(
                "pause", "暂停接单", permission=EDIT, model=Organisation, field="takes_orders", value=False, update=_update
            ),
            BulkAct(
                "leave", "登记退出", EDIT, _leave, _take_back, (Blank("left_on", "退出日期", "day"),),
                "退出后不再接单，也不再出现在台账里；历史记录都保留。",
            ),
        ),
    )
)  # fmt: skip
