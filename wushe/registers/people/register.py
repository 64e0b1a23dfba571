"""The register of residents as its desk shows it: masked, counted by category, found without a trace in an address."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from wushe.foundation.actor import Actor
from wushe.foundation.scope import obtain
from wushe.registers.desk import facets
from wushe.registers.desk.declaration import Blank, BulkAct, Choices, Column, Done, Order, Register, Values, declare
from wushe.registers.desk.setting import ChangedSince, setting
from wushe.registers.desk.together import apart, together

from .bonds import end_tag, set_tag
from .finding import matching
from .household_desk import HOUSEHOLDS
from .identity import full_years, years_before
from .models import AbilityLevel, Person, Sex, Tag
from .selectors import register_of_people, tag_kinds
from .services import update_person

__all__ = ["EDIT", "HOUSEHOLDS", "PEOPLE"]
EDIT = "people:edit"
_OLD, _VERY_OLD, _GROWN = 60, 80, 18


def _dressed(rows: "QuerySet[Person]", on: date) -> "QuerySet[Person]":
    tags = together(Tag.objects.filter(ends_on=None, kind__sensitive=False), of="person", text="kind__title")
    return rows.annotate(listed_on=facets.day(on), known_as=tags)


def _kinds(actor: Actor, on: date) -> Choices:
    return list(tag_kinds().values_list("code", "title"))


def _tagged(code: str, on: date) -> Q:
    return Q(pk__in=Tag.objects.filter(kind__code=code, ends_on=None).values("person"))


def _update(actor: Actor, at: datetime, pk: int, changes: dict[str, Any]) -> Person:
    return update_person(actor=actor, at=at, person_id=pk, changes=changes)  # type: ignore[arg-type]


def _give_tag(actor: Actor, at: datetime, pk: int, values: Values) -> Done:
    tag = set_tag(
        actor=actor, at=at, person_id=pk, tag_code=values["tag_code"], starts_on=values["starts_on"],
        evidence=values["evidence"], source=Tag.Source.ROLL,
    )  # fmt: skip
    return Done("没有", tag.kind.title, tag.pk)


def _take_tag_back(actor: Actor, at: datetime, pk: int, token: Any) -> None:
    """End the tag on the day on which it began: it never held, and the journal keeps that it was given."""
    tag = obtain(Person, actor, pk=pk).tags.filter(pk=token, ends_on=None).first()
    if tag is None:
        raise ChangedSince
    end_tag(actor=actor, at=at, tag_id=tag.pk, ends_on=tag.starts_on)


PEOPLE = declare(
    Register(
        code="people",
        title="居民",
        noun="人",
        model=Person,
        permission="registers:view",
        rows=lambda actor, on: register_of_people(actor=actor),
        dress=_dressed,
        name=lambda row: row.name,
        search=matching,
        search_hint="姓名两个字、首字母、电话后四位、身份证号",
        columns=(
            Column("name", "姓名", lambda p: p.name, sort="name"),
            Column("sex", "性别", lambda p: p.get_sex_display()),
            Column("age", "年龄", lambda p: full_years(p.born_on, p.listed_on), number=True, sort="age"),
            Column("place", "社区", lambda p: p.place),
            Column("tags", "标签", lambda p: apart(p.known_as)),
            Column("ability", "能力等级", lambda p: p.get_ability_level_display() or ""),
            Column("phone", "联系电话", lambda p: str(p.phone)),
            Column("alone", "独居", lambda p: "是" if p.lives_alone else "", quiet=True),
            Column("number", "编号", lambda p: str(p.pk), quiet=True),
        ),
        facets=(
            facets.Facet("tag", "标签", _kinds, _tagged),
            facets.cases(
                "age", "年龄",
                very_old=(f"{_VERY_OLD}岁以上", lambda on: Q(born_on__lte=years_before(on, _VERY_OLD))),
                old=(f"{_OLD}岁以上", lambda on: Q(born_on__lte=years_before(on, _OLD))),
                minor=(f"未满{_GROWN}岁", lambda on: Q(born_on__gt=years_before(on, _GROWN))),
            ),
            facets.code_list("ability", "能力等级", AbilityLevel, field="ability_level"),
            facets.cases(
                "state", "情况",
                alone=("独居", lambda on: Q(lives_alone=True)),
                no_phone=("没有电话", lambda on: Q(phone_index="")),
                no_home=("没有住址", lambda on: Q(household=None)),
            ),
            facets.code_list("sex", "性别", Sex),
            facets.place(),
        ),
        orders=(
            Order("newest", "新登记的在前", descending=True),
            Order("name", "姓名", "initials"),
            Order("age", "出生日期", "born_on"),
        ),
        bulk=(
            BulkAct(
                "tag", "加标签", EDIT, _give_tag, _take_tag_back,
                (
                    Blank("tag_code", "标签", "choice", _kinds),
                    Blank("starts_on", "从哪天起", "day"),
                    Blank("evidence", "依据", "text", required=False, hint="例如：民政局2026年10月低保名册。"),
                ),
                "用于按部门名册成批登记；已有这个标签的人不会重复。",
            ),
            setting("alone", "登记为独居", permission=EDIT, model=Person, field="lives_alone", update=_update, value=True),
            setting("not_alone", "登记为不独居", permission=EDIT, model=Person, field="lives_alone", update=_update, value=False),
        ),
    )
)  # fmt: skip
