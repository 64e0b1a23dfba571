"""What ties a person to others and to rules: categories with dates and evidence, relatives who may act."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain, visible

from .identity import full_years
from .models import Person, Relation, Tag, TagKind

MONTHS = 12


class TagStands(Conflict):
    """The person already has this tag."""

    message = "这位居民已有这个标签，无需重复添加。"


@domain_call("people:edit")
def set_tag(
    *,
    actor: Actor,
    at: datetime,
    person_id: int,
    tag_code: str,
    starts_on: date,
    evidence: str = "",
    source: str = "",
) -> Tag:
    """Give a person a category from a day on; the day of its review follows from the category.

    Raises NotFound outside the actor's scope, Invalid for an unknown category, a start in the future or missing
    evidence, TagStands if the person has it.
    """
    person = obtain(Person, actor, pk=person_id)
    kind = TagKind.objects.filter(code=tag_code).first()
    if kind is None:
        raise Invalid(fields={"tag_code": "请选择标签。"})
    if starts_on > timezone.localdate(at):
        raise Invalid(fields={"starts_on": "起始日期不能晚于今天。"})
    if kind.evidence and not evidence.strip():
        raise Invalid(fields={"evidence": f"请写明依据，例如：{kind.evidence}。"})
    if source and source not in Tag.Source.values:
        raise Invalid(fields={"source": "请选择来源。"})
    if person.died_on:
        raise Conflict("这位居民已登记去世，不能再添加标签。")
    if person.tags.filter(kind=kind, ends_on=None).exists():
        raise TagStands
    review_on = months_later(starts_on, kind.review_months) if kind.review_months else None
    tag = Tag.objects.create(
        person=person, kind=kind, starts_on=starts_on, evidence=evidence.strip(), source=source, review_on=review_on
    )
    record(kind="person.tag", subject=person, actor=actor, at=at, data={"tag": tag_code})
    return tag


@domain_call("people:edit")
def end_tag(*, actor: Actor, at: datetime, tag_id: int, ends_on: date) -> Tag:
    """End a person's category on a day; raise NotFound outside scope or if it has ended, Invalid for an early day."""
    people = visible(Person.objects.all(), actor)
    tag = obtain_tag(people=people, tag_id=tag_id)
    if ends_on < tag.starts_on:
        raise Invalid(fields={"ends_on": "结束日期不能早于起始日期。"})
    tag.ends_on = ends_on
    tag.save(update_fields=["ends_on"])
    record(kind="person.untag", subject=tag.person, actor=actor, at=at, data={"tag": tag.kind.code})
    return tag


@domain_call("people:edit")
def relate(
    *, actor: Actor, at: datetime, person_id: int, relative_id: int, kind: str, may_act: bool = False
) -> Relation:
    """Say that `relative` is the person's child, spouse, guardian …, and whether they may order and sign for them.

    The same relation again changes only whether the relative may act. Raises NotFound if either lies outside the
    actor's scope, Invalid for an unknown kind, the person themself, or what their ages do not allow.
    """
    person, relative = obtain(Person, actor, pk=person_id), obtain(Person, actor, pk=relative_id)
    if kind not in Relation.Kind.values:
        raise Invalid(fields={"kind": "请选择关系。"})
    if person.pk == relative.pk:
        raise Invalid(fields={"relative_id": "不能把本人登记为自己的亲属。"})
    _refuse_impossible(person, relative, kind, timezone.localdate(at))
    relation, _ = Relation.objects.update_or_create(
        person=person, relative=relative, kind=kind, defaults={"may_act": may_act}
    )
    data = {"relative": relative.pk, "kind": kind, "may_act": may_act}
    record(kind="person.relate", subject=person, actor=actor, at=at, data=data)
    return relation


@domain_call("people:edit")
def end_relation(*, actor: Actor, at: datetime, person_id: int, relation_id: int) -> None:
    """Strike out a relation; the journal keeps that it was. Raises NotFound outside the actor's scope."""
    person = obtain(Person, actor, pk=person_id)
    relation = person.relations.filter(pk=relation_id).first()
    if relation is None:
        raise NotFound
    data = {"relative": relation.relative_id, "kind": relation.kind}
    relation.delete()
    record(kind="person.unrelate", subject=person, actor=actor, at=at, data=data)


def obtain_tag(*, people: QuerySet[Person], tag_id: int) -> Tag:
    """Return a standing tag of one of these people; raise NotFound otherwise."""
    tag = Tag.objects.select_related("person", "kind").filter(
        pk=tag_id, person__in=people, ends_on=None
    ).first()  # fmt: skip
    if tag is None:
        raise NotFound
    return tag


def _refuse_impossible(person: Person, relative: Person, kind: str, today: date) -> None:
    """Raise Invalid for what cannot be: a guardian under age, a child older than its parent, one who has died."""
    older, younger = {Relation.Kind.PARENT, Relation.Kind.GRANDPARENT}, {Relation.Kind.CHILD, Relation.Kind.GRANDCHILD}
    adult = preset("people.guardian.age", area_code=person.area_code, on=today)
    if relative.died_on:
        raise Invalid(fields={"kind": "对方已登记去世。"})
    if kind == Relation.Kind.GUARDIAN and full_years(relative.born_on, today) < adult:
        raise Invalid(fields={"kind": f"监护人须年满{adult}周岁。"})
    if kind in older and relative.born_on >= person.born_on:
        raise Invalid(fields={"kind": "父母和祖辈应比本人年长，请核对出生日期。"})
    if kind in younger and relative.born_on <= person.born_on:
        raise Invalid(fields={"kind": "子女和孙辈应比本人年轻，请核对出生日期。"})


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError
