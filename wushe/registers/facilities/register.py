"""The register of facilities 服务设施台账: functions, beds and rooms, stars and occupancy, as its desk shows it."""

from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet, Sum

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain, visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Blank, BulkAct, Column, Done, Order, Register, Share, Values, declare
from wushe.registers.desk.finding import titled
from wushe.registers.desk.setting import AlreadySo, setting

from .models import Facility, FacilityKind, Function, Room
from .services import close_facility, reopen_facility, update_facility

EDIT = "facilities:edit"
FUNCTIONS = {str(code): str(words) for code, words in Function.choices}
_OPEN_ROOMS = Q(rooms__closed_on=None)


def _rows(actor: Actor, on: date) -> QuerySet[Facility]:
    return visible(Facility.objects.filter(Q(closed_on=None) | Q(closed_on__gt=on)), actor)


def _dressed(rows: QuerySet[Facility], on: date) -> QuerySet[Facility]:
    return rows.select_related("operator", "guide").annotate(
        beds=Sum("rooms__beds", filter=_OPEN_ROOMS), taken=Sum("rooms__taken", filter=_OPEN_ROOMS)
    )


def function_words(facility: Facility) -> tuple[str, ...]:
    """Return what a facility does in words."""
    return tuple(FUNCTIONS.get(code, code) for code in facility.functions)


def _search(text: str) -> Q | None:
    found, words = titled(text), "".join(text.split())
    return found | Q(phone__endswith=words) if found and words.isdigit() and len(words) >= 4 else found


def _stays(condition: str) -> Q:
    rooms = Room.objects.filter(closed_on=None, beds__gt=0, **{condition: F("beds")})
    return Q(pk__in=rooms.values("facility"))


def _does(code: str, on: date) -> Q:
    # A list of codes in JSON: a quoted code is met as a whole, on both databases.
    return Q(functions__icontains=f'"{code}"')


def _update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Facility:
    return update_facility(actor=actor, at=at, facility_id=pk, changes=changes)


def _close(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    if obtain(Facility, actor, pk=pk).closed_on:
        raise AlreadySo
    close_facility(actor=actor, at=at, facility_id=pk, closed_on=values["closed_on"])
    return Done("在用", f"{values['closed_on']}停用", None)


def _reopen(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    reopen_facility(actor=actor, at=at, facility_id=pk)


FACILITIES = declare(
    Register(
        code="facilities",
        title="服务设施",
        noun="处",
        model=Facility,
        permission="registers:view",
        rows=_rows,
        dress=_dressed,
        name=lambda row: row.name,
        search=_search,
        search_hint="名称两个字、拼音首字母、电话后四位",
        columns=(
            Column("name", "名称", lambda f: f.name, sort="name"),
            Column("kind", "类型", lambda f: f.get_kind_display()),
            Column("star", "星级", lambda f: "★" * f.star, sort="star"),
            Column("functions", "功能", function_words),
            Column("capacity", "容量", lambda f: f.capacity, number=True, sort="capacity"),
            Column("beds", "床位入住", lambda f: Share(f.taken, f.beds, "床") if f.beds else ""),
            Column("opening", "开放时间", lambda f: f.opening),
            Column("place", "所在地", lambda f: f.place),
            Column("operator", "运营单位", lambda f: f.operator.name if f.operator else "", quiet=True),
            Column("phone", "服务电话", lambda f: f.phone, quiet=True),
        ),
        facets=(
            facets.code_list("kind", "类型", FacilityKind),
            facets.Facet("function", "功能", lambda actor, on: list(FUNCTIONS.items()), _does),
            facets.cases(
                "star", "星级", **{f"s{n}": (f"{n}星", lambda on, n=n: Q(star=n)) for n in (5, 4, 3, 2, 1)},
                none=("未评星", lambda on: Q(star=0)),
            ),
            facets.cases(
                "beds", "床位",
                free=("有空床", lambda on: _stays("taken__lt")),
                any=("有床位", lambda on: _stays("taken__lte")),
            ),
            facets.place(),
        ),
        orders=(
            Order("newest", "新登记的在前", descending=True),
            Order("name", "名称", "initials"),
            Order("star", "星级", "star", descending=True),
            Order("capacity", "容量", facets.or_zero("capacity"), descending=True),
        ),
        bulk=(
            setting(
                "opening", "统一开放时间", permission=EDIT, model=Facility, field="opening", update=_update,
                blank=Blank("opening", "开放时间", "text", hint="例如：08:30–17:30"),
            ),
            setting(
                "star", "评定星级", permission=EDIT, model=Facility, field="star", update=_update,
                blank=Blank("star", "星级", "choice_id", lambda actor, on: [(str(n), f"{n}星") for n in range(1, 6)]),
            ),
            BulkAct("close", "登记停用", EDIT, _close, _reopen, (Blank("closed_on", "停用日期", "day"),)),
        ),
    )
)  # fmt: skip
