"""How the rows behind a figure are shown: per kind of thing its columns, its person, and how it is searched.

One table serves page and export, so that a file holds exactly what the page shows. Names of residents are masked:
who oversees needs to see that a person waits, not who it is; the desk in charge sees more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.timezone import localtime

from wushe.chain.dispatch.models import Appointment
from wushe.chain.needs.models import Need
from wushe.chain.orders.models import Order
from wushe.chain.projects.models import Project
from wushe.chain.resources.models import Resource
from wushe.chain.settlement.models import Settlement
from wushe.chain.verification.models import CallBack, Check
from wushe.chain.visits.models import Visit
from wushe.foundation.protected import mask_name
from wushe.foundation.quantities import show_fen, show_minutes
from wushe.registers.areas.models import Area
from wushe.registers.areas.selectors import place_names
from wushe.registers.facilities.models import Facility
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.finding import matching
from wushe.registers.people.models import Person
from wushe.registers.volunteers.models import Post, Volunteer
from wushe.registers.workforce.models import Worker

Rows = QuerySet[Any]
Cell = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Columns:
    """The list of one kind of thing. `need` leads to the need whose chain the row belongs to ("" = none)."""

    title: str
    cells: tuple[tuple[str, Cell], ...]
    related: tuple[str, ...] = ()
    person: str = ""
    need: str = ""
    text: tuple[str, ...] = ()
    place: Cell = lambda row: row.community_code


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row as it is shown: what it is, the need it belongs to, its place and the values of its columns."""

    kind: str
    pk: int
    need_id: int | None
    values: list[str]


def columns_of(rows: Rows) -> Columns:
    """Return the columns for the kind of thing that a queryset holds."""
    return _COLUMNS[rows.model]


def heads(columns: Columns) -> list[str]:
    """Return the headings in the order of the values."""
    return [columns.title, *(head for head, _ in columns.cells), "所在地"]


def present(rows: Rows, found: Iterable[Any]) -> list[ListRow]:
    """Return the rows as they are shown; two queries for all their places."""
    columns = columns_of(rows)
    kept = list(found)
    codes = [columns.place(row) for row in kept]
    places = place_names(codes=codes)
    return [
        ListRow(
            kind=row._meta.model_name,
            pk=row.pk,
            need_id=_along(row, columns.need) if columns.need else None,
            values=[_number(row), *(_text(cell(row)) for _, cell in columns.cells), places.get(code, "")],
        )
        for row, code in zip(kept, codes, strict=True)
    ]


def search(rows: Rows, text: str) -> Rows:
    """Return the rows that a text names: their number, their resident, or a word of theirs."""
    columns = columns_of(rows)
    words = text.strip().lstrip("#＃")
    if not words:
        return rows
    condition = Q(pk=int(words)) if words.isdigit() and len(words) < 10 else Q(pk=None)
    for path in columns.text:
        condition |= Q(**{f"{path}__icontains": words})
    people = matching(words) if columns.person or rows.model is Person else None
    if people is not None:
        named = Person.objects.filter(people).values("pk")
        condition |= Q(**{f"{columns.person or 'pk'}__in": named})
    return rows.filter(condition)


def with_related(rows: Rows) -> Rows:
    """Return the rows with what their columns read, in one query."""
    related = columns_of(rows).related
    return rows.select_related(*related) if related else rows


def _number(row: Model) -> str:
    return str(getattr(row, "number", "")) if isinstance(row, Worker | Volunteer) else f"#{row.pk}"


def _along(row: Any, path: str) -> int | None:
    for name in path.split("__"):
        row = getattr(row, name)
    return int(row) if row is not None else None


def _text(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return "" if value is None else str(value)


def _mask(person: Person) -> str:
    return mask_name(person.name)


def _minute(value: int | None) -> str:
    return "" if value is None else f"{value // 60:02d}:{value % 60:02d}"


_COLUMNS: dict[type[Model], Columns] = {
    Need: Columns("需求", (
        ("居民", lambda n: _mask(n.person)), ("服务", lambda n: n.item.name if n.item else "未研判"),
        ("来源", lambda n: n.get_channel_display()), ("急不急", lambda n: n.get_urgency_display() or "未定"),
        ("登记", lambda n: n.recorded_at), ("时限", lambda n: n.due_at), ("状态", lambda n: n.get_state_display()),
    ), ("person", "item"), "person", "pk", ("item__name",)),
    Order: Columns("订单", (
        ("居民", lambda o: _mask(o.person)), ("服务", lambda o: o.item.name),
        ("次数", lambda o: f"{o.visits_done}/{o.visits_ordered}"), ("点单", lambda o: o.placed_at),
        ("本环节时限", lambda o: o.leg_due_at), ("退回", lambda o: f"{o.returns}次" if o.returns else ""),
        ("机构", lambda o: o.organisation.name if o.organisation else ""), ("状态", lambda o: o.get_state_display()),
    ), ("person", "item", "organisation"), "person", "need_id", ("item__name", "organisation__name")),
    Appointment: Columns("上门安排", (
        ("居民", lambda a: _mask(a.order.person)), ("服务", lambda a: a.order.item.name), ("日期", lambda a: a.day),
        ("时段", lambda a: f"{_minute(a.window_start)}–{_minute(a.window_end)}"),
        ("机构", lambda a: a.order.organisation.name if a.order.organisation else ""),
        ("服务人员", lambda a: a.worker.person.name if a.worker else ""), ("状态", lambda a: a.get_state_display()),
    ), ("order__person", "order__item", "order__organisation", "worker__person"), "order__person", "order__need_id",
        ("order__item__name", "order__organisation__name")),
    Visit: Columns("上门", (
        ("居民", lambda v: _mask(v.appointment.order.person)), ("服务", lambda v: v.appointment.order.item.name),
        ("服务人员", lambda v: v.worker.person.name),
        ("机构", lambda v: v.appointment.order.organisation.name if v.appointment.order.organisation else ""),
        ("签到", lambda v: v.started_at), ("时长", lambda v: "" if v.minutes is None else show_minutes(v.minutes)),
        ("状态", lambda v: v.get_state_display()),
    ), ("appointment__order__person", "appointment__order__item", "appointment__order__organisation", "worker__person"),
        "appointment__order__person", "appointment__order__need_id",
        ("appointment__order__item__name", "appointment__order__organisation__name")),
    Check: Columns("核验", (
        ("居民", lambda c: _mask(c.visit.appointment.order.person)), ("疑点分", lambda c: c.score),
        ("进入核验", lambda c: c.opened_at), ("状态", lambda c: c.get_state_display()),
    ), ("visit__appointment__order__person",), "visit__appointment__order__person", "visit__appointment__order__need_id"),
    CallBack: Columns("回访", (
        ("居民", lambda c: _mask(c.visit.appointment.order.person)),
        ("服务", lambda c: c.visit.appointment.order.item.name), ("抽取原因", lambda c: c.get_picked_for_display()),
        ("回访", lambda c: c.called_at), ("满意", lambda c: {True: "满意", False: "不满意"}.get(c.satisfied, "")),
        ("状态", lambda c: c.get_state_display()),
    ), ("visit__appointment__order__person", "visit__appointment__order__item"), "visit__appointment__order__person",
        "visit__appointment__order__need_id"),
    Settlement: Columns("结算单", (
        ("居民", lambda s: _mask(s.visit.appointment.order.person)),
        ("服务", lambda s: s.visit.appointment.order.item.name),
        ("机构", lambda s: s.organisation.name if s.organisation else ""),
        ("计费", lambda s: show_minutes(s.paid_minutes)), ("应付", lambda s: show_fen(s.payable_fen)),
        ("结算", lambda s: s.settled_at), ("没有结算的原因", lambda s: s.blocked_by), ("状态", lambda s: s.get_state_display()),
    ), ("visit__appointment__order__person", "visit__appointment__order__item", "organisation"),
        "visit__appointment__order__person", "visit__appointment__order__need_id", ("organisation__name", "blocked_by")),
    Project: Columns("项目", (
        ("名称", lambda p: p.title), ("承接机构", lambda p: p.carrier.name if p.carrier else "还没有"),
        ("开始", lambda p: p.starts_on), ("结束", lambda p: p.ends_on), ("状态", lambda p: p.get_state_display()),
    ), ("carrier",), text=("title", "carrier__name")),
    Person: Columns("居民", (
        ("姓名", _mask), ("性别", lambda p: p.get_sex_display()), ("出生年", lambda p: p.born_on.year),
        ("独居", lambda p: "独居" if p.lives_alone else ""),
        ("能力等级", lambda p: "" if p.ability_level is None else p.get_ability_level_display()),
    )),
    Volunteer: Columns("志愿者编号", (
        ("姓名", lambda v: _mask(v.person)), ("队伍", lambda v: v.team.name if v.team else ""),
        ("注册", lambda v: v.registered_on),
    ), ("person", "team"), "person", text=("number", "team__name")),
    Post: Columns("岗位", (
        ("名称", lambda p: p.title), ("要招", lambda p: f"{p.places}人"), ("已有", lambda p: f"{getattr(p, 'held', 0)}人"),
        ("开始", lambda p: p.open_from),
    ), text=("title",)),
    Worker: Columns("工号", (
        ("姓名", lambda w: w.person.name), ("类别", lambda w: w.get_kind_display()),
        ("机构", lambda w: w.organisation.name if w.organisation else ""),
        ("资格证书", lambda w: w.qualification or "未登记"), ("到岗", lambda w: w.starts_on),
    ), ("person", "organisation"), "person", text=("number", "organisation__name")),
    Organisation: Columns("组织", (
        ("名称", lambda o: o.name), ("类型", lambda o: o.get_kind_display()), ("登记情况", lambda o: o.get_standing_display()),
        ("评估等级", lambda o: o.grade), ("可接单", lambda o: "可接单" if o.takes_orders else ""),
        ("入驻", lambda o: o.joined_on),
    ), text=("name",)),
    Resource: Columns("资源", (
        ("名称", lambda r: r.title), ("类别", lambda r: r.get_kind_display()), ("提供方", lambda r: r.owner.name),
        ("还剩", lambda r: f"{r.left}/{r.quantity}{r.unit}"), ("可用至", lambda r: r.available_until),
    ), ("owner",), text=("title", "owner__name")),
    Facility: Columns("设施", (
        ("名称", lambda f: f.name), ("类型", lambda f: f.get_kind_display()), ("开放时间", lambda f: f.opening),
    ), text=("name",)),
    Area: Columns("社区", (
        ("名称", lambda a: a.name), ("代码", lambda a: a.area_code), ("城乡", lambda a: "城镇" if a.urban else "乡村"),
    ), text=("name", "area_code")),
}  # fmt: skip
