"""The desks of double check-in: units and people, confirmed by the community, with what they took on."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.registers.desk import Act, Desk
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice, number_field
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.faces.www.templatetags.formats import clock, day
from wushe.foundation.actor import Actor
from wushe.governance.check_in import services, undertaking
from wushe.governance.check_in.models import CheckIn, CheckInState
from wushe.governance.check_in.models import Standing as As
from wushe.governance.check_in.register import MEMBERS, UNITS
from wushe.governance.check_in.selectors import members_of, shifts_of, undertakings_of, units_near
from wushe.governance.check_in.services import RIGHT
from wushe.registers.desk.declaration import Coded
from wushe.registers.organisations.selectors import organisations

_MOST = 50
_OFFERS = "例如：周末辅导作业、义诊、修家电、提供会议室。"


class UnitForm(RegisterForm):
    """A unit and who speaks for it."""

    name = forms.CharField(label="单位或党组织名称", max_length=60, error_messages=ASK)
    area_code = forms.ChoiceField(label="到哪个社区报到", error_messages=ASK)
    organisation_id = RowChoice(label="组织台账里的单位", required=False, help_text="没有登记的可以不选。")
    branch = forms.CharField(label="党支部", required=False, max_length=60)
    headcount = number_field("在职党员人数")
    contact_name = forms.CharField(label="联系人", required=False, max_length=40)
    contact_phone = forms.CharField(label="联系电话", required=False, max_length=30)
    offers = forms.CharField(label="能做什么", required=False, max_length=200, help_text=_OFFERS)
    kept_if_empty = ("contact_phone",)

    def initial_of(self, row: Any) -> dict[str, Any]:
        """Never show the telephone."""
        return {**super().initial_of(row), "contact_phone": ""}

    def prepare(self) -> None:
        """Offer organisations; the name and the community of a unit stand."""
        if self.row is not None:
            del self.fields["name"], self.fields["area_code"]
        known = (
            [(one.pk, one.name) for one in organisations(actor=self.actor)] if self.actor.may("registers:view") else []
        )
        self.offer("organisation_id", known, empty="没有")


class MemberForm(RegisterForm):
    """As what somebody registers; the person is found before, and registers where they live."""

    standing = forms.ChoiceField(label="身份", choices=As.choices, widget=forms.RadioSelect, error_messages=ASK)
    unit_id = RowChoice(label="所在单位", required=False, help_text="从已报到的单位里选；没有的先登记单位报到。")
    offers = forms.CharField(label="能做什么", required=False, max_length=200, help_text=_OFFERS)

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        self.person = person
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        """Offer the units of the district."""
        area = self.row.area_code if self.row is not None else self.actor.area_code
        self.offer("unit_id", [(one.pk, one.name) for one in units_near(area_code=area)], empty="没有")


class WishChoiceForm(forms.Form):
    """Which wish of the community is claimed."""

    wish_id = RowChoice(label="心愿", help_text="本社区已公开、等认领的心愿。")

    def __init__(self, data: Any, *, row: CheckIn) -> None:
        super().__init__(data)
        offered = undertaking.open_wishes(row)[:_MOST]
        self.fields["wish_id"].choices = [  # type: ignore[attr-defined]
            ("", "请选择"), *((one.pk, f"{one.title}（{one.public_name}）") for one in offered)
        ]  # fmt: skip


class ShiftChoiceForm(forms.Form):
    """Which shift of the community is taken."""

    shift_id = RowChoice(label="班次", help_text="本社区正在招募的岗位和活动。")

    def __init__(self, data: Any, *, row: CheckIn) -> None:
        super().__init__(data)
        offered = undertaking.open_shifts(row, at=timezone.now())[:_MOST]
        words = ((one.pk, f"{one.activity.title}，{day(one.day)} {clock(one.start)}，余{one.free}") for one in offered)
        self.fields["shift_id"].choices = [("", "请选择"), *words]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label="原因", max_length=200, error_messages=ASK)


def _basics(row: CheckIn) -> list[tuple[str, Any]]:
    return [
        ("状态", Coded(f"check_in.{row.state}", str(row.get_state_display()))),
        ("能做什么", row.offers or None),
        ("报到时间", timezone.localdate(row.asked_at)),
        ("确认日期", row.confirmed_on),
        ("社区联系人", row.owner_name or None),
        ("结束日期", row.ended_on),
        ("原因", row.outcome or None),
    ]


def _claims(actor: Actor, row: CheckIn) -> Listing:
    heads = ("心愿", "认领日期", "结果")
    lines = [
        line(one.claim.wish.title, heads, (timezone.localdate(one.claim.claimed_at), one.claim.get_outcome_display()),
             page_of_thing(actor, "wish", one.claim.wish_id))
        for one in undertakings_of(row=row)[:_MOST]
    ]  # fmt: skip
    return Listing("认领的心愿", "gift", heads, lines, "还没有认领心愿。")


def unit_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a unit: who speaks for it, its people here, what it claimed."""
    door = page_of_thing(actor, "organisation", row.organisation_id or 0) if row.organisation_id else ""
    heads = ("姓名", "身份", "状态")
    people = [
        line(one.person.name, heads, (one.get_standing_display(), one.get_state_display()), page_of_thing(actor, "check_in_member", one.pk))
        for one in members_of(row=row)[:_MOST]
        if one.person
    ]  # fmt: skip
    basics = facts("单位", "building-community", [
        ("名称", Link(row.name, door) if door else row.name), ("党支部", row.branch or None), ("在职党员人数", row.headcount),
        ("联系人", row.contact_name or None), ("联系电话", str(row.contact_phone) or None), *_basics(row),
    ])  # fmt: skip
    return [basics, Listing("到本社区报到的人", "users", heads, people, "还没有个人报到。"), _claims(actor, row)]


def member_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a person as registered, with claims and shifts."""
    door = page_of_thing(actor, "person", row.person_id)
    basics = facts("报到", "user-check", [
        ("姓名", Link(row.person.name, door) if door else row.person.name), ("身份", row.get_standing_display()),
        ("所在单位", row.unit.name if row.unit else None), *_basics(row),
    ])  # fmt: skip
    heads = ("岗位", "日期", "状态")
    shifts = [
        line(one.shift.activity.title, heads, (one.shift.day, one.get_state_display())) for one in shifts_of(row=row)[:_MOST]
    ]  # fmt: skip
    return [basics, _claims(actor, row), Listing("岗位和班次", "calendar-event", heads, shifts, "还没有报班次。")]


def _do(said: str, service: Any) -> Any:
    def do(actor: Actor, at: datetime, row: CheckIn, clean: dict[str, Any]) -> str:
        service(actor=actor, at=at, check_in_id=row.pk, **clean)
        return said

    return do


def _form(form: type[forms.Form]) -> Any:
    return lambda data, actor, on, row: form(data)


def _for_row(form: Any) -> Any:
    return lambda data, actor, on, row: form(data, row=row)


def _in(*states: str) -> Any:
    return lambda row: row.state in states


_CONFIRM = Act(
    "confirm", "确认报到", "circle-check", RIGHT, _form(forms.Form),
    _do("已确认，从今天起计入公报。", services.confirm_check_in), shows=_in(CheckInState.ASKED),
)  # fmt: skip
_CLAIM = Act(
    "claim", "认领心愿", "gift", RIGHT, _for_row(WishChoiceForm),
    _do("已认领，请尽快联系社区。", undertaking.undertake_wish), shows=_in(CheckInState.STANDING),
)  # fmt: skip
_SHIFT = Act(
    "shift", "报班次", "calendar-event", RIGHT, _for_row(ShiftChoiceForm),
    _do("已报上，本人会收到提醒。", undertaking.undertake_shift), shows=_in(CheckInState.STANDING),
)  # fmt: skip
_CLOSING = (
    Act("decline", "不接收", "ban", RIGHT, _form(ReasonForm), _do("已记下。", services.decline_check_in),
        shows=_in(CheckInState.ASKED)),
    Act("end", "结束报到", "logout", RIGHT, _form(ReasonForm), _do("已结束，做过的仍然计入。", services.end_check_in),
        shows=_in(CheckInState.STANDING), hint="结束以后不再计入新的心愿和时长；以后可以重新报到。"),
)  # fmt: skip


def _update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> CheckIn:
    return services.update_check_in(actor=actor, at=at, check_in_id=pk, changes=changes)


CHECK_IN_UNITS_DESK = Desk(
    register=UNITS,
    one="check_in_unit",
    icon="building-community",
    lead="单位和党支部到社区报到，认领心愿；季度公报按社区和单位统计，见“双报到公报”。",
    enter="登记单位报到",
    empty="驻区单位、机关党支部来报到时，登记在这里。",
    edit=RIGHT,
    form=UnitForm,
    create=services.check_in_unit,
    update=_update,
    sections=unit_sections,
    acts=(_CONFIRM, _CLAIM, *_CLOSING),
    siblings=("check_in_units", "check_in_members"),
)
CHECK_IN_MEMBERS_DESK = Desk(
    register=MEMBERS,
    one="check_in_member",
    icon="user-check",
    lead="在职党员、职工到居住地社区报到，认领心愿，报志愿班次；时长从志愿服务记录里取。",
    enter="登记个人报到",
    empty="在职党员、职工回居住地社区报到时，登记在这里。",
    edit=RIGHT,
    form=MemberForm,
    create=services.check_in_member,
    update=_update,
    sections=member_sections,
    person="谁来报到",
    acts=(_CONFIRM, _CLAIM, _SHIFT, *_CLOSING),
    siblings=("check_in_units", "check_in_members"),
)
