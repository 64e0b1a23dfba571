"""Read the journal as people do: who, what, to which thing, in words; and what is known of its being whole."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from wushe.chain.settlement.models import Settlement
from wushe.foundation.access.models import User
from wushe.foundation.actor import Actor
from wushe.foundation.journal.models import Anchor, JournalEntry
from wushe.foundation.journal.selectors import entries
from wushe.foundation.roles import ROLES
from wushe.oversight.break_kinds import BY_CODE as BREAKS
from wushe.oversight.indicators import BY_CODE as INDICATORS
from wushe.oversight.periods import day_window
from wushe.registers.areas.selectors import place_names

from .titles import thing_of, title_of

_MOST_NAMESAKES = 100
_FIELDS = {
    "reason": "原因", "user": "账号", "role": "身份", "field": "查看", "tag": "类别", "purpose": "用途", "rows": "行数", "what": "表格",
    "value": "数值", "region": "地区", "key": "参数", "number": "版次", "score": "分数", "minutes": "分钟", "round": "轮次",
    "visits": "次数", "day": "日期", "quantity": "数量", "channel": "来源", "broken": "断开处", "items": "项目数",
    "urgency": "急不急", "fields": "字段", "count": "笔数",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class JournalFilter:
    """What the journal is narrowed to; an empty value leaves that side open."""

    who: str = ""
    kind: str = ""
    thing: str = ""
    number: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One row of the journal in words."""

    entry: JournalEntry
    who: str
    role: str
    title: str
    thing: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Verification:
    """One time at which the whole journal was checked."""

    at: datetime
    who: str
    rows: int
    broken: list[list[int]]


def journal(*, actor: Actor, where: JournalFilter = JournalFilter()) -> QuerySet[JournalEntry]:
    """Return the journal within the actor's scope, newest first; raise NotAllowed without `journal:view`."""
    rows = entries(actor=actor)
    if where.who:
        named = User.objects.filter(Q(name__contains=where.who) | Q(username__iexact=where.who))
        rows = rows.filter(actor_id__in=list(named.values_list("pk", flat=True)[:_MOST_NAMESAKES]))
    if where.kind:
        rows = rows.filter(kind=where.kind)
    if where.number is not None:
        rows = rows.filter(_numbered(where.thing, where.number))
    elif where.thing:
        rows = rows.filter(subject_kind=where.thing)
    if where.first:
        rows = rows.filter(at__gte=day_window(where.first)[0])
    if where.last:
        rows = rows.filter(at__lt=day_window(where.last)[1])
    return rows


def _numbered(thing: str, number: int) -> Q:
    """Return the condition on rows about one thing; a visit or a settlement is told of by the run that holds it, too."""
    about = Q(subject_id=number) & (Q(subject_kind=thing) if thing else Q())
    if path := _OF_RUN.get(thing):
        runs = Settlement.objects.filter(**{path: number}, run__isnull=False).values("run_id")
        about |= Q(subject_kind="settlementrun", subject_id__in=runs)
    return about


_OF_RUN = {"visit": "visit_id", "settlement": "pk"}


def lines(found: list[JournalEntry]) -> list[JournalLine]:
    """Return rows of the journal in words; three queries for all of them."""
    names = dict(User.objects.filter(pk__in={row.actor_id for row in found}).values_list("pk", "name"))
    places = place_names(codes=[row.area_code[:12] for row in found])
    return [
        JournalLine(
            entry=row,
            who=names.get(row.actor_id, "系统"),
            role=ROLES[row.role_code].title if row.role_code in ROLES else row.role_code,
            title=title_of(row.kind, row.data),
            thing=f"{thing_of(row.subject_kind)} #{row.subject_id}" if row.subject_id else thing_of(row.subject_kind),
            place=places.get(row.area_code[:12], ""),
            words=_words(row.data),
        )
        for row in found
    ]


def anchors(*, actor: Actor, most: int = 10) -> list[Anchor]:
    """Return the last anchors: what the heads of the journal were at the end of each day."""
    actor.require("journal:view")
    return list(Anchor.objects.order_by("-day")[:most])


def verifications(*, actor: Actor, most: int = 3) -> list[Verification]:
    """Return when the journal was last checked as a whole, and with what outcome; the newest first."""
    actor.require("journal:view")
    rows = list(JournalEntry.objects.filter(kind="journal.verify").order_by("-id")[:most])
    names = dict(User.objects.filter(pk__in={row.actor_id for row in rows}).values_list("pk", "name"))
    return [
        Verification(row.at, names.get(row.actor_id, "系统"), int(row.data["rows"]), list(row.data["broken"]))
        for row in rows
    ]


def _words(data: dict[str, Any]) -> str:
    """Return the codes of a row as words; ids of other rows stay in the record and are not repeated here."""
    parts = []
    for name, value in data.items():
        if name not in _FIELDS or value in ("", None, [], {}):
            continue
        said = _said(name, value)
        parts.append(f"{_FIELDS[name]}：{said}")
    return "；".join(parts)


def _said(name: str, value: Any) -> Any:
    if name == "role" and value in ROLES:
        return ROLES[value].title
    return list_title(value) if name == "what" else value


def list_title(what: str) -> str:
    """Return the title of an exported list, given as kind:code."""
    kind, _, code = what.partition(":")
    if kind == "figure" and code in INDICATORS:
        return INDICATORS[code].title
    if kind == "break" and code in BREAKS:
        return BREAKS[code].title
    return {"journal": "操作台账", "indicators": "指标排名", "society": "五社力量", "scene": "应用场景"}.get(kind, what)
