"""A wish is claimed by a member, a unit or a volunteer: the first has it; who does not call in time loses it again."""

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from wushe.chain.visits.pictures import prepared
from wushe.foundation.actor import Actor
from wushe.foundation.calls import domain_call
from wushe.foundation.errors import Conflict, Invalid, NotFound
from wushe.foundation.journal.services import record
from wushe.foundation.presets.selectors import preset
from wushe.foundation.roles import Reach
from wushe.foundation.scope import obtain
from wushe.foundation.workflow import MoveNotAllowed
from wushe.registers.organisations.models import Organisation
from wushe.registers.people.identity import is_phone, normalise_phone
from wushe.registers.volunteers.models import Volunteer

from .models import SHOWN, Claim, ClaimantKind, ClaimOutcome, Wish, WishKind, WishPhoto, WishState
from .workflow import WISH

MOST_PHOTOS = 12


class ClaimedAlready(Conflict):
    """Somebody else was first."""

    message = "这个心愿刚刚被别人认领了，谢谢您。看看别的心愿吧。"


@domain_call("wishes:edit")
def claim_for(
    *, actor: Actor, at: datetime, wish_id: int, kind: str, name: str, phone: str = "",
    organisation_id: int | None = None, volunteer_id: int | None = None,
) -> Claim:  # fmt: skip
    """Enter the claim of a member, a unit or a volunteer at the desk; raises NotFound, Invalid, ClaimedAlready."""
    wish = obtain(Wish, actor, pk=wish_id)
    unit = Organisation.objects.filter(pk=organisation_id, left_on=None).first() if organisation_id else None
    number, faults = normalise_phone(phone), {}
    if kind not in ClaimantKind.values:
        faults["kind"] = "请选择谁来认领。"
    if not (name.strip() or unit):
        faults["name"] = "请写认领人的姓名或单位。"
    if number and not is_phone(number):
        faults["phone"] = "电话号码不对，请写手机或带区号的座机。"
    if organisation_id and unit is None:
        faults["organisation_id"] = "没有找到这家单位。"
    if faults:
        raise Invalid(fields=faults)
    claim = Claim(
        kind=kind, name=(name.strip() or str(unit))[:60], phone=number, organisation=unit, volunteer_id=volunteer_id
    )
    return _claim(wish, claim, actor=actor, at=at)


@domain_call("wishes:claim")
def claim_own(*, actor: Actor, at: datetime, wish_id: int) -> Claim:
    """Claim a public wish as a volunteer; raises NotFound for one that is not public, ClaimedAlready, Conflict beyond the most."""
    volunteer = obtain(Volunteer.objects.select_related("person"), actor, left_on=None)
    wish = Wish.objects.filter(pk=wish_id, state__in=SHOWN).first()
    if wish is None:
        raise NotFound
    most = preset("wishes.claims.most", area_code=wish.area_code, on=timezone.localdate(at))
    if volunteer.wish_claims.filter(outcome=ClaimOutcome.OPEN).count() >= most:
        raise Conflict(f"一个人最多同时认领{most}个心愿，先实现手上的吧。")
    person = volunteer.person
    claim = Claim(
        kind=ClaimantKind.VOLUNTEER, name=person.name, phone=normalise_phone(person.phone.reveal()), volunteer=volunteer
    )
    return _claim(wish, claim, actor=actor, at=at)


@domain_call(None)
def note_call(*, actor: Actor, at: datetime, claim_id: int) -> Claim:
    """Write down that who claimed has spoken with the community or the home: the claim stands. Raises NotFound, Conflict."""
    claim = _open_claim(actor, claim_id)
    WISH.move(claim.wish, "contact", actor=actor, at=at)
    if claim.contacted_at is None:
        claim.contacted_at = at
        claim.save(update_fields=["contacted_at"])
    return claim


@domain_call(None)
def drop_claim(*, actor: Actor, at: datetime, claim_id: int) -> Claim:
    """Give a wish back; it is free for others at once. Raises NotFound, Conflict."""
    claim = _open_claim(actor, claim_id)
    WISH.move(claim.wish, "release", actor=actor, at=at, changes={"due_on": None}, data={"reason": "放弃认领"})
    end_claim(claim.wish, ClaimOutcome.DROPPED, at=at)
    claim.refresh_from_db()
    return claim


@domain_call(None)
def realise_wish(*, actor: Actor, at: datetime, claim_id: int, note: str, receipt: str = "") -> Claim:
    """Say that a wish was brought or done; things come with the number of their receipt. Raises NotFound, Invalid, Conflict."""
    claim = _open_claim(actor, claim_id)
    faults = {}
    if not note.strip():
        faults["note"] = "请写一句怎么实现的。"
    if claim.wish.kind == WishKind.GOODS and not receipt.strip():
        faults["receipt"] = "实物类请写购物小票或发票的号码；自家的东西写“自有”。"
    if faults:
        raise Invalid(fields=faults)
    WISH.move(claim.wish, "realise", actor=actor, at=at)
    claim.note, claim.receipt = note.strip()[:200], receipt.strip()[:60]
    claim.contacted_at = claim.contacted_at or at
    claim.save(update_fields=["note", "receipt", "contacted_at"])
    return claim


@domain_call(None)
def add_photo(*, actor: Actor, at: datetime, claim_id: int, content: bytes) -> WishPhoto:
    """Keep a photo of the handing over, once however often it is sent; raises NotFound, PictureRefused, Conflict."""
    claim = _open_claim(actor, claim_id)
    wish, picture = claim.wish, prepared(content)
    if known := wish.photos.filter(digest=picture.digest).first():
        return known
    if wish.photos.count() >= MOST_PHOTOS:
        raise Conflict(f"一个心愿最多放{MOST_PHOTOS}张照片。")
    photo = WishPhoto(wish=wish, digest=picture.digest, taken_at=at, taken_by=actor.user_id)
    photo.file.save(f"{picture.digest[:24]}.jpg", ContentFile(picture.content), save=False)
    photo.save(force_insert=True)
    record(kind="wish.photo", subject=wish, actor=actor, at=at, data={"photo": photo.pk})
    return photo


@domain_call("wishes:expire")
def expire_claims(*, actor: Actor, at: datetime, limit: int = 500) -> int:
    """Free the wishes whose claimants did not call in time, or did not realise them in time; return how many."""
    late = Claim.objects.filter(outcome=ClaimOutcome.OPEN, wish__state=WishState.CLAIMED)
    silent = late.filter(contacted_at=None, expires_at__lt=at)
    slow = late.filter(contacted_at__isnull=False, wish__due_on__lt=timezone.localdate(at))
    count = 0
    for claim in (silent | slow).select_related("wish").order_by("expires_at", "pk")[:limit]:
        why = "到期没有实现" if claim.contacted_at else "到期没有联系"
        WISH.move(claim.wish, "release", actor=actor, at=at, changes={"due_on": None}, data={"reason": why})
        end_claim(claim.wish, ClaimOutcome.EXPIRED, at=at)
        count += 1
    return count


def end_claim(wish: Wish, outcome: str, *, at: datetime) -> None:
    """End the claim that stands on a wish, if there is one."""
    Claim.objects.filter(wish=wish, outcome=ClaimOutcome.OPEN).update(outcome=outcome, ended_at=at)


def _claim(wish: Wish, claim: Claim, *, actor: Actor, at: datetime) -> Claim:
    if wish.state in {WishState.CLAIMED, WishState.REALISED, WishState.CONFIRMED}:
        raise ClaimedAlready
    today = timezone.localdate(at)
    days = preset("wishes.claim.expires", area_code=wish.area_code, on=today)
    due = today + timedelta(days=preset("wishes.realise.days", area_code=wish.area_code, on=today))
    WISH.move(wish, "claim", actor=actor, at=at, changes={"due_on": due}, data={"by": claim.kind})
    claim.wish, claim.claimed_at, claim.claimed_by = wish, at, actor.user_id
    claim.expires_at = at + timedelta(days=days)
    claim.save(force_insert=True)
    return claim


def claim_to_follow(*, actor: Actor, claim_id: int) -> Claim:
    """Return a claim that the actor may follow up: a volunteer's own, or any of the desk's area; raise NotAllowed, NotFound."""
    actor.require("wishes:claim" if actor.reach is Reach.HOLDER else "wishes:edit")
    return obtain(Claim.objects.select_related("wish"), actor, pk=claim_id)


def _open_claim(actor: Actor, claim_id: int) -> Claim:
    claim = claim_to_follow(actor=actor, claim_id=claim_id)
    if claim.outcome != ClaimOutcome.OPEN:
        raise MoveNotAllowed("这次认领已经结束。")
    return claim
