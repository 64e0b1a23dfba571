"""The registers of communities 社区 and of council seats and backbone roles 骨干名册, as their desks show them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import (
    Blank,
    BulkAct,
    Coded,
    Column,
    Done,
    Order,
    Register,
    Share,
    Values,
    declare,
)
from wushe.registers.desk.finding import held_by, titled
from wushe.registers.desk.setting import setting
from wushe.registers.organisations.models import Organisation, OrganisationKind
from wushe.registers.people.identity import TAIL

from .models import COUNCIL, Community, Seat, SeatKind, Term
from .selectors import with_holders
from .services import close_seat, reopen_seat, restore_term, update_community, vacate_seat

EDIT = "communities:edit"
_OPEN = Exists(Term.objects.filter(seat=OuterRef("pk"), ends_on=None))


def _counted(rows: QuerySet[Any]) -> Any:
    """Return how many of these rows lie in the community of the outer row."""
    total = rows.filter(community_code=OuterRef("area_code")).order_by().values("community_code")
    return Coalesce(Subquery(total.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def _dressed(rows: QuerySet[Community], on: date) -> QuerySet[Community]:
    seats = Seat.objects.filter(closed_on=None)
    units = Organisation.objects.filter(kind=OrganisationKind.MEMBER_UNIT, left_on=None)
    groups = Organisation.objects.filter(kind=OrganisationKind.COMMUNITY_GROUP, left_on=None)
    return rows.annotate(
        council=_counted(seats.filter(kind__in=COUNCIL)), council_filled=_counted(seats.filter(_OPEN, kind__in=COUNCIL)),
        roles=_counted(seats.exclude(kind__in=COUNCIL)), roles_filled=_counted(seats.filter(_OPEN).exclude(kind__in=COUNCIL)),
        units=_counted(units), groups=_counted(groups),
    )  # fmt: skip


def _has(rows: QuerySet[Any]) -> Q:
    return Q(Exists(rows.filter(community_code=OuterRef("area_code"))))


def _search(text: str) -> Q | None:
    """Find a community by its name, or by the last digits of its office's telephone."""
    found, words = titled(text), "".join(text.split())
    return found | Q(phone__endswith=words) if found and words.isdigit() and len(words) >= TAIL else found


def _vacant_seats() -> QuerySet[Seat]:
    return Seat.objects.filter(~_OPEN, closed_on=None)


COMMUNITIES = declare(
    Register(
        code="communities",
        title="社区",
        noun="个",
        model=Community,
        permission="registers:view",
        rows=lambda actor, on: visible(Community.objects.all(), actor),
        dress=_dressed,
        name=lambda row: row.name,
        search=_search,
        search_hint="社区名两个字、拼音首字母、值班电话后四位",
        columns=(
            Column("name", "社区（村）", lambda c: c.name, sort="name"),
            Column("council", "大党委成员", lambda c: Share(c.council_filled, c.council, "席") if c.council else ""),
            Column("units", "驻区单位", lambda c: c.units, number=True),
            Column("roles", "骨干到位", lambda c: Share(c.roles_filled, c.roles, "岗") if c.roles else ""),
            Column("groups", "社区社会组织", lambda c: c.groups, number=True),
            Column("residents", "常住人口", lambda c: c.residents, number=True, sort="residents"),
            Column("place", "所在地", lambda c: c.place),
            Column("phone", "值班电话", lambda c: c.phone, quiet=True),
        ),
        facets=(
            facets.cases(
                "state", "状态",
                council=("已建大党委", lambda on: ~Q(council_since=None)),
                no_council=("未建大党委", lambda on: Q(council_since=None)),
                vacant=("有空缺岗位", lambda on: _has(_vacant_seats())),
            ),
            facets.cases("urban", "城乡", city=("城市社区", lambda on: Q(urban=True)), village=("村", lambda on: Q(urban=False))),
            facets.place(),
        ),
        orders=(
            Order("name", "名称", "initials"),
            Order("residents", "常住人口", "residents", descending=True),
        ),
        bulk=(
            setting(
                "council", "登记大党委成立日期", permission=EDIT, model=Community, field="council_since",
                update=lambda actor, at, pk, changes: update_community(actor=actor, at=at, community_id=pk, changes=changes),
                blank=Blank("council_since", "成立日期", "day"),
            ),
        ),
    )
)  # fmt: skip


def _vacate(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    term = vacate_seat(actor=actor, at=at, seat_id=pk, ends_on=values["ends_on"])
    return Done("在任", f"{values['ends_on']}离任", term.pk)


def _close(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    close_seat(actor=actor, at=at, seat_id=pk, closed_on=values["closed_on"])
    return Done("空缺", f"{values['closed_on']}撤销", None)


def _restore(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    restore_term(actor=actor, at=at, seat_id=pk, term_id=token)


def _reopen(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    reopen_seat(actor=actor, at=at, seat_id=pk)


def _seat_search(text: str) -> Q | None:
    """Find a seat by its title or by who sits in it."""
    people = held_by(text)
    if people is None:
        return None
    sitting = Term.objects.filter(people, ends_on=None).values("seat")
    return Q(pk__in=sitting) | (titled(text, name="title") or Q(pk=None))


def holder_of(seat: Seat) -> Term | None:
    """Return the open term of a seat as `with_holders` has fetched it."""
    return next(iter(seat.open_terms), None)  # type: ignore[attr-defined]


def _holder_name(seat: Seat) -> str:
    term = holder_of(seat)
    return term.person.name if term else ""


def _unit_name(seat: Seat) -> str:
    term = holder_of(seat)
    return term.unit.name if term and term.unit else ""


def _state(seat: Seat) -> Coded:
    return Coded("filled", "在任") if holder_of(seat) else Coded("vacant", "空缺")


SEATS = declare(
    Register(
        code="seats",
        title="大党委与骨干",
        noun="个",
        model=Seat,
        permission="registers:view",
        rows=lambda actor, on: visible(Seat.objects.filter(closed_on=None), actor),
        dress=lambda rows, on: with_holders(rows),
        name=lambda row: row.title,
        search=_seat_search,
        search_hint="姓名两个字、拼音首字母、电话后四位、岗位名",
        columns=(
            Column("title", "岗位", lambda s: s.title, sort="name"),
            Column("kind", "角色", lambda s: s.get_kind_display()),
            Column("state", "状态", _state),
            Column("holder", "谁担任", _holder_name),
            Column("unit", "代表单位", _unit_name),
            Column("starts_on", "到任", lambda s: t.starts_on if (t := holder_of(s)) else None),
            Column("place", "所在地", lambda s: s.place),
        ),
        facets=(
            facets.cases(
                "state", "状态",
                vacant=("空缺", lambda on: Q(~_OPEN)),
                filled=("在任", lambda on: Q(_OPEN)),
                council=("大党委席位", lambda on: Q(kind__in=COUNCIL)),
                backbone=("骨干岗位", lambda on: ~Q(kind__in=COUNCIL)),
            ),
            facets.code_list("kind", "角色", SeatKind),
            facets.place(),
        ),
        orders=(Order("newest", "新设的在前", descending=True), Order("name", "岗位", "initials")),
        bulk=(
            BulkAct("vacate", "登记离任", EDIT, _vacate, _restore, (Blank("ends_on", "离任日期", "day"),),
                    "例如换届：一次登记一批离任，岗位转为空缺。"),
            BulkAct("close", "撤销空缺岗位", EDIT, _close, _reopen, (Blank("closed_on", "撤销日期", "day"),)),
        ),
    )
)  # fmt: skip
