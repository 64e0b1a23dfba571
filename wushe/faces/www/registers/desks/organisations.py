"""The desk of organisations: registered, filed, cultivated or mobilised, and how active they are, part by part."""

from datetime import date, datetime
from typing import Any

from django import forms

from wushe.chain.projects.selectors import projects_carried_by
from wushe.chain.resources.selectors import resources_of
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, day_field, number_field
from wushe.faces.www.registers.sections import Facts, Listing, Section, facts, line
from wushe.foundation.actor import Actor
from wushe.foundation.presets.selectors import preset
from wushe.registers.desk.declaration import Coded, Share
from wushe.registers.organisations.activity import ACTIVE_FROM, shown_parts
from wushe.registers.organisations.models import Grade, Organisation, OrganisationKind, Standing
from wushe.registers.organisations.register import EDIT, ORGANISATIONS
from wushe.registers.organisations.services import leave, register_organisation, update_organisation


class OrganisationForm(RegisterForm):
    """Who an organisation is, where it serves, and with how many people."""

    kept_if_empty = ("contact_phone",)

    name = forms.CharField(label="名称", max_length=80, error_messages=ASK)
    kind = forms.ChoiceField(label="类型", choices=OrganisationKind.choices, error_messages=ASK)
    standing = forms.ChoiceField(label="登记情况", choices=Standing.choices, error_messages=ASK)
    uscc = forms.CharField(
        label="统一社会信用代码",
        required=False,
        max_length=24,
        help_text="18位；已登记的组织必须填写，备案和培育中的可以不填。",
    )
    area_code = forms.ChoiceField(label="所在地", error_messages=ASK)
    grade = forms.ChoiceField(label="评估等级", required=False, choices=[("", "未评估"), *Grade.choices])
    graded_on = day_field("评估日期", required=False)
    hub = forms.BooleanField(label="枢纽型社会组织", required=False)
    takes_orders = forms.BooleanField(label="可以接单", required=False)
    serves = forms.MultipleChoiceField(
        label="接单的服务区域", required=False, widget=forms.SelectMultiple(attrs={"size": 6}), error_messages=ASK,
        help_text="按住 Ctrl 键可以多选；不接单的不用选。",
    )  # fmt: skip
    full_time = number_field("专职人数")
    certified = number_field("其中持证社工")
    members = number_field("成员人数", hint="社区社会组织填写。")
    seats = number_field("入驻工位", most=10_000)
    agreement_until = day_field("入驻协议到期", required=False)
    joined_on = day_field("入驻日期", required=False)
    contact_name = forms.CharField(label="联系人", required=False, max_length=40)
    contact_phone = forms.CharField(
        label="联系电话", required=False, max_length=30, help_text="会加密保存；已登记的不显示，不改就留空。"
    )

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Show all but the telephone."""
        return {**super().initial_of(row), "contact_phone": ""}

    def prepare(self) -> None:
        """Offer the places; an organisation may serve what lies outside the place of who edits it."""
        places = self.offered_places()
        known = {code for code, _ in places}
        if self.row is not None:
            places += [(code, f"区划 {code}") for code in self.row.serves if code not in known]
        self.offer("serves", [pair for pair in places if pair[0]])


class LeaveForm(forms.Form):
    """When an organisation leaves."""

    left_on = day_field("退出日期")


def sections(actor: Actor, row: Organisation, on: date) -> list[Section]:
    """Return what is known of an organisation."""
    basics = facts("基本情况", "building-community", [
        ("类型", row.get_kind_display()),
        ("登记情况", Coded(row.standing, row.get_standing_display())),
        ("统一社会信用代码", row.uscc),
        ("评估等级", f"{row.grade}（{row.graded_on:%Y年}评）" if row.grade and row.graded_on else row.grade),
        ("枢纽型", "是" if row.hub else "否"),
        ("所在地", row.place),  # type: ignore[attr-defined]
        ("联系人", row.contact_name),
        ("联系电话", str(row.contact_phone)),
    ])  # fmt: skip
    entry = facts("入驻与人员", "users-group", [
        ("入驻日期", row.joined_on),
        ("入驻工位", row.seats),
        ("协议到期", row.agreement_until),
        ("专职人数", row.full_time),
        ("持证社工", Share(row.certified, row.full_time, "人") if row.full_time else None),
        ("成员人数", row.members),
        ("接单", "可以接单" if row.takes_orders else "不接单"),
    ])  # fmt: skip
    return [basics, entry, activity(row, on), *belongings(actor, row)]


def activity(row: Organisation, on: date) -> Section:
    """Return the activity as a formula with its parts: nothing in it is an opinion."""
    if row.activity_on is None:
        return facts("活跃度", "gauge", [("活跃度", "还没有计算，每天夜里计算一次。")])
    heads = ("这一项", "近一年", "满分线", "最多得", "得分")
    lines = [
        line(
            part.title,
            heads,
            (f"{part.count}{part.unit}", f"{part.mark}{part.unit}", f"{part.weight}分", f"{part.points}分"),
        )
        for part in shown_parts(row)
    ]
    least = preset(ACTIVE_FROM, area_code=row.area_code, on=on)
    word = "活跃" if row.activity >= least else "不活跃"
    return Listing(
        f"活跃度 {row.activity} 分（{word}）", "gauge", heads, lines,
        foot=f"得分＝最多得 ×（近一年 ÷ 满分线），到满分线为止；合计满 {least} 分算活跃。截至 {row.activity_on:%Y年%m月%d日}。",
    )  # fmt: skip


def belongings(actor: Actor, row: Organisation) -> list[Section]:
    """Return the projects it carries and the resources it offers, where the actor may see them."""
    found: list[Section] = []
    if actor.may("projects:view"):
        heads = ("项目", "状态", "时间")
        lines = [
            line(
                one.title,
                heads,
                (Coded(one.state, one.get_state_display()), one.starts_on),
                page_of_thing(actor, "project", one.pk),
            )
            for one in projects_carried_by(actor=actor, organisation_id=row.pk)
        ]
        found.append(Listing("承接的项目", "clipboard-list", heads, lines, "还没有承接项目。"))
    if actor.may("resources:view"):
        heads = ("资源", "类别", "还剩")
        lines = [
            line(
                one.title,
                heads,
                (one.get_kind_display(), Share(one.left, one.quantity, one.unit)),
                page_of_thing(actor, "resource", one.pk),
            )
            for one in resources_of(actor=actor, owner_id=row.pk)
        ]
        found.append(Listing("提供的资源", "coins", heads, lines, "还没有登记资源。"))
    return found


def update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Organisation:
    """Change an organisation."""
    return update_organisation(actor=actor, at=at, organisation_id=pk, changes=changes)


def _leave(actor: Actor, at: datetime, row: Organisation, clean: dict[str, Any]) -> str:
    leave(actor=actor, at=at, organisation_id=row.pk, **clean)
    return f"{row.name}已登记退出。"


ORGANISATIONS_DESK = Desk(
    register=ORGANISATIONS,
    one="organisation",
    icon="building-community",
    lead="登记、备案、培育和动员的社会组织，等级、枢纽和活跃度都在这里。",
    empty="登记第一家社会组织，或者把原来的 Excel 台账导入进来。",
    edit=EDIT,
    rounds="organisations",
    form=OrganisationForm,
    create=register_organisation,
    update=update,
    sections=sections,
    acts=(Act("leave", "登记退出", "logout", EDIT, lambda data, actor, on, row: LeaveForm(data, initial={"left_on": on}), _leave,
              hint="退出后不再接单，也不再出现在台账里；历史记录都保留。"),),
)  # fmt: skip

__all__ = ["ORGANISATIONS_DESK", "Facts"]
