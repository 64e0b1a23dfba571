"""What ties a person to others and to rules: tags with dates and evidence, relatives who may act, consents."""

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain, visible

from .enums import ConsentPurpose
from .identity import full_years
from .models import Consent, Person, Relation, Tag, TagKind

MONTHS = 12


class TagStands(Conflict):
    """The person already has this tag."""

    message = "这位居民已有这个标签，无需重复添加。"


class ConsentStands(Conflict):
    """The person already agreed to this purpose under this notice."""

    message = "这项同意已经登记，无需重复。"


@domain_call("people:edit")
def set_tag(*, actor: Actor, at: datetime, person_id: int, tag_code: str, starts_on: date, evidence: str = "") -> Tag:
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
    if person.tags.filter(kind=kind, ends_on=None).exists():
        raise TagStands
    review_on = _months_later(starts_on, kind.review_months) if kind.review_months else None
    tag = Tag.objects.create(
        person=person, kind=kind, starts_on=starts_on, evidence=evidence.strip(), review_on=review_on
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
    actor's scope, Invalid for an unknown kind or the person themself.
    """
    person, relative = obtain(Person, actor, pk=person_id), obtain(Person, actor, pk=relative_id)
    if kind not in Relation.Kind.values:
        raise Invalid(fields={"kind": "请选择关系。"})
    if person.pk == relative.pk:
        raise Invalid(fields={"relative_id": "不能把本人登记为自己的亲属。"})
    relation, _ = Relation.objects.update_or_create(
        person=person, relative=relative, kind=kind, defaults={"may_act": may_act}
    )
    data = {"relative": relative.pk, "kind": kind, "may_act": may_act}
    record(kind="person.relate", subject=person, actor=actor, at=at, data=data)
    return relation


@domain_call("people:edit")
def give_consent(
    *, actor: Actor, at: datetime, person_id: int, purpose: str, notice_version: str, given_by_id: int
) -> Consent:
    """Record that a person, or somebody who may act for them, agreed to a purpose.

    A child under the age of consent agrees only through a guardian or parent. Raises NotFound outside scope,
    Invalid for an unknown purpose or a person who may not agree, ConsentStands if it is already on record.
    """
    person = obtain(Person, actor, pk=person_id)
    if purpose not in ConsentPurpose.values:
        raise Invalid(fields={"purpose": "请选择用途。"})
    if not notice_version.strip():
        raise Invalid(fields={"notice_version": "请填写告知书版本。"})
    _refuse_wrong_giver(person, given_by_id, timezone.localdate(at))
    if person.consents.filter(purpose=purpose, notice_version=notice_version, withdrawn_at=None).exists():
        raise ConsentStands
    consent = Consent.objects.create(
        person=person, purpose=purpose, notice_version=notice_version.strip(), given_at=at, given_by_id=given_by_id
    )
    data = {"purpose": purpose, "notice": notice_version, "given_by": given_by_id}
    record(kind="person.consent", subject=person, actor=actor, at=at, data=data)
    return consent


@domain_call("people:edit")
def withdraw_consent(*, actor: Actor, at: datetime, person_id: int, purpose: str) -> int:
    """Withdraw a person's standing consents to a purpose; return how many stood. Raises NotFound outside scope."""
    person = obtain(Person, actor, pk=person_id)
    count = person.consents.filter(purpose=purpose, withdrawn_at=None).update(withdrawn_at=at)
    if count:
        record(kind="person.withdraw", subject=person, actor=actor, at=at, data={"purpose": purpose})
    return count


def obtain_tag(*, people: QuerySet[Person], tag_id: int) -> Tag:
    """Return a standing tag of one of these people; raise NotFound otherwise."""
    tag = Tag.objects.select_related("person", "kind").filter(
        pk=tag_id, person__in=people, ends_on=None
    ).first()  # fmt: skip
    if tag is None:
        raise NotFound
    return tag


def _refuse_wrong_giver(person: Person, given_by_id: int, today: date) -> None:
    """Raise Invalid unless this person may agree: oneself when old enough, otherwise who may act or is guardian."""
    age = preset("privacy.child.consent_age", area_code=person.area_code, on=today)
    child = full_years(person.born_on, today) < age
    if given_by_id == person.pk:
        if child:
            raise Invalid(fields={"given_by_id": f"未满{age}周岁，须由监护人同意。"})
        return
    bonds = person.relations.filter(relative_id=given_by_id)
    if child and not bonds.filter(kind__in=[Relation.Kind.GUARDIAN, Relation.Kind.PARENT]).exists():
        raise Invalid(fields={"given_by_id": f"未满{age}周岁，须由登记的监护人或父母同意。"})
    if not child and not bonds.filter(may_act=True).exists():
        raise Invalid(fields={"given_by_id": "只有本人或登记为“可代办”的亲属才能同意。"})


def _months_later(day: date, months: int) -> date:
    """Return the same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * MONTHS + day.month - 1 + months, MONTHS)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError
