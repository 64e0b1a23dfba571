"""Spreadsheets of the resource list: found by owner and title; what is on record grows by adding to it, not by a file."""

from collections.abc import Hashable, Sequence
from datetime import date, datetime
from typing import Any

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.areas.models import Level
from wushe.registers.desk.finding import initials_of_title
from wushe.registers.donors.models import Donor
from wushe.registers.rounds.intake.base import Intake, differing, given, standing
from wushe.registers.rounds.intake.places import Places
from wushe.registers.rounds.intake.workers import Carriers
from wushe.registers.rounds.reading import dates, numbers, words
from wushe.registers.rounds.reading.words import key, suggestion
from wushe.registers.rounds.registry import declare
from wushe.registers.rounds.sheets.description import Column, Row, Sheet
from wushe.registers.rounds.sheets.residents import PLACE, STREET

from .models import Resource, ResourceKind

_FIELDS = ("kind", "unit", "conditions", "available_from", "available_until")
_KINDS = {
    **{label: value for value, label in ResourceKind.choices},
    "资金类": "funds", "钱": "funds", "物品": "goods", "实物": "goods", "场所": "venue",
    "专业服务": "expertise", "技术": "expertise", "人员": "people", "志愿者": "people",
}  # fmt: skip


def sheet_of(on: date) -> Sheet:
    """Return the sheet on a day."""

    def day(cell: Any) -> date:
        return dates.exact(cell, today=on)

    columns = (
        Column("title", "资源名称", words.line(80), ("名称", "资源", "资源内容", "项目名称", "物资名称"), required=True),
        Column("kind", "资源类别", words.Choice(_KINDS, "类别"), ("类别", "类型", "资源类型"), hint="资金、物资、场地、专业、人力、信息"),
        Column("owner", "提供单位", words.line(80), ("单位", "单位名称", "资源提供方", "提供方", "资源单位", "驻区单位"), required=True,
               hint="社会组织台账里的全称或信用代码"),
        Column("donor", "捐赠人", words.line(80), ("捐赠单位", "捐赠方"), hint="捐赠人台账里的名称"),
        Column("place", "可用于哪里", words.line(80), ("服务范围", "可用区域", "使用区域", *PLACE)),
        Column("street", "所属街道", words.line(80), STREET),
        Column("quantity", "数量", numbers.count, ("总量", "资源数量", "金额", "总数"), hint="整数"),
        Column("unit", "计量单位", words.line(10), ("量词", "数量单位"), hint="元、份、台、小时"),
        Column("available_from", "可用起", day, ("开始日期", "可用时间起", "起始日期", "有效期起")),
        Column("available_until", "可用止", day, ("结束日期", "截止日期", "有效期至", "有效期止")),
        Column("conditions", "使用条件", words.line(200), ("条件", "使用要求", "使用说明", "限制条件")),
    )  # fmt: skip
    return Sheet(
        "resources", "资源", "项资源", "resources:edit", columns, ("序号", "备注", "联系人", "联系电话", "剩余"), agree
    )


def agree(row: Row, on: date) -> None:
    """Refuse an end before the beginning."""
    values = row.values
    if values.get("available_until") and values["available_until"] < values.get("available_from", on):
        row.refuse("available_until", "结束日期不能早于开始日期。")


class Resources(Intake):
    """Resources by owner and title."""

    def __init__(self, *, actor: Actor, at: datetime, round_id: int) -> None:
        super().__init__(actor=actor, at=at, round_id=round_id)
        self.sheet = sheet_of(self.on)
        self.places = Places(actor=actor, on=self.on)
        self.owners = Carriers()
        donors = visible(Donor.objects.filter(ended_on=None), actor).order_by("-pk").values_list("pk", "name")
        self.donors = {key(name): pk for pk, name in donors}

    def settle(self, row: Row) -> None:
        """Find the place, the owner and the donor."""
        self.places.resolve(row, least=Level.DISTRICT if str(row.values.get("place", "")).isdigit() else Level.STREET)
        self.owners.resolve(row, "owner")
        if donor := row.values.get("donor"):
            if key(donor) in self.donors:
                row.values["donor_id"] = self.donors[key(donor)]
            else:
                row.refuse("donor", f"没有“{donor[:20]}”这位捐赠人{suggestion(donor, self.donors)}")

    def keys(self, row: Row) -> tuple[Sequence[Hashable], Sequence[Hashable]]:
        """Return owner and title: together they stand in a file once."""
        found = hash((row.values.get("owner_id"), key(row.values.get("title", ""))))
        return (found,), (found,)

    def match(self, rows: list[Row]) -> None:
        """Find the resources by owner and title."""
        owners = {row.values["owner_id"] for row in standing(rows)}
        known = {(one.owner_id, one.title): one for one in Resource.objects.filter(owner__in=owners, withdrawn_on=None)}
        for row in standing(rows):
            row.found = known.get((row.values["owner_id"], row.values["title"]))
            if row.found is None:
                self._complete(row)
            else:
                self._found(row, row.found)

    def _complete(self, row: Row) -> None:
        self.places.require(row)
        for name, words_ in (("kind", "请填资源类别，如 物资、场地。"), ("unit", "请填计量单位，如 份、台、小时。")):
            if name not in row.values:
                row.refuse(name, words_)
        if row.values.get("quantity", 0) < 1:
            row.refuse("quantity", "数量至少为1。")

    def _found(self, row: Row, one: Resource) -> None:
        values = row.values
        if not one.area_code.startswith(self.actor.area_code):
            row.refuse("title", "这项资源已在别处登记。")
        if values.get("quantity", one.quantity) != one.quantity:
            row.note("quantity", f"已登记 {one.quantity}{one.unit}，数量没有改；要增加请到资源页面追加。")
        changes = differing(row, one, _FIELDS)
        if values.get("donor_id", one.donor_id) != one.donor_id:
            changes["donor"] = values["donor_id"]
        values["changes"] = changes

    def write(self, rows: list[Row]) -> None:
        """Write the resources; all of a new one is left."""
        self.write_things(Resource, rows, self._resource, entered="resource.offer")

    def _resource(self, row: Row) -> Resource:
        values = row.values
        own = given(row, (*_FIELDS, "title", "quantity", "area_code", "owner_id", "donor_id"))
        return Resource(**{
            "available_from": self.on, **own, "left": values["quantity"], "initials": initials_of_title(values["title"]),
        })  # fmt: skip


declare("resources", "资源", "resources:edit", Resources)
