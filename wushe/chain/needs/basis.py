"""On what ground somebody may ask for another person: a registered relation, or a recorded consent.

A guardian, a carer and the nearest kin on record may (民法典 arts. 23, 28, 1045), and whoever is registered as acting for
the person; anybody else only under a standing consent to that purpose and the version of the notice now in force.
"""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from wushe.foundation.errors import Invalid
from wushe.registers.people.consents import notice_for
from wushe.registers.people.enums import ConsentPurpose
from wushe.registers.people.models import Consent, Person, Relation

NEAR = (
    Relation.Kind.GUARDIAN, Relation.Kind.CARER, Relation.Kind.SPOUSE, Relation.Kind.CHILD, Relation.Kind.PARENT,
    Relation.Kind.GRANDPARENT, Relation.Kind.GRANDCHILD,
)  # fmt: skip


class NoBasis(Invalid):
    """Neither a relation nor a consent is on record."""

    message = "没有登记的监护、照护、近亲属关系，也没有本人同意；请登记为代办申请，等本人同意后再受理。"

    def __init__(self) -> None:
        super().__init__(fields={"channel": self.message})


def stands_near(*, person: Person, relative_id: int | None) -> bool:
    """Say whether the relation on record lets this relative ask for the person."""
    if relative_id is None:
        return False
    return person.relations.filter(Q(may_act=True) | Q(kind__in=NEAR), relative_id=relative_id).exists()


def standing_consent(*, person: Person, at: datetime) -> Consent | None:
    """Return the person's consent to others asking for them, under the notice in force; None without one."""
    notice = notice_for(person, on=timezone.localdate(at))
    given = person.consents.filter(
        purpose=ConsentPurpose.ON_BEHALF, notice_version=notice, withdrawn_at=None, given_at__lte=at
    )
    return given.order_by("-given_at", "-pk").first()


def refuse_without_basis(*, person: Person, relative_id: int | None, at: datetime) -> None:
    """Raise NoBasis unless this relative may ask for the person, or the person has agreed that others do."""
    if not stands_near(person=person, relative_id=relative_id) and standing_consent(person=person, at=at) is None:
        raise NoBasis
