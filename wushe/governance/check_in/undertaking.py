"""What a registered unit or person takes on: a small wish of the community, or a shift of its volunteers.

Claims stay with the wishes and shifts with the volunteers; here is only written down who took them on as registered.
"""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid
from wushe.foundation.journal.services import record
from wushe.foundation.protected import Sealed
from wushe.foundation.scope import obtain
from wushe.lines.volunteering.models import Shift, SignUp
from wushe.lines.volunteering.signing_up import place_volunteer
from wushe.lines.volunteering.states import ActivityState
from wushe.lines.wishes.claiming import claim_for
from wushe.lines.wishes.models import Claim, ClaimantKind, Wish, WishState
from wushe.registers.people.identity import is_phone, normalise_phone
from wushe.registers.volunteers.models import Volunteer

from .models import CheckIn, CheckInKind, CheckInState, Standing, Undertaking
from .services import RIGHT


class NotStanding(Conflict):
    """Only who is registered takes something on."""

    message = "社区确认报到以后，才能认领心愿和岗位。"


class NoVolunteerNumber(Conflict):
    """Who serves a shift is a registered volunteer: hours, age, training and insurance hang on it."""

    message = "这位居民还没有注册志愿者，请先在志愿者台账里注册，再安排班次。"


@domain_call(RIGHT)
def undertake_wish(*, actor: Actor, at: datetime, check_in_id: int, wish_id: int) -> Undertaking:
    """Claim a public wish of the same community for a registered unit or person.

    Raises NotFound, NotStanding, Invalid for a wish of elsewhere, ClaimedAlready.
    """
    row = _standing(actor, check_in_id)
    if not open_wishes(row).filter(pk=wish_id).exists():
        raise Invalid(fields={"wish_id": "请选择本社区等认领的心愿。"})
    claim = _claim(row, actor=actor, at=at, wish_id=wish_id)
    made = Undertaking.objects.create(check_in=row, claim=claim)
    record(kind="check_in.claim", subject=row, actor=actor, at=at, data={"wish": wish_id, "claim": claim.pk})
    return made


@domain_call(RIGHT)
def undertake_shift(*, actor: Actor, at: datetime, check_in_id: int, shift_id: int) -> SignUp:
    """Put a registered person into a shift of the community.

    Raises NotFound, NotStanding, NoVolunteerNumber, Invalid for a shift of elsewhere, and what place_volunteer raises.
    """
    row = _standing(actor, check_in_id)
    volunteer = Volunteer.objects.filter(person=row.person, left_on=None).first() if row.person_id else None
    if volunteer is None:
        raise NoVolunteerNumber
    if not open_shifts(row, at=at).filter(pk=shift_id).exists():
        raise Invalid(fields={"shift_id": "请选择本社区正在招募的班次。"})
    made = place_volunteer(actor=actor, at=at, shift_id=shift_id, volunteer_id=volunteer.pk)
    record(kind="check_in.shift", subject=row, actor=actor, at=at, data={"shift": shift_id, "sign_up": made.pk})
    return made


def open_wishes(row: CheckIn) -> "QuerySet[Wish]":
    """Return the wishes of the community that wait for a claim, the oldest first."""
    return Wish.objects.filter(community_code=row.area_code, state=WishState.PUBLISHED).order_by("published_at", "pk")


def open_shifts(row: CheckIn, *, at: datetime) -> "QuerySet[Shift]":
    """Return the shifts of the community that look for volunteers from today on, the next first."""
    here = Shift.objects.select_related("activity").filter(community_code=row.area_code)
    ahead = here.filter(activity__state=ActivityState.OPEN, day__gte=timezone.localdate(at))
    return ahead.order_by("day", "start", "pk")


def _standing(actor: Actor, pk: int) -> CheckIn:
    row = obtain(CheckIn.objects.select_related("person", "organisation"), actor, pk=pk)
    if row.state != CheckInState.STANDING:
        raise NotStanding
    return row


def _claim(row: CheckIn, *, actor: Actor, at: datetime, wish_id: int) -> Claim:
    if row.kind == CheckInKind.UNIT:
        return claim_for(
            actor=actor, at=at, wish_id=wish_id, kind=ClaimantKind.UNIT, name=row.name, phone=_reached(row.contact_phone),
            organisation_id=row.organisation_id,
        )  # fmt: skip
    assert row.person is not None
    kind = ClaimantKind.MEMBER if row.standing == Standing.PARTY else ClaimantKind.VOLUNTEER
    volunteer = Volunteer.objects.filter(person=row.person, left_on=None).first()
    return claim_for(
        actor=actor, at=at, wish_id=wish_id, kind=kind, name=row.person.name, phone=_reached(row.person.phone),
        volunteer_id=volunteer.pk if volunteer else None,
    )  # fmt: skip


def _reached(phone: Sealed) -> str:
    """Return the telephone on record, "" for one that cannot be right: an old number must not stop a claim."""
    number = normalise_phone(phone.reveal())
    return number if is_phone(number) else ""
