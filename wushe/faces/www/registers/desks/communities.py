"""The desks of communities and of their council seats and backbone roles."""

from datetime import date, datetime
from typing import Any

from django import forms

from wushe.chain.resources.selectors import resources_at
from wushe.faces.www.doors import page_of_thing
from wushe.faces.www.registers.desk import Act, Desk, act_address
from wushe.faces.www.registers.forms import ASK, RegisterForm, RowChoice, day_field, number_field
from wushe.faces.www.registers.sections import Line, Link, Listing, Section, facts, line
from wushe.foundation.actor import Actor
from wushe.registers.areas.models import Level
from wushe.registers.communities import selectors, services
from wushe.registers.communities.models import Community, Seat, SeatKind
from wushe.registers.communities.register import COMMUNITIES, EDIT, SEATS, holder_of
from wushe.registers.desk.declaration import Coded, Share

MOST_PLACES = 400


class CommunityForm(RegisterForm):
    """What a community says of itself."""

    area_code = forms.ChoiceField(label="社区（村）", error_messages=ASK)
    residents = number_field("常住人口", most=1_000_000)
    households = number_field("户数", most=1_000_000)
    phone = forms.CharField(label="值班电话", max_length=20, required=False)
    office = forms.CharField(label="办公地址", max_length=120, required=False)
    council_since = day_field("大党委成立日期", required=False)

    def prepare(self) -> None:
        """Offer the communities; the place of one that is entered never changes."""
        if self.row is not None:
            del self.fields["area_code"]
        else:
            self.offer(
                "area_code",
                [(code, name.strip()) for code, name in self.offered_places() if len(code) == Level.COMMUNITY],
            )


def community_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a community: council, member units with what they offer, roles with their vacancies."""
    basics = facts("基本情况", "home", [
        ("类别", "城市社区" if row.urban else "村"),
        ("常住人口", row.residents),
        ("户数", row.households),
        ("值班电话", row.phone),
        ("办公地址", row.office),
        ("大党委成立", row.council_since),
        ("大党委成员", Share(row.council_filled, row.council, "席") if row.council else None),
        ("骨干到位", Share(row.roles_filled, row.roles, "岗") if row.roles else None),
    ])  # fmt: skip
    return [basics, _roster(actor, row, council=True), _units(actor, row, on), _roster(actor, row, council=False)]


def _roster(actor: Actor, row: Community, *, council: bool) -> Section:
    heads = ("角色", "谁担任", "代表单位", "到任")
    lines: list[Line] = []
    for roster in selectors.rosters_of(community=row, council=council):
        for seat in roster.seats:
            term = seat.holder  # type: ignore[attr-defined]
            who = term.person.name if term else Coded("vacant", "空缺")
            unit = term.unit.name if term and term.unit else None
            lines.append(
                line(seat.title, heads, (who, unit, term.starts_on if term else None), SEATS_DESK.address_of(seat.pk))
            )
    vacant = sum(roster.vacant for roster in selectors.rosters_of(community=row, council=council)) if lines else 0
    title = "大党委" if council else "骨干名册"
    words = f"{title}（{len(lines)} 席" + (f"，空缺 {vacant}）" if vacant else "）") if lines else title
    empty = (
        "还没有设大党委席位，到“大党委与骨干”里设立。"
        if council
        else "还没有设骨干岗位：楼门长、网格员、志愿者骨干等。"
    )
    return Listing(words, "flag" if council else "users-group", heads, lines, empty)


def _units(actor: Actor, row: Community, on: date) -> Section:
    heads = ("驻区单位", "能出什么")
    offers: dict[int, list[str]] = {}
    if actor.may("resources:view"):
        for one in resources_at(actor=actor, area_code=row.area_code, on=on):
            offers.setdefault(one.owner_id, []).append(f"{one.title}（还剩 {one.left}{one.unit}）")
    lines = [
        line(
            unit.name,
            heads,
            ("；".join(offers.get(unit.pk, [])) or None,),
            page_of_thing(actor, "organisation", unit.pk),
        )
        for unit in selectors.member_units(community=row)
    ]
    return Listing(
        f"驻区单位 {len(lines)} 家",
        "building",
        heads,
        lines,
        "还没有登记驻区单位，到“社会组织”里登记，类型选“驻区单位”。",
    )


FAMILY = ("communities", "seats")
COMMUNITIES_DESK = Desk(
    register=COMMUNITIES,
    one="community",
    icon="home",
    lead="大党委有几席、驻区单位有几家、骨干岗位缺几个人。",
    empty="把本辖区的社区登记进来，再设大党委席位和骨干岗位。",
    edit=EDIT,
    form=CommunityForm,
    create=services.enter_community,
    update=lambda actor, at, pk, changes: services.update_community(
        actor=actor, at=at, community_id=pk, changes=changes
    ),
    sections=community_sections,
    siblings=FAMILY,
    rounds="communities",
)


class SeatForm(RegisterForm):
    """A seat of the council or a backbone role, at a place."""

    kind = forms.ChoiceField(label="角色", choices=SeatKind.choices, error_messages=ASK)
    title = forms.CharField(
        label="岗位名称", max_length=60, required=False, help_text="例如：3号楼楼门长；不填就用角色名。"
    )
    area_code = forms.ChoiceField(label="所在地", error_messages=ASK)
    since = day_field("设立日期")

    def first_values(self) -> dict[str, Any]:
        """Begin today."""
        return {**super().first_values(), "since": self.on}

    def offered_places(self) -> list[tuple[str, str]]:
        """Offer communities; who works in one also its estates, grids and buildings."""
        inside = len(self.actor.area_code) >= Level.COMMUNITY
        self.place_depth = Level.BUILDING if inside else Level.COMMUNITY
        found = [pair for pair in super().offered_places() if len(pair[0]) >= Level.COMMUNITY][:MOST_PLACES]
        own = [(self.row.area_code, self.row.place)] if self.row is not None else []
        return found if not own or own[0][0] in dict(found) else own + found


class TakeForm(forms.Form):
    """From when somebody sits, and for which unit."""

    starts_on = day_field("到任日期")
    unit_id = RowChoice(label="代表的单位", required=False, help_text="兼职委员和驻区单位联络员必须选。")

    def __init__(self, *args: Any, actor: Actor, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = selectors.units_near(actor=actor, area_code=row.area_code)[:MOST_PLACES]
        choices = [("", "不代表单位"), *[(one.pk, one.name) for one in units]]
        self.fields["unit_id"].choices = choices  # type: ignore[attr-defined]


class VacateForm(forms.Form):
    """When somebody leaves a seat."""

    ends_on = day_field("离任日期")


class CloseForm(forms.Form):
    """When a seat is done away with."""

    closed_on = day_field("撤销日期")


def seat_sections(actor: Actor, row: Any, on: date) -> list[Section]:
    """Return what is known of a seat."""
    term = holder_of(row)
    others = [one for one in selectors.roles_of(person=term.person) if one.seat_id != row.pk] if term else []
    door = page_of_thing(actor, "person", term.person_id) if term else ""
    basics = facts("岗位", "id-badge-2", [
        ("角色", row.get_kind_display()),
        ("状态", Coded("filled", "在任") if term else Coded("vacant", "空缺")),
        ("谁担任", (Link(term.person.name, door) if door else term.person.name) if term else None),
        ("代表单位", term.unit.name if term and term.unit else None),
        ("所在地", row.place),
        ("设立日期", row.since),
        ("兼任", tuple(one.seat.title for one in others) or None),
    ])  # fmt: skip
    heads = ("历任", "代表单位", "到任", "离任")
    lines = [
        line(one.person.name, heads, (one.unit.name if one.unit else None, one.starts_on, one.ends_on or "在任"))
        for one in selectors.terms_of_seat(seat=row)
    ]
    act = ("安排到任", act_address("seats", row.pk, "take")) if actor.may(EDIT) and term is None else None
    return [basics, Listing("历任", "history", heads, lines, "还没有人担任过。", act)]


def _take(actor: Actor, at: datetime, row: Any, clean: dict[str, Any]) -> str:
    services.take_seat(actor=actor, at=at, seat_id=row.pk, person_id=row.chosen.pk, **clean)
    return f"{row.chosen.name}已到任。"


def _vacate(actor: Actor, at: datetime, row: Seat, clean: dict[str, Any]) -> str:
    services.vacate_seat(actor=actor, at=at, seat_id=row.pk, **clean)
    return "离任已登记，岗位空缺。"


def _close(actor: Actor, at: datetime, row: Seat, clean: dict[str, Any]) -> str:
    services.close_seat(actor=actor, at=at, seat_id=row.pk, **clean)
    return "岗位已撤销。"


SEATS_DESK = Desk(
    register=SEATS,
    one="seat",
    icon="flag",
    lead="社区大党委席位和楼门长、网格员、志愿者骨干等岗位：谁在任、哪里空缺。一个人可以担任几个角色。",
    empty="先设立岗位，再安排人到任；没有人的岗位会列为空缺。",
    edit=EDIT,
    form=SeatForm,
    create=services.set_up_seat,
    update=lambda actor, at, pk, changes: services.update_seat(actor=actor, at=at, seat_id=pk, changes=changes),
    sections=seat_sections,
    enter="设立岗位",
    siblings=FAMILY,
    acts=(
        Act("take", "安排到任", "user-plus", EDIT,
            lambda data, actor, on, row: TakeForm(data, actor=actor, row=row, initial={"starts_on": on}), _take,
            shows=lambda row: holder_of(row) is None, person=True),
        Act("vacate", "登记离任", "user-x", EDIT, lambda data, actor, on, row: VacateForm(data, initial={"ends_on": on}), _vacate,
            shows=lambda row: holder_of(row) is not None),
        Act("close", "撤销岗位", "ban", EDIT, lambda data, actor, on, row: CloseForm(data, initial={"closed_on": on}), _close,
            shows=lambda row: holder_of(row) is None),
    ),
)  # fmt: skip
