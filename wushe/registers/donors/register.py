"""The register of donors 捐赠人台账 as its desk shows it; a person is named as they wish to be named."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Blank, BulkAct, Column, Done, Order, Register, Values, declare
from wushe.registers.desk.finding import titled
from wushe.registers.desk.setting import AlreadySo

from .models import Donor, DonorKind
from .services import end_donor, return_donor

EDIT = "resources:edit"


def _end(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    if obtain(Donor, actor, pk=pk).ended_on:
        raise AlreadySo
    end_donor(actor=actor, at=at, donor_id=pk, ended_on=values["ended_on"])
    return Done("在册", f"{values['ended_on']}停止", None)


def _return(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    return_donor(actor=actor, at=at, donor_id=pk)


DONORS = declare(
    Register(
        code="donors",
        title="捐赠人",
        noun="位",
        model=Donor,
        permission="resources:view",
        rows=lambda actor, on: visible(Donor.objects.filter(ended_on=None), actor),
        dress=lambda rows, on: rows.select_related("organisation"),
        name=lambda row: row.public_name,
        search=lambda text: titled(text, tail="phone_tail_index"),
        search_hint="名称两个字、拼音首字母、电话后四位",
        columns=(
            Column("name", "捐赠人", lambda d: d.public_name),
            Column("kind", "类型", lambda d: d.get_kind_display()),
            Column("organisation", "对应的组织", lambda d: d.organisation.name if d.organisation else ""),
            Column("wishes", "捐赠意愿", lambda d: d.wishes),
            Column("unnamed", "署名", lambda d: "不公开" if d.unnamed else "可公开"),
            Column("place", "所在地", lambda d: d.place),
            Column("since", "登记日期", lambda d: d.since),
        ),
        facets=(
            facets.code_list("kind", "类型", DonorKind),
            facets.cases(
                "named", "署名", open=("可公开", lambda on: Q(unnamed=False)), hidden=("不公开", lambda on: Q(unnamed=True))
            ),
            facets.place(),
        ),
        orders=(Order("newest", "新登记的在前", descending=True), Order("name", "名称", "initials")),
        bulk=(BulkAct("end", "登记停止", EDIT, _end, _return, (Blank("ended_on", "停止日期", "day"),)),),
    )
)  # fmt: skip
