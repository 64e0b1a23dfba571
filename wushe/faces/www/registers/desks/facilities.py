"""The desk of facilities: functions, rooms and beds, stars, and how full they are."""

from datetime import date, datetime
from typing import Any

from django import forms

from wushe.faces.www.registers.desk import Act, Desk, act_address
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice, WeekdaysField, day_field, number_field
from wushe.faces.www.registers.sections import Link, Listing, Section, facts, line
from wushe.foundation.actor import Actor
from wushe.foundation.errors import NotFound
from wushe.registers.areas.selectors import area_at
from wushe.registers.desk.declaration import Share
from wushe.registers.facilities import services
from wushe.registers.facilities.models import Facility, FacilityKind, Function, Room
from wushe.registers.facilities.register import EDIT, FACILITIES, function_words
from wushe.registers.facilities.selectors import facilities, guided_by, rooms_of
from wushe.registers.organisations.selectors import organisations

DAYS = {"1234567": "每天", "12345": "周一至周五", "123456": "周一至周六", "67": "周末"}


class FacilityForm(RegisterForm):
    """What a facility is, where it stands and when it opens."""

    name = forms.CharField(label="名称", max_length=80, error_messages=ASK)
    kind = forms.ChoiceField(label="类型", choices=FacilityKind.choices, error_messages=ASK)
    area_code = forms.ChoiceField(label="所在地", error_messages=ASK)
    address = forms.CharField(label="地址", max_length=120, required=False)
    longitude = forms.FloatField(label="经度", required=False, help_text="不填就用所在地的中心点。", error_messages=ASK)
    latitude = forms.FloatField(label="纬度", required=False, error_messages=ASK)
    phone = forms.CharField(label="服务电话", max_length=20, required=False)
    functions = forms.MultipleChoiceField(
        label="功能", required=False, choices=Function.choices, widget=forms.CheckboxSelectMultiple, error_messages=ASK
    )
    capacity = forms.IntegerField(
        label="容量（人）", required=False, min_value=0, max_value=100_000, error_messages=ASK
    )
    star = forms.TypedChoiceField(
        label="星级",
        coerce=int,
        empty_value="0",
        required=False,
        choices=[(0, "未评星"), *((n, f"{n}星") for n in range(1, 6))],
    )
    weekdays = WeekdaysField(label="开放日")
    opening = forms.CharField(label="开放时间", max_length=80, required=False, help_text="例如：08:30–17:30")
    operator_id = RowChoice(label="运营单位", required=False)
    guide_id = RowChoice(label="由谁指导", required=False, help_text="例如养老照料中心指导周边的养老服务驿站。")
    opened_on = day_field("启用日期")

    def first_values(self) -> dict[str, Any]:
        """Begin open every day."""
        return {**super().first_values(), "weekdays": "1234567", "opened_on": self.on}

    def prepare(self) -> None:
        """Offer the operators and guides of the scope; a place below the community stays on offer."""
        if self.row is not None and self.row.area_code not in dict(self.fields["area_code"].choices):  # type: ignore[attr-defined]
            self.offer("area_code", [(self.row.area_code, f"{self.row.place}（小区）"), *self.offered_places()])
        self.offer("operator_id", [(one.pk, one.name) for one in organisations(actor=self.actor)], empty="没有运营单位")
        own = self.row.pk if self.row is not None else None
        guides = [(one.pk, one.name) for one in facilities(actor=self.actor, on=self.on) if one.pk != own]
        self.offer("guide_id", guides, empty="没有")

    def clean_star(self) -> int:
        """Take nothing as none."""
        return int(self.cleaned_data["star"] or 0)

    def clean(self) -> dict[str, Any]:
        """Put a facility without a point at the middle of its place."""
        clean = super().clean()
        if clean.get("longitude") is None or clean.get("latitude") is None:
            area = area_at(code=str(clean.get("area_code", ""))[:12], on=self.on)
            if area is None or area.longitude is None:
                self.add_error("longitude", "这个地方没有中心点，请填写经度和纬度。")
            else:
                clean |= {"longitude": area.longitude, "latitude": area.latitude}
        return clean


class RoomForm(forms.Form):
    """A room with its beds, or for so many people."""

    name = forms.CharField(label="名称", max_length=40, error_messages=ASK, help_text="例如：二楼201、老年食堂。")
    use = forms.ChoiceField(label="用途", choices=Room.Use.choices, error_messages=ASK)
    care = forms.ChoiceField(label="护理等级", choices=Room.Care.choices, required=False)
    beds = number_field("床位")
    taken = number_field("已住")
    holds = number_field("可容人数", hint="不设床位的活动室、食堂填写。")


class CloseForm(forms.Form):
    """When a facility closes."""

    closed_on = day_field("停用日期")


def sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a facility."""
    guide = row.guide
    basics = facts("基本情况", "building-store", [
        ("类型", row.get_kind_display()),
        ("星级", "★" * row.star if row.star else "未评星"),
        ("功能", function_words(row)),
        ("地址", row.address or row.place),
        ("服务电话", row.phone),
        ("开放", " ".join(filter(None, [opening_days(row.weekdays), row.opening]))),
        ("启用日期", row.opened_on),
    ])  # fmt: skip
    capacity = facts("容量与运营", "bed", [
        ("容量", f"{row.capacity}人" if row.capacity is not None else None),
        ("床位入住", Share(row.taken, row.beds, "床") if row.beds else None),
        ("运营单位", row.operator.name if row.operator else None),
        ("由谁指导", Link(guide.name, FACILITIES_DESK.address_of(guide.pk)) if guide else None),
    ])  # fmt: skip
    return [basics, capacity, _rooms(actor, row), *_guided(row)]


def opening_days(weekdays: str) -> str:
    """Return on which days a facility opens, in words."""
    return DAYS.get(weekdays) or "周" + "、".join("一二三四五六日"[int(day) - 1] for day in weekdays)


def _rooms(actor: Actor, row: Any) -> Section:
    heads = ("房间", "用途", "护理等级", "入住", "可容")
    may = actor.may(EDIT)
    lines = [
        line(
            one.name, heads,
            (one.get_use_display(), one.get_care_display() if one.care else None,
             Share(one.taken, one.beds, "床") if one.beds else None, f"{one.holds}人" if one.holds else None),
            acts=(("修改", act_address("facilities", row.pk, "room", f"?part={one.pk}")),
                  ("停用", act_address("facilities", row.pk, "close_room", f"?part={one.pk}"))) if may else (),
        )
        for one in rooms_of(facility=row)
    ]  # fmt: skip
    act = ("登记房间", act_address("facilities", row.pk, "add_room")) if may else None
    return Listing("房间和床位", "bed", heads, lines, "还没有登记房间。", act)


def _guided(row: Any) -> list[Section]:
    below = list(guided_by(facility=row))
    heads = ("设施", "类型", "开放时间")
    lines = [
        line(one.name, heads, (one.get_kind_display(), one.opening), FACILITIES_DESK.address_of(one.pk))
        for one in below
    ]
    return [Listing(f"由它指导的 {len(below)} 处设施", "hierarchy-2", heads, lines)] if below else []


def _room(row: Any) -> Room:
    """Return the room of a facility that the address names; raise NotFound for another."""
    for one in rooms_of(facility=row):
        if one.pk == row.part:
            return one
    raise NotFound


def _room_form(data: Any, actor: Actor, on: date, row: Any) -> forms.Form:
    one = _room(row)
    return RoomForm(data, initial={name: getattr(one, name) for name in RoomForm.base_fields})


def _add_room(actor: Actor, at: datetime, row: Facility, clean: dict[str, Any]) -> str:
    services.add_room(actor=actor, at=at, facility_id=row.pk, **clean)
    return f"{clean['name']}已登记。"


def _change_room(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
    services.update_room(actor=actor, at=at, room_id=_room(row).pk, changes=clean)
    return f"{clean['name']}已修改。"


def _close_room(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
    return f"{services.close_room(actor=actor, at=at, room_id=_room(row).pk).name}已停用。"


def _close(actor: Actor, at: datetime, row: Facility, clean: dict[str, Any]) -> str:
    services.close_facility(actor=actor, at=at, facility_id=row.pk, **clean)
    return "停用已登记。"


FACILITIES_DESK = Desk(
    register=FACILITIES,
    one="facility",
    icon="building-store",
    lead="社工站、照料中心、驿站、助餐点、综合体：能做什么、几点开门、有几张床、住了几人。",
    empty="登记第一处设施，或者把原来的 Excel 台账导入进来。",
    edit=EDIT,
    rounds="facilities",
    form=FacilityForm,
    create=services.open_facility,
    update=lambda actor, at, pk, changes: services.update_facility(actor=actor, at=at, facility_id=pk, changes=changes),
    sections=sections,
    acts=(
        Act("add_room", "登记房间", "bed", EDIT, lambda data, actor, on, row: RoomForm(data), _add_room),
        Act("room", "修改房间", "edit", EDIT, _room_form, _change_room, listed=False),
        Act("close_room", "停用房间", "ban", EDIT, lambda data, actor, on, row: forms.Form(data), _close_room, listed=False,
            hint="还有人住的房间不能停用。"),
        Act("close", "登记停用", "ban", EDIT, lambda data, actor, on, row: CloseForm(data, initial={"closed_on": on}), _close),
    ),
)  # fmt: skip
