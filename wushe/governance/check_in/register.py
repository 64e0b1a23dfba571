"""The lists of units and of people who registered with communities."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import visible
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Coded, Column, Order, Register, declare
from wushe.registers.desk.finding import held_by, titled

from .bulletin import RIGHT
from .models import OPEN, CheckIn, CheckInKind, CheckInState, Standing


def _rows(kind: str) -> Any:
    def rows(actor: Actor, on: date) -> "QuerySet[CheckIn]":
        return visible(CheckIn.objects.filter(kind=kind), actor)

    return rows


def _units(rows: "QuerySet[CheckIn]", on: date) -> "QuerySet[CheckIn]":
    return rows.annotate(
        people=Count("members", filter=Q(members__state__in=OPEN), distinct=True),
        taken=Count("undertakings", distinct=True),
    )


def _people(rows: "QuerySet[CheckIn]", on: date) -> "QuerySet[CheckIn]":
    return rows.select_related("person", "unit").annotate(taken=Count("undertakings", distinct=True))


_STATE = Column("state", "状态", lambda r: Coded(f"check_in.{r.state}", r.get_state_display()))
_TAKEN = Column("taken", "认领心愿", lambda r: r.taken, number=True)
_TAIL = (
    Column("offers", "能做什么", lambda r: r.offers, quiet=True),
    Column("confirmed", "确认日期", lambda r: r.confirmed_on, sort="confirmed"),
    Column("owner", "社区联系人", lambda r: r.owner_name, quiet=True),
    Column("place", "社区", lambda r: r.place),
)
_ORDERS = (
    Order("newest", "新报到的在前", descending=True),
    Order("confirmed", "确认日期", facets.or_never("confirmed_on", far=date(2999, 12, 31))),
)

UNITS = declare(
    Register(
        code="check_in_units",
        title="单位报到",
        noun="家",
        model=CheckIn,
        permission=RIGHT,
        rows=_rows(CheckInKind.UNIT),
        dress=_units,
        name=lambda row: row.name,
        search=lambda text: (titled(text) or Q(pk=None)) | Q(branch__contains=text),
        search_hint="单位、党支部名称里的字，拼音首字母",
        columns=(
            Column("name", "单位或党组织", lambda r: r.name),
            _STATE,
            Column("branch", "党支部", lambda r: r.branch),
            Column("headcount", "在职党员", lambda r: r.headcount, number=True),
            Column("people", "个人报到", lambda r: r.people, number=True),
            _TAKEN,
            Column("contact", "联系人", lambda r: r.contact_name, quiet=True),
            *_TAIL,
        ),
        facets=(facets.code_list("state", "状态", CheckInState), facets.place()),
        orders=_ORDERS,
    )
)
MEMBERS = declare(
    Register(
        code="check_in_members",
        title="个人报到",
        noun="人",
        model=CheckIn,
        permission=RIGHT,
        rows=_rows(CheckInKind.MEMBER),
        dress=_people,
        name=lambda row: row.person.name,
        search=lambda text: (held_by(text) or Q(pk=None)) | Q(unit__name__contains=text),
        search_hint="姓名两个字、拼音首字母、电话后四位，或单位名称",
        columns=(
            Column("name", "姓名", lambda r: r.person.name),
            _STATE,
            Column("standing", "身份", lambda r: r.get_standing_display()),
            Column("unit", "所在单位", lambda r: r.unit.name if r.unit else ""),
            _TAKEN,
            *_TAIL,
        ),
        facets=(
            facets.code_list("state", "状态", CheckInState),
            facets.code_list("standing", "身份", Standing),
            facets.cases(
                "named", "单位",
                unit=("有单位", lambda on: Q(unit__isnull=False)), none=("没写单位", lambda on: Q(unit=None)),
            ),
            facets.place(),
        ),
        orders=_ORDERS,
    )
)  # fmt: skip
