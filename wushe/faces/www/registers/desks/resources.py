"""The desks of the resource list 资源清单 and of the donors behind it."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from wushe.chain.resources import stock
from wushe.chain.resources.models import Resource, ResourceKind
from wushe.chain.resources.register import EDIT, RESOURCES, state_of
from wushe.chain.resources.selectors import resources_of, uses_of
from wushe.chain.resources.services import offer_resource
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice, day_field, number_field
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.foundation.actor import Actor
from wushe.registers.desk.declaration import Share
from wushe.registers.donors import services as donors
from wushe.registers.donors.models import Donor, DonorKind
from wushe.registers.donors.register import DONORS
from wushe.registers.donors.selectors import donors_at
from wushe.registers.organisations.selectors import carriers


class ResourceForm(RegisterForm):
    """A line of the resource list."""

    owner_id = RowChoice(label="提供单位")
    donor_id = RowChoice(label="捐赠人", required=False, help_text="款物是谁捐的；场地、专业等由单位自己出的不用选。")
    kind = forms.ChoiceField(label="类别", choices=ResourceKind.choices, error_messages=ASK)
    title = forms.CharField(label="名称", max_length=80, error_messages=ASK)
    area_code = forms.ChoiceField(label="可用于哪里", error_messages=ASK)
    quantity = number_field("数量", required=True, most=1_000_000_000)
    unit = forms.CharField(label="单位", max_length=10, help_text="例如：元、份、台、小时。", error_messages=ASK)
    available_from = day_field("可用起")
    available_until = day_field("可用止", required=False, hint="长期的不用填。")
    conditions = forms.CharField(
        label="使用条件", required=False, max_length=200, help_text="例如：只用于80岁以上老人；工作日可用。"
    )

    def first_values(self) -> dict[str, Any]:
        """Begin today."""
        return {**super().first_values(), "available_from": self.on}

    def prepare(self) -> None:
        """Offer owners and donors; what is offered by whom, and how much, is not edited but added to."""
        self.offer("donor_id", [(one.pk, one.public_name) for one in donors_at(actor=self.actor)], empty="没有")
        if self.row is not None:
            del self.fields["owner_id"], self.fields["quantity"]
            if self.row.area_code not in dict(self.fields["area_code"].choices):  # type: ignore[attr-defined]
                self.offer("area_code", [(self.row.area_code, self.row.place or "上级区域"), *self.offered_places()])
        else:
            self.offer("owner_id", [(one.pk, one.name) for one in carriers(on=self.on)], empty="请选择")


class AddForm(forms.Form):
    """How much more."""

    quantity = number_field("追加多少", required=True, most=1_000_000_000)


def resource_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a resource: on which conditions, what is left, and for what it was used."""
    owner_door, donor = page_of_thing(actor, "organisation", row.owner_id), row.donor
    basics = facts("资源", "coins", [
        ("类别", row.get_kind_display()),
        ("还剩", Share(row.left, row.quantity, row.unit)),
        ("状态", state_of(row, on)),
        ("提供单位", Link(row.owner.name, owner_door) if owner_door else row.owner.name),
        ("捐赠人", Link(donor.public_name, DONORS_DESK.address_of(donor.pk)) if donor else None),
        ("使用条件", row.conditions or "不限"),
        ("可用于", row.place),
        ("可用期", f"{row.available_from:%Y-%m-%d} 起" + (f"，到 {row.available_until:%Y-%m-%d}" if row.available_until else "，长期")),
    ])  # fmt: skip
    heads = ("用在哪件需求", "用了多少", "时间", "状态")
    lines = [
        line(
            one.need.item.name if one.need.item else f"需求 {one.need_id}", heads,
            (f"{one.resource_quantity}{row.unit}", timezone.localdate(one.linked_at), "已归还" if one.ended_at else "使用中"),
            page_of_thing(actor, "need", one.need_id),
        )
        for one in uses_of(resource=row)[:50]
    ]  # fmt: skip
    return [basics, Listing("用到哪里去了", "route", heads, lines, "还没有用过。链接需求时可以选它。")]


def update_resource(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Resource:
    """Change a resource."""
    return stock.update_resource(actor=actor, at=at, resource_id=pk, changes=changes)


def _add(actor: Actor, at: datetime, row: Resource, clean: dict[str, Any]) -> str:
    left = stock.add_to_resource(actor=actor, at=at, resource_id=row.pk, **clean)
    return f"已追加，现在还剩 {left.left}{left.unit}。"


def _withdraw(actor: Actor, at: datetime, row: Resource, clean: dict[str, Any]) -> str:
    stock.withdraw_resource(actor=actor, at=at, resource_id=row.pk)
    return "资源已收回。"


FAMILY = ("resources", "donors")
RESOURCES_DESK = Desk(
    register=RESOURCES,
    one="resource",
    icon="coins",
    lead="驻区单位、慈善组织、社会组织能出的钱、物、场地、专业和人：什么条件、还剩多少。",
    enter="登记资源",
    empty="驻区单位愿意出的一间屋、一批物、几个人，都登记进来。",
    edit=EDIT,
    form=ResourceForm,
    create=offer_resource,
    update=update_resource,
    sections=resource_sections,
    siblings=FAMILY,
    rounds="resources",
    acts=(
        Act("add", "追加数量", "plus", EDIT, lambda data, actor, on, row: AddForm(data), _add),
        Act("withdraw", "收回", "arrow-back-up", EDIT, lambda data, actor, on, row: forms.Form(data), _withdraw,
            hint="收回以后不能再链接；已经答应的需求不受影响。"),
    ),
)  # fmt: skip


class DonorForm(RegisterForm):
    """Who gives, and how they wish to be named."""

    kept_if_empty = ("contact_phone",)

    name = forms.CharField(label="名称或姓名", max_length=80, error_messages=ASK)
    kind = forms.ChoiceField(label="类型", choices=DonorKind.choices, error_messages=ASK)
    organisation_id = RowChoice(
        label="对应的组织", required=False, help_text="单位捐赠人如果已在社会组织台账里，选上它。"
    )
    area_code = forms.ChoiceField(label="所在地", error_messages=ASK)
    unnamed = forms.BooleanField(label="不公开姓名", required=False, help_text="公示时写作“爱心人士”或“爱心单位”。")
    contact_name = forms.CharField(label="联系人", required=False, max_length=40)
    contact_phone = forms.CharField(
        label="联系电话", required=False, max_length=30, help_text="会加密保存；已登记的不显示，不改就留空。"
    )
    wishes = forms.CharField(label="捐赠意愿", required=False, max_length=200, help_text="例如：只资助困境儿童上学。")

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Show all but the telephone."""
        return {**super().initial_of(row), "contact_phone": ""}

    def prepare(self) -> None:
        """Offer the organisations in the register."""
        self.offer("organisation_id", [(one.pk, one.name) for one in carriers(on=self.on)], empty="没有")


class EndForm(forms.Form):
    """From when a donor gives no more."""

    ended_on = day_field("停止日期")


def donor_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a donor and what came of their gifts."""
    basics = facts("捐赠人", "gift", [
        ("类型", row.get_kind_display()),
        ("署名", "不公开，写作“" + row.public_name + "”" if row.unnamed else row.public_name),
        ("登记的名称", row.name if actor.may(EDIT) else None),
        ("对应的组织", row.organisation.name if row.organisation else None),
        ("联系人", row.contact_name if actor.may(EDIT) else None),
        ("联系电话", str(row.contact_phone)),
        ("捐赠意愿", row.wishes),
        ("所在地", row.place),
        ("登记日期", row.since),
    ])  # fmt: skip
    heads = ("捐了什么", "类别", "还剩", "由谁保管")
    lines = [
        line(one.title, heads, (one.get_kind_display(), Share(one.left, one.quantity, one.unit), one.owner.name),
             RESOURCES_DESK.address_of(one.pk))
        for one in resources_of(actor=actor, donor_id=row.pk)
    ]  # fmt: skip
    return [basics, Listing("捐赠的款物", "package", heads, lines, "还没有登记款物：登记资源时选这位捐赠人。")]


def _end(actor: Actor, at: datetime, row: Donor, clean: dict[str, Any]) -> str:
    donors.end_donor(actor=actor, at=at, donor_id=row.pk, **clean)
    return "停止已登记。"


DONORS_DESK = Desk(
    register=DONORS,
    one="donor",
    icon="gift",
    lead="谁捐的、愿意怎么用、要不要公开姓名。",
    empty="登记第一位捐赠人，之后登记资源时就能选到。",
    edit=EDIT,
    form=DonorForm,
    create=donors.enter_donor,
    update=lambda actor, at, pk, changes: donors.update_donor(actor=actor, at=at, donor_id=pk, changes=changes),
    sections=donor_sections,
    siblings=FAMILY,
    rounds="donors",
    acts=(Act("end", "登记停止", "ban", EDIT, lambda data, actor, on, row: EndForm(data, initial={"ended_on": on}), _end),),
)  # fmt: skip
