"""The register of households as its desk shows it: found by whoever lives there, counted by who lives together."""

from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThanOrEqual, Range

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain
from wushe.registers.areas.models import Area, Level
from wushe.registers.areas.selectors import place_names, tree
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Blank, BulkAct, Choices, Column, Done, Order, Register, Values, declare
from wushe.registers.desk.setting import AlreadySo, ChangedSince
from wushe.registers.desk.together import apart, together

from .bonds import end_tag
from .finding import matching
from .home_keeping import tag_household, update_household
from .household_register import households
from .identity import address_index, years_before
from .models import Household, Person, Tag
from .selectors import tag_kinds

EDIT = "people:edit"
_OLD, _VERY_OLD, _GROWN = 60, 80, 18
_HERE = {"died_on": None, "moved_out_on": None}
_LIVING = Person.objects.filter(**_HERE)
_AT_HOME = _LIVING.filter(household=OuterRef("pk"))


def _size() -> Any:
    counted = _AT_HOME.order_by().values("household").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _dressed(rows: "QuerySet[Household]", on: date) -> "QuerySet[Household]":
    head = Subquery(_AT_HOME.filter(pk=OuterRef("head_id")).values("name")[:1])
    oldest = Subquery(_AT_HOME.order_by("born_on", "id").values("name")[:1])
    names = together(_LIVING, of="household", text="name")
    return rows.annotate(headed_by=Coalesce(head, oldest), people=_size(), names=names)


def _found(text: str) -> Q | None:
    """Return the condition for the household in which somebody lives whom a text names, or whose whole address it is."""
    people = matching(text)
    if people is None:
        return None
    at_home = _LIVING.filter(people).order_by().values("household")
    return Q(pk__in=at_home) | Q(address_index=address_index(text))


def _with(**born: Any) -> Q:
    return Q(Exists(_AT_HOME.filter(**born)))


def _only_old(on: date) -> Q:
    old = years_before(on, _OLD)
    return _with(born_on__lte=old) & ~_with(born_on__gt=old)


def _skipped(on: date) -> Q:
    """Return the condition for grandparents with a child and nobody between them."""
    old, grown = years_before(on, _OLD), years_before(on, _GROWN)
    return _with(born_on__gt=grown) & _with(born_on__lte=old) & ~_with(born_on__gt=old, born_on__lte=grown)


def _kinds(actor: Actor, on: date) -> Choices:
    return list(tag_kinds().values_list("code", "title"))


def _tagged(code: str, on: date) -> Q:
    tags = Tag.objects.filter(kind__code=code, ends_on=None, person__died_on=None, person__moved_out_on=None)
    return Q(pk__in=tags.values("person__household"))


def _deeper(actor: Actor, on: date) -> Choices:
    """Return the estates, grids and buildings of a street or a community, each after the name of its community."""
    if len(actor.area_code) < Level.STREET:
        return ()
    inside = tree(code=actor.area_code, on=on, deepest=Level.BUILDING).filter(level__gte=Level.COMMUNITY)
    places: list[Area] = list(inside)
    names = {place.area_code: place.name for place in places}
    return [
        (place.area_code, " ".join(names[place.area_code[:n]] for n in Level.values if n >= Level.COMMUNITY and n <= place.level))
        for place in places
        if place.level > Level.COMMUNITY
    ]  # fmt: skip


def _put(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    old, new = obtain(Household, actor, pk=pk).area_code, values["area_code"]
    if old == new:
        raise AlreadySo
    update_household(actor=actor, at=at, household_id=pk, changes={"area_code": new})
    names = place_names(codes=[old, new])
    return Done(names.get(old, old), names.get(new, new), [old, new])


def _put_back(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    if obtain(Household, actor, pk=pk).area_code != token[1]:
        raise ChangedSince
    update_household(actor=actor, at=at, household_id=pk, changes={"area_code": token[0]})


def _give_tag(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    tags = tag_household(actor=actor, at=at, household_id=pk, **values)
    return Done("没有", f"{tags[0].kind.title}（{len(tags)}人）", [tag.pk for tag in tags])


def _take_tag_back(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    """End the tags on the day on which they began: they never held, and the journal keeps that they were given."""
    home = obtain(Household, actor, pk=pk)
    tags = list(Tag.objects.filter(pk__in=token, ends_on=None, person__household=home))
    if len(tags) != len(token):
        raise ChangedSince
    for tag in tags:
        end_tag(actor=actor, at=at, tag_id=tag.pk, ends_on=tag.starts_on)


HOUSEHOLDS = declare(
    Register(
        code="households",
        title="家庭",
        noun="户",
        model=Household,
        permission="registers:view",
        rows=lambda actor, on: households(actor=actor),
        dress=_dressed,
        name=lambda row: f"{row.headed_by}一户" if row.headed_by else "空户",
        search=_found,
        search_hint="家里任何人的姓名两个字、首字母、电话后四位、身份证号，或完整地址",
        columns=(
            Column("name", "户主", lambda h: h.headed_by or "（没有人）"),
            Column("people", "人数", lambda h: h.people, number=True),
            Column("names", "家里的人", lambda h: apart(h.names)),
            Column("place", "社区", lambda h: h.place, sort="place"),
            Column("address", "地址", lambda h: str(h.address or "")),
            Column("point", "坐标", lambda h: "有" if h.longitude is not None else "", quiet=True),
            Column("number", "编号", lambda h: str(h.pk), quiet=True),
        ),
        facets=(
            facets.cases(
                "size", "人数",
                one=("一人户", lambda on: Q(Exact(_size(), 1))),
                two=("两人户", lambda on: Q(Exact(_size(), 2))),
                three=("三到四人", lambda on: Q(Range(_size(), (3, 4)))),
                many=("五人以上", lambda on: Q(GreaterThanOrEqual(_size(), 5))),
            ),
            facets.cases(
                "made_of", "家庭情况",
                old=("都是60岁以上", _only_old),
                very_old=("有80岁以上老人", lambda on: _with(born_on__lte=years_before(on, _VERY_OLD))),
                minor=("有未成年人", lambda on: _with(born_on__gt=years_before(on, _GROWN))),
                skipped=("老人带孩子", _skipped),
            ),
            facets.Facet("tag", "家人标签", _kinds, _tagged),
            facets.cases(
                "state", "登记情况",
                no_head=("没有登记户主", lambda on: Q(head=None)),
                no_address=("没有地址", lambda on: Q(address_index="")),
                no_point=("没有坐标", lambda on: Q(longitude=None)),
            ),
            facets.place(),
        ),
        orders=(
            Order("newest", "新登记的在前", descending=True),
            Order("place", "社区、网格", "area_code"),
        ),
        bulk=(
            BulkAct(
                "tag", "全家加标签", EDIT, _give_tag, _take_tag_back,
                (
                    Blank("tag_code", "标签", "choice", _kinds),
                    Blank("starts_on", "从哪天起", "day"),
                    Blank("evidence", "依据", "text", required=False, hint="例如：民政局2026年10月低保名册。"),
                ),
                "适合按户认定的类别，如低保；家里已有这个标签的人不会重复。",
            ),
            BulkAct(
                "put", "归入小区、网格或楼栋", EDIT, _put, _put_back,
                (Blank("area_code", "归到哪里", "choice", _deeper, hint="只列出本街道或本社区里的小区、网格和楼栋。"),),
                "家里的人和还没办完的事一起归过去。",
            ),
        ),
    )
)  # fmt: skip
