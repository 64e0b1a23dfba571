"""Consents: to one purpose under one notice, by oneself or who may act; for a child only by a guardian or parent.

A child's data are handled under rules of their own (个人信息保护法 art. 31): the notice must be the one for children.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.scope import obtain

from .enums import ConsentPurpose
from .identity import full_years
from .models import Consent, Person, Relation


class ConsentStands(Conflict):
    """The person already agreed to this purpose under this notice."""

    message = "这项同意已经登记，无需重复。"


@domain_call("people:edit")
def give_consent(
    *, actor: Actor, at: datetime, person_id: int, purpose: str, notice_version: str, given_by_id: int
) -> Consent:
    """Record that a person, or somebody who may act for them, agreed to a purpose.

    A child under the age of consent agrees only through a guardian or parent, and under the notice for children.
    Raises NotFound outside scope, Invalid for an unknown purpose, the wrong notice or a person who may not agree,
    ConsentStands if it is already on record.
    """
    person, today = obtain(Person, actor, pk=person_id), timezone.localdate(at)
    notice_version = notice_version.strip()
    if purpose not in ConsentPurpose.values:
        raise Invalid(fields={"purpose": "请选择用途。"})
    if not notice_version:
        raise Invalid(fields={"notice_version": "请填写告知书版本。"})
    _refuse_wrong_giver(person, given_by_id, today)
    if fault := notice_fault(person, notice_version, on=today):
        raise Invalid(fields={"notice_version": fault})
    if person.consents.filter(purpose=purpose, notice_version=notice_version, withdrawn_at=None).exists():
        raise ConsentStands
    consent = Consent.objects.create(
        person=person, purpose=purpose, notice_version=notice_version, given_at=at, given_by_id=given_by_id
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


def is_child(person: Person, *, on: date) -> bool:
    """Say whether the person is too young on this day to agree without a guardian."""
    age: int = preset("privacy.child.consent_age", area_code=person.area_code, on=on)
    return full_years(person.born_on, on) < age


def notice_for(person: Person, *, on: date) -> str:
    """Return the version of the notice that is shown to this person today."""
    key = "privacy.notice.child" if is_child(person, on=on) else "privacy.notice.general"
    return str(preset(key, area_code=person.area_code, on=on))


def _refuse_wrong_giver(person: Person, given_by_id: int, today: date) -> None:
    """Raise Invalid unless this person may agree: oneself when old enough, otherwise who may act or is guardian."""
    bonds = person.relations.filter(relative_id=given_by_id).values_list("kind", "may_act")
    if fault := giver_fault(person, given_by_id, list(bonds) if given_by_id != person.pk else [], on=today):
        raise Invalid(fields={"given_by_id": fault})


def giver_fault(person: Person, given_by_id: int, bonds: Sequence[tuple[str, bool]], *, on: date) -> str:
    """Return why this person may not agree on a day, "" if they may; `bonds` are kind and may_act of what ties them."""
    age = preset("privacy.child.consent_age", area_code=person.area_code, on=on)
    child = is_child(person, on=on)
    if given_by_id == person.pk:
        return f"未满{age}周岁，须由监护人同意。" if child else ""
    if child and not {kind for kind, _ in bonds} & {Relation.Kind.GUARDIAN, Relation.Kind.PARENT}:
        return f"未满{age}周岁，须由登记的监护人或父母同意。"
    if not child and not any(may_act for _, may_act in bonds):
        return "只有本人或登记为“可代办”的亲属才能同意。"
    return ""


def notice_fault(person: Person, notice_version: str, *, on: date) -> str:
    """Return why this notice does not do for this person on a day, "" if it does: children have one of their own."""
    general = preset("privacy.notice.general", area_code=person.area_code, on=on)
    child = notice_version == general and is_child(person, on=on)
    return "儿童须使用专门的儿童个人信息告知书。" if child else ""
